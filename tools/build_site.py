"""Builds the site: the course in a browser, without a request to anybody else.

uv run tools/build_site.py                 # into site/build/html
uv run tools/build_site.py --serve         # builds it and serves it on http://127.0.0.1:8000
uv run tools/build_site.py --address owner/name   # published there, not as pyproject.toml says

Everything comes from the repository: lessons and exercises with their outputs, the bank, the
museum, the teacher's kit, the library's docstrings, README. Sphinx does the work, see
`site/conf.py`. Links to Colab and Binder follow from `[tool.genimg]` in pyproject.toml, once it
names an owner. The same repository gives the same bytes.
"""

import functools
import html
import http.server
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from _address import Address, course_address
from _bank_scripts import write_bank_scripts
from _live_weights import write_weights
from _pages import picture_name
from _shared import BENCHMARKS, NOTEBOOKS, PICTURES, ROOT, SOLUTIONS, command_line
from build_bank import PAGES
from build_readme import PARTS
from build_slides import beside, document
from PIL import Image

from genimg_lib import LAYERS
from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, mock, rendering

SITE = ROOT / "site"
LESSONS = {path.name[:2]: path.stem for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))}
FOLDERS = {"notebooks": NOTEBOOKS, "exercises": ROOT / "exercises", "solutions": SOLUTIONS}
TEACHING = ("docs/class", "docs/elsewhere")
AUTHORS = ("CONTRIBUTING", "docs/writing_lessons", "genimg_lib/data/emoji/NOTICE")
AUTHORS += ("genimg_lib/data/mnist/README", "genimg_lib/data/emoji/README")
MACHINES = "docs/machines"
MEASURED = ("benchmarks/colour", "benchmarks/few_pictures", "benchmarks/peak", "benchmarks/words")
DOCUMENTS = [f"{page}.md" for page in (MACHINES, *MEASURED, *TEACHING, *AUTHORS)]
DOCUMENTS += ["benchmarks/class.json", "benchmarks/classroom.json", "benchmarks/rehearsal.json"]
DOCUMENTS += ["CITATION.cff", "Dockerfile"]
LICENCES = ROOT / "genimg_lib" / "data" / "emoji" / "licences"
KIT = ROOT / "docs" / "teaching"
WORDS = {
    "en": ("Interview questions", "Filter", "Topic", "Level", "Kind", "Asked", "any"),
    "zh": ("面试题", "筛选", "主题", "级别", "类型", "常见程度", "不限"),
}
ASKED = {
    "en": {"often": "often", "sometimes": "sometimes", "rarely": "rarely"},
    "zh": {"often": "常问", "sometimes": "有时问", "rarely": "少问"},
}


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def toctree(*pages: str, caption: str = "") -> str:
    """A part of the map in the margin; every page stands in one."""
    options = [":hidden:"] + ([f":caption: {caption}"] if caption else [])
    return "\n".join(["```{toctree}", *options, "", *pages, "```", ""])


def listing(*pages: str, depth: int = 1) -> str:
    """Pages in a list to read; `depth` 2 lists their sections, too."""
    return "\n".join(["```{toctree}", f":maxdepth: {depth}", "", *pages, "```", ""])


# --- notebooks ------------------------------------------------------------------------------------


def copy_notebooks(source: Path) -> dict[str, str]:
    """Copies lessons, exercises and answers, without what only JupyterLab can show.

    Returns the alternative texts of the output pictures by the name that MyST-NB gives their file.
    """
    described = {}
    for folder, origin in FOLDERS.items():
        (source / folder).mkdir(parents=True)
        for path in sorted(origin.glob("[0-9]*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs = [readable(output) for output in cell.outputs]
                    described |= dict(filter(None, map(description, cell.outputs)))
                    if cell.metadata.get("jupyter", {}).get("source_hidden"):
                        cell.metadata.setdefault("tags", []).append("hide-input")
            nbformat.write(notebook, source / folder / path.name)
    shutil.copytree(PICTURES, source / "solutions" / "pictures")
    return described


def readable(output):
    """An output as a page can show it; in place of a widget a line says where it lives."""
    data = output.get("data", {})
    data.pop("image/jpeg", None) if "image/png" in data else None
    if "application/vnd.jupyter.widget-view+json" in data:
        output.data = {"text/plain": "[something to play with: open this lesson in JupyterLab]"}
    return output


def description(output) -> tuple[str, str] | None:
    """The name of an output picture's file, and what it shows."""
    if "image/png" not in output.get("data", {}):
        return None
    text = output.metadata.get("image/png", {}).get("alt") or output.data.get("text/plain", "")
    return picture_name(output.data["image/png"]), text


# --- the bank -------------------------------------------------------------------------------------


def write_bank(source: Path) -> list[str]:
    """A page for each topic and language, and the contents with filters, where the repository has
    the whole bank on one page: old links still lead to the question.
    """
    loaded = bank.load()
    pages = []
    for language in LANGUAGES:
        folder = "bank" if language == "en" else f"bank/{language}"
        for topic, titles in loaded.topics.items():
            pages.append(f"{folder}/{topic}")
            write(source / f"{folder}/{topic}.md", *topic_page(language, topic, titles[language]))
        write(source / "docs" / PAGES[language], *contents_page(language, folder))
    return pages


def topic_page(language: str, topic: str, title: str) -> list[str]:
    up = "../" if language == "en" else "../../"
    other = f"zh/{topic}.md" if language == "en" else f"../{topic}.md"
    lessons = {number: f"{up}notebooks/{name}.ipynb" for number, name in LESSONS.items()}
    lines = [f"# {title}", "", f"[{'中文' if language == 'en' else 'English'}]({other})", ""]
    for question in bank.load().select(topics=[topic]):
        heading, rest = rendering.heading(question.text(language).question)
        lines += [f'<a id="{question.id}"></a>', "", f"## {heading}", "", rest, ""]
        lines += [rendering.facts(question, language, lessons), ""]
        lines += rendering.folded_answer(question, language, lessons)
    return lines


def contents_page(language: str, folder: str) -> list[str]:
    """All questions in a list, which a script filters; without a script it is just the list."""
    loaded = bank.load()
    title, label, topic, level, kind, asked, any_ = WORDS[language]
    words = rendering.WORDS[language]
    kinds = {name: words[name] for name in bank.TYPES}
    levels = {name: words[name] for name in LEVELS}
    topics = {name: titles[language] for name, titles in loaded.topics.items()}
    choices = [("topic", topic, topics), ("level", level, levels), ("type", kind, kinds)]
    choices += [("asked", asked, ASKED[language])]
    other = PAGES["zh" if language == "en" else "en"]
    lines = [f"# {title}", "", f"[{'中文' if language == 'en' else 'English'}]({other})", ""]
    lines += [f'<form class="question-filter" aria-label="{label}" hidden>']
    for name, words_, options in choices:
        values = "".join(f'<option value="{key}">{text}</option>' for key, text in options.items())
        empty = f'<option value="">{any_}</option>'
        lines += [f'<label>{words_} <select name="{name}">{empty}{values}</select></label>']
    lines += ['<output name="count"></output>', "</form>", ""]
    for name, heading in topics.items():
        lines += [f"## {heading}", "", '<ul class="questions">']
        for question in loaded.select(topics=[name]):
            lines += [contents_entry(question, language, f"../{folder}/{name}.html")]
        lines += ["</ul>", ""]
    return [*lines, '<script src="../_static/questions.js"></script>', ""]


def contents_entry(question: bank.Question, language: str, page: str) -> str:
    heading, _ = rendering.heading_html(question, language)
    minutes = f"{mock.minutes_of(question)} {rendering.WORDS[language]['minutes']}"
    facts = [rendering.tags(question, language), minutes]
    facts += [ASKED[language][question.asked]] if question.asked else []
    values = {"topic": question.topic, "level": question.level, "type": question.type}
    values |= {"asked": question.asked}
    data = " ".join(f'data-{name}="{value}"' for name, value in values.items())
    return (
        f'<li id="{question.id}" {data}><a href="{page}#{question.id}">{heading}</a> '
        f"<small>{' · '.join(facts)}</small></li>"
    )


# --- museum and library ---------------------------------------------------------------------------


def write_museum(source: Path) -> None:
    """Every exhibit: the symptom, then the fault and the repair side by side."""
    from genimg_lib.museum import exhibit, rooms

    lines = ["# The bug museum", ""]
    lines += ["Each exhibit is one fault that really happened, as a small function, beside its "]
    lines += ["repair. The symptom comes first: guess before you look at the code. ", ""]
    lines += ["[Lesson 71](../notebooks/71_bug_museum.ipynb) runs them.", ""]
    for room, exhibits in rooms.ROOMS.items():
        lines += [f"## {room}", ""]
        for item in exhibits:
            label = item.label
            question, answer = label.answered()
            lines += [f"### {label.title}", "", f"**Symptom.** {html.escape(item.symptom)}", ""]
            lines += ["<details><summary>The fault and its repair</summary>", ""]
            lines += ['<div class="side-by-side"><div>', "", "Broken", "", "```python"]
            lines += [*exhibit.code_of(item.broken), "```", "", "</div><div>", "", "Fixed", ""]
            lines += ["```python", *exhibit.code_of(item.fixed), "```", "", "</div></div>", ""]
            lines += [f"{html.escape(item.fix)}", "", f"**{question}** {answer}", ""]
            lines += [f"Source: <{label.source}>", ""] if label.source.startswith("http") else []
            lines += ["</details>", ""]
    write(source / "museum" / "index.md", *lines)


def write_library(source: Path) -> list[str]:
    """A page per folder and per module of the library, but for the topics of its checkers: who
    looks something up would find the faults that an exercise plants, not what it is about.
    """
    pages = []
    for layer in LAYERS:
        folder = ROOT / "genimg_lib" / layer
        modules = sorted(
            ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for path in folder.rglob("*.py")
            if not path.stem.startswith("_") and path.parents[1].name != "checks"
        )
        for module in modules:
            title = f"# {module.removeprefix('genimg_lib.')}"
            write(source / "library" / f"{module}.md", title, "", automodule(module))
        listed = listing(*modules)
        introduction = automodule(f"genimg_lib.{layer}", ":no-members:")
        write(source / "library" / f"{layer}.md", f"# {layer}", "", introduction, listed)
        pages.append(f"library/{layer}")
    return pages


def automodule(module: str, *options: str) -> str:
    lines = ["```{eval-rst}", f".. automodule:: {module}"]
    return "\n".join([*lines, *(f"   {option}" for option in options), "```", ""])


# --- the front ------------------------------------------------------------------------------------


def write_documents(source: Path) -> None:
    """The repository's own pages, with what they show and link to."""
    for name in DOCUMENTS:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(LICENCES, source / LICENCES.relative_to(ROOT))
    (source / "benchmarks").mkdir(exist_ok=True)
    for path in BENCHMARKS.glob("*.png"):
        shutil.copy(path, source / "benchmarks")
    shutil.copytree(BENCHMARKS / "colour", source / "benchmarks" / "colour")
    # links to what is no page here
    change(source / "genimg_lib/data/emoji/NOTICE.md", "[licences/](licences/)", "these files")
    change(source / "docs/elsewhere.md", "(../README.md", "(../index.md")


def change(page: Path, old: str, new: str) -> None:
    text = page.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{page.name} has no {old!r} any more")
    page.write_text(text.replace(old, new), encoding="utf-8")


def write_kit(source: Path) -> list[str]:
    """The teacher's kit. A page per lesson would be too much for the margin, which is on every
    page: the kit's own table leads there.
    """
    pages = []
    for path in sorted(KIT.rglob("*.md"), key=lambda path: (path.name != "README.md", path)):
        page = Path("docs/teaching") / path.relative_to(KIT)
        text = path.read_text(encoding="utf-8")
        if path.stem[0].isdigit():
            text = f"---\norphan: true\n---\n\n{text}"
        else:
            pages.append(page.with_suffix("").as_posix())
        write(source / page, text)
    for path in KIT.rglob("*.html"):
        page = source / "docs" / "teaching" / path.relative_to(KIT)
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, page)
    return pages


def write_slides(built: Path) -> None:
    """The slides of every lesson; their pictures are those of its page."""
    for stem in LESSONS.values():
        page = document(NOTEBOOKS / f"{stem}.ipynb", beside)
        write(built / "slides" / f"{stem}.html", page)


def write_front(source: Path, margin: list[str]) -> None:
    """README: the first page with its map and its picture, and the rest as the handbook."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    front, _, handbook = readme.partition("## The exercises")
    front = re.sub(r"<!--.*?-->\n?", "", front).replace("docs/gallery.png", "gallery.webp")
    picture = Image.open(ROOT / "docs" / "gallery.png").convert("RGB")
    picture.thumbnail((1200, 1200))
    picture.save(source / "gallery.webp", quality=80, method=6)
    write(source / "index.md", front, *margin)
    handbook = handbook.replace("(solutions)", "(solutions/index.md)")
    write(source / "handbook.md", "# Handbook", "", "## The exercises", handbook)


def write_lists(source: Path, bank_pages: list[str]) -> None:
    """The pages that only list others: exercises, answers, topics of the bank."""
    for folder, title in (("exercises", "Exercises"), ("solutions", "Answers")):
        stems = [path.stem for path in sorted(FOLDERS[folder].glob("[0-9]*.ipynb"))]
        write(source / folder / "index.md", f"# {title}", "", listing(*stems, depth=2))
    topics = listing(*(page.removeprefix("bank/") for page in bank_pages))
    write(source / "bank" / "index.md", "---", "orphan: true", "---", "", "# Topics", "", topics)


def margin_of(kit: list[str], library: list[str]) -> list[str]:
    """The map in the margin."""
    margin = [toctree("live", "handbook")]
    for part, name in PARTS.items():
        lessons = [f"notebooks/{stem}" for stem in LESSONS.values() if stem[0] == part]
        margin += [toctree(*lessons, caption=f"{part} {name}")]
    margin += [toctree("exercises/index", "solutions/index", "museum/index", caption="Practice")]
    questions = [f"docs/{Path(name).stem}" for name in PAGES.values()]
    margin += [toctree("cards", "mock_interview", *questions, caption="Interview bank")]
    margin += [toctree(*kit, *TEACHING, caption="Teaching")]
    margin += [toctree(*library, MACHINES, *MEASURED, caption="Library")]
    return [*margin, toctree(*AUTHORS, caption="Whose work")]


def write_live(built: Path) -> None:
    """The weights of the live models, and how many images a second Python makes with each: one at
    a time, and in batches.
    """
    write_weights(built / "_static" / "live")
    rows = json.loads((BENCHMARKS / "race.json").read_text())["rows"]
    named = {"gan": "GAN", "vae": "VAE, fitted prior", "image_gpt": "image GPT, cached"}
    named |= {f"diffusion_{steps}": f"diffusion, {steps} steps" for steps in (8, 20)}
    rates = {
        name: [1000 / rows[row]["latency_ms_median"], rows[row]["images_per_second"]]
        for name, row in named.items()
    }
    write(built / "_static" / "live" / "race.js", f"window.genimgRace={json.dumps(rates)};")


# --- after Sphinx ---------------------------------------------------------------------------------


def run_sphinx(source: Path, built: Path, address: Address) -> None:
    """Makes the pages. Raises `subprocess.CalledProcessError` when Sphinx finds a mistake."""
    command = [sys.executable, "-m", "sphinx", "-qW", "--keep-going", "-b", "html", "-c", str(SITE)]
    command += ["-d", str(built.with_name("doctrees"))]
    if address.published:
        command += ["-D", f"course_colab={address.colab('{path}')}"]
        command += ["-D", f"course_binder={address.binder('{path}')}"]
    subprocess.run([*command, str(source), str(built)], check=True)


def finish(built: Path) -> None:
    """The notebooks for download, and away with what nobody asks for."""
    for folder, origin in FOLDERS.items():
        for path in sorted(origin.glob("[0-9]*.ipynb")):
            nbformat.write(without_outputs(path), built / folder / path.name)
    for name in ("objects.inv", ".buildinfo", "_static/searchtools.js"):
        (built / name).unlink(missing_ok=True)


def without_outputs(path: Path):
    """A notebook to run: the page shows its outputs, and pictures need not come twice."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def build(folder: Path, address: Address) -> Path:
    """Builds the site in `folder` and returns where its first page lies. Raises
    `subprocess.CalledProcessError` when Sphinx finds a mistake.
    """
    shutil.rmtree(folder, ignore_errors=True)
    source, built = folder / "source", folder / "html"
    described = copy_notebooks(source)
    pages = write_bank(source)
    write_museum(source)
    shutil.copytree(SITE / "pages", source, dirs_exist_ok=True)
    write_documents(source)
    write_lists(source, pages)
    write_front(source, margin_of(write_kit(source), write_library(source)))
    (source / "pictures.json").write_text(json.dumps(described), encoding="utf-8")
    run_sphinx(source, built, address)
    write_live(built)
    write_slides(built)
    lessons = {number: f"notebooks/{name}.html" for number, name in LESSONS.items()}
    write_bank_scripts(built / "_static" / "practice", lessons)
    finish(built)
    return built


def serve(built: Path, port: int = 8000) -> None:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(built))
    print(f"http://127.0.0.1:{port}", flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--to", type=Path, default=SITE / "build", help="a folder to build in")
    parser.add_argument("--address", help="owner/name on GitHub; else as pyproject.toml says")
    parser.add_argument("--serve", action="store_true", help="serve it afterwards")
    arguments = parser.parse_args()
    start = time.perf_counter()
    address = course_address()
    if arguments.address:
        address = address._replace(name=arguments.address)
    built = build(arguments.to, address)
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    pages = sum(1 for _ in built.rglob("*.html"))
    seconds = time.perf_counter() - start
    print(f"{built}: {pages} pages, {size / 1e6:.0f} MB, {seconds:.0f} seconds")
    if arguments.serve:
        serve(built)


if __name__ == "__main__":
    main()

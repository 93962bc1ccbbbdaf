"""Builds the site: the course in a browser, without a request to anybody else.

uv run tools/build_site.py                 # into site/build/html
uv run tools/build_site.py --serve         # builds it and serves it on http://127.0.0.1:8000
uv run tools/build_site.py --address owner/name   # with links to Colab and Binder

Everything comes from the repository: lessons and exercises with their outputs, the bank, the
museum, the library's docstrings, README. Sphinx does the work, see `site/conf.py`.
"""

import base64
import functools
import hashlib
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
from _bank_scripts import write_bank_scripts
from _live_weights import write_weights
from _shared import BENCHMARKS, NOTEBOOKS, PICTURES, ROOT, SOLUTIONS, command_line
from bs4 import BeautifulSoup
from build_bank import PAGES
from build_readme import PARTS
from PIL import Image

from genimg_lib import LAYERS
from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, mock, rendering

SITE = ROOT / "site"
LESSONS = {path.name[:2]: path.stem for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))}
FOLDERS = {"notebooks": NOTEBOOKS, "exercises": ROOT / "exercises", "solutions": SOLUTIONS}
DOCUMENTS = (
    "CONTRIBUTING.md",
    "docs/class.md",
    "docs/elsewhere.md",
    "docs/writing_lessons.md",
    "docs/teaching/README.md",
    "docs/teaching/timetables.md",
    "docs/teaching/feedback.html",
    "benchmarks/class.json",
    "genimg_lib/data/emoji/NOTICE.md",
    "genimg_lib/data/mnist/README.md",
    "CITATION.cff",
    "Dockerfile",
)
LICENCES = ROOT / "genimg_lib" / "data" / "emoji" / "licences"
HANDOUTS = ROOT / "docs" / "teaching" / "handouts"
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


def toctree(*pages: str, caption: str = "", hidden: bool = True) -> str:
    """A part of the map in the margin; every page stands in one."""
    options = [":hidden:"] if hidden else []
    options += [f":caption: {caption}"] if caption else []
    return "\n".join(["```{toctree}", *options, "", *pages, "```", ""])


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
    content = base64.b64decode(output.data["image/png"])
    text = output.metadata.get("image/png", {}).get("alt") or output.data.get("text/plain", "")
    return hashlib.sha256(content).hexdigest(), text


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
    """A page per folder and per module of the library."""
    pages = []
    for layer in LAYERS:
        folder = ROOT / "genimg_lib" / layer
        modules = sorted(
            ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for path in folder.rglob("*.py")
            if not path.stem.startswith("_")
        )
        for module in modules:
            title = f"# {module.removeprefix('genimg_lib.')}"
            write(source / "library" / f"{module}.md", title, "", automodule(module))
        listed = toctree(*modules, hidden=False)
        introduction = automodule(f"genimg_lib.{layer}", ":no-members:")
        write(source / "library" / f"{layer}.md", f"# {layer}", "", introduction, listed)
        pages.append(f"library/{layer}")
    return pages


def automodule(module: str, *options: str) -> str:
    lines = ["```{eval-rst}", f".. automodule:: {module}"]
    return "\n".join([*lines, *(f"   {option}" for option in options), "```", ""])


# --- the front ------------------------------------------------------------------------------------


def write_front(source: Path, bank_pages: list[str], library: list[str]) -> None:
    """The first page with the map, the rest of README as the handbook, and the margin."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    front, _, handbook = readme.partition("## The exercises")
    front = re.sub(r"<!--.*?-->\n?", "", front).replace("docs/gallery.png", "gallery.webp")
    picture = Image.open(ROOT / "docs" / "gallery.png").convert("RGB")
    picture.thumbnail((1200, 1200))
    picture.save(source / "gallery.webp", quality=80, method=6)
    (source / "benchmarks").mkdir()
    for path in BENCHMARKS.glob("*.png"):
        shutil.copy(path, source / "benchmarks")
    for name in DOCUMENTS:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for path in HANDOUTS.parent.glob("[0-9]*.md"):  # not in the margin, which is on every page
        text = path.read_text(encoding="utf-8")
        write(source / "docs" / "teaching" / path.name, "---", "orphan: true", "---", "", text)
    for folder in (LICENCES, HANDOUTS):
        shutil.copytree(folder, source / folder.relative_to(ROOT))
    notice = source / "genimg_lib/data/emoji/NOTICE.md"
    text = notice.read_text(encoding="utf-8")
    notice.write_text(text.replace("[licences/](licences/)", "these files"), encoding="utf-8")
    elsewhere = source / "docs/elsewhere.md"
    text = elsewhere.read_text(encoding="utf-8")
    elsewhere.write_text(text.replace("(../README.md", "(../index.md"), encoding="utf-8")
    handbook = handbook.replace("(solutions)", "(solutions/index.md)")
    write(source / "handbook.md", "# Handbook", "", "## The exercises", handbook)
    pages = [name[:-3] for name in DOCUMENTS if name.endswith(".md")]
    kit = [page for page in pages if page.startswith("docs/teaching/")]
    margin = [toctree("live", "handbook", *(page for page in pages if page not in kit))]
    margin += [toctree(*kit, caption="Teaching")]
    for part, name in PARTS.items():
        pages = [f"notebooks/{stem}" for stem in LESSONS.values() if stem[0] == part]
        margin += [toctree(*pages, caption=f"{part} {name}")]
    for folder, title in (("exercises", "Exercises"), ("solutions", "Answers")):
        stems = [path.stem for path in sorted(FOLDERS[folder].glob("[0-9]*.ipynb"))]
        listed = toctree(*stems, hidden=False)
        write(source / folder / "index.md", f"# {title}", "", listed)
    questions = [f"docs/{Path(name).stem}" for name in PAGES.values()]
    margin += [toctree("exercises/index", "solutions/index", "museum/index", caption="Practice")]
    margin += [toctree("cards", "mock_interview", *questions, caption="Interview bank")]
    margin += [toctree(*library, caption="Library")]
    write(source / "index.md", front, *margin)
    topics = toctree(*(page.removeprefix("bank/") for page in bank_pages), hidden=False)
    write(source / "bank" / "index.md", "---", "orphan: true", "---", "", "# Topics", "", topics)


def write_live(built: Path) -> None:
    """The weights of the live models, and what Python takes for one image."""
    write_weights(built / "_static" / "live")
    rows = json.loads((BENCHMARKS / "race.json").read_text())["rows"]
    named = {"gan": "GAN", "vae": "VAE, fitted prior", "image_gpt": "image GPT, cached"}
    named |= {f"diffusion_{steps}": f"diffusion, {steps} steps" for steps in (8, 20)}
    times = {name: rows[row]["latency_ms_median"] for name, row in named.items()}
    write(built / "_static" / "live" / "race.js", f"window.genimgRace={json.dumps(times)};")


# --- after Sphinx ---------------------------------------------------------------------------------


def sections(page: Path, folder: Path) -> list[dict]:
    """The sections of a page for the search: title, page, address and text."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    article = soup.find("article")
    if article is None:
        return []
    for part in article.select("a.headerlink, script, style, form, nav"):
        part.decompose()
    top = article.find("h1")
    name = top.get_text(" ", strip=True) if top else page.stem
    address = page.relative_to(folder).as_posix()
    found = []
    for part in article.find_all("section"):
        title = part.find(["h1", "h2", "h3", "h4"], recursive=False)
        if title is None:
            continue
        pieces = [child for child in part.children if getattr(child, "name", "") != "section"]
        text = " ".join(
            child.get_text(" ", strip=True) for child in pieces if child is not title and child.name
        )
        anchor = "" if title.name == "h1" else f"#{part.get('id', '')}"
        text = re.sub(r"\s+", " ", text)[:3000]
        found.append(
            {
                "title": title.get_text(" ", strip=True),
                "page": name,
                "address": address + anchor,
                "text": text,
            }
        )
    return found


def finish(built: Path) -> None:
    """The index of the search, the notebooks for download, and away with what nobody asks for."""
    documents = [
        section
        for page in sorted(built.rglob("*.html"))
        if page.relative_to(built).parts[0] != "solutions" and page.name != "search.html"
        for section in sections(page, built)
    ]
    for number, document in enumerate(documents):
        document["id"] = number
    text = json.dumps(documents, ensure_ascii=False, separators=(",", ":"))
    (built / "_static" / "documents.js").write_text(f"window.genimgDocuments={text};\n", "utf-8")
    for folder, origin in FOLDERS.items():
        for path in origin.glob("[0-9]*.ipynb"):
            shutil.copy(path, built / folder)
    for name in ("searchindex.js", "objects.inv", ".buildinfo", "_static/searchtools.js"):
        (built / name).unlink(missing_ok=True)


def build(folder: Path, address: str = "") -> Path:
    """Builds the site in `folder` and returns where its first page lies. Raises
    `subprocess.CalledProcessError` when Sphinx finds a mistake.
    """
    shutil.rmtree(folder, ignore_errors=True)
    source, built = folder / "source", folder / "html"
    described = copy_notebooks(source)
    pages = write_bank(source)
    write_museum(source)
    shutil.copytree(SITE / "pages", source, dirs_exist_ok=True)
    write_front(source, pages, write_library(source))
    (source / "pictures.json").write_text(json.dumps(described), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-qW", "--keep-going", "-b", "html", "-c", str(SITE)]
    command += ["-d", str(folder / "doctrees"), "-D", f"course_address={address}"]
    subprocess.run([*command, str(source), str(built)], check=True)
    write_live(built)
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
    parser.add_argument("--address", default="", help="owner/name on GitHub, for Colab and Binder")
    parser.add_argument("--serve", action="store_true", help="serve it afterwards")
    arguments = parser.parse_args()
    start = time.perf_counter()
    built = build(arguments.to, arguments.address)
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    pages = sum(1 for _ in built.rglob("*.html"))
    seconds = time.perf_counter() - start
    print(f"{built}: {pages} pages, {size / 1e6:.0f} MB, {seconds:.0f} seconds")
    if arguments.serve:
        serve(built)


if __name__ == "__main__":
    main()

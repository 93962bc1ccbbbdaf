"""How the site is made, on a few small pages: the same bytes twice, buttons, the teacher's kit."""

from pathlib import Path

import nbformat
import pytest
from authors_tools import tool
from bs4 import BeautifulSoup
from nbformat import v4

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def build_site():
    return tool("build_site")


def small_source(folder: Path) -> Path:
    """A page with sets of strings in it, and a lesson with an output."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "pictures.json").write_text("{}")
    module = "genimg_lib.scenes.program"
    lines = ["# Small", "", "```{toctree}", "notebooks/30_small", "```", ""]
    lines += ["```{eval-rst}", f".. automodule:: {module}", "```", ""]
    (folder / "index.md").write_text("\n".join(lines))
    shown = v4.new_output("display_data", {"text/html": "<b>bold</b>", "text/plain": "bold"})
    cells = [v4.new_markdown_cell("# A lesson"), v4.new_code_cell("1 + 1", outputs=[shown])]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    nbformat.write(
        v4.new_notebook(cells=cells, metadata=metadata), folder / "notebooks" / "30_small.ipynb"
    )
    return folder


@pytest.fixture(scope="module")
def twice(build_site, tmp_path_factory):
    """Two builds in different folders, by processes that would hash strings differently."""
    made = []
    address = build_site.Address("somebody/genimg", "main")
    for seed in ("1", "2"):
        folder = tmp_path_factory.mktemp("site")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONHASHSEED", seed)
            build_site.run_sphinx(small_source(folder / "source"), folder / "html", address)
        made.append(folder / "html")
    return made


def test_the_same_sources_give_the_same_bytes(twice):
    first, second = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in twice
    )
    assert first.keys() == second.keys()
    # the page shows a set, whose order is a matter of hashes
    assert "HELD_OUT" in first[Path("index.html")].decode()
    assert [path for path in first if first[path] != second[path]] == []


def test_a_lesson_opens_in_colab_and_binder(twice):
    page = BeautifulSoup((twice[0] / "notebooks/30_small.html").read_text("utf-8"), "html.parser")
    links = [link["href"] for link in page.select(".notebook-actions a")]
    path = "notebooks/30_small.ipynb"
    assert links == [
        "30_small.ipynb",
        "../slides/30_small.html",
        f"https://colab.research.google.com/github/somebody/genimg/blob/main/{path}",
        f"https://mybinder.org/v2/gh/somebody/genimg/main?urlpath=lab/tree/{path}",
    ]


def test_the_search_knows_sections_and_objects(twice):
    text = (twice[0] / "_static" / "documents.js").read_text("utf-8")
    assert '"title":"A lesson","page":"A lesson","address":"notebooks/30_small.html"' in text
    assert '"address":"index.html#genimg_lib.scenes.program.GRAMMAR"' in text


def test_the_kit_is_taken_as_it_is(build_site, tmp_path, monkeypatch):
    """The page of the kit stands in the margin; that of a lesson is reached from there."""
    kit = tmp_path / "kit"
    (kit / "handouts").mkdir(parents=True)
    (kit / "README.md").write_text("# Kit\n\n[GAN](30_gan.md)\n")
    (kit / "30_gan.md").write_text("# For the teacher\n")
    (kit / "a_quiz.md").write_text("# Quiz\n")
    (kit / "handouts" / "30_gan.html").write_text("<p>Print me\n")
    monkeypatch.setattr(build_site, "KIT", kit)
    source = tmp_path / "source"
    pages = build_site.write_kit(source)
    assert pages == ["docs/teaching/README", "docs/teaching/a_quiz"]
    assert "docs/teaching/a_quiz" in "".join(build_site.margin_of(pages, []))
    assert (source / "docs/teaching/30_gan.md").read_text().startswith("---\norphan: true")
    assert (source / "docs/teaching/handouts/30_gan.html").is_file()
    monkeypatch.setattr(build_site, "KIT", tmp_path / "none")
    assert build_site.write_kit(tmp_path / "other") == []
    assert "docs/teaching" not in "".join(build_site.margin_of([], []))

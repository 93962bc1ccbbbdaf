"""Makes slides from lessons: one HTML file each in build/slides, which needs nothing else.

    uv run tools/build_slides.py 30 50     # the slides of two lessons
    uv run tools/build_slides.py           # of all

The lesson is the one source. A slide shows, in this order of the lesson: a heading with the first
paragraph below it; every displayed formula; every picture with its sentence; every task. Code, long
prose and answers stay in the lesson. Arrow keys turn the pages, Home and End jump.
"""

import html
import re
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from _pages import picture_name, to_html
from _shared import ROOT, chosen, command_line

from genimg_lib.practice.exercises import catalogue

SLIDES = ROOT / "build" / "slides"
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^]]*)\]\((?!https?:)[^)]*\)")
HEADING = re.compile(r"^(##) (\d+\. .+)$", re.MULTILINE)
POLICY = (
    "default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'"
)
STYLE = """
html, body { margin: 0; height: 100%; background: #fff; color: #111 }
body { font: 3.1vmin/1.4 "Liberation Sans", Arial, sans-serif }
section { display: none; box-sizing: border-box; min-height: 100vh; padding: 6vmin 9vmin }
section.shown { display: block }
h1 { font-size: 7vmin; margin-top: 20vmin } h2 { font-size: 4.6vmin; margin: 0 0 3vmin }
img { display: block; margin: auto; max-width: 100%; max-height: 74vh }
math[display=block] { font-size: 1.35em; margin: 3vmin 0 } pre, code { font-size: .85em }
pre { background: #f3f3f3; padding: 2vmin; overflow: auto }
footer { position: fixed; right: 2vmin; bottom: 1vmin; font-size: 2vmin; color: #555 }
@media print { section { display: block; break-after: page } footer { display: none } }
"""
SCRIPT = """
const slides = [...document.querySelectorAll("section")];
let now = Math.min(Math.max(parseInt(location.hash.slice(1)) || 1, 1), slides.length) - 1;
function show(index) {
  now = Math.min(Math.max(index, 0), slides.length - 1);
  slides.forEach((slide, place) => slide.classList.toggle("shown", place === now));
  document.querySelector("footer").textContent = `${now + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${now + 1}`);
  scrollTo(0, 0);
}
document.addEventListener("keydown", (event) => {
  const to = { ArrowRight: now + 1, ArrowDown: now + 1, PageDown: now + 1, " ": now + 1,
    ArrowLeft: now - 1, ArrowUp: now - 1, PageUp: now - 1, Home: 0, End: slides.length - 1 };
  if (event.key in to) { event.preventDefault(); show(to[event.key]); }
});
show(now);
"""


def embedded(data: str) -> str:
    """The address of a picture that is stored in the page itself."""
    return f"data:image/png;base64,{data}"


def beside(data: str) -> str:
    """Its address where the site has it."""
    return f"../_images/{picture_name(data)}.png"


def slides(path: Path, address: Callable[[str], str] = embedded) -> list[str]:
    """The slides of a lesson as HTML, in order. `address` gives where a picture lies, from its PNG
    in base64.
    """
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:  # slides are on their own: what a link to another lesson says stays
        cell.source = LINK.sub(r"\1", cell.source) if cell.cell_type == "markdown" else cell.source
    title = cells[0].source.splitlines()[0].removeprefix("# ")
    found = [f"<h1>{html.escape(title)}</h1>", outcomes(cells[0].source)]
    heading = title
    for cell in cells[1:]:
        tags = cell.metadata.get("tags", ())
        if "self-check" in tags:
            return [*found, closing(cell.source)]
        if "task" in tags:
            found.append(to_html(cell.source.replace("### ", "## ", 1)))
        elif cell.cell_type == "markdown" and not {"task-answer", "summary"} & set(tags):
            made, heading = prose_slides(cell.source, heading)
            found += made
        outputs = filter(shows, cell.get("outputs", ()))
        found += [picture(output, heading, address) for output in outputs]
    return found


def outcomes(top: str) -> str:
    bullets = "\n".join(re.findall(r"^- .+$", top, re.MULTILINE))
    return to_html(f"## Afterwards you can\n\n{bullets}")


def prose_slides(source: str, heading: str) -> tuple[list[str], str]:
    """A slide for each numbered heading with its first paragraph, and one for all formulas of a
    piece; and the heading that goes on.
    """
    source = re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
    found = []
    pieces = re.split(r"^(?=## \d+\. )", source, flags=re.MULTILINE)
    for piece in pieces:
        if match := HEADING.match(piece):
            heading = match[2]
            first = re.split(r"\n\s*\n", piece[match.end() :].strip())[0]
            found.append(to_html(f"## {heading}\n\n{first}"))
            piece = piece.replace(first, "", 1)
        if formulas := FORMULA.findall(piece):
            found.append(to_html("\n\n".join([f"## {heading}", *formulas])))
    return found, heading


def shows(output) -> bool:
    return "image/png" in output.get("data", {})


def picture(output, heading: str, address: Callable[[str], str]) -> str:
    """A slide with a picture of the lesson and its alternative text."""
    data = "".join(output.data["image/png"].split())
    alt = html.escape(output.metadata.get("image/png", {}).get("alt", heading), quote=True)
    title = to_html(f"## {heading}")
    return f'{title}<img alt="{alt}" src="{address(data)}">'


def closing(source: str) -> str:
    asked = re.findall(r"^\*\*(\d\. .+?)\*\*", source, re.MULTILINE | re.DOTALL)
    return to_html("\n\n".join(["## Check yourself", *asked]))


def document(path: Path, address: Callable[[str], str] = embedded) -> str:
    """One file with all slides of a lesson."""
    body = "\n".join(f"<section>{slide}</section>" for slide in slides(path, address))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<link rel="icon" href="data:,">\n'  # or browsers ask for a file
        f"<title>{html.escape(path.stem)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n"
        f"<footer></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument(
        "lessons", nargs="*", metavar="NN", help="numbers of lessons; all unless told"
    )
    parser.add_argument("--out", type=Path, default=SLIDES, help="the folder (%(default)s)")
    arguments = parser.parse_args()
    known = {path.name[:2]: path for path in catalogue.notebooks(ROOT / "notebooks")}
    arguments.out.mkdir(parents=True, exist_ok=True)
    for number in chosen(parser, arguments.lessons, known):
        path = arguments.out / f"{known[number].stem}.html"
        path.write_text(document(known[number]), encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

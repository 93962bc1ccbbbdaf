"""Records what SmolLM2 answers in lessons, for readers who have not installed it.

    uv run --extra llm tools/record_answers.py                       # every lesson that asks it
    uv run --extra llm tools/record_answers.py notebooks/41*.ipynb   # some

Runs each lesson twice with the model, in the full and in the fast mode, and throws the outputs
away: only the answers stay, in genimg_lib/language/recordings/. Then run tools/record_lessons.py
without the extra, so that the lesson shows the recording.
"""

import os
from pathlib import Path

import nbformat
from _shared import NOTEBOOKS, command_line
from nbclient import NotebookClient

from genimg_lib.language import files, recordings


def record(path: Path) -> None:
    """Runs a lesson in both modes, so that its questions are asked and the answers kept."""
    notebook = nbformat.read(path, as_version=4)
    names = lessons_asked(notebook)
    for name in names:
        # no answer stays that nobody asks for any more
        (recordings.FOLDER / f"{name}.json").unlink(missing_ok=True)
    for fast in ("0", "1"):
        os.environ |= {recordings.RECORD_VARIABLE: "1", "GENIMG_FAST": fast}
        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(nbformat.from_dict(notebook), timeout=900, resources=resources).execute()
    for name in names:
        recorded = recordings.FOLDER / f"{name}.json"
        print(f"{path.name}: {recorded.name}, {recorded.stat().st_size:,} bytes")


def lessons_asked(notebook) -> list[str]:
    """The names of the recordings that a notebook opens."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return [part.split('"')[1] for part in code.split("recordings.open_model(")[1:]]


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument(
        "notebooks", nargs="*", type=Path, default=sorted(NOTEBOOKS.glob("*.ipynb"))
    )
    paths = parser.parse_args().notebooks
    if not files.is_installed():
        parser.error("SmolLM2 is not installed here: uv run --extra llm tools/record_answers.py")
    for path in paths:
        if lessons_asked(nbformat.read(path, as_version=4)):
            record(path)


if __name__ == "__main__":
    main()

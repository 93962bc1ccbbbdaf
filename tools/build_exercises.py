"""Makes exercises/ from solutions/: the same notebooks without solution cells and outputs.

uv run tools/build_exercises.py            # writes what has changed
uv run tools/build_exercises.py --check    # fails if something would change
"""

import sys
from pathlib import Path

import nbformat
from _shared import ROOT, SOLUTIONS, command_line
from nbconvert.preprocessors import (
    ClearMetadataPreprocessor,
    ClearOutputPreprocessor,
    TagRemovePreprocessor,
)
from traitlets.config import Config

EXERCISES = ROOT / "exercises"
SETTINGS = Config(
    TagRemovePreprocessor={"enabled": True, "remove_cell_tags": {"solution"}},
    ClearOutputPreprocessor={"enabled": True},
    ClearMetadataPreprocessor={
        "enabled": True,
        "preserve_cell_metadata_mask": {("tags",)},
        "preserve_nb_metadata_mask": {("kernelspec",), ("language_info", "name"), ("genimg",)},
    },
)


def build(path: Path) -> str:
    """The text of the exercise notebook that belongs to a solution."""
    notebook = nbformat.read(path, as_version=4)
    for preprocessor in (TagRemovePreprocessor, ClearOutputPreprocessor, ClearMetadataPreprocessor):
        notebook, _ = preprocessor(config=SETTINGS).preprocess(notebook, {})
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if exercises/ is stale"
    )
    check = parser.parse_args().check
    expected = {EXERCISES / path.name: build(path) for path in sorted(SOLUTIONS.glob("*.ipynb"))}
    stale = [
        path
        for path, text in expected.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    left_over = sorted(set(EXERCISES.glob("*.ipynb")) - set(expected))
    for path in stale:
        print(f"{path.relative_to(ROOT)}: {'stale' if check else 'written'}")
    for path in left_over:
        print(f"{path.relative_to(ROOT)}: has no solution")
    if check:
        return 1 if stale or left_over else 0
    EXERCISES.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(expected[path], encoding="utf-8")
    for path in left_over:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())

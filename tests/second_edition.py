"""The lessons of the second edition, and their cells by role. docs/writing_lessons.md says what the
roles are.
"""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def read(path: Path):
    return nbformat.read(path, as_version=4)


LESSONS = [
    path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if read(path).metadata["genimg"].get("edition") == 2
]


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def tagged(notebook, tag: str) -> list:
    return [cell for cell in notebook.cells if tag in tags(cell)]


def tasks(notebook) -> list[dict]:
    """The tasks in order: each a dictionary of the cells `task`, `todo`, `check` and `answer`."""
    found: list[dict] = []
    for cell in notebook.cells:
        if "task" in tags(cell):
            found.append({"task": cell})
        for part in ("todo", "check", "answer"):
            if f"task-{part}" in tags(cell):
                assert found and part not in found[-1], f"a second task-{part} in one task"
                found[-1][part] = cell
    return found


def model_answer(task: dict) -> str:
    """The code that the folded answer of a task shows."""
    (code,) = PYTHON.findall(task["answer"].source)
    return code


def number(path: Path) -> str:
    return path.name[:2]

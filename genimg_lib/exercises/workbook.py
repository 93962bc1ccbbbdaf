"""Copies of the exercises to work on, and the check of a copy: its cells run in a kernel, its verdicts are read."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from genimg_lib.exercises import catalogue
from genimg_lib.exercises.catalogue import COURSE, Exercise
from genimg_lib.exercises.progress import WORK

FOLDER = COURSE / WORK
SECONDS = 120  # for one cell
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Result:
    """What one exercise showed: `solved`, `not yet`, `to do`, or `not checked`, and the report to print."""

    exercise: Exercise
    state: str
    report: str = ""


def start(words: list[str], folder: Path = FOLDER, *, fresh: bool = False) -> list[str]:
    """Copies exercises into the learner's folder and says, one line each, what it did.

    A copy that is there stays as it is; with `fresh` it is kept under another name and a new one made. Raises ValueError for
    an unknown notebook.
    """
    folder.mkdir(exist_ok=True)
    said = []
    for path in catalogue.find(words):
        copy = folder / path.name
        if copy.exists() and fresh:
            kept = copy.with_name(f"{path.stem}.{datetime.now():%Y%m%d-%H%M%S}.ipynb")
            copy.rename(kept)
            said.append(f"{folder.name}/{path.name}: your work is kept as {kept.name}")
        if copy.exists():
            said.append(f"{folder.name}/{path.name}: is there already, and stays as it is")
        else:
            shutil.copyfile(path, copy)
            said.append(f"{folder.name}/{path.name}: ready")
    return said


def check(path: Path, tell: Callable[[Result], None] = lambda result: None, *, seconds: int = SECONDS) -> list[Result]:
    """Runs a notebook from a clean kernel; returns one result per exercise, each of which is also given to `tell` at once.

    A cell that fails does not stop the ones after it. One that runs longer than `seconds` is interrupted. If the kernel dies,
    the exercises after that cell are not checked.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    options = {"timeout": seconds, "allow_errors": True, "record_timing": False, "interrupt_on_timeout": True}
    client = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, **options)
    positions = {cell["id"]: index for index, cell in enumerate(notebook.cells)}
    results: list[Result] = []
    dead = ""
    with client.setup_kernel(cwd=str(path.parent), stderr=subprocess.DEVNULL):
        for part in catalogue.parts(path):
            problem = ""
            for cell in [cell for cell in part.cells if cell["cell_type"] == "code" and not dead]:
                index = positions[cell["id"]]
                try:
                    client.execute_cell(notebook.cells[index], index)
                except CellTimeoutError:
                    problem = f"a cell was stopped after {seconds} seconds. Is there an endless loop?"
                except DeadKernelError:
                    dead = f"the kernel died in cell {index + 1}: out of memory, or an exit. What follows was not checked."
                problem = problem or _problem(notebook.cells[index])
            if part.exercise:
                results.append(_result(part, notebook, positions, problem, dead))
                tell(results[-1])
                dead = dead and "the kernel had died before this exercise"
    return results


def _problem(cell) -> str:
    """What went wrong in a cell that is not a check: the exception and the learner's line."""
    if "check" in catalogue.tags(cell):
        return ""
    for output in cell.get("outputs", ()):
        if output.output_type == "error" and output.ename != "NotYet":
            lines = [COLOURS.sub("", line) for entry in output.traceback for line in entry.splitlines()]
            marked = [line for line in lines if re.match(r"-+> ?\d+ ", line)]
            at = marked[0].lstrip("-> ") if marked else ""
            return f"{output.ename}: {output.evalue.splitlines()[0] if output.evalue else ''}" + (
                f"\nin line {at}" if at else ""
            )
    return ""


def _result(part, notebook, positions, problem: str, dead: str) -> Result:
    if dead:
        return Result(part.exercise, "not checked", dead)
    if problem:
        return Result(part.exercise, "not yet", problem)
    state = "solved"
    for cell in (notebook.cells[positions[cell["id"]]] for cell in part.cells if "check" in catalogue.tags(cell)):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                report = output.evalue if output.ename == "NotYet" else f"{output.ename}: {output.evalue}"
                return Result(part.exercise, "to do" if "\n  [x]  TODO" in report else "not yet", report)
    return Result(part.exercise, state)

"""Copies of the exercises to work on, and the check of a copy: its cells run in a kernel, its
verdicts are read.
"""

import logging
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.attempts import WORK
from genimg_lib.practice.exercises.catalogue import COURSE, Exercise

FOLDER = COURSE / WORK
SECONDS = 240  # for one cell: a capstone trains a model in its check
# a name that IPython makes up and nobody knows
CELL_FILE = re.compile(r"\((?:\d+\.py|<[^>]*>), (line \d+)\)")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Result:
    """What one exercise showed: `solved`, `not yet`, `to do`, or `not checked`, and the report
    to print.
    """

    exercise: Exercise
    state: str
    report: str = ""


def start(words: list[str], folder: Path = FOLDER, *, fresh: bool = False) -> list[str]:
    """Copies exercises into the learner's folder and says, one line each, what it did.

    A copy that is there stays as it is; with `fresh` it is kept under another name and a new one
    made. Raises ValueError for an unknown notebook.
    """
    folder.mkdir(exist_ok=True)
    said = []
    for path in catalogue.find(words):
        copy = folder / path.name
        if copy.exists() and fresh:
            kept = copy.with_name(f"old_{path.stem}_{datetime.now():%Y%m%d-%H%M%S}.ipynb")
            copy.rename(kept)
            said.append(f"{folder.name}/{path.name}: your work is kept as {kept.name}")
        if copy.exists():
            said.append(f"{folder.name}/{path.name}: is there already, and stays as it is")
        else:
            shutil.copyfile(path, copy)
            said.append(f"{folder.name}/{path.name}: ready")
    return said


def check(
    path: Path, tell: Callable[[Result], None] = lambda result: None, *, seconds: int = SECONDS
) -> list[Result]:
    """Runs a notebook from a clean kernel; returns one result per exercise, each of which is also
    given to `tell` at once.

    A cell that fails does not stop the ones after it. One that runs longer than `seconds` is
    interrupted. If the kernel dies, the exercises after that cell are not checked.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    # nbclient logs what is reported here anyway
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    notebook = nbformat.read(path, as_version=4)
    options = {
        "timeout": seconds,
        "allow_errors": True,
        "record_timing": False,
        "interrupt_on_timeout": True,
    }
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
                except DeadKernelError:
                    dead = (
                        "the kernel died here: out of memory, or something ended it. What "
                        "follows was not checked."
                    )
                problem = problem or _problem(notebook.cells[index], seconds)
            if part.exercise:
                results.append(_result(part, notebook, positions, problem, dead))
                tell(results[-1])
                dead = dead and "the kernel had died before."
    return results


def _problem(cell, seconds: int) -> str:
    """What went wrong in a cell that is not a check: the exception and the learner's line."""
    if "check" in catalogue.tags(cell):
        return ""
    for output in cell.get("outputs", ()):
        if output.output_type == "error" and output.ename != "NotYet":
            lines = [
                COLOURS.sub("", line) for entry in output.traceback for line in entry.splitlines()
            ]
            marked = [line.lstrip("-> ") for line in lines if re.match(r"-+> ?\d+ ", line)]
            said = ": ".join(
                [output.ename, *CELL_FILE.sub(r"in \1 of its cell", output.evalue).splitlines()[:1]]
            )
            # by nbclient: nobody else is there to interrupt
            if output.ename == "KeyboardInterrupt":
                said = f"this was stopped after {seconds} seconds. Is there an endless loop?"
            return f"{said}\nin line {marked[0]}" if marked else said
    return ""


def _result(part, notebook, positions, problem: str, dead: str) -> Result:
    if dead:
        return Result(part.exercise, "not checked", dead)
    if problem:
        return Result(part.exercise, "not yet", problem)
    for cell in (
        notebook.cells[positions[cell["id"]]]
        for cell in part.cells
        if "check" in catalogue.tags(cell)
    ):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                report = (
                    output.evalue
                    if output.ename == "NotYet"
                    else f"{output.ename}: {output.evalue}"
                )
                return Result(
                    part.exercise, "to do" if "\n  [x]  TODO" in report else "not yet", report
                )
    return Result(part.exercise, "solved")

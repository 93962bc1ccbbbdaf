"""Copies of the course to work on, and the check of a copy.

Its cells run in a kernel, and the verdicts are read from their outputs.
"""

import asyncio
import contextlib
import logging
import os
import re
import shutil
import subprocess
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.catalogue import Exercise, Part

SECONDS = 240  # for one cell: a capstone trains a model in its check
VERDICTS = {"NotYet": "not yet", "ToDo": "to do"}  # the exceptions of a check cell, by name
GRACE = 10  # seconds that an interrupted cell has to end; then its kernel is ended
# a name that IPython makes up and nobody knows
CELL_FILE = re.compile(r"\((?:\d+\.py|<[^>]*>), (line \d+)\)")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Result:
    """What one exercise showed: its state, and the report to print.

    The state is `solved`, `not yet`, `to do` or `not checked`.
    """

    exercise: Exercise
    state: str
    report: str = ""


def start(words: list[str], place: Path | None = None, *, fresh: bool = False) -> list[Path]:
    """Copies exercises to work on, and says in one line each what it did; returns the notebooks
    to open.

    Outside of the course's own folder all that the notebooks link to is copied as well: lessons,
    pictures, solutions. A copy that is there stays as it is; with `fresh` it is kept under another
    name and a new one made. Raises ValueError for an unknown notebook.
    """
    place = place or course.workplace()
    found = catalogue.find(words, course.EXERCISES, course.LESSONS)
    exercises = [path for path in found if path.parent == course.EXERCISES]
    lessons = [path for path in found if path.parent == course.LESSONS]
    opened = [
        _copy(path, place / course.WORK / path.name, place, fresh=fresh) for path in exercises
    ]
    if place == course.ROOT:
        return opened or lessons
    copies = [
        _copy(path, place / path.relative_to(course.ROOT), place, fresh=fresh) for path in lessons
    ]
    for folder in course.FOLDERS:
        for path in (course.ROOT / folder).rglob("[!.]*"):
            copy = place / path.relative_to(course.ROOT)
            if path.is_file() and not copy.exists():
                _write(path, copy)
    return opened or copies


def _copy(path: Path, copy: Path, place: Path, *, fresh: bool) -> Path:
    name = copy.relative_to(place).as_posix()
    if copy.exists() and fresh:
        kept = _unused(copy)
        copy.rename(kept)
        print(f"{name}: your work is kept as {kept.name}")
    if copy.exists():
        print(f"{name}: is there already, and stays as it is")
    else:
        _write(path, copy)
        print(f"{name}: ready")
    return copy


def _unused(copy: Path) -> Path:
    """A name for what is kept that no other file has."""
    stamp = f"old_{copy.stem}_{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{stamp}{f'-{number}' if number else ''}.ipynb" for number in count())
    return next(path for path in map(copy.with_name, names) if not path.exists())


def _write(path: Path, copy: Path) -> None:
    """Copies a file as a whole: an interruption leaves no half of it."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    half = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        shutil.copyfile(path, half)
        half.replace(copy)
    finally:
        half.unlink(missing_ok=True)


def read(path: Path):
    """A notebook of any version of the format; ValueError for a file that is none."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without ids, which nbformat adds
            notebook = nbformat.read(path, as_version=4)
            catalogue.split(path.stem, notebook.cells)
    except OSError:
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ValueError(
            f"{path.name} is not a notebook that can be read ({reason[:80]}); "
            "your work is still in it, and genimg start --fresh keeps it under another name"
        ) from None
    return notebook


def check(
    path: Path, tell: Callable[[Result], None] = lambda result: None, *, seconds: int = SECONDS
) -> list[Result]:
    """Runs a notebook from a clean kernel; returns one result per exercise, each of which is also
    given to `tell` at once.

    The kernel is this Python, whichever one the notebook names. A cell that fails does not stop the
    ones after it. One that runs longer than `seconds` is interrupted, and if it goes on all the
    same, its kernel is ended. If the kernel dies, the exercises after that cell are not checked. An
    exercise whose code is still that of the course is to do: its check does not run. Raises
    ValueError for a file that is no notebook.
    """
    notebook = read(path)
    results: list[Result] = []
    for result in _results(path, notebook, seconds):
        results.append(result)
        tell(result)
    return results


def _results(path: Path, notebook, seconds: int):
    from nbclient.exceptions import DeadKernelError

    original = _original(path)
    client = _client(path, notebook)
    positions = {id(cell): index for index, cell in enumerate(notebook.cells)}
    dead = ""
    with client.setup_kernel(cwd=str(path.parent), stderr=subprocess.DEVNULL, cleanup_kc=True):
        for part in catalogue.split(path.stem, notebook.cells):
            known = original.get(part.number)
            untouched = bool(part.exercise and known and known.code == part.code)
            for cell in part.cells:
                idle = untouched and "check" in catalogue.tags(cell)
                if cell["cell_type"] != "code" or dead or idle:
                    continue
                try:
                    with _limit(client.km, seconds) as limit:
                        client.execute_cell(cell, positions[id(cell)])
                except DeadKernelError:
                    died = "the kernel died here: out of memory, or something ended it."
                    endless = (
                        "this went on after it was interrupted, and was ended after "
                        f"{seconds + GRACE} seconds."
                    )
                    dead = f"{endless if 'ended' in limit else died} What follows was not checked."
            if part.exercise or known:
                yield _result(part, known, seconds, dead, untouched)
                dead = dead and "the kernel had died before."


def _original(path: Path) -> dict[str, Part]:
    """The exercises of the course's notebook of this name, by number."""
    shipped = course.EXERCISES / path.name
    found = catalogue.parts(shipped) if shipped.exists() else []
    return {part.number: part for part in found if part.exercise}


def _client(path: Path, notebook):
    """A client whose kernel is this Python."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class OwnPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(**get_kernel_dict())

    # nbclient logs what is reported here anyway
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    return NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_spec_manager=OwnPython()),
        resources={"metadata": {"path": str(path.parent)}},
        timeout=None,  # `_limit` watches
        allow_errors=True,
        record_timing=False,
    )


def _result(part: Part, known: Part | None, seconds: int, dead: str, untouched: bool) -> Result:
    """What the outputs of a part say."""
    if not part.exercise:
        return Result(
            known.exercise,
            "not checked",
            "its header line or its check cell is gone: see a copy of genimg start --fresh.",
        )
    if dead:
        return Result(part.exercise, "not checked", dead)
    if untouched:
        return Result(part.exercise, "to do")
    checks = [cell for cell in part.cells if "check" in catalogue.tags(cell)]
    for cell in part.cells:
        if cell not in checks and (problem := _problem(cell, seconds)):
            return Result(part.exercise, "not yet", problem)
    for output in _errors(checks):
        if output.ename in VERDICTS:
            return Result(part.exercise, VERDICTS[output.ename], output.evalue)
        return Result(part.exercise, "not yet", f"{output.ename}: {output.evalue}")
    return Result(part.exercise, "solved")


def _errors(cells) -> list:
    return [
        output
        for cell in cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]


@contextlib.contextmanager
def _limit(kernel, seconds: float):
    """Interrupts a kernel that is still busy after `seconds`, and ends one that is busy `GRACE`
    seconds later.

    Yields a list that says afterwards which of the two was done.
    """
    done = []
    over = threading.Event()

    def watch():
        if not over.wait(seconds):
            done.append("interrupted")
            asyncio.run(kernel.interrupt_kernel())
            if not over.wait(GRACE):
                done.append("ended")
                asyncio.run(kernel.provisioner.kill())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield done
    finally:
        over.set()
        watcher.join()


def _problem(cell, seconds: int) -> str:
    """What went wrong in a cell that is not a check: the exception and the learner's line."""
    for output in _errors([cell]):
        if output.ename in VERDICTS:
            continue
        lines = [COLOURS.sub("", line) for entry in output.traceback for line in entry.splitlines()]
        marked = [line.lstrip("-> ") for line in lines if re.match(r"-+> ?\d+ ", line)]
        said = ": ".join(
            [output.ename, *CELL_FILE.sub(r"in \1 of its cell", output.evalue).splitlines()[:1]]
        )
        # by `_limit`: nobody else is there to interrupt
        if output.ename == "KeyboardInterrupt":
            said = f"this was stopped after {seconds} seconds. Is there an endless loop?"
        return f"{said}\nin line {marked[0]}" if marked else said
    return ""

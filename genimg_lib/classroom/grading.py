"""What was handed in, graded by the checkers of the course. Their code runs on this machine."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from genimg_lib.classroom.store import Learner, Store
from genimg_lib.practice.exercises import workbook


def grades(store: Store, *, seconds: int = workbook.SECONDS) -> Iterator[tuple]:
    """(learner, notebook, exercise number, state) of all that was handed in.

    A notebook that cannot be read has one row, without a number. The checks write nothing into the
    progress of whoever grades: they run outside of a folder that counts.
    """
    for learner, name, content in store.hand_ins():
        with tempfile.TemporaryDirectory(prefix="genimg-grading-") as folder:
            path = Path(folder) / f"{name}.ipynb"
            path.write_text(content, encoding="utf-8")
            yield from _graded(learner, path, seconds)


def _graded(learner: Learner, path: Path, seconds: int) -> Iterator[tuple]:
    try:
        for result in workbook.check(path, seconds=seconds):
            yield learner, path.stem, result.exercise.number, result.state
    except ValueError:
        yield learner, path.stem, "", "not a notebook"


def as_csv(rows: list[tuple]) -> str:
    """The grades as CSV: learner's number, notebook, exercise, state."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["learner", "notebook", "exercise", "state"])
    writer.writerows([learner.number, name, number, state] for learner, name, number, state in rows)
    return file.getvalue()

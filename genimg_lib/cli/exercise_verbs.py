"""The verbs of `genimg` that belong to the exercises: start, check, progress."""

import contextlib
import os

from genimg_lib.classroom import outbox
from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue, overview, workbook
from genimg_lib.practice.exercises.attempts import Attempts

MARKS = {"solved": "x", "not yet": "-", "to do": " ", "not checked": "?"}


def add_verbs(commands) -> None:
    """Adds the verbs to the subparsers of `genimg`."""
    command = commands.add_parser(
        "start", help="copy exercises to my_exercises, where you work on them: start 30"
    )
    command.set_defaults(run=run_start)
    command.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="a number or a name, such as 30 or gan; all unless told",
    )
    command.add_argument(
        "--fresh", action="store_true", help="a new copy; what you have is kept under another name"
    )
    command = commands.add_parser("check", help="check your work in my_exercises: check 30")
    command.set_defaults(run=run_check)
    command.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="as for start; all that you have started unless told",
    )
    commands.add_parser(
        "progress", help="which exercises are solved, and what is next"
    ).set_defaults(run=run_progress)


def run_start(chosen) -> int:
    place = course.workplace()
    first = workbook.start(chosen.notebooks, place, fresh=chosen.fresh)[0]
    root = os.path.relpath(place)
    command = "uv run jupyter lab" if place == course.ROOT else "jupyter lab"
    # With the course as root: links to lessons and pictures lead out of the folder.
    print(f"Open:  {command} --notebook-dir={root} {os.path.relpath(first)}")
    return 0


def run_check(chosen) -> int:
    work = course.workplace() / course.WORK
    if not catalogue.notebooks(work):
        raise ValueError("there is nothing to check yet; begin with: genimg start")
    results = []
    unread = []
    for path in catalogue.find(chosen.notebooks, work):
        print(path.stem)
        try:
            results += workbook.check(path, tell)
        except ValueError as error:
            unread.append(path)
            print(f"  [?] {error}", flush=True)
    with contextlib.suppress(OSError):  # what its kernels could not send before they ended
        outbox.send_waiting()
    solved = sum(result.state == "solved" for result in results)
    progress = Attempts()
    print(
        f"{solved} of {len(results)} solved here. In the course: "
        f"{overview.summary(catalogue.exercises(), progress.state())}"
    )
    if progress.message:
        print(progress.message)
    return 0 if solved == len(results) and not unread else 1


def tell(result: workbook.Result) -> None:
    """Prints one line, and the report of what was tried and is not solved."""
    print(
        f"  [{MARKS[result.state]}] {result.exercise.number} {result.exercise.title}: "
        f"{result.state}",
        flush=True,
    )
    if result.report and result.state != "to do":
        print("\n".join(f"      {line}" for line in result.report.splitlines()), flush=True)


def run_progress(_) -> int:
    print(overview.table())
    return 0

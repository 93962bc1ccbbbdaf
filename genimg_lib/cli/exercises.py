"""The verbs of `genimg` that belong to the exercises: start, check, progress."""

from genimg_lib.practice.exercises import catalogue, overview, workbook
from genimg_lib.practice.exercises.attempts import Progress

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
        help="how a name begins, such as 30; all unless told",
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
    print("\n".join(workbook.start(chosen.notebooks, fresh=chosen.fresh)))
    first = catalogue.find(chosen.notebooks)[0].name
    # With the course as root: links to lessons and pictures lead out of the folder.
    print(f"Open:  uv run jupyter lab --notebook-dir=. {workbook.FOLDER.name}/{first}")
    return 0


def run_check(chosen) -> int:
    paths = catalogue.find(chosen.notebooks, workbook.FOLDER)
    if not paths:
        raise ValueError("there is nothing to check yet; begin with: genimg start")
    results = []
    for path in paths:
        print(path.stem)
        results += workbook.check(path, tell)
    solved = sum(result.state == "solved" for result in results)
    print(
        f"{solved} of {len(results)} solved here. In the course: "
        f"{overview.summary(catalogue.exercises(), Progress().state())}"
    )
    return 0 if solved == len(results) else 1


def tell(result: workbook.Result) -> None:
    """Prints one line, and the report of what was tried and is not solved."""
    print(
        f"  [{MARKS[result.state]}] {result.exercise.number} {result.exercise.title}: "
        f"{result.state}"
    )
    if result.report and result.state != "to do":
        print("\n".join(f"      {line}" for line in result.report.splitlines()), flush=True)


def run_progress(_) -> int:
    print(overview.table())
    return 0

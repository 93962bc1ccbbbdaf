"""The verbs of `genimg` that belong to the question bank: interview, sheets, due, missed, reviews,
anki.
"""

import tempfile
from pathlib import Path

from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, coding, mock, progress, roles
from genimg_lib.practice.interview.reviews import Reviews
from genimg_lib.practice.interview.sheets import write_anki, write_files
from genimg_lib.practice.interview.terminal import conduct


def add_verbs(commands) -> None:
    """Adds the verbs to the subparsers of `genimg`."""
    for name, run, explanation in (
        ("interview", run_interview, "a mock interview in this terminal, for one or for a pair"),
        ("sheets", run_sheets, "the same interview on paper: interviewer.html and candidate.html"),
    ):
        command = commands.add_parser(name, help=explanation)
        command.set_defaults(run=run)
        command.add_argument("--level", choices=LEVELS, default="mid")
        command.add_argument("--minutes", type=int, default=30)
        command.add_argument(
            "--topic",
            action="append",
            default=[],
            choices=[topic for topic in bank.load().topics if topic != coding.TOPIC],
            metavar="TOPIC",
        )
        command.add_argument("--role", choices=roles.ROLES, default="any")
        command.add_argument(
            "--style", choices=roles.STYLES, default="any", help="which kinds of question"
        )
        command.add_argument(
            "--code",
            type=int,
            metavar="N",
            help="functions to write, in the end; the role decides unless told",
        )
        if name == "interview":
            command.add_argument(
                "--spoken",
                action="store_true",
                help="grade yourself point by point before you see the model answer",
            )
        command.add_argument("--seed", type=int, help="the same seed asks the same questions")
        command.add_argument("--language", choices=LANGUAGES, default="en")
        command.add_argument("--out", type=Path, help="a folder for the summary and the sheets")
    commands.add_parser("due", help="how many questions are due today").set_defaults(run=run_due)
    command = commands.add_parser("missed", help="which points of the rubrics you miss most")
    command.set_defaults(run=run_missed)
    command.add_argument("--language", choices=LANGUAGES, default="en")
    command = commands.add_parser(
        "reviews", help="take graded cards to the site or to another computer, and back"
    )
    command.set_defaults(run=run_reviews)
    command.add_argument("action", choices=("import", "export"))
    command.add_argument("path", type=Path, metavar="FILE")
    command = commands.add_parser("anki", help="the question bank as an Anki package")
    command.set_defaults(run=run_anki)
    command.add_argument("path", type=Path)
    command.add_argument("--language", choices=LANGUAGES, default="en")


def _interview(chosen) -> mock.Interview:
    return mock.Interview(
        roles.plan(
            chosen.level,
            chosen.minutes,
            role=chosen.role,
            style=chosen.style,
            topics=chosen.topic,
            code=chosen.code,
            seed=chosen.seed,
        ),
        chosen.language,
    )


def run_interview(chosen) -> int:
    interview = _interview(chosen)
    _prepare(chosen.out)
    reviews = Reviews()
    try:
        conduct(interview, reviews, spoken=chosen.spoken)
    finally:  # after Ctrl-C, too
        if reviews.message:
            print(reviews.message)
        if chosen.out:
            _write(interview, chosen.out)
    return 0


def run_sheets(chosen) -> int:
    interview = _interview(chosen)
    _prepare(chosen.out)
    return _write(interview, chosen.out or Path("."))


def _prepare(folder: Path | None) -> None:
    """Makes the folder for the results.

    Raises OSError before the interview, not after it, if nothing can be written there.
    """
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _write(interview: mock.Interview, folder: Path) -> int:
    for path in write_files(interview, folder):
        print(path)
    return 0


def run_due(_) -> int:
    reviews = Reviews()
    counts = reviews.summary(bank.load().questions)
    print(reviews.message, end="\n" if reviews.message else "")
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 0


def run_missed(chosen) -> int:
    reviews = Reviews()
    print(progress.table(reviews.read(), chosen.language))
    print(reviews.message, end="\n" if reviews.message else "")
    return 0


def run_reviews(chosen) -> int:
    reviews = Reviews()
    if chosen.action == "export":
        print(f"{chosen.path}: {reviews.export(chosen.path)} reviews")
    else:
        merged = reviews.merge(chosen.path)
        print(f"{merged.added} reviews added, {merged.known} were here already.")
        if merged.unreadable:
            print(f"{merged.unreadable} lines of {chosen.path} could not be read.")
    print(reviews.message, end="\n" if reviews.message else "")
    return 0


def run_anki(chosen) -> int:
    print(f"{chosen.path}: {write_anki(chosen.path, chosen.language)} notes")
    return 0

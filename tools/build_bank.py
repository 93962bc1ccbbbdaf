"""Writes the pages of the interview question bank, and marks questions whose two languages agree.

uv run tools/build_bank.py pages                  # docs/questions.md and docs/questions.zh.md
uv run tools/build_bank.py in-step TOPIC [ID ...] # after reading both languages side by side
uv run tools/build_bank.py old                    # entries that nobody has checked for a year
"""

import re
from datetime import date
from pathlib import Path

from _shared import ROOT, command_line

from genimg_lib.practice.interview import bank, rendering

PAGES = {"en": "questions.md", "zh": "questions.zh.md"}


def pages() -> dict[Path, str]:
    """The two pages, as they should be: path -> text."""
    lessons = {
        path.name[:2]: f"../notebooks/{path.name}"
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    }
    return {
        ROOT / "docs" / name: rendering.page(language, lessons) for language, name in PAGES.items()
    }


def mark_in_step(path: Path, names: list[str]) -> int:
    """Writes the fingerprints of both texts, as they are now, into the entries of a topic file, and
    returns how many entries changed.
    """
    head, *entries = re.split(
        r"^(?=\[\[question\]\])", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    _, questions = bank.read_topic(path)
    changed = 0
    for index, question in enumerate(questions):
        if names and question.id not in names:
            continue
        line = f'in_step = "{bank.fingerprint(question)}"\n'
        if question.in_step:
            entry = re.sub(r"^in_step = .*\n", line, entries[index], count=1, flags=re.MULTILINE)
        else:
            entry = re.sub(
                r"^(type = .*\n)", rf"\1{line}", entries[index], count=1, flags=re.MULTILINE
            )
        changed += entry != entries[index]
        entries[index] = entry
    path.write_text(head + "".join(entries), encoding="utf-8")
    return changed


def main() -> None:
    parser = command_line(__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    command = commands.add_parser("in-step", help="mark questions as read side by side")
    command.add_argument(
        "topic", choices=[path.stem for path in sorted(bank.FOLDER.glob("*.toml"))]
    )
    command.add_argument("ids", nargs="*")
    commands.add_parser("pages", help="write both pages anew")
    command = commands.add_parser("old", help="list what nobody has checked for a year")
    command.add_argument("--months", type=int, default=12)
    arguments = parser.parse_args()
    if arguments.command == "pages":
        for path, text in pages().items():
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: {len(text.encode()):,} bytes")
        return
    if arguments.command == "old":
        today = date.today()
        for question in bank.load().unchecked(today.year, today.month, arguments.months):
            print(f"{question.checked or 'never'}  {question.topic}  {question.id}")
        return
    changed = mark_in_step(bank.FOLDER / f"{arguments.topic}.toml", arguments.ids)
    print(f"{arguments.topic}: {changed} entries marked as in step")


if __name__ == "__main__":
    main()

"""The mock interview in a terminal, for one or for a pair."""

import re
import shutil
import textwrap
import time
from collections.abc import Callable

from wcwidth import wcswidth

from genimg_lib.practice.interview.mock import Interview, minutes_of
from genimg_lib.practice.interview.rendering import WORDS, tags
from genimg_lib.practice.interview.reviews import Reviews

PROMPTS = {
    "en": (
        "Answer aloud, then press Enter (q ends): ",
        "points made, e.g. 1 3 4: ",
        "follow-ups answered: ",
        "note: ",
    ),
    "zh": ("说出答案，再按回车（q 结束）：", "说到的要点，例如 1 3 4：", "答出的追问：", "备注："),
}

# a word with the space after it; a Chinese character with what must not start a line
PIECES = re.compile(r"[\u2e80-\uffef][，。、；：？！）”’》]*\s?|[^\s\u2e80-\uffef]+\s?|\s")


def conduct(
    interview: Interview,
    progress: Reviews | None = None,
    *,
    ask: Callable[[str], str] = input,
    tell: Callable[[str], None] = print,
) -> str:
    """Runs `interview` with `ask` and `tell` as keyboard and screen; returns the summary.

    It ends early on q or at the end of the input. Ctrl-C ends it, too: the summary is shown and
    KeyboardInterrupt goes on to the caller. A question counts once its note was given.
    """
    interrupted = None
    try:
        while interview.current and _ask_one(interview, progress, ask, tell):
            pass
    except EOFError:
        pass
    except KeyboardInterrupt as interrupt:
        interrupted = interrupt
    summary = interview.summary()
    tell(f"\n{summary}")
    if interrupted:
        raise interrupted
    return summary


def _ask_one(interview: Interview, progress: Reviews | None, ask, tell) -> bool:
    """One question and the notes on its answer; false if the learner wants to end."""
    language = interview.language
    question = interview.current
    text = question.text(language)
    words = WORDS[language]
    answer, points_prompt, asked_prompt, note_prompt = PROMPTS[language]
    width = min(100, shutil.get_terminal_size().columns)

    def listed(number: int, line: str) -> None:
        tell(wrap(line, width, first=f"  {number}. ", indent="     "))

    place = f"{len(interview.records) + 1}/{len(interview.questions)}"
    tell(f"\n{wrap(f'{place} {text.question}', width)}")
    tell(wrap(f"({tags(question, language)}, {minutes_of(question)} {words['minutes']})", width))
    began = time.monotonic()
    if ask(answer).strip().lower() == "q":
        return False
    seconds = time.monotonic() - began
    wrong = wrap(f"{words['wrong']}: {text.wrong} {text.why_wrong}", width)
    tell(f"\n{wrap(text.answer, width)}\n\n{wrong}\n\n{words['key_points']}:")
    for number, point in enumerate(text.key_points, 1):
        listed(number, point)
    points = choose(ask, tell, points_prompt, len(text.key_points))
    for number, (asked, reply) in enumerate(text.follow_ups, 1):
        listed(number, asked)
        tell(wrap(reply, width, first="     ", indent="     "))
    follow_ups = choose(ask, tell, asked_prompt, len(text.follow_ups))
    record = interview.record(points, follow_ups, seconds, ask(note_prompt).strip())
    if progress:
        progress.add(question.id, record.grade, language)
    return True


def choose(
    ask: Callable[[str], str], tell: Callable[[str], None], prompt: str, count: int
) -> list[int]:
    """Asks until the reply is numbers from 1 to `count`, or nothing.

    They are separated by spaces or commas. Returns indices.
    """
    while True:
        words = ask(prompt).replace(",", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= count for word in words):
            return [int(word) - 1 for word in words]
        tell(f"  1-{count}")


def wrap(text: str, width: int, *, first: str = "", indent: str = "") -> str:
    """Markdown in lines of at most `width` columns, of which a Chinese character takes two.

    Fenced blocks stay as they are. `first` stands before the first line, `indent` before others.
    """
    blocks = []
    for index, part in enumerate(text.split("```")):
        if index % 2:
            blocks.append(textwrap.indent(part.partition("\n")[2].rstrip(), f"{indent}    "))
            continue
        for paragraph in filter(str.strip, part.strip().split("\n\n")):
            items = re.split(r"\n(?=- )", paragraph)
            start = indent if blocks else first
            blocks.append("\n".join(_filled(item, width, start, indent) for item in items))
    return "\n\n".join(blocks)


def _filled(paragraph: str, width: int, first: str, indent: str) -> str:
    lines = [first]
    empty = True
    for piece in PIECES.findall(" ".join(paragraph.split())):
        if not empty and wcswidth(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += piece
        empty = False
    return "\n".join(lines).rstrip()

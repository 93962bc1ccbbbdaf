"""The mock interview in a terminal, for one or for a pair."""

import contextlib
import re
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Callable

from wcwidth import wcswidth

from genimg_lib.practice.interview.mock import Interview, minutes_of
from genimg_lib.practice.interview.rendering import WORDS, tags
from genimg_lib.practice.interview.reviews import Reviews

PROMPTS = {
    "en": {
        "answer": "Answer aloud, then press Enter (q ends): ",
        "code": "Write it in a notebook or on paper, talking; then press Enter (q ends): ",
        "follow_up": "Answer aloud, then press Enter: ",
        "points": "points made, e.g. 1 3 4: ",
        "follow_ups": "follow-ups answered: ",
        "said": "said? (y or n) ",
        "note": "note: ",
    },
    "zh": {
        "answer": "说出答案，再按回车（q 结束）：",
        "code": "在笔记本或纸上写，边写边说；写完按回车（q 结束）：",
        "follow_up": "说出答案，再按回车：",
        "points": "说到的要点，例如 1 3 4：",
        "follow_ups": "答出的追问：",
        "said": "说到了吗？（y 或 n）",
        "note": "备注：",
    },
}

# a word with the space after it; a Chinese character with what must not start a line
PIECES = re.compile(r"[\u2e80-\uffef][，。、；：？！）”’》]*\s?|[^\s\u2e80-\uffef]+\s?|\s")


def conduct(
    interview: Interview,
    progress: Reviews | None = None,
    *,
    spoken: bool = False,
    ask: Callable[[str], str] = input,
    tell: Callable[[str], None] = print,
) -> str:
    """Runs `interview` with `ask` and `tell` as keyboard and screen; returns the summary.

    With `spoken` you grade yourself: the rubric comes point by point, and the model answer after
    it, so that you decide what you said before you read what could be said. It ends early on q or
    at the end of the input. Ctrl-C ends it, too: the summary is shown and KeyboardInterrupt goes on
    to the caller. A question counts once its note was given.
    """
    interrupted = None
    try:
        while interview.current and _ask_one(interview, progress, spoken, ask, tell):
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


def _ask_one(interview: Interview, progress: Reviews | None, spoken: bool, ask, tell) -> bool:
    """One question and the notes on its answer; false if the learner wants to end."""
    language = interview.language
    question = interview.current
    text = question.text(language)
    words = WORDS[language]
    prompts = PROMPTS[language]
    width = min(100, shutil.get_terminal_size().columns)
    place = f"{len(interview.records) + 1}/{len(interview.questions)}"
    planned = minutes_of(question)
    tell(f"\n{wrap(f'{place} {text.question}', width)}")
    tell(wrap(f"({tags(question, language)}, {planned} {words['minutes']})", width))
    began = time.monotonic()
    with ticking(planned, ask is input):
        if ask(prompts["code" if question.exercise else "answer"]).strip().lower() == "q":
            return False
    seconds = time.monotonic() - began
    tell(f"{clock(seconds)} / {planned}:00")
    grade = _graded_aloud if spoken else _graded_by_numbers
    points, follow_ups = grade(text, words, prompts, width, ask, tell)
    record = interview.record(points, follow_ups, seconds, ask(prompts["note"]).strip())
    if progress:
        progress.add(question.id, record.grade, language, missed=record.missed)
    return True


def _graded_by_numbers(text, words, prompts, width, ask, tell) -> tuple[list[int], list[int]]:
    """The model answer and the whole rubric, then what was met, as numbers."""
    tell(f"\n{_model_answer(text, words, width)}\n\n{words['key_points']}:")
    for number, point in enumerate(text.key_points, 1):
        tell(_listed(number, point, width))
    points = choose(ask, tell, prompts["points"], len(text.key_points))
    for number, (asked, reply) in enumerate(text.follow_ups, 1):
        tell(_listed(number, asked, width))
        tell(wrap(reply, width, first="     ", indent="     "))
    return points, choose(ask, tell, prompts["follow_ups"], len(text.follow_ups))


def _graded_aloud(text, words, prompts, width, ask, tell) -> tuple[list[int], list[int]]:
    """The rubric point by point, each follow-up before its reply, and the model answer at last."""
    points, follow_ups = [], []
    tell(f"\n{words['key_points']}:")
    for index, point in enumerate(text.key_points):
        tell(_listed(index + 1, point, width))
        if agree(ask, prompts["said"]):
            points.append(index)
    tell(f"\n{words['follow_ups']}:")
    for index, (asked, reply) in enumerate(text.follow_ups):
        tell(_listed(index + 1, asked, width))
        ask(prompts["follow_up"])
        tell(wrap(reply, width, first="     ", indent="     "))
        if agree(ask, prompts["said"]):
            follow_ups.append(index)
    tell(f"\n{_model_answer(text, words, width)}")
    return points, follow_ups


def _model_answer(text, words, width: int) -> str:
    wrong = wrap(f"{words['wrong']}: {text.wrong} {text.why_wrong}", width)
    return f"{wrap(text.answer, width)}\n\n{wrong}"


def _listed(number: int, line: str, width: int) -> str:
    return wrap(line, width, first=f"  {number}. ", indent="     ")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@contextlib.contextmanager
def ticking(planned: int, visible: bool):
    """A clock at the beginning of the line that is typed on, where somebody sees it.

    `planned`: minutes.
    """
    if not (visible and sys.stdout.isatty()):
        yield
        return
    over = threading.Event()
    began = time.monotonic()

    def tick():
        while not over.wait(1):
            # save the place of the cursor, write above it, go back
            late = "!" if time.monotonic() - began > planned * 60 else " "
            shown = f"{late}{clock(time.monotonic() - began)} / {planned}:00"
            print(f"\x1b7\x1b[1A\r\x1b[2K{shown}\x1b8", end="", flush=True)

    print(f" 0:00 / {planned}:00")
    watcher = threading.Thread(target=tick, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def agree(ask: Callable[[str], str], prompt: str) -> bool:
    """Asks until the reply is y or n."""
    while True:
        reply = ask(prompt).strip().lower()
        if reply in ("y", "n"):
            return reply == "y"


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

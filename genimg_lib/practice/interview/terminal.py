"""The mock interview in a terminal, for one or for a pair."""

import textwrap
import time
from collections.abc import Callable

from genimg_lib.practice.interview.mock import MINUTES, Interview
from genimg_lib.practice.interview.rendering import WORDS, tags
from genimg_lib.practice.interview.reviews import Progress

PROMPTS = {
    "en": (
        "Answer aloud, then press Enter (q ends): ",
        "points made, e.g. 1 3 4: ",
        "follow-ups answered: ",
        "note: ",
    ),
    "zh": ("说出答案，再按回车（q 结束）：", "说到的要点，例如 1 3 4：", "答出的追问：", "备注："),
}


def conduct(
    interview: Interview,
    progress: Progress | None = None,
    *,
    ask: Callable[[str], str] = input,
    tell: Callable[[str], None] = print,
) -> str:
    """Runs `interview` with `ask` and `tell` as keyboard and screen; returns the summary. Ends
    early on q or end of input.
    """
    language = interview.language
    answer, points_prompt, asked_prompt, note_prompt = PROMPTS[language]
    try:
        while question := interview.current:
            text = question.text(language)
            words = WORDS[language]
            tell(f"\n{len(interview.records) + 1}/{len(interview.questions)} {wrap(text.question)}")
            tell(f"({tags(question, language)}, {MINUTES[question.level]} {words['minutes']})")
            began = time.monotonic()
            if ask(answer).strip().lower() == "q":
                break
            seconds = time.monotonic() - began
            wrong = wrap(f"{words['wrong']}: {text.wrong} {text.why_wrong}")
            tell(f"\n{wrap(text.answer)}\n\n{wrong}\n\n{words['key_points']}:")
            for number, point in enumerate(text.key_points, 1):
                tell(f"  {number}. {point}")
            points = choose(ask, tell, points_prompt, len(text.key_points))
            for number, (asked, reply) in enumerate(text.follow_ups, 1):
                tell(f"  {number}. {wrap(asked)}\n{textwrap.indent(wrap(reply), '     ')}")
            follow_ups = choose(ask, tell, asked_prompt, len(text.follow_ups))
            record = interview.record(points, follow_ups, seconds, ask(note_prompt).strip())
            if progress:
                progress.add(question.id, record.grade, language)
    except EOFError:
        pass
    summary = interview.summary()
    tell(f"\n{summary}")
    return summary


def choose(
    ask: Callable[[str], str], tell: Callable[[str], None], prompt: str, count: int
) -> list[int]:
    """Asks until the reply is numbers from 1 to `count`, separated by spaces or commas, or
    nothing; returns indices.
    """
    while True:
        words = ask(prompt).replace(",", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= count for word in words):
            return [int(word) - 1 for word in words]
        tell(f"  1-{count}")


def wrap(text: str, width: int = 100) -> str:
    """Paragraphs wrapped to `width`; fenced blocks and lists stay as they are."""
    blocks = []
    for index, part in enumerate(text.split("```")):
        if index % 2:
            blocks.append(textwrap.indent(part.partition("\n")[2].rstrip(), "    "))
            continue
        for paragraph in part.strip().split("\n\n"):
            is_list = paragraph.lstrip().startswith("- ")
            blocks.append(
                paragraph if is_list else textwrap.fill(" ".join(paragraph.split()), width)
            )
    return "\n\n".join(block for block in blocks if block.strip())

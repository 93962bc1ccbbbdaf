"""Coding questions: what the bank says of them, completed by the exercise in which they are solved.

The exercise is the one source of the statement, the stub, the model answer and the English
discussion. The entry of the bank adds the rubric, which the exercise must not show beforehand, and
the Chinese text.
"""

import re
from functools import lru_cache

from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.catalogue import Part, source, tags

SOLUTIONS = course.ROOT / "solutions"
TOPIC = "code_it"  # dealt by a number of functions, not by topic
# of a link in Markdown: what is said before it, its words, its address
LINK = re.compile(r"([^;[]*)\[([^]]+)\]\((https://[^)]+)\)")


@lru_cache
def parts() -> dict[str, Part]:
    """Every exercise with its answer, by name."""
    found = (part for path in catalogue.notebooks(SOLUTIONS) for part in catalogue.parts(path))
    return {part.exercise.name: part for part in found if part.exercise}


def withheld(name: str) -> bool:
    """Whether an exercise is there and its answer is not: a teacher has not released it yet."""
    return name not in parts() and name in {found.name for found in catalogue.exercises()}


def completed(entry: dict) -> dict:
    """An entry of type `code` with everything that its exercise knows."""
    if entry["exercise"] not in parts():
        raise ValueError(f"{entry.get('id')}: there is no exercise {entry['exercise']!r}.")
    part = parts()[entry["exercise"]]
    _, _, prompt = source(part.cells[0]).split("\n\n", 2)
    stub, model = (_fenced(part, tag) for tag in ("todo", "solution"))
    said = _discussion(part)
    wrong, why_wrong = _first_sentence(said["Tempting and wrong."])
    asked, junior, reply = said["Follow-ups."].partition("*Junior:*")
    english = {
        "question": f"{prompt}\n\n{stub}",
        "answer": f"{model}\n\n{said['Why.']}",
        "wrong": wrong,
        "why_wrong": why_wrong,
        "follow_ups": [[asked.strip(), junior + reply]],
    }
    chinese = dict(entry.get("zh", {}))
    for field, code in (("question", stub), ("answer", model)):
        if field in chinese:
            chinese[field] = (
                f"{chinese[field]}\n\n{code}"
                if field == "question"
                else f"{code}\n\n{chinese[field]}"
            )
    return {
        "level": part.exercise.level,
        "minutes": part.exercise.minutes,
        "lesson": part.exercise.lesson,
        "sources": _sources(said["Source."]),
        **entry,
        "en": english | entry.get("en", {}),
        "zh": chinese,
    }


def _fenced(part: Part, tag: str) -> str:
    cells = [cell for cell in part.cells if cell["cell_type"] == "code" and tag in tags(cell)]
    return "```python\n" + "\n\n\n".join(source(cell) for cell in cells) + "\n```"


def _discussion(part: Part) -> dict[str, str]:
    """The paragraphs after the model answer by their bold beginnings, such as `Why.`, without the
    line breaks.
    """
    text = "\n\n".join(
        source(cell)
        for cell in part.cells
        if cell["cell_type"] == "markdown" and "solution" in tags(cell)
    )
    pieces = re.split(r"^\*\*([A-Z][^*]+\.)\*\*", text, flags=re.MULTILINE)
    return {
        name: " ".join(words.split())
        for name, words in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def _first_sentence(text: str) -> tuple[str, str]:
    first, _, rest = re.sub(r"([.!?]) ", r"\1\n", text, count=1).partition("\n")
    return first, rest


def _sources(text: str) -> list[dict]:
    return [
        {"title": f"{before.strip(' ,')}, {words}".lstrip(" ,"), "link": link}
        for before, words, link in LINK.findall(text)
    ]

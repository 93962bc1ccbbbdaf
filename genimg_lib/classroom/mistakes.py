"""Stable keys of feedback: the same mistake has the same key, whatever numbers a learner had.

The text of a feedback is matched with the texts in the sources of its checker. What stands in a
hole of an f-string is left out, unless it is itself a text of those sources. Where no f-string
fits, the texts that occur in the feedback are kept, and what lies between them is left out. So a
key says which sentence was told, and nothing of the answer: neither a value nor a line of code can
be in it.
"""

import ast
import functools
import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

GAP = "…"
LETTERS = 6  # fewer letters in a template say nothing: they would match any text
KEY = re.compile(r"[a-z][a-z0-9_.]{0,79}-([0-9a-f]{8}|crash_[A-Z][A-Za-z]{0,39}|other)")
LIST = Path(__file__).with_name("mistakes.json")
CHECKS = Path(__file__).parents[1] / "checks"
SHARED = ("core.py", "judge.py")

Template = tuple[str, ...]
"""The literal pieces of a text, with a hole between each two."""


class Mistake(NamedTuple):
    """A mistake of the committed list: its exercise, its names in the tests, what is told of it."""

    exercise: str
    names: list[str]
    feedback: str


def key(exercise: str, feedback: str, crash: str = "") -> str:
    """The key of what was told.

    Args:
        exercise: the name of the checker; that of a task begins with its lesson, `lesson_30.`.
        feedback: what the learner read.
        crash: the name of the exception, if the answer ended in one. Only a built-in one is told.
    """
    if crash:
        return f"{exercise}-crash_{crash if _is_builtin(crash) else 'Other'}"
    text = canonical(exercise, feedback)
    return f"{exercise}-{digest(text) if text else 'other'}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def canonical(exercise: str, feedback: str) -> str:
    """The feedback with a gap for everything that is no text of the course; empty if unknown."""
    found = texts(_sources(exercise))
    fitting = [(pieces, holes) for pieces in found if (holes := _holes(pieces, feedback))]
    if (feedback,) in found:
        return feedback
    if not fitting:
        return _known_pieces(found, feedback)
    pieces, holes = max(fitting, key=lambda fit: (sum(map(len, fit[0])), fit[0]))
    kept = [hole if (hole,) in found and _letters(hole) else GAP for hole in holes]
    text = "".join(piece + hole for piece, hole in zip(pieces, [*kept, ""], strict=True))
    return re.sub(f"{GAP}+", GAP, text)


@functools.cache
def known() -> dict[str, Mistake]:
    """The committed list of named mistakes, by key: what `tools/build_mistakes.py` wrote."""
    entries = json.loads(LIST.read_text(encoding="utf-8"))
    return {name: Mistake(**entry) for name, entry in entries.items()}


def what_to_say(name: str) -> str:
    """What a teacher can say about a mistake, as the checkers and the tests know it."""
    if name in known():
        return known()[name].feedback
    _, _, kind = name.rpartition("-")
    if kind.startswith("crash_"):
        return (
            f"The code ends with {kind.removeprefix('crash_')}. Read the last line of the report "
            "together: it names the learner's own line."
        )
    return "A mistake that is not in the list of named ones: look at the learner's report."


@functools.cache
def texts(paths: tuple[Path, ...]) -> frozenset[Template]:
    """All strings and f-strings of some sources; one piece is a text without a hole."""
    found: set[Template] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if pieces := _pieces(node):
                found.add(pieces)
    return frozenset(pieces for pieces in found if len(pieces) == 1 or _letters("".join(pieces)))


@functools.cache
def _sources(exercise: str) -> tuple[Path, ...]:
    """The files whose texts a checker may tell: of its topic or its lesson, and the shared ones."""
    lesson, _, task = exercise.rpartition(".")
    shared = tuple(CHECKS / name for name in SHARED)
    if task and lesson:
        return (CHECKS / "lessons" / f"{lesson}.py", *shared)
    definition = re.compile(rf"^def {re.escape(exercise)}\(", re.MULTILINE)
    for path in sorted(CHECKS.glob("*/*.py")):
        if path.parent.name != "lessons" and definition.search(path.read_text(encoding="utf-8")):
            return (*sorted(path.parent.glob("*.py")), *shared)
    return shared


def _pieces(node: ast.AST) -> Template:
    """The literal pieces of a string, an f-string or a sum of them; empty for anything else."""
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    if isinstance(node, ast.JoinedStr):
        pieces = [""]
        for value in node.values:
            if isinstance(value, ast.Constant):
                pieces[-1] += value.value
            else:
                pieces.append("")
        return tuple(pieces)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _pieces(node.left), _pieces(node.right)
        if left and right:
            return (*left[:-1], left[-1] + right[0], *right[1:])
    return ()


def _holes(pieces: Template, text: str) -> list[str]:
    """What stands in the holes, each piece at its first place; empty if the text does not fit."""
    first, *middle = pieces
    if not middle or not text.startswith(first) or not text.endswith(middle[-1]):
        return []
    position, end = len(first), len(text) - len(middle[-1])
    holes = []
    for piece in middle[:-1]:
        place = text.find(piece, position, end)
        if place < 0:
            return []
        holes.append(text[position:place])
        position = place + len(piece)
    return [*holes, text[position:end]] if position <= end else []


def _known_pieces(found: frozenset[Template], text: str) -> str:
    """The texts of the sources that a feedback was put together from, with gaps between.

    Longest first; those of a choice and of what is said about it stand in tables.
    """
    pieces = {piece for template in found for piece in template if _letters(piece)}
    parts = [(text, False)]
    for piece in sorted((piece for piece in pieces if piece in text), key=lambda p: (-len(p), p)):
        split: list[tuple[str, bool]] = []
        for part, known in parts:
            before, cut, after = ("", "", "") if known else part.partition(piece)
            split += [(before, False), (cut, True), (after, False)] if cut else [(part, known)]
        parts = split
    kept = [part.strip() for part, known in parts if known]
    return f" {GAP} ".join(kept)


def _letters(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= LETTERS


def _is_builtin(name: str) -> bool:
    import builtins

    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)

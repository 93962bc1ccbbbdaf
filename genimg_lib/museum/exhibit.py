"""An exhibit: one fault as a pair of small functions, and one proof that tells them apart.

Needs nothing but Python, so that a label can be read without TensorFlow.
"""

import ast
import difflib
import functools
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genimg_lib.practice.interview import bank

LABELS = Path(__file__).parent / "labels.toml"
# What hides the message of an error:
PREAMBLE = (
    r"\x1b\[\d+m|Exception encountered when calling \S+\s+|\{\{.*?\}\} |Arguments received "
    r"by (?s:.*)"
)
SEVERITIES = {1: "crashes", 2: "wrong in silence", 3: "misleads in words", 4: "bad habit"}


@dataclass(frozen=True)
class Label:
    """The words beside an exhibit, from `labels.toml`.

    `severity` is a key of `SEVERITIES`. `measured` says what the proof's number is. `question` is
    the id of a question of the bank, or the museum's own question with its `answer`. `source`:
    where a public bug, or the truth, can be read.
    """

    title: str
    severity: int
    question: str
    answer: str = ""
    measured: str = "what happens"
    source: str = ""

    def answered(self) -> tuple[str, str]:
        """The interview question and its answer; of one from the bank, the answer's first
        paragraph.
        """
        if self.answer:
            return self.question, self.answer
        text = bank.load()[self.question].en
        return text.question.strip(), text.answer.strip().split("\n\n")[0]


@functools.cache
def labels() -> dict[str, Label]:
    """Every label by the first id of its exhibit."""
    return {
        name: Label(**entry)
        for name, entry in tomllib.loads(LABELS.read_text(encoding="utf-8")).items()
    }


def call(part: Callable) -> Any:
    """The simplest proof: what the function returns."""
    return part()


@dataclass(frozen=True)
class Exhibit:
    """One fault.

    Args:
        names: the ids of the faults that it covers, with blanks between; the first is its own.
            What the letters mean is said in `genimg_lib.museum`.
        broken: the fault as a small function; its docstring is the symptom.
        fixed: the same without the fault; its docstring is the repair.
        shows: the symptom as a test of a reading: part of an error's text, or a predicate on the
            measured value.
        proof: runs a part and measures it, the same for both; raises what the part raises.
    """

    names: str
    broken: Callable
    fixed: Callable
    shows: str | Callable[[Any], bool]
    proof: Callable[[Callable], Any] = call

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.names.split())

    @property
    def label(self) -> Label:
        return labels()[self.ids[0]]

    @property
    def symptom(self) -> str:
        """What a reader sees who runs the broken part."""
        return " ".join(inspect.getdoc(self.broken).split())

    @property
    def fix(self) -> str:
        """The repair in a sentence."""
        return " ".join(inspect.getdoc(self.fixed).split())

    def reading(self, part: Callable) -> Any:
        """What the proof says of a part: its value, or the exception as "Name: message"."""
        try:
            return self.proof(part)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def readings(self) -> tuple[Any, Any]:
        """What the proof says of the broken and of the fixed part."""
        return self.reading(self.broken), self.reading(self.fixed)

    def shows_symptom(self, reading: Any) -> bool:
        """Whether a reading shows the symptom."""
        if isinstance(self.shows, str):
            return isinstance(reading, str) and self.shows in reading
        return not isinstance(reading, str) and bool(self.shows(reading))


def code_of(function: Callable) -> list[str]:
    """The lines of a function without its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    body = next(
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    ).body
    lines = source.splitlines()
    if isinstance(body[0], ast.Expr) and isinstance(getattr(body[0], "value", None), ast.Constant):
        del lines[body[0].lineno - 1 : body[0].end_lineno]
    return lines


def difference(exhibit: Exhibit) -> list[str]:
    """Broken -> fixed as a diff: lines that start with "- " go, with "+ " come, the others stay."""
    lines = difflib.ndiff(code_of(exhibit.broken), code_of(exhibit.fixed))
    return [line.rstrip() for line in lines if not line.startswith("?")]


def said(reading: Any, width: int = 110) -> str:
    """A reading as short text: fractions to three digits, an error's first lines."""
    if isinstance(reading, float):
        if reading == 0 or 1e-3 <= abs(reading) < 1e4:
            return f"{reading:,.0f}" if abs(reading) >= 100 else f"{reading:.3g}"
        return f"{reading:.1e}"
    if isinstance(reading, dict):
        return ", ".join(f"{name} {said(value)}" for name, value in reading.items())
    if isinstance(reading, tuple):
        return "(" + ", ".join(said(value) for value in reading) + ")"
    if isinstance(reading, int) and not isinstance(reading, bool):
        return f"{reading:,}"
    return textwrap.shorten(re.sub(PREAMBLE, "", str(reading)), width, placeholder=" ...")


def show(exhibit: Exhibit, readings: tuple[Any, Any] | None = None) -> None:
    """Prints an exhibit: its label, the two functions as a diff and what the proof says of both.

    `readings` are known ones of the broken and the fixed part; without them the proof runs now.
    """
    label = exhibit.label
    broken, fixed = readings or exhibit.readings()
    rows = [f"symptom: {exhibit.symptom}", f"fix:     {exhibit.fix}", f"proof:   {label.measured}"]
    rows += [f"  broken {said(broken, 300)}", f"  fixed  {said(fixed, 300)}"]
    if label.source:
        rows.append(f"source:  {label.source}")
    print(f"{', '.join(exhibit.ids)}: {label.title} ({SEVERITIES[label.severity]})\n")
    print("\n".join(["    " + line for line in difference(exhibit)] + [""]))
    print("\n".join(textwrap.fill(row, 116, subsequent_indent=" " * 9) for row in rows))

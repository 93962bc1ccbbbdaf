"""Every number in the prose of a lesson, and where it comes from.

A number is explained if, rounded as it is written, it stands in a text output of the notebook, in
its code, in the facts of its metadata, or follows from two such numbers of the same paragraph where
the sentence says so ("3 times as large", "a = b / c"). Names (GPT-2, 28x28, arXiv:1406.2661),
references (section 2, Theorem 2.5), years, list numbers and small whole numbers inside formulas
are no claims.
"""

import ast
import re
from dataclasses import dataclass

NUMBER = re.compile(
    r"(?<![\w.^])(?<![A-Za-z]-)(?<![A-Za-z]_)"
    r"(?P<digits>\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:e(?P<exponent>[-+]?\d+))?(?![\d]|\w*_|\.\d)"
    r"(?P<unit>\s?%|\s?\\%|\s(?:thousand|million|billion)\b|\s?[kM]\b)?"
)
SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "M": 1e6, "billion": 1e9}
REFERENCE = (
    r"(?:lesson|section|sec\.|theorem|proposition|lemma|appendix|chapter|figure|fig\.|table|task|"
    r"exercise|equation|eq\.|algorithm|part|question|issue|version|python|keras|tensorflow|"
    r"lessons/|page|pp\.)"
)
LIST_OF_NUMBERS = r"[A-Z]?\.?\d[\d.]*(?:(?:,| and| or| to|-|\u2013)\s*\d[\d.]*)*"
DROPPED = [
    re.compile(r"```.*?```", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\]\([^)]*\)"),  # the target of a link
    re.compile(r"https?://\S+"),
    re.compile(r"arXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE),
    re.compile(rf"\b{REFERENCE}s?\s+{LIST_OF_NUMBERS}", re.IGNORECASE),
    re.compile(r"^#+ \d+(?:\.\d+)?\.?", re.MULTILINE),  # numbered headings
    re.compile(r"^\s*(?:>\s*)?(?:\*\*)?\d+\.(?=\s)", re.MULTILINE),  # lists, numbered questions
    re.compile(r"<summary>(?:Question|Hint|Answer) \d+"),
    re.compile(r"(?:(?<=\()|(?<=in )|(?<=of )|(?<=since )|(?<=until )|(?<=, ))(?:19|20)\d\d\b"),
]
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
ARITHMETIC = re.compile(r"\btimes\b|fold\b|=|\btwice\b|\bof (?:them|these)\b")


@dataclass(frozen=True)
class Number:
    """A number as written: its value, the place of its last significant digit, and its sentence."""

    text: str
    value: float
    unit: float
    percent: bool
    sentence: str

    def is_close(self, value: float) -> bool:
        """Whether `value`, rounded as this number is written, is this number."""
        return abs(abs(value) - self.value) <= self.unit / 2 * (1 + 1e-6) + 1e-12


def find(text: str) -> list[Number]:
    """All numbers in plain text that are not part of a word."""
    found = []
    for match in NUMBER.finditer(text):
        digits = re.sub(r"[,\u202f\u00a0]", "", match["digits"])
        decimals = len(digits.partition(".")[2])
        unit = 10.0**-decimals
        stripped = digits.lstrip("0")
        if not decimals and len(stripped) > 2:  # 2,900 may stand for 2,893, 100 not for 140
            zeros = len(stripped) - len(stripped.rstrip("0"))
            unit = 10.0 ** min(zeros, len(stripped) - 2)
        mark = (match["unit"] or "").strip()
        scale = SCALES.get(mark, 1.0) * 10.0 ** int(match["exponent"] or 0)
        found.append(
            Number(
                match[0].strip(),
                float(digits) * scale,
                unit * scale,
                mark.endswith("%"),
                _sentence(text, match.start()),
            )
        )
    return found


def _sentence(text: str, position: int) -> str:
    begin = max(text.rfind(mark, 0, position) for mark in (". ", "\n", "? ", ": "))
    ends = [at for mark in (". ", "\n", "? ") if (at := text.find(mark, position)) >= 0]
    return text[begin + 1 : min(ends, default=len(text)) + 1].strip()


def prose(source: str) -> str:
    """A Markdown cell without what is no claim: code, links, references, numbered headings and
    lists, and the small whole numbers of formulas.
    """
    for pattern in DROPPED:
        source = pattern.sub(" ", source)

    def formula(match) -> str:
        inside = re.sub(r"[{}]|\\[,;!]", " ", match[0].replace("{,}", ","))
        return " ".join(
            number.text for number in find(inside) if number.unit < 1 or number.value > 12
        ) + (" = " if "=" in inside else "")

    return FORMULA.sub(formula, source)


def printed(notebook) -> list[Number]:
    """The numbers in the stored text outputs. A dealt card is no measurement, nor is what stands
    for a picture or a widget.
    """
    texts = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or "corner(" in cell.source:
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            texts.append(output.get("text", ""))
            if set(data) <= {"text/plain", "text/html"}:
                texts += [re.sub(r"<[^>]+>", " ", data.get(kind, "")) for kind in data]
    return find("\n".join(texts))


def constants(notebook) -> set[float]:
    """The numbers that the code cells contain."""
    values = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code = re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.MULTILINE)
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                    values.add(float(node.value))
    return values


def unexplained(notebook) -> list[str]:
    """`cell 12: 0.93 in "..."` for every number of the prose that nothing explains."""
    metadata = notebook.metadata["genimg"]
    known = constants(notebook)
    for number in printed(notebook):
        known.add(number.value)
        if number.percent:
            known.add(number.value / 100)
    known |= {float(metadata[name]) for name in ("minutes", "memory_gb", "study_minutes")}
    for fact in metadata.get("facts", {}):
        known |= {number.value for number in find(fact)}
    problems = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        for paragraph in re.split(r"\n\s*\n", prose(cell.source)):
            numbers = find(paragraph)
            open_ones = [number for number in numbers if not _known(number, known)]
            settled = [number for number in numbers if number not in open_ones]
            problems += [
                f'cell {index}: {number.text} in "{number.sentence}"'
                for number in open_ones
                if not _follows(number, settled)
            ]
    return problems


def _known(number: Number, known: set[float]) -> bool:
    factor = 100.0 if number.percent else 1.0
    return any(number.is_close(value) or number.is_close(factor * value) for value in known)


def _follows(number: Number, others: list[Number]) -> bool:
    """Whether the sentence computes the number from two explained ones of its paragraph."""
    if not ARITHMETIC.search(number.sentence):
        return False
    values = [other.value for other in others]
    results = [
        result
        for a in values
        for b in values
        for result in (a + b, a - b, a * b, a / b if b else float("inf"))
    ]
    return any(number.is_close(result) for result in results)

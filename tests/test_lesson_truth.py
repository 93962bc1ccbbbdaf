"""What a lesson's prose says is true of the run whose outputs it stores."""

import ast
import re

import nbformat
import pytest
from prose_numbers import find, unexplained
from second_edition import LESSONS, read, tagged

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])


@each_lesson
def test_every_number_in_the_prose_is_explained(path):
    problems = unexplained(read(path))
    assert not problems, "\n".join(problems)


def plain(text: str) -> str:
    """Words alone: no markup, no line ends."""
    return " ".join(re.sub(r"[*_`]", "", text).split())


@each_lesson
def test_claims_quote_the_prose(path):
    """`lesson.claim(condition, sentence)`: the sentence is in a Markdown cell, word for word."""
    notebook = read(path)
    said = plain("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    claims = []
    for cell in tagged(notebook, "claim"):
        calls = [
            node
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "lesson.claim"
        ]
        assert calls, cell.source
        claims += [ast.literal_eval(call.args[1]) for call in calls]
    assert len(claims) >= 3
    assert not [claim for claim in claims if plain(claim) not in said]


# --- the checker of numbers -----------------------------------------------------------------------


def lesson(prose: str, code: str = "", output: str = "", **metadata):
    metadata = {"minutes": 4, "memory_gb": 1.5, "study_minutes": 45} | metadata
    cells = [nbformat.v4.new_markdown_cell(prose), nbformat.v4.new_code_cell(code)]
    cells[1].outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
    return nbformat.v4.new_notebook(cells=cells, metadata={"genimg": metadata})


@pytest.mark.parametrize(
    ("prose", "output"),
    [
        ("It is 0.93.", "fid 0.9312"),
        ("That is 93 % of them.", "0.931"),
        ("That is 93% of them.", "93.1%"),
        ("A factor of about 2,900.", "2893"),
        ("It has 72 thousand weights.", "71,748"),
        ("The distance falls from 118 to 13.", "118.2 ... 12.81"),
        ("It is 3.0 times as large: 6 instead of 2.", "6.0 2.0"),
        ("The difference is $2 - 0.5 = 1.5$.", "0.5 2"),
        ("About $4.6 \\times 10^{-4}$.", "4.6 10"),
        ("It is 4.6e-04.", "4.6e-04"),
    ],
)
def test_a_number_that_was_printed_is_explained(prose, output):
    assert not unexplained(lesson(prose, output=output))
    assert unexplained(lesson(prose))


@pytest.mark.parametrize(
    ("prose", "output"),
    [
        ("It is 0.94.", "0.9312"),
        ("It is 0.9.", "0.96"),
        ("That is 94 % of them.", "0.931"),
        ("A factor of about 2,900.", "2962"),
        ("About 100 images.", "140"),
        ("It is 3.4 times as large: 6 instead of 2.", "6 2"),
        ("It has 9 more: 15 and 6.", "15 6"),  # says no arithmetic
        ("Version 2 costs 17 cents.", "2"),
    ],
)
def test_a_number_that_was_not_printed_is_found(prose, output):
    (problem,) = unexplained(lesson(prose, output=output))
    assert problem.startswith("cell 0: ")


@pytest.mark.parametrize(
    "prose",
    [
        "See section 3, lessons 31 and 32, Theorem 2.5 and appendix C.1.",
        "## 7. Watching modes\n\n1. One.\n2. Two.",
        "GPT-2 reads uint8 images; `Conv2D` and beta_1 are names.",
        "Goodfellow (2014), [arXiv:1406.2661](https://arxiv.org/abs/1406.2661), section 4.1.",
        "$p / 2 + \\log 4$ and $x^2$",
        "```python\nx = 77\n```",
        "**4 minutes**, 45 minutes of study, 1.5 GB",
    ],
)
def test_names_and_references_are_no_claims(prose):
    assert not unexplained(lesson(prose))


def test_code_and_facts_explain_a_number():
    assert not unexplained(lesson("We take 500 of 60,000.", "n = 500", facts={"60,000": "MNIST"}))
    assert len(unexplained(lesson("We take 500 of 60,000."))) == 2


def test_numbers_are_read_as_written():
    (number,) = find("about 12,345.50 steps")
    assert (number.value, number.unit) == (12345.5, 0.01)
    (number,) = find("3.6 million")
    assert (number.value, round(number.unit)) == (3.6e6, 100_000)

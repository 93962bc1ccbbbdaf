"""Markdown with formulas as HTML that needs nothing else: formulas become MathML, which browsers
set themselves, without a script or a font.
"""

import base64
import hashlib
import re

import mistune
from docutils.utils.math import latex2mathml


def to_html(text: str) -> str:
    """Markdown with `$...$` and `$$...$$` as HTML."""
    return _markdown(text)


def picture_name(data: str) -> str:
    """The name, without suffix, that MyST-NB gives the file of a picture, from its PNG in base64:
    its content says it.
    """
    return hashlib.sha256(base64.b64decode(data)).hexdigest()


def mathml(formula: str, *, block: bool = False) -> str:
    """A LaTeX formula as MathML; ValueError for a command that docutils does not know."""
    plain = formula.replace(r"\dots", r"\ldots")
    plain = re.sub(r"\\[bB]ig+[lr]?(?![a-z])", "", plain)
    plain = re.sub(r"\\frac(\d)(\d)", r"\\frac{\1}{\2}", plain)
    plain = re.sub(r"\\sqrt(\d)", r"\\sqrt{\1}", plain)
    try:
        return latex2mathml.tex2mathml(plain, as_block=block)
    except Exception as error:  # docutils raises several kinds of its own
        raise ValueError(f"the formula {formula!r} cannot be set: {error}") from error


class _Renderer(mistune.HTMLRenderer):
    def inline_math(self, text: str) -> str:
        return mathml(text)

    def block_math(self, text: str) -> str:
        return mathml(text, block=True)


_markdown = mistune.create_markdown(
    renderer=_Renderer(escape=False), plugins=["math", "table", "strikethrough"]
)

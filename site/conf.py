"""Sphinx's settings for the site. `tools/build_site.py` prepares the pages and calls it."""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

project = "genimg"
author = "The genimg authors"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["pictures.json"]
nb_execution_mode = "off"
nb_output_stderr = "remove"
nb_ipywidgets_js = {}  # from elsewhere
myst_enable_extensions = ["amsmath", "dollarmath", "html_image"]
myst_heading_anchors = 3
# An anchor of the bank is HTML, which MyST does not follow; the tests follow every link.
suppress_warnings = ["myst.xref_missing", "myst.header", "mystnb.unknown_mime_type"]
default_role = "code"  # docstrings write `names` in single backticks
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": False, "show-inheritance": True}
autodoc_preserve_defaults = True
napoleon_use_ivar = True  # what "Attributes:" lists is documented once
add_module_names = False
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "furo"
html_title = "genimg"
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_static_path = ["static"]
templates_path = ["templates"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
KATEX = ("vendor/katex/katex.min.js", "vendor/katex/auto-render.min.js", "formulas.js")
html_math_renderer = "katex_text"
html_theme_options = {"navigation_with_keys": True}


def write_formula(translator, node, opening, closing, tag):
    """A formula as the LaTeX that formulas.js hands to KaTeX; readable without a script, too."""
    from docutils.nodes import SkipNode

    text = translator.encode(node.astext().strip())
    translator.body.append(f'<{tag} class="math">{opening}{text}{closing}</{tag}>')
    raise SkipNode


def plain_docstring(app, what, name, object_, options, lines):
    """Our docstrings are plain text with `code`: what reStructuredText would read into their other
    signs is escaped, and an indented block of its own is code.
    """
    made = [""]
    for line in lines:
        block = line.startswith("    ") and not made[-1]
        if block and len(made) > 1 and not made[-2].startswith((" ", ":", ".. ", "-")):
            made += ["::", ""]
        if not line.startswith((":", ".. ", "    ")):
            parts = re.split("(`[^`]*`)", line)
            line = "".join(
                part if part.startswith("`") else re.sub(r"([|*])", r"\\\1", part) for part in parts
            )
        made.append(line)
    lines[:] = made


def describe_pictures(app, doctree):
    """Every output picture gets the alternative text that its notebook holds."""
    from docutils.nodes import image

    described = json.loads((Path(app.srcdir) / "pictures.json").read_text(encoding="utf-8"))
    for node in doctree.findall(image):
        if text := described.get(Path(node["uri"]).stem):
            node["alt"] = text


def is_formula(node) -> bool:
    return node.tagname in ("math", "math_block")


def page_context(app, page, template, context, doctree):
    """What a notebook's page offers besides reading, and KaTeX where there is a formula."""
    folder, _, name = page.partition("/")
    if folder in ("notebooks", "exercises", "solutions") and name != "index":
        context["notebook"] = f"{name}.ipynb"
        if address := app.config.course_address:
            place = f"{address}/blob/main/{page}.ipynb"
            context["colab"] = f"https://colab.research.google.com/github/{place}"
            context["binder"] = f"https://mybinder.org/v2/gh/{address}/main?labpath={page}.ipynb"
    if page.startswith("bank/zh/") or page.endswith(".zh"):
        context["language"] = "zh-CN"
    if doctree is not None and next(doctree.findall(is_formula), None) is not None:
        app.add_css_file("vendor/katex/katex.min.css")
        for script in KATEX:
            app.add_js_file(script, loading_method="defer")


def setup(app):
    app.add_config_value("course_address", "", "html")  # owner/name on GitHub
    app.add_html_math_renderer(
        "katex_text",
        inline_renderers=(lambda self, node: write_formula(self, node, r"\(", r"\)", "span"), None),
        block_renderers=(lambda self, node: write_formula(self, node, r"\[", r"\]", "div"), None),
    )
    app.connect("autodoc-process-docstring", plain_docstring, priority=900)
    app.connect("doctree-read", describe_pictures)
    app.connect("html-page-context", page_context)

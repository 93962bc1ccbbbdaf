"""Sphinx's settings for the site. `tools/build_site.py` prepares the pages and calls it."""

import json
import re
from pathlib import Path

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
html_show_copyright = False
highlight_language = "text"  # of a block that names none: output, commands
html_copy_source = False
html_use_index = False
html_additional_pages = {"search": "search.html"}
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


LISTED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")


def plain_docstring(app, what, name, object_, options, lines):
    """Our docstrings are plain text with `code`: what reStructuredText would read into their other
    signs is escaped, a line that goes on with "3." is no list, and an indented block of its own is
    code.
    """
    made = [""]
    for line in lines:
        block = line.startswith("    ") and not made[-1]
        if block and len(made) > 1 and not made[-2].startswith((" ", ":", ".. ", "-")):
            made += ["::", ""]
        if made[-1] and not LISTED.match(made[-1]):
            line = LISTED.sub(r"\1\\\2", line)
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


def belong_to_the_page(app, doctree):
    """What `eval-rst` has made belongs to a document of MyST's own, which knows Sphinx's whole
    environment: every page of the library would be kept with a copy of that, and half of a build
    would be reading them.
    """
    for node in doctree.findall():
        if node is not doctree:
            node.document = doctree


def without_index(app):
    """Sphinx's own index of words takes a tenth of a build, and nothing asks for it: the search
    has `documents.js`.
    """
    app.builder.search = False


def is_formula(node) -> bool:
    return node.tagname in ("math", "math_block")


def page_context(app, page, template, context, doctree):
    """What a notebook's page offers besides reading, and KaTeX where there is a formula."""
    folder, _, name = page.partition("/")
    if folder in ("notebooks", "exercises", "solutions") and name != "index":
        context["notebook"] = f"{name}.ipynb"
        context["slides"] = f"../slides/{name}.html" if folder == "notebooks" else ""
        path = f"{page}.ipynb"
        context["colab"] = app.config.course_colab.format(path=path)
        context["binder"] = app.config.course_binder.format(path=path)
    if page.startswith("bank/zh/") or page.endswith(".zh"):
        context["language"] = "zh-CN"
    if doctree is not None and next(doctree.findall(is_formula), None) is not None:
        app.add_css_file("vendor/katex/katex.min.css")
        for script in KATEX:
            app.add_js_file(script, loading_method="defer")


def collapse_margin(app, page, template, context, doctree):
    """The margin opens where the reader is: whole, it would be most of the bytes of a page."""
    if whole := context.get("toctree"):
        context["toctree"] = lambda **options: whole(**options | {"collapse": True})


# --- the search -----------------------------------------------------------------------------------

LONGEST = 3000  # characters of a section that are searched
UNSEEN = ("raw", "comment", "toctree", "math", "math_block", "title")
PARTS = ("section", "desc")  # desc: a documented function or class


def collect_sections(app, page, template, context, doctree):
    """Sections and documented objects of a page for the search: title, page, address and text."""
    if doctree is None or page.startswith("solutions/"):
        return
    titles = [node for node in doctree.findall() if node.tagname == "title"]
    name = titles[0].astext() if titles else page
    for part in doctree.findall(is_part):
        head = part.next_node(lambda node: node.tagname in ("title", "desc_signature"))
        if head is None:
            continue
        named = head if part.tagname == "desc" else part
        anchor = named["ids"][0] if named["ids"] else ""
        first = part.tagname == "section" and part.parent is doctree
        entry = {"title": head.astext(), "page": name}
        entry["address"] = f"{page}.html" + ("" if first or not anchor else f"#{anchor}")
        text = " ".join(words for child in part.children for words in seen(child))
        entry["text"] = re.sub(r"\s+", " ", text)[:LONGEST]
        app.genimg_sections.append(entry)


def is_part(node) -> bool:
    """Whether the search lists a node by itself; a method belongs to its class."""
    return node.tagname in PARTS and node.parent.tagname != "desc_content"


def seen(node):
    """What a node says, piece by piece, without what is searched as a part of its own."""
    if node.tagname in UNSEEN or is_part(node):
        return
    if node.tagname == "#text":
        yield str(node)
    for child in node.children:
        yield from seen(child)


def write_sections(app, exception):
    if exception is None:
        numbered = [{**entry, "id": number} for number, entry in enumerate(app.genimg_sections)]
        text = json.dumps(numbered, ensure_ascii=False, separators=(",", ":"))
        path = Path(app.outdir) / "_static" / "documents.js"
        path.write_text(f"window.genimgDocuments={text};\n", encoding="utf-8")


def setup(app):
    app.genimg_sections = []
    for name in ("course_colab", "course_binder"):  # an address with {path}, or empty
        app.add_config_value(name, "", "html")
    app.add_html_math_renderer(
        "katex_text",
        inline_renderers=(lambda self, node: write_formula(self, node, r"\(", r"\)", "span"), None),
        block_renderers=(lambda self, node: write_formula(self, node, r"\[", r"\]", "div"), None),
    )
    app.connect("autodoc-process-docstring", plain_docstring, priority=900)
    app.connect("builder-inited", without_index)
    app.connect("doctree-read", describe_pictures)
    app.connect("doctree-read", belong_to_the_page)
    app.connect("html-page-context", collapse_margin, priority=400)  # before the theme asks for it
    app.connect("html-page-context", page_context)
    app.connect("html-page-context", collect_sections)
    app.connect("build-finished", write_sections)

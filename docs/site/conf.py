"""The documentation site: `make docs` writes it to build/docs.

The pages are those of the repository as they stand, README.md the first; nothing is fetched.
"""

import importlib.util
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from api_pages import without_names  # noqa: E402
from source_pages import linkcode_resolve  # noqa: E402, F401

project = "Material network study"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx.ext.linkcode",
    "source_pages",
]
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**.md"]
root_doc = "README"
highlight_language = "none"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

# The package holds the files of MathJax; of these, the one that needs no other.
MATHJAX = Path(importlib.util.find_spec("sphinx-mathjax-offline").origin).with_name("static")
MATHJAX /= "mathjax/tex-svg-full.js"
mathjax_path = MATHJAX.name

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
default_role = "py:obj"
maximum_signature_line_length = 80
napoleon_use_ivar = True
napoleon_attr_annotations = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = project
html_static_path = ["site.css", str(MATHJAX)]
html_css_files = ["site.css"]
html_additional_pages = {"index": "start.html"}
templates_path = ["."]
html_copy_source = html_show_copyright = html_show_sphinx = False

CONTENTS = """

```{toctree}
:hidden:
:caption: Use

docs/own_composite
docs/own_folder
docs/install
docs/studies
docs/recipe
docs/materials
docs/constants
docs/online
docs/export
docs/calculix
docs/python_codes
docs/examples/README
docs/cluster
docs/scale
docs/troubleshooting
```

```{toctree}
:hidden:
:caption: Look up

docs/configuration
docs/equations
docs/api/README
```

```{toctree}
:hidden:
:caption: Understand

docs/training
docs/kernels
docs/verification
docs/claims
docs/reference-run/README
```

```{toctree}
:hidden:
:caption: Take part

CONTRIBUTING
CHANGELOG
```
"""


def add_contents(app, name, source):
    """Give the first page the table of contents, and pages of the library docstrings for names.

    A forge shows neither.
    """
    if name == root_doc:
        source[0] += CONTENTS
    elif name.startswith("docs/api/"):
        source[0] = without_names(source[0])


def list_names(app, what, name, thing, options, lines):
    """Link the names that the text of a package lists."""
    if what == "module":
        entry = rf"* :py:obj:`\1 <{name}.\1>`: \2"
        lines[:] = [re.sub(r"^(\w+) {2,}(.+)$", entry, line) for line in lines]


def show_formulas(app, what, name, thing, options, lines):
    """Have the formulas of docstrings, which forges show between dollars, set by MathJax."""
    lines[:] = [re.sub(r"\$([^$]+)\$", r":math:`\1`", line) for line in lines]


def shorten_arrays(app, what, name, thing, options, signature, returns):
    """Write `Array` for numpy's long name of an array of float64."""
    long = (
        r"~?(numpy\.)?ndarray\[tuple\[~?(typing\.)?Any, \.\.\.\], ~?(numpy\.)?dtype"
        r"\[~?(numpy\.)?float64\]\]"
    )
    return tuple(text and re.sub(long, "Array", text) for text in (signature, returns))


def setup(app):
    """Connect all this."""
    app.connect("source-read", add_contents)
    app.connect("autodoc-process-docstring", list_names)
    app.connect("autodoc-process-docstring", show_formulas)
    app.connect("autodoc-process-signature", shorten_arrays)

"""Pages of the code: a file or folder that the documentation names is a click away, offline.

`laminate.py` of `training/` becomes sources/training/laminate.py.html, a folder an index. Links of
the Markdown pages to files lead there, and so do file names in `code`, and names in `code` after
the file that defines them.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref
from sphinx.highlighting import PygmentsBridge

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("rve", "training", "evaluation", "workflow", "tests", "benchmarks", "docs/examples")
LANGUAGES = {
    ".c": "c",
    ".h": "c",
    ".py": "python",
    ".pyi": "python",
    ".smk": "python",
    ".yaml": "yaml",
}


@cache
def sources() -> dict[str, str]:
    """Text of each file by its path; of folders, nothing."""
    files = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in LANGUAGES
    ]
    folders = {folder for path in files for folder in path.relative_to(ROOT).parents} - {Path()}
    return {str(folder): "" for folder in folders} | {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files
    }


def address(path: str) -> str:
    """Page of a file or folder, without its suffix .html."""
    return f"sources/{path}" if Path(path).suffix in LANGUAGES else f"sources/{path}/index"


def definition(path: str, name: str) -> int | None:
    """The line of a file that defines a name."""
    found = re.search(
        rf"^ *(?:def|class) {name}\b|^{name}\b[^=\n]* = ", sources()[path], re.MULTILINE
    )
    return sources()[path].count("\n", 0, found.start()) + 1 if found else None


def collect(app) -> Iterator[tuple[str, dict, str]]:
    """The pages of all files and folders."""
    bridge = PygmentsBridge("html", app.config.pygments_style)
    for path, text in sources().items():
        if suffix := Path(path).suffix:
            body = bridge.highlight_block(
                text, LANGUAGES[suffix], force=True, lineanchors="L", linenos="inline"
            )
        else:
            inside = sorted(one for one in sources() if Path(one).parent == Path(path))
            items = "".join(
                f'<li><a href="{app.builder.get_relative_uri(address(path), address(one))}">'
                f"{escape(Path(one).name)}</a></li>"
                for one in inside
            )
            body = f"<ul>{items}</ul>"
        above = [str(one) for one in reversed(Path(path).parents[:-1]) if str(one) in sources()]
        parents = [
            {"link": app.builder.get_relative_uri(address(path), address(one)), "title": one}
            for one in above
        ]
        context = {"title": path, "parents": parents, "body": f"<h1>{escape(path)}</h1>{body}"}
        yield address(path), context, "page.html"


def connect(app, doctree) -> None:
    """Lead links and names of a page to the pages of the code."""
    here = app.env.docname

    def leading(path: str, line: int | None = None, **words) -> nodes.reference:
        target = app.builder.get_relative_uri(here, address(path))
        return nodes.reference("", "", refuri=target + (f"#L-{line}" if line else ""), **words)

    for node in list(
        doctree.findall(lambda one: isinstance(one, download_reference | pending_xref))
    ):
        target = (app.env.doc2path(here).parent / node["reftarget"]).resolve()
        if not target.is_relative_to(ROOT):
            continue
        path = str(target.relative_to(ROOT))
        if path in sources():
            link = leading(path)
            link += node.children
            node.replace_self(link)
        elif target.is_dir():  # of files that have no page
            node.replace_self(node.children)

    for paragraph in doctree.findall(nodes.paragraph):
        path = None
        for node in list(paragraph.findall(nodes.literal)):
            if isinstance(node.parent, nodes.reference):
                continue
            if (text := node.astext()) in sources():
                path, line = text, None
            elif path is None or not (line := text.isidentifier() and definition(path, text)):
                continue
            link = leading(path, line)
            node.replace_self(link)
            link += node


def linkcode_resolve(domain: str, info: dict[str, str]) -> str | None:
    """Where a documented object stands, seen from docs/api."""
    thing = importlib.import_module(info["module"])
    for name in info["fullname"].split("."):
        thing = getattr(thing, name, None)
    try:
        path = str(Path(inspect.getsourcefile(thing)).relative_to(ROOT))
        line = inspect.getsourcelines(thing)[1]
    except TypeError:  # not a class or function
        return None
    return f"../../{address(path)}.html#L-{line}"


def setup(app) -> dict[str, bool]:
    """Connect the pages; links come before Sphinx collects files to copy."""
    app.connect("doctree-read", connect, priority=100)
    app.connect("html-collect-pages", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

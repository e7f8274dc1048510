"""The pages of docs/api and the table of the laws in docs/materials.md, from the docstrings.

`python docs/site/api_pages.py` writes them; a test holds them to the packages. On a forge the pages
are the whole reference; the site puts the docstrings in the place of the list.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "docs" / "api"

PAGES = {
    "training": ["training"],
    "evaluation.online": ["evaluation.online"],
    "evaluation.export": ["evaluation.export"],
    "rve.materials": ["rve.materials"],
    "rve.loads": ["rve.loads"],
    "rve.homogenisation": ["rve.homogenisation"],
    "rve.microstructure": ["rve.microstructure"],
    "rve.dataset": ["rve.dataset"],
    "rve.kernels": ["rve.kernels"],
    "rve": ["rve.mandel", "rve.errors"],
}
"""Page -> modules that it lists."""

_CONSTANTS = {
    "evaluation.online": {"SCHEMES": "Names of the online schemes."},
    "rve.kernels": {"HEADER": "The imports that the source of kernels begins with."},
    "rve.materials": {"LAWS": "All laws by the name that a study gives them."},
}
"""Data have no docstring that the site could find."""

_BEGIN, _END = "<!-- names, by docs/site/api_pages.py -->", "<!-- end of names -->"


def page(name: str) -> str:
    """A page of docs/api in Markdown."""
    modules = PAGES[name]
    lists = "\n\n".join("\n".join(_listed(module)) for module in modules)
    blocks = "\n".join(_block(module) for module in modules)
    return f"# {', '.join(modules)}\n\n{_BEGIN}\n\n{lists}\n\n{_END}\n\n{blocks}"


def without_names(text: str) -> str:
    """A page without its list, for the site."""
    return re.sub(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}\n", "", text, flags=re.DOTALL)


def names(module: str) -> dict[str, str]:
    """Public names of a module, and what each is for.

    Those that a package lists in its docstring; else functions and classes of the module itself.
    """
    loaded = importlib.import_module(module)
    listed = dict(re.findall(r"^(\w+) {2,}(.+)$", loaded.__doc__ or "", re.MULTILINE))
    own = {
        name: (inspect.getdoc(thing) or "").partition("\n")[0]
        for name, thing in vars(loaded).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == module
    }
    return listed or own


def _listed(module: str) -> Iterator[str]:
    first = (importlib.import_module(module).__doc__ or "").partition("\n")[0]
    folder = ROOT / module.replace(".", "/")
    source = f"{module.replace('.', '/')}{'' if folder.is_dir() else '.py'}"
    yield f"[{source}](../../{source}): {first}"
    yield ""
    yield "| name | what it is for |"
    yield "|---|---|"
    for name, use in names(module).items():
        yield f"| `{name}` | {use.replace('|', chr(92) + '|')} |"


def _block(module: str) -> str:
    """What the site makes the docstrings of."""
    data = "".join(
        f"\n.. py:data:: {name}\n\n   {text}\n" for name, text in _CONSTANTS.get(module, {}).items()
    )
    return f"```{{eval-rst}}\n.. automodule:: {module}\n{data}```\n"


LAWS_PAGE = ROOT / "docs" / "materials.md"
_LAWS_BEGIN, _LAWS_END = "<!-- laws, by docs/site/api_pages.py -->", "<!-- end of laws -->"


def table_of_laws() -> str:
    """What each law describes, what it is used for, its formulas and their source.

    The docstring of a law begins with the first two, with a colon between them; the paragraph that
    begins with `$` has the formulas, that which begins with `Source:` the source.
    """
    lines = ["| `law` | what it describes | used for | formula | source |", "|---|---|---|---|---|"]
    for name, law in importlib.import_module("rve.materials").LAWS.items():
        first, *others = [" ".join(p.split()) for p in inspect.getdoc(law).split("\n\n")]
        what, _, use = first.removesuffix(".").partition(": ")
        formula = "; ".join(p for p in others if p.startswith("$"))
        source = "".join(p[8:] for p in others if p.startswith("Source: "))
        lines.append(f"| `{name}` | {what} | {use} | {formula} | {source.removesuffix('.')} |")
    return "\n".join(lines)


def with_laws(page: str) -> str:
    """The page of the laws with the table of today."""
    before, _, rest = page.partition(_LAWS_BEGIN)
    _, _, after = rest.partition(_LAWS_END)
    return f"{before}{_LAWS_BEGIN}\n\n{table_of_laws()}\n\n{_LAWS_END}{after}"


if __name__ == "__main__":
    for name in PAGES:
        (API / f"{name}.md").write_text(page(name), encoding="utf-8")
    LAWS_PAGE.write_text(with_laws(LAWS_PAGE.read_text(encoding="utf-8")), encoding="utf-8")

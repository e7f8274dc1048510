"""The built documentation: its links lead somewhere, it needs no network, it lacks no public name.

`make docs` builds it and runs these tests.
"""

import importlib
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "docs"
PAGES = sorted(SITE.rglob("*.html"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Links(HTMLParser):
    """What a page loads, where its links lead, and the places that links can lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: set[str] = set()
        self.links: set[str] = set()
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.places |= {values[name] for name in ("id", "name") if name in values}
        if "src" in values:
            self.loaded.add(values["src"])
        if "href" in values:
            (self.links if tag == "a" else self.loaded).add(values["href"])


@cache
def links(page: Path) -> Links:
    found = Links()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def target(page: Path, link: str) -> Path:
    """The file that a link of a page leads to."""
    path = unquote(urlsplit(link).path)
    return (page.parent / path).resolve() if path else page


def test_pages_are_there() -> None:
    pages = {str(page.relative_to(SITE).with_suffix("")) for page in PAGES}
    assert {"index", "README", "docs/examples/README", "sources/rve/mandel.py"} <= pages
    assert {f"docs/{page.stem}" for page in (ROOT / "docs").glob("*.md")} <= pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SITE)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page).links:
        if urlsplit(link).scheme:
            continue
        file = target(page, link)
        assert file.is_file(), link
        if (place := urlsplit(link).fragment) and file.suffix == ".html":
            assert unquote(place) in links(file).places, link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SITE)))
def test_nothing_is_loaded_from_elsewhere(page: Path) -> None:
    for address in links(page).loaded:
        assert not urlsplit(address).netloc, address
        assert address.startswith("data:") or target(page, address).is_file(), address


def test_every_guide_is_in_the_contents() -> None:
    linked = {target(SITE / "README.html", link) for link in links(SITE / "README.html").links}
    for guide in (ROOT / "docs").glob("*.md"):
        assert SITE / "docs" / f"{guide.stem}.html" in linked, guide


def test_every_public_name_is_documented() -> None:
    inventory = InventoryFile.loads((SITE / "objects.inv").read_bytes(), uri="")
    documented = {
        item for kind, items in inventory.data.items() if kind.startswith("py:") for item in items
    }
    packages = ("rve", "training", "evaluation")
    stubs = [stub for package in packages for stub in (ROOT / package).rglob("__init__.pyi")]
    assert stubs
    for stub in stubs:
        package = ".".join(stub.parent.relative_to(ROOT).parts)
        for name in importlib.import_module(package).__all__:
            assert f"{package}.{name}" in documented


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_formulas_show_without_a_network(tmp_path: Path) -> None:
    page = SITE / "docs" / "equations.html"
    formulas = page.read_text(encoding="utf-8").count('class="math notranslate')
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--proxy-server=127.0.0.1:9",
        f"--user-data-dir={tmp_path}",
        "--virtual-time-budget=20000",
        "--dump-dom",
        page.as_uri(),
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert formulas > 10
    assert shown.count("<mjx-container") == formulas
    assert "data-mjx-error" not in shown

"""The pages in docs: their links, the files that they name, and the code that they show."""

import ast
import importlib
import math
import os
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import random_network

from evaluation.measures.constants import constants
from evaluation.online import NetworkLaw
from rve.kernels import Graph
from rve.materials import LAWS, Elastic
from rve.materials.stiffness import isotropic
from rve.table import write_table
from training import prune, save
from training.fit import History

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs").glob("*/README.md"))
FOLDERS = ("rve", "training", "evaluation", "workflow", "tests", "benchmarks", "docs")


def blocks(page: str) -> list[str]:
    """Python code of a page."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)


def statements(code: str) -> list[str]:
    """Lines besides imports, blank lines and docstrings."""
    lines = [line for line in code.splitlines() if line.strip()]
    return [line for line in lines if not line.lstrip().startswith(("from", "import", '"""'))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_named_files_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    for name in re.findall(rf"(?<!Save this as )`((?:{'|'.join(FOLDERS)})/[\w/.-]+)`", text):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_sections_lead_there(page: Path) -> None:
    for target, anchor in re.findall(
        r"\]\((?!http)([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8")
    ):
        text = ((page.parent / target) if target else page).read_text()
        heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        assert anchor in [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in heads]


def sources() -> list[Path]:
    """Code, configuration and rules, which name pages to their readers."""
    files = [ROOT / "Snakefile", ROOT / "config.yaml", ROOT / "Makefile"]
    for folder in (*FOLDERS[:-1], "profiles"):
        files += [
            p for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".smk", ".yaml", ".j2")
        ]
    return [path for path in files if path != Path(__file__)]


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)


def named_pages(text: str) -> list[tuple[str, str]]:
    """Pages that a text names, each with the title of its section if it names that too."""
    pattern = r"(?<![\w/])(docs/[\w/.-]+\.\w+|README\.md)(?:, ([A-Z][\w' ]*\w))?"
    return re.findall(pattern, text)


def test_pages_and_sections_that_code_names_are_there() -> None:
    """In comments, docstrings and messages: `docs/scale.md`, or `README.md, Two commands`."""
    lost = []
    found = 0
    for path in sources():
        for page, section in named_pages(path.read_text(encoding="utf-8")):
            found += 1
            if not (ROOT / page).exists():
                lost.append(f"{path.relative_to(ROOT)}: {page}")
            elif section and section not in headings(page):
                lost.append(f"{path.relative_to(ROOT)}: {page}, {section}")
    assert lost == []
    assert found > 20


def test_names_of_pages_are_found_in_texts() -> None:
    text = "x  # by name; see README.md, Own loads\n# docs/performance.md has the figures."
    assert named_pages(text) == [("README.md", "Own loads"), ("docs/performance.md", "")]


def api_pages() -> Any:
    """The script that writes docs/api."""
    return runpy.run_path(str(ROOT / "docs/site/api_pages.py"))


@pytest.mark.parametrize("name", api_pages()["PAGES"])
def test_pages_of_the_library_list_what_the_packages_offer(name: str) -> None:
    script = api_pages()
    page = (ROOT / f"docs/api/{name}.md").read_text(encoding="utf-8")
    assert page == script["page"](name), "python docs/site/api_pages.py"
    for module in script["PAGES"][name]:
        listed, loaded = script["names"](module), importlib.import_module(module)
        assert all(f"| `{one}` | " in page for one in listed)
        assert all(hasattr(loaded, one) and use for one, use in listed.items())
        assert set(listed) == set(getattr(loaded, "__all__", listed))
    assert "automodule" in script["without_names"](page)
    assert "what it is for" not in script["without_names"](page)


def test_functions_that_pages_call_are_offered_by_a_package() -> None:
    """`spread_factor(networks, moments)`: what a page calls by name alone has to be importable."""
    script = api_pages()
    offered = {
        one for modules in script["PAGES"].values() for m in modules for one in script["names"](m)
    }
    called = set(re.findall(r"`(\w+)\([\w., ]+\)[`.]", (ROOT / "docs/online.md").read_text()))
    assert {"predict", "spread_factor"} <= called
    assert called <= offered, called - offered


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the code of docs/materials.md leaves behind; its own checks have passed."""
    names: dict[str, Any] = {"__name__": "materials_page"}
    with chdir(tmp_path_factory.mktemp("materials")):
        for code in blocks("materials.md"):
            exec(compile(code, "materials.md", "exec"), names)
    return names


def test_curve_of_the_page_is_that_of_the_flow_stress(laws: dict[str, Any]) -> None:
    """Under uniaxial tension, beyond first yield."""
    strain, stress = laws["curve"].strain[10:, 0], laws["curve"].stress[10:, 0]
    epoxy = laws["epoxy"]
    assert stress == pytest.approx(epoxy.flow_stress(strain - stress / epoxy.youngs_modulus))


def test_table_of_the_laws_is_that_of_their_docstrings() -> None:
    script, page = api_pages(), (ROOT / "docs/materials.md").read_text(encoding="utf-8")
    assert page == script["with_laws"](page), "python docs/site/api_pages.py"
    rows = script["table_of_laws"]().splitlines()[2:]
    assert len(rows) == len(LAWS)
    assert all(cell.strip() for row in rows for cell in row.split("|")[1:-1])


def test_examples_of_laws_are_short() -> None:
    _, _, _, explicit, implicit, _ = blocks("materials.md")
    assert max(len(statements(explicit)), len(statements(implicit))) <= 15


def test_law_of_the_page_relaxes_as_its_closed_form(laws: dict[str, Any]) -> None:
    """Under a held shear, however the time is split."""
    law, state, time = laws["Viscoelastic"](3.2, 0.35, g=0.4, tau=20), np.zeros((1, 6)), 0.0
    for duration in (1e-9, 5, 13, 200):
        answer, time = (
            law.respond(np.array([[0, 0, 0, 0, 0, 0.01]]), state, duration),
            time + duration,
        )
        state, modulus = answer.state, 2 * law.G * (1 - 0.4 * (1 - np.exp(-time / 20)))
        assert answer.stress[0] == pytest.approx([0, 0, 0, 0, 0, 0.01 * modulus], rel=1e-9)


def test_stiffness_of_a_network_is_that_before_anything_relaxes(laws: dict[str, Any]) -> None:
    tree = prune(random_network("IMN", 3, np.random.default_rng(0)))
    glass = Elastic(isotropic(72.0, 0.22))
    slow, fast = (laws["Viscoelastic"](3.2, 0.35, g=0.4, tau=tau) for tau in (1e12, 1e-3))
    expected = NetworkLaw(tree, (slow, glass)).stiffness
    assert NetworkLaw(tree, (fast, glass)).stiffness == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_files_of_the_laws_are_all_that_a_study_needs(tmp_path: Path) -> None:
    """Put into the folder of the laws, they are named in the reference of the keys."""
    for name, code in zip(
        ("viscoelastic", "ramberg_osgood"), blocks("materials.md")[3:5], strict=True
    ):
        (tmp_path / f"{name}.py").write_text(code)
    program = (
        f"import rve.materials; rve.materials.__path__.append({str(tmp_path)!r})\n"
        "from workflow.study.config.reference import key_reference; print(key_reference())"
    )
    page = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "### `law: viscoelastic`\n\nZener's solid" in page
    assert "| `tau` | a number above 0 | required | Relaxation time [s] |" in page
    assert "### `law: ramberg_osgood`" in page


def test_constants_of_the_page_are_within_the_bounds_of_the_cell(
    mesh_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code of docs/constants.md, beside files such as those of a study."""
    folder = tmp_path / "results/demo"
    (folder / "tables").mkdir(parents=True)
    (folder / "rve").mkdir()
    shutil.copy(mesh_file, folder / "rve/mesh.msh")
    network = random_network("IMN", 3, np.random.default_rng(0))
    history = History(*[np.zeros(1)] * len(History.__dataclass_fields__))
    save(network, history, {"status": "ok"}, folder / "network.npz")
    stiffnesses = {"finite elements": isotropic(2, 0.3), "imn_coated": isotropic(3, 0.3)}
    write_table(constants({"composite_1": stiffnesses}), folder / "tables/constants.csv")
    with chdir(tmp_path):
        for code in blocks("constants.md"):
            exec(compile(code, "constants.md", "exec"), {})
    compared, finite_elements, of_network = re.split(r"\n(?={)", capsys.readouterr().out)
    deviations = [float(line.split()[-2]) for line in compared.splitlines()[1:]]
    assert deviations == [50] * 6 + [0] * 3
    for found in map(ast.literal_eval, (finite_elements, of_network)):
        assert 3.2 < found["E3"] < 72


def test_example_of_a_kernel_is_ten_lines_and_right() -> None:
    """The length of each point, and the unit vector that is its derivative."""
    code, _ = blocks("kernels.md")
    assert len(statements(code)) == 10
    names: dict[str, Any] = {}
    exec(compile(code, "kernels.md", "exec"), names)
    points, lengths = names["points"], np.linalg.norm(names["points"], axis=0)
    assert names["y"].ravel() == pytest.approx(lengths, rel=1e-14)
    assert names["dy"].reshape(2, 16) == pytest.approx(points / lengths, rel=1e-13)


def test_what_the_page_on_kernels_refuses() -> None:
    x, y = Graph().inputs("x", 2)
    for wrong in (
        lambda: max(x, y),
        lambda: x == y,
        lambda: np.array([x]) == np.array([y]),
        lambda: np.tan(x),
        lambda: np.linalg.inv(np.outer(x, y)),
        lambda: math.exp(x),
    ):
        with pytest.raises(TypeError):
            wrong()


class Bare(ast.NodeTransformer):
    """Code without docstrings and annotations."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        first = next(iter(getattr(node, "body", None) or [None]))
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = node.body[1:]  # type: ignore[attr-defined]
        return node


def definitions(code: str) -> dict[str, str]:
    """Functions and classes at the top of some code, bare."""
    bare = Bare().visit(ast.parse(code))
    return {
        one.name: ast.unparse(one)
        for one in bare.body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }


@pytest.mark.parametrize(
    ("block", "name", "example"),
    [(0, "umat", "felupe_plate.py"), (1, "NetworkMaterial", "torch_fem_plate.py")],
)
def test_materials_of_other_codes_are_those_of_the_examples(
    block: int, name: str, example: str
) -> None:
    """`make test-peers` runs the examples."""
    shown = definitions(blocks("python_codes.md")[block])
    assert shown == {name: definitions((ROOT / "docs/examples" / example).read_text())[name]}


def test_versions_of_other_codes_are_those_that_are_tested() -> None:
    page = (ROOT / "docs/python_codes.md").read_text()
    for package, version in re.findall(
        r"^(felupe|torch-fem)==(.*)$", (ROOT / "requirements-peers.lock").read_text(), re.MULTILINE
    ):
        assert re.search(rf"\[{package}\]\(#{package}\) {version} ", page, re.IGNORECASE)


def test_every_example_is_in_the_gallery() -> None:
    folder = ROOT / "docs/examples"
    links = set(re.findall(r"\]\(([\w.]+\.py)\)", (folder / "README.md").read_text()))
    assert links == {path.name for path in folder.glob("*.py")}

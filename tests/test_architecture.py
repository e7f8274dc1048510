"""The rooms of the house: what each may import, and what it offers to users of the library.

Imports run one way, evaluation -> training -> rve, and one way within each package. Modules import
modules, not packages, so that a job loads no more than it needs. Scripts hold no science.
"""

import ast
import importlib
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from rve.imports import file_of, with_imports

ROOT = Path(__file__).resolve().parents[1]

BASE = {
    "rve.arguments",
    "rve.arrays",
    "rve.errors",
    "rve.extras",
    "rve.files",
    "rve.imports",
    "rve.linear_matching",
    "rve.mandel",
    "rve.own_table",
    "rve.table",
    "rve.units",
}
NAMES = {"rve.microstructure.phases"}
LAWS = BASE | NAMES | {"rve.kernels", "rve.loads", "rve.materials"}
NETWORKS = BASE | NAMES | {"rve.kernels", "rve.dataset", "training"}
ONLINE = LAWS | NETWORKS | {"evaluation.online"}
NUMBERS = ONLINE | {"rve.microstructure", "rve.homogenisation", "evaluation.measures"}
WORDS = NUMBERS | {"evaluation.formatting", "evaluation.naming"}
STUDY = {"rve", "training.network", "training.specification", "workflow.study.config"}
ALLOWED = {
    "rve": BASE,
    "rve.kernels": BASE | {"rve.kernels"},
    "rve.loads": BASE | {"rve.loads"},
    "rve.materials": LAWS,
    "rve.microstructure": BASE | {"rve.microstructure"},
    "rve.homogenisation": LAWS | {"rve.microstructure", "rve.homogenisation"},
    "rve.dataset": LAWS | {"rve.microstructure", "rve.homogenisation", "rve.dataset"},
    "training": NETWORKS,
    "training.compiled": NETWORKS,
    "training.torch": NETWORKS,
    "evaluation": {"training.specification", "evaluation.online.schemes"},
    "evaluation.online": ONLINE,
    "evaluation.online.schemes": ONLINE,
    "evaluation.online.__main__": ONLINE | {"evaluation.figures", "evaluation.measures"},
    "evaluation.export": ONLINE | {"evaluation.export"},
    "evaluation.measures": NUMBERS,
    "evaluation.naming": WORDS,
    "evaluation.claims": WORDS | {"evaluation.claims"},
    "evaluation.figures": WORDS | {"evaluation.figures"},
    "evaluation.report": WORDS | {"evaluation.claims", "evaluation.figures", "evaluation.report"},
    "workflow.study": set(),
    "workflow.study.config": {
        "rve",
        "training.specification",
        "training.network",
        "evaluation.online.schemes.registry",
        "workflow.study.config",
    },
    "workflow.study.plan": {
        "rve",
        "training.specification",
        "evaluation.measures.comparisons",
        "workflow.study.config",
        "workflow.study.plan",
    },
    "workflow.study.run": {"rve", "training", "evaluation", "workflow.study"},
    "workflow.scripts": {"rve", "training", "evaluation", "workflow.study"},
}
"""Room -> the modules and rooms that its files may import; a command may need others, too."""

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in ("rve", "training", "evaluation", "workflow")
    for path in sorted((ROOT / package).rglob("*.py"))
}
MODULES = {name: path for name, path in FILES.items() if path.name != "__init__.py"}
OFFERED = sorted(path.parent for path in FILES.values() if path.with_suffix(".pyi").exists())


def imported(path: Path) -> set[str]:
    """Modules that a file imports, also within functions and for type checkers alone."""
    found = set()
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are absolute"
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= members & MODULES.keys() or {node.module}
        else:
            pending.extend(ast.iter_child_nodes(node))
    return found


def within(module: str, places: set[str]) -> bool:
    """Whether a module is one of the places or lies in one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_those_below_it_alone(module: str) -> None:
    room = module.rpartition(".")[0]
    own = {
        name
        for name in imported(MODULES[module])
        if within(name, {"rve", "training", "evaluation", "workflow"})
    }
    assert {name for name in own if not within(name, ALLOWED.get(module, ALLOWED[room]))} == set()
    assert not within("snakemake", imported(MODULES[module]))


@pytest.mark.parametrize("module", FILES)
def test_what_a_result_depends_on_is_read_as_python_does(module: str) -> None:
    """`rve.imports` reads files faster than Python's parser."""
    named = {file_of(name) for name in imported(FILES[module])} - {None}
    assert named <= with_imports([FILES[module]])


def test_no_imports_in_a_circle() -> None:
    graph = {name: imported(path) & MODULES.keys() for name, path in MODULES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_a_package_is_imported_as_such_to_collect_its_modules_alone() -> None:
    packages = {name.removesuffix(".__init__") for name in FILES.keys() - MODULES.keys()}
    users = {name for name, path in MODULES.items() if imported(path) & packages}
    assert users == {"rve.materials.composite", "evaluation.online.schemes.registry"}


def test_a_figure_is_drawn_without_the_others() -> None:
    shared = {"style", "panels", "captions", "figure"}
    collected = {f"evaluation.figures.{name}" for name in ("catalogue", "sources")}
    for name, path in MODULES.items():
        if name.startswith("evaluation.figures.") and name not in collected:
            used = {one for one in imported(path) if within(one, {"evaluation.figures"})}
            assert used <= {f"evaluation.figures.{one}" for one in shared}, name


def test_the_graph_of_a_formula_knows_nothing_of_numba() -> None:
    for module in ("graph", "derivatives"):
        names = imported(MODULES[f"rve.kernels.{module}"])
        assert not [name for name in names if within(name, {"numba", "llvmlite"})]


def test_torch_is_imported_by_its_backend_alone() -> None:
    """Its import costs a second a job; the timing compares it."""
    users = {name for name, path in MODULES.items() if "torch" in imported(path)}
    of_torch = {name for name in MODULES if within(name, {"training.torch"})}
    assert users == of_torch | {"workflow.scripts.timing_training"}


def test_training_loads_neither_torch_nor_finite_elements() -> None:
    code = (
        "import sys; from training import Settings, load, train; from rve.dataset import Dataset; "
        "print([name for name in ('torch', 'skfem', 'gmsh', 'pandas') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_laws_load_no_compiler() -> None:
    """Each job and each reading of the rules pays for their import."""
    code = (
        "import sys; from rve.materials import LAWS, materials; from rve.loads import Curve; "
        "print([name for name in ('numba', 'llvmlite', 'pandas', 'scipy') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_plan_of_a_study_loads_no_more_than_numpy_and_the_configuration() -> None:
    """Each `snakemake` reads the Snakefile, and on a cluster so does each job."""
    head, _, _ = (ROOT / "Snakefile").read_text().partition("\nmin_version(")
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    own = "\n".join(line for line in rules.splitlines() if line.startswith("from workflow"))
    heavy = "('pandas', 'scipy', 'numba', 'matplotlib', 'skfem', 'gmsh', 'torch')"
    head = head.replace("workflow.basedir", repr(str(ROOT)))
    code = f"import sys\n{head}\n{own}\nprint([name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("folder", OFFERED, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_what_a_package_offers_is_little_and_documented(folder: Path) -> None:
    package = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    documented = [line.split()[0] for line in package.__doc__.splitlines()[2:] if line.strip()]
    assert sorted(documented) == sorted(package.__all__)
    assert len(documented) <= 10
    for name in documented:
        assert getattr(package, name).__doc__


def test_packages_that_offer_something() -> None:
    names = {str(folder.relative_to(ROOT)) for folder in OFFERED}
    rooms = {"kernels", "loads", "materials", "homogenisation", "dataset", "microstructure"}
    assert names == {f"rve/{room}" for room in rooms} | {
        "training",
        "evaluation/export",
        "evaluation/online",
    }


@pytest.mark.parametrize("module", MODULES)
def test_file_is_short(module: str) -> None:
    assert len(MODULES[module].read_text().splitlines()) <= 400


@pytest.mark.parametrize("package", OFFERED, ids=lambda path: path.name)
def test_no_offered_name_is_that_of_a_module(package: Path) -> None:
    """Once imported, the module would stand in the place of the name."""
    name = ".".join(package.relative_to(ROOT).parts)
    offered = set(importlib.import_module(name).__all__)
    assert not offered & {path.stem for path in package.glob("*.py")}

"""Fixtures that several files share: small cells, meshed once a session."""

from pathlib import Path

import pytest
from hypothesis import settings
from properties import QUICK

from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import Components, assemble_components
from rve.microstructure.mesh import Mesh, generate, read
from rve.microstructure.packing import Packing, pack

settings.register_profile("whole", deadline=None)
settings.register_profile(QUICK, deadline=None, max_examples=10)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --quick, the fast tier."""
    words = "leave out slow tests, and try few examples of each property"
    parser.addoption("--quick", action="store_true", help=words)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis tries."""
    settings.load_profile(QUICK if config.getoption("--quick") else "whole")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out of the fast tier."""
    if config.getoption("--quick"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session")
def packing() -> Packing:
    """Four fibres, 60 %, some of them cut by the edges of the cell."""
    return pack(fibres=4, volume_fraction=0.60, minimum_gap=0.05, seed=1)


@pytest.fixture(scope="session")
def mesh_file(packing: Packing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Coarse mesh file of the four fibres."""
    path = tmp_path_factory.mktemp("mesh") / "four_fibres.msh"
    generate(packing, 0.12, path)
    return path


@pytest.fixture(scope="session")
def mesh(mesh_file: Path) -> Mesh:
    """Coarse mesh of the four fibres."""
    return read(mesh_file)


@pytest.fixture(scope="session")
def cell(mesh: Mesh) -> Cell:
    """Coarse cell of the four fibres."""
    return discretise(mesh)


@pytest.fixture(scope="session")
def components(cell: Cell) -> Components:
    """Component matrices of the four fibres' cell."""
    return assemble_components(cell)


@pytest.fixture(scope="session")
def one_fibre_mesh(tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    """Some fifty elements: a single fibre."""
    path = tmp_path_factory.mktemp("mesh") / "one_fibre.msh"
    generate(pack(fibres=1, volume_fraction=0.60, minimum_gap=0.05, seed=3), 0.3, path)
    return read(path)

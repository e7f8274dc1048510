"""The exported law in the two frames that the tests need."""

import pytest
from calculix import Law
from exported import export


@pytest.fixture(scope="session")
def cell_law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    """Fibres along 3, as in the cell."""
    return export(tmp_path_factory.mktemp("cell"), fibres_along=3)


@pytest.fixture(scope="session")
def ply_law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    """Fibres along 1, in the plane of a ply."""
    return export(tmp_path_factory.mktemp("ply"), fibres_along=1)

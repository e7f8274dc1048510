"""Cells for the benchmarks, and the file of their results, `results/benchmarks.json`."""

import json
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest
from common import Record

from rve.files import replacing
from rve.homogenisation.cell import Cell, discretise
from rve.microstructure.mesh import generate, read
from rve.microstructure.packing import pack

RESULTS = Path("results/benchmarks.json")


@pytest.fixture(scope="session")
def record() -> Iterator[Record]:
    """Note one figure of the run, and how many times better it is than a baseline."""
    rows: list[dict[str, object]] = []

    def note(name: str, value: float, unit: str, baseline: float | None = None) -> None:
        ratio = None if baseline is None else baseline / value
        rows.append(
            {
                "name": name,
                "value": value,
                "unit": unit,
                "baseline": baseline,
                "ratio": ratio,
                "threads": 1,
                "machine": f"{platform.machine()}, {platform.processor() or platform.system()}",
            }
        )

    yield note
    with replacing(RESULTS) as temporary:
        temporary.write_text(json.dumps(rows, indent=2) + "\n")


def packed_cell(folder: Path, element_size: float) -> Cell:
    """Thirty fibres of 60 %."""
    path = folder / "mesh.msh"
    generate(pack(30, 0.60, 0.05, seed=1), element_size, path)
    return discretise(read(path))


@pytest.fixture(scope="session")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Cell:
    """About 2,200 quadratic triangles and 13,000 unknowns."""
    return packed_cell(tmp_path_factory.mktemp("cell"), 0.055)


@pytest.fixture(scope="session")
def fine_cell(tmp_path_factory: pytest.TempPathFactory) -> Cell:
    """About 10,000 quadratic triangles and 60,000 unknowns."""
    return packed_cell(tmp_path_factory.mktemp("fine_cell"), 0.0165)

"""Nonlinear curves of the cell against CalculiX, a finite-element code of other authors.

CalculiX solves the extruded cell in full 3D, from the same mesh and constants and in the same
increments. Its elements do not average the dilatation, so that the package's do not here either;
they then reduce to the same when nothing varies along the fibres, down to the integration points,
and both integrate plasticity by backward Euler. So the curves are to agree not just to the error of
a mesh, but to that of the hardening law, which CalculiX takes as a table.
"""

import time
from pathlib import Path

import fibre_cell
import numpy as np
import pytest
import yaml
from meshes import displacement_cell

from rve.homogenisation.dns import simulate
from rve.loads.load_path import monotonic
from rve.mandel import COMPONENTS, engineering_strain, engineering_stress
from rve.materials.composite import materials
from rve.microstructure.mesh import Mesh, generate, read
from rve.microstructure.packing import pack

CONFIG = yaml.safe_load((Path(__file__).resolve().parents[2] / "config.yaml").read_text())

INCREMENTS = 20
# Of the largest stress and strain. CalculiX 2.20 differs by up to 7e-6, and by four times as much
# with a hardening table of half the rows.
TOLERANCE = 2e-5


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    """Six fibres at random places."""
    path = tmp_path_factory.mktemp("mesh") / "six_fibres.msh"
    fraction, gap = (CONFIG["rve"][key] for key in ("volume_fraction", "minimum_gap"))
    generate(pack(6, fraction, gap, seed=1), 0.08, path)
    return read(path)


@pytest.mark.parametrize("load", ["11", "12", "31"])
@pytest.mark.parametrize("composite", ["composite_1", "composite_3"])
def test_curves_equal_those_of_calculix(
    mesh: Mesh, tmp_path: Path, composite: str, load: str
) -> None:
    """Uniaxial stress: the stresses, and the strains that are free."""
    matrix, fibre = (CONFIG["composites"][composite][phase] for phase in ("matrix", "fibre"))
    amplitude = CONFIG["references"]["amplitudes"][int(load)]  # YAML reads numbers
    path = monotonic(load, amplitude, INCREMENTS, "stress")
    curve = simulate(displacement_cell(mesh), materials(matrix, fibre), path)

    start = time.perf_counter()
    strain, stress = fibre_cell.simulate(mesh, matrix, fibre, load, amplitude, INCREMENTS, tmp_path)
    duration = time.perf_counter() - start

    reference = engineering_stress(curve.stress)
    largest = np.abs(reference[:, COMPONENTS.index(load)]).max()
    stress_difference = np.abs(stress - reference).max() / largest
    strain_difference = np.abs(strain - engineering_strain(curve.strain)).max() / amplitude
    print(
        f"\n{composite}, {load}: stress differs by {stress_difference:.1e} of {largest:.4g} GPa, "
        f"strain by {strain_difference:.1e} of {amplitude:g}; CalculiX took {duration:.0f} s"
    )
    assert stress_difference < TOLERANCE
    assert strain_difference < TOLERANCE

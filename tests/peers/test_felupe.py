"""A network as the material of FElupe: docs/examples/felupe_plate.py."""

from pathlib import Path

import numpy as np
import plate_with_hole
import pytest
from patch import FACTORS, LAW, STRAIN, expected, file_of_the_network, on_surface, report
from skfem import MeshQuad

fem = pytest.importorskip("felupe", reason="FElupe is missing; make test-peers installs it")
felupe_plate = pytest.importorskip("felupe_plate")


def test_patch_has_the_stress_of_a_point() -> None:
    field = fem.FieldContainer([fem.Field(fem.RegionHexahedron(mesh := fem.Cube(n=3)), dim=3)])
    body = fem.SolidBody(felupe_plate.umat(LAW), field)
    inside = np.flatnonzero(~on_surface(mesh.points))
    free = (3 * inside[:, None] + np.arange(3)).ravel()
    fixed = np.setdiff1d(np.arange(3 * mesh.npoints), free)
    for factor, stress in zip(FACTORS, expected(), strict=True):
        prescribed = (mesh.points @ (factor * STRAIN)).ravel()[fixed]
        fem.newtonraphson(
            items=[body], dof0=fixed, dof1=free, ext0=prescribed, tol=1e-12, verbose=False
        )
        found = np.moveaxis(body.results.stress[0], (0, 1), (-2, -1))
        assert report(f"FElupe, patch at {factor:g} of the strain", found, stress) < 1e-8


def test_plate_is_that_of_scikit_fem(tmp_path: Path) -> None:
    force = felupe_plate.main(file_of_the_network(tmp_path), around=6, outwards=5, steps=3)
    mesh = plate_with_hole.quarter_plate(6, 5, MeshQuad)
    reference, _ = plate_with_hole.pull(mesh, LAW, 0.01, 3)
    assert reference[-1] < 0.99 * 3 * reference[0]  # it yields
    assert report("FElupe, plate", force, reference) < 1e-8

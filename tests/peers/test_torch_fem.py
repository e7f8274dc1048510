"""A network as the material of torch-fem: docs/examples/torch_fem_plate.py."""

from pathlib import Path

import plate_with_hole
import pytest
import torch
from patch import FACTORS, LAW, STRAIN, expected, file_of_the_network, on_surface, report

torchfem = pytest.importorskip(
    "torchfem", reason="torch-fem is missing; make test-peers installs it"
)
cube_hexa = pytest.importorskip("torchfem.mesh").cube_hexa
torch_fem_plate = pytest.importorskip("torch_fem_plate")


def test_patch_has_the_stress_of_a_point() -> None:
    nodes, elements = cube_hexa(3, 3, 3)
    patch = torchfem.Solid(nodes, elements, torch_fem_plate.NetworkMaterial(LAW))
    patch.constraints[torch.from_numpy(on_surface(nodes.numpy()))] = True
    patch.displacements = nodes @ torch.from_numpy(STRAIN)
    increments = torch.tensor([0.0, *FACTORS])
    _, _, stress, *_ = patch.solve(
        increments,
        rtol=1e-12,
        atol=1e-14,
        return_intermediate=True,
        aggregate_integration_points=False,
    )
    for factor, found, point in zip(FACTORS, stress[1:].numpy(), expected(), strict=True):
        assert report(f"torch-fem, patch at {factor:g} of the strain", found, point) < 1e-8


def test_plate_is_that_of_scikit_fem(tmp_path: Path) -> None:
    force = torch_fem_plate.main(file_of_the_network(tmp_path), around=6, outwards=5, steps=3)
    reference, _ = plate_with_hole.pull(plate_with_hole.quarter_plate(6, 5), LAW, 0.01, 3)
    assert reference[-1] < 0.99 * 3 * reference[0]  # it yields
    assert report("torch-fem, plate", force, reference) < 1e-8

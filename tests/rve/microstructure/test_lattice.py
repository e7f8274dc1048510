"""Cells on any lattice: its vectors, their periodic images, and a stiffness that is the same
whichever cell of one microstructure is cut out."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import rhombus_of_a_hexagonal_array
from hypothesis import given
from hypothesis import strategies as st
from meshes import (
    RESIN_AND_GLASS,
    fan,
    joined,
    layered_medium,
    layered_mesh,
    periodic_numbers,
    random_orthotropic,
    rectangular_mesh,
    relative_difference,
    stiffness,
)
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.dns import increments
from rve.loads.load_path import LoadPath
from rve.mandel import rotation_matrix
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh, load, write
from rve.microstructure.statistics import describe

Array = NDArray[np.float64]

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "hexagonal_cell.py"
HEXAGONAL = np.array([[1, 0], [0.5, np.sqrt(0.75)]])

angles = st.floats(-np.pi, np.pi)
seeds = st.integers(0, 2**32 - 1)


def rotation(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def turned(mesh: Mesh, angle: float) -> Mesh:
    return replace(mesh, nodes=mesh.nodes @ rotation(angle)[:2, :2].T)


def blocks(seed: int) -> Mesh:
    """A unit square of 4 x 4 blocks of random phases, each halved along its rising diagonal."""
    phase = np.random.default_rng(seed).permutation(np.repeat([0, 1], [9, 7])).reshape(4, 4)
    ticks = np.linspace(0, 1, 5)
    return rectangular_mesh(ticks, ticks, phase)


# The lattice


@examples(200)
@given(seed=seeds, angle=angles, length=st.floats(1e-3, 1e3), lean=st.floats(-3, 3))
def test_the_sides_of_a_parallelogram_are_found(
    seed: int, angle: float, length: float, lean: float
) -> None:
    """Within the rounding of coordinates with eight digits."""
    rng = np.random.default_rng(seed)
    sides = length * np.array([[1, 0], [lean, 0.7]]) @ rotation(angle)[:2, :2].T
    ticks = np.sort(np.concatenate([[0, 1], rng.uniform(0.01, 0.99, 4)]))
    square = rectangular_mesh(ticks, ticks, np.zeros((5, 5), dtype=np.int64))
    nodes = square.nodes @ sides + length * rng.normal(size=2)
    nodes += 1e-8 * length * rng.uniform(-1, 1, nodes.shape)
    found = lattice_of(nodes, square.triangles)
    assert found.area == pytest.approx(0.7 * length**2, rel=1e-6)
    steps = found.vectors @ np.linalg.inv(sides)
    assert np.sort(np.abs(steps).ravel()) == pytest.approx([0, 0, 1, 1], abs=1e-6)
    assert np.array_equal(
        found.number[:, None] == found.number,
        (lambda keys: keys[:, None] == keys)(periodic_numbers(square.nodes)),
    )


def test_a_parallelogram_repeats_by_its_sides_also_where_they_are_even() -> None:
    """Bricks laid with an offset fill the plane, too, but no one means that."""
    ticks = np.linspace(0, 1, 6)
    mesh = rectangular_mesh(2 * ticks, ticks, np.zeros((5, 5), dtype=np.int64))
    assert lattice_of(mesh.nodes, mesh.triangles).vectors == pytest.approx(np.diag([2, 1]))


@pytest.mark.parametrize(
    "corners",
    [
        [[0, 0], [2, 0], [1.5, 1], [0, 1]],
        [[0, 0], [1, 0], [0, 1]],
        [[np.cos(a), np.sin(a)] for a in np.arange(5) * 2 * np.pi / 5],
        [[np.cos(a), np.sin(a)] for a in np.arange(8) * np.pi / 4],
    ],
    ids=["trapezium", "triangle", "pentagon", "octagon"],
)
def test_other_outlines_are_refused(corners: list[list[float]]) -> None:
    mesh = fan(np.array(corners))
    with pytest.raises(InputError, match="the mesh is not periodic: no"):
        lattice_of(mesh.nodes, mesh.triangles)


# One microstructure, many cells


@examples(20)
@given(seed=seeds, lean=st.floats(-2, 2), across=st.integers(1, 3))
def test_a_sheared_cell_of_a_laminate_has_the_stiffness_of_the_laminate(
    seed: int, lean: float, across: int
) -> None:
    """Layers normal to axis 2 repeat by (1, 0) and by (lean, 1), whatever the lean."""
    rng = np.random.default_rng(seed)
    phases = random_orthotropic(rng), random_orthotropic(rng, 10 ** rng.uniform(-2, 2))
    widths = rng.dirichlet(np.full(3, 5.0))
    mesh = layered_mesh(1, widths, [0, 1, 0], across)
    sheared = replace(mesh, nodes=mesh.nodes @ np.array([[1, 0], [lean, 1]]))
    exact = layered_medium(1, np.array([widths[0] + widths[2], widths[1]]), np.array(phases))
    assert relative_difference(stiffness(sheared, phases), exact) < 1e-10


@examples(20)
@given(seed=seeds)
def test_the_cell_between_the_edge_and_the_diagonal_has_the_same_stiffness(seed: int) -> None:
    """Elements above the diagonal, moved by (1, 0), fill the cell of the vectors (1, 0), (1, 1)."""
    mesh = blocks(seed)
    places = mesh.nodes[mesh.triangles]
    above = (places[..., 1] - places[..., 0]).mean(axis=1) > 0
    places[above] += [1, 0]
    number = np.arange(places.shape[0] * 6).reshape(-1, 6)
    leaning = joined(places.reshape(-1, 2), number, mesh.phase)
    assert lattice_of(leaning.nodes, leaning.triangles).vectors == pytest.approx(
        np.array([[1, 0], [1, 1]])
    )
    assert relative_difference(stiffness(leaning), stiffness(mesh)) < 1e-11
    fibres = [describe(one, np.eye(2))["fibres"] for one in (leaning, mesh)]
    assert fibres[0] == fibres[1]


@examples(20)
@given(seed=seeds, angle=angles, lean=st.floats(-1, 1))
def test_a_turned_cell_has_the_turned_stiffness(seed: int, angle: float, lean: float) -> None:
    mesh = blocks(seed)
    mesh = replace(mesh, nodes=mesh.nodes @ np.array([[1, 0], [lean, 1]]))
    Q = rotation_matrix(rotation(angle))
    result = stiffness(turned(mesh, angle))
    assert relative_difference(result, Q @ stiffness(mesh) @ Q.T) < 1e-11


@examples(20)
@given(seed=seeds, angle=angles, lean=st.floats(-1, 1), scale=st.floats(1e-3, 1e3))
def test_a_cell_of_any_place_size_and_angle_is_loaded(
    seed: int, angle: float, lean: float, scale: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mesh = blocks(seed)
    mesh = replace(mesh, nodes=mesh.nodes @ np.array([[1, 0], [lean, 1]]))
    path = tmp_path_factory.mktemp("turned") / "own.msh"
    given_mesh = turned(mesh, angle)
    write(replace(given_mesh, nodes=scale * (given_mesh.nodes + np.array([0.3, -2]))), path)
    own, lattice = load(path)
    assert np.linalg.det(lattice) == pytest.approx(scale**2, rel=1e-9)
    assert relative_difference(stiffness(own), stiffness(given_mesh)) < 1e-9


@pytest.fixture(scope="module")
def rhombus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mesh, Array]:
    path = tmp_path_factory.mktemp("rhombus") / "rhombus.msh"
    rhombus_of_a_hexagonal_array(path, 0.6, 0.12)
    return load(path)


def test_a_rhombus_is_described_in_the_unit_of_the_file(rhombus: tuple[Mesh, Array]) -> None:
    facts = describe(*rhombus)
    assert facts["lattice_vectors"] == pytest.approx(HEXAGONAL, abs=1e-9)
    assert facts["fibres"] == 1
    assert facts["volume_fraction_meshed"] == pytest.approx(0.6, abs=1e-4)


@pytest.mark.slow
def test_rhombus_and_rectangle_of_one_hexagonal_array_converge_to_one_stiffness(
    tmp_path: Path,
) -> None:
    """Measured: 1.2e-3, 5.1e-5, 5.9e-6 apart."""
    apart = []
    for size in (0.2, 0.1, 0.05):
        rectangle = tmp_path / "rectangle.msh"
        subprocess.run([sys.executable, EXAMPLE, rectangle, str(size)], check=True)
        rhombus_of_a_hexagonal_array(tmp_path / "rhombus.msh", 0.6, size)
        cells = [load(tmp_path / f"{name}.msh")[0] for name in ("rectangle", "rhombus")]
        apart.append(relative_difference(*map(stiffness, cells)))
    assert (np.array(apart) < [3e-3, 2e-4, 2e-5]).all()


def test_a_node_moved_along_a_leaning_edge_is_refused(
    rhombus: tuple[Mesh, Array], tmp_path: Path
) -> None:
    mesh = rhombus[0]
    edge = HEXAGONAL[1] / np.sqrt(np.linalg.det(HEXAGONAL))
    along = mesh.nodes @ edge / (edge @ edge)
    on_edge = np.linalg.norm(mesh.nodes - along[:, None] * edge, axis=1) < 1e-9
    node = np.flatnonzero(on_edge)[np.abs(along[on_edge] - 0.5).argmin()]
    nodes = mesh.nodes.copy()
    nodes[node] += 0.01 * edge
    write(replace(mesh, nodes=nodes), tmp_path / "moved.msh")
    with pytest.raises(InputError, match=r"the mesh is not periodic: no edge on") as caught:
        load(tmp_path / "moved.msh")
    assert "gmsh's `Periodic Curve`" in str(caught.value)


@pytest.fixture(scope="module")
def rhombic_cell(rhombus: tuple[Mesh, Array]) -> Cell:
    return discretise(rhombus[0])


@examples(8)
@given(seed=seeds)
def test_plastic_rhombus_satisfies_hill_and_mandel(rhombic_cell: Cell, seed: int) -> None:
    """The mean work of the local fields is the work of the mean fields, step by step."""
    rng = np.random.default_rng(seed)
    controlled = np.append(rng.random(5) < 0.5, True)
    end = np.where(controlled, rng.uniform(-0.02, 0.02, 6), rng.uniform(-0.01, 0.01, 6))
    end[-1] = 0.02
    laws = J2Plasticity(3.8, 0.387, 0.01, H=0.1, Q=0.03, b=100), Elastic(RESIN_AND_GLASS[1])
    path = LoadPath(controlled, np.outer([0.5, 1.0], end))
    weights, plastic = rhombic_cell.weights, 0.0
    before, mean_before = np.zeros((*weights.shape, 6)), np.zeros(6)
    for step in increments(rhombic_cell, laws, path):
        local = np.einsum("mq,mqi,mqi->", weights, step.local_stress, step.local_strain - before)
        mean = step.stress @ (step.strain - mean_before)
        scale = np.einsum(
            "mq,mq,mq->",
            weights,
            np.linalg.norm(step.local_stress, axis=-1),
            np.linalg.norm(step.local_strain - before, axis=-1),
        )
        assert abs(local - mean) < 1e-7 * scale
        assert np.einsum("mq,mqi->i", weights, step.local_strain) == pytest.approx(
            step.strain, abs=1e-10
        )
        before, mean_before = step.local_strain, step.strain
        plastic = step.states[0][:, 6].max()
    assert plastic > 1e-3

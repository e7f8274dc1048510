"""Quadrilaterals as two triangles: the same region, the same edges, the same composite."""

from pathlib import Path

import gmsh
import numpy as np
import pytest
from drawn import drawing, gmsh_session, periodic_square, rectangles
from hypothesis import given
from hypothesis import strategies as st
from meshes import (
    RESIN_AND_GLASS,
    curved_areas,
    layered_medium,
    random_orthotropic,
    relative_difference,
    stiffness,
)
from numpy.typing import NDArray
from properties import examples

from rve.microstructure.mesh import Mesh, load
from rve.microstructure.phases import BY_NAME, Block, Group
from rve.microstructure.statistics import describe, element_quality
from rve.microstructure.triangles import triangles_of

Array = NDArray[np.float64]

NAMED = {phase: Group(number, phase) for number, phase in enumerate(("matrix", "fibre"), start=1)}


def split(nodes: Array, matrix: Array, fibre: Array) -> Mesh:
    """Quadrilaterals of two phases as triangles."""
    blocks = [
        Block(np.asarray(elements), {NAMED[phase]})
        for phase, elements in (("matrix", matrix), ("fibre", fibre))
    ]
    return Mesh(*triangles_of(np.pad(nodes, ((0, 0), (0, 1))), blocks, BY_NAME))


@examples(50)
@given(seed=st.integers(0, 2**32 - 1), angle=st.floats(-np.pi, np.pi))
def test_two_triangles_have_the_region_of_the_quadrilateral(seed: int, angle: float) -> None:
    """With curved edges its area is that of its corners' polygon and of parabolic segments."""
    rng = np.random.default_rng(seed)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + rng.uniform(-0.2, 0.2, (4, 2))
    following = np.roll(corners, -1, axis=0)
    rises = rng.uniform(-0.08, 0.08, (4, 2))
    c, s = np.cos(angle), np.sin(angle)
    places = np.concatenate([corners, (corners + following) / 2 + rises]) @ [[c, s], [-s, c]]
    other = places + np.array([5, 0])
    mesh = split(np.concatenate([places, other]), np.arange(8)[None], np.arange(8, 16)[None])
    chords = following - corners
    x, y = corners.T
    polygon = (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2
    segments = 2 / 3 * (rises[:, 0] * chords[:, 1] - rises[:, 1] * chords[:, 0]).sum()
    areas = curved_areas(mesh)
    assert areas.reshape(2, 2).sum(axis=1) == pytest.approx([polygon + segments] * 2, rel=1e-12)
    assert areas.min() > 0
    assert mesh.nodes[:16] == pytest.approx(np.concatenate([places, other]), abs=1e-15)
    starts, middles = mesh.triangles[:2, :3], mesh.triangles[:2, 3:]
    edges = {
        (frozenset(pair), middle)
        for row, own in zip(starts.tolist(), middles.tolist(), strict=True)
        for pair, middle in zip(zip(row, row[1:] + row[:1], strict=True), own, strict=True)
    }
    assert {(frozenset({i, (i + 1) % 4}), 4 + i) for i in range(4)} < edges
    assert len(edges) == 5


def test_the_better_diagonal_is_taken() -> None:
    """The shorter of a leaning element, the one within an element with a corner pushed in."""
    leaning = np.array([[0, 0], [1, 0], [3, 1], [2, 1]])
    dart = np.array([[0, 0], [1, 0], [0.3, 0.3], [0, 1]]) + np.array([5, 0])
    numbers = np.arange(8).reshape(2, 4)
    mesh = split(np.concatenate([leaning, dart]), numbers[:1], numbers[1:])
    assert element_quality(mesh)[:2].min() > 0.4
    assert curved_areas(mesh) == pytest.approx([0.5, 0.5, 0.15, 0.15])


@examples(20)
@given(seed=st.integers(0, 2**32 - 1), axis=st.integers(0, 1))
def test_layers_of_any_quadrilaterals_have_the_exact_stiffness(seed: int, axis: int) -> None:
    """Nodes within a layer anywhere: the field of a laminate is linear in each layer."""
    rng = np.random.default_rng(seed)
    phases = random_orthotropic(rng), random_orthotropic(rng, 10 ** rng.uniform(-2, 2))
    x, y = np.array([0, 0.2, 0.4, 0.7, 1.0]), np.array([0, 0.3, 0.6, 1.0])
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    grid[1, 1:3] += rng.uniform(-0.07, 0.07, (2, 2))
    grid[3, 1:3] += rng.uniform(-0.07, 0.07, (2, 2))
    grid[2, 1:3, 1] += rng.uniform(-0.07, 0.07, 2)
    n = np.arange(grid.size // 2).reshape(5, 4)
    four = np.stack([n[:-1, :-1], n[1:, :-1], n[1:, 1:], n[:-1, 1:]], axis=-1)
    nodes = grid.reshape(-1, 2)[:, [axis, 1 - axis]]
    four = four if axis == 0 else four[..., ::-1]
    mesh = split(nodes, four[:2].reshape(-1, 4), four[2:].reshape(-1, 4))
    exact = layered_medium(axis, np.array([0.4, 0.6]), np.array(phases))
    assert relative_difference(stiffness(mesh, phases), exact) < 1e-10


@pytest.mark.parametrize("version", [2.2, 4.1])
@pytest.mark.parametrize(("order", "incomplete"), [(1, 0), (2, 0), (2, 1)], ids=["Q4", "Q9", "Q8"])
def test_quadrilaterals_of_gmsh_are_accepted(
    tmp_path: Path, order: int, incomplete: int, version: float
) -> None:
    with drawing(tmp_path / "own.msh", order, version):
        rectangles([0, 1, 2], ["matrix", "fibre"])
        gmsh.option.setNumber("Mesh.SecondOrderIncomplete", incomplete)
        for _, curve in gmsh.model.getEntities(1):
            gmsh.model.mesh.setTransfiniteCurve(curve, 5)
        gmsh.model.mesh.setRecombine(2, 2)  # the matrix stays of triangles
    with gmsh_session():
        gmsh.open(str(tmp_path / "own.msh"))
        names = {
            gmsh.model.mesh.getElementProperties(kind)[0]
            for kind in gmsh.model.mesh.getElementTypes(2)
        }
    assert len(names) == 2 and any(name.startswith("Quadrilateral") for name in names)
    mesh, vectors = load(tmp_path / "own.msh")
    assert vectors == pytest.approx(np.diag([2, 1]), abs=1e-12)
    assert describe(mesh, vectors)["volume_fraction_meshed"] == pytest.approx(0.5, abs=1e-12)
    exact = layered_medium(0, np.array([0.5, 0.5]), np.array(RESIN_AND_GLASS))
    assert relative_difference(stiffness(mesh), exact) < 1e-10


@pytest.mark.parametrize("incomplete", [0, 1])
def test_a_round_fibre_of_quadrilaterals_agrees_with_one_of_triangles(
    tmp_path: Path, incomplete: int
) -> None:
    """The same arcs, so nearly the same fraction; stiffness to the accuracy of the mesh."""
    results = []
    for recombined in (False, True):
        with drawing(tmp_path / "own.msh"):
            periodic_square(0.3, 0.1)
            gmsh.option.setNumber("Mesh.SecondOrderIncomplete", incomplete)
            gmsh.option.setNumber("Mesh.RecombineAll", recombined)
        results.append(load(tmp_path / "own.msh"))
    facts = [describe(*result) for result in results]
    for fact in facts:
        assert fact["volume_fraction_meshed"] == pytest.approx(0.09 * np.pi, rel=1e-4)
    assert relative_difference(*(stiffness(mesh) for mesh, _ in results)) < 1e-3

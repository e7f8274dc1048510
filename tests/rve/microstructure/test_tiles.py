"""Cells of any outline that repeats: the same composite, whichever elements stand in for others."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import rhombus_of_a_hexagonal_array
from hypothesis import given
from hypothesis import strategies as st
from meshes import corrugated, fan, joined, rectangular_mesh, relative_difference, stiffness
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh, generate, load, read, write
from rve.microstructure.packing import pack
from rve.microstructure.phases import FIBRE
from rve.microstructure.statistics import describe

Array = NDArray[np.float64]


def shifted(mesh: Mesh, steps: NDArray[np.int64], vectors: Array) -> Mesh:
    """The mesh with each element moved by steps (m, 2) of the lattice."""
    places = mesh.nodes[mesh.triangles] + (steps @ vectors)[:, None]
    number = np.arange(mesh.triangles.size).reshape(-1, 6)
    return joined(places.reshape(-1, 2), number, mesh.phase)


def in_window(mesh: Mesh, corner: Array) -> Mesh:
    """The unit cell of the elements whose centres lie in the unit square from a corner on."""
    centres = mesh.nodes[mesh.triangles[:, :3]].mean(axis=1)
    return shifted(mesh, -np.floor(centres - corner).astype(np.int64), np.eye(2))


def with_whole_fibres(mesh: Mesh) -> Mesh:
    """The unit cell whose fibres are whole: pieces of a fibre that a side cuts are put together."""
    steps = np.zeros((len(mesh.phase), 2), dtype=np.int64)
    corner_of = mesh.triangles[:, :3]
    number = lattice_of(mesh.nodes, mesh.triangles).number
    todo = set(np.flatnonzero(mesh.phase == FIBRE).tolist())
    while todo:
        front = [todo.pop()]
        while front:
            one = front.pop()
            for other in list(todo):
                common = np.intersect1d(number[corner_of[one]], number[corner_of[other]])
                if len(common) == 2:
                    here, there = (
                        mesh.nodes[corner_of[e][number[corner_of[e]] == common[0]][0]]
                        for e in (one, other)
                    )
                    steps[other] = steps[one] + np.round(here - there).astype(np.int64)
                    todo.remove(other)
                    front.append(other)
    return shifted(mesh, steps, np.eye(2))


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    path = tmp_path_factory.mktemp("packed") / "cell.msh"
    generate(pack(5, 0.5, 0.1, seed=3), 0.15, path)
    return read(path)


@examples(20)
@given(x=st.floats(-1, 1), y=st.floats(-1, 1))
def test_the_window_that_cuts_the_cell_does_not_matter(packed: Mesh, x: float, y: float) -> None:
    """Its outline follows edges of elements: a zigzag with arcs of fibres."""
    mesh = in_window(packed, np.array([x, y]))
    assert relative_difference(stiffness(mesh), stiffness(packed)) < 1e-11
    lattice = lattice_of(mesh.nodes, mesh.triangles)
    assert lattice.area == pytest.approx(1, abs=1e-12)
    steps = lattice.vectors - np.round(lattice.vectors)
    assert np.abs(steps).max() < 1e-12
    facts = [describe(one, np.eye(2)) for one in (mesh, packed)]
    for key in ("fibres", "volume_fraction_meshed", "unknowns", "elements"):
        assert facts[0][key] == pytest.approx(facts[1][key], rel=1e-12)


def test_fibres_need_not_be_cut(packed: Mesh, tmp_path: Path) -> None:
    whole = with_whole_fibres(packed)
    assert np.ptp(whole.nodes, axis=0).max() > 1.05
    write(replace(whole, nodes=3 * whole.nodes), tmp_path / "whole.msh")
    mesh, vectors = load(tmp_path / "whole.msh")
    assert vectors == pytest.approx(3 * np.eye(2), abs=1e-9)
    assert relative_difference(stiffness(mesh), stiffness(packed)) < 1e-11
    assert describe(mesh, vectors)["fibres"] == 5


@examples(20)
@given(seed=st.integers(0, 2**32 - 1), angle=st.floats(-np.pi, np.pi), scale=st.floats(1e-3, 1e3))
def test_elements_may_be_moved_by_any_vectors_of_the_lattice(
    seed: int, angle: float, scale: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also into islands that touch nothing; the file scaled, rotated and elsewhere."""
    rng = np.random.default_rng(seed)
    ticks = np.concatenate([[0], np.sort(rng.uniform(0.1, 0.9, 3)), [1]])
    mesh = rectangular_mesh(ticks, ticks, rng.permutation(np.repeat([0, 1], 8)).reshape(4, 4))
    islands = shifted(mesh, rng.integers(-1, 2, (32, 2)), np.eye(2))
    c, s = np.cos(angle), np.sin(angle)
    turn = scale * np.array([[c, s], [-s, c]])
    path = tmp_path_factory.mktemp("islands") / "own.msh"
    write(replace(islands, nodes=islands.nodes @ turn + scale * rng.normal(size=2)), path)
    own, vectors = load(path)
    assert np.linalg.det(vectors) == pytest.approx(scale**2, rel=1e-9)
    whole = replace(mesh, nodes=mesh.nodes @ (turn / scale))
    assert relative_difference(stiffness(own), stiffness(whole)) < 1e-9


def test_a_hexagon_repeats_by_the_vectors_between_its_sides() -> None:
    mesh = fan(np.array([[np.cos(a), np.sin(a)] for a in np.arange(6) * np.pi / 3]))
    vectors = lattice_of(mesh.nodes, mesh.triangles).vectors
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([3**0.5] * 2)
    assert np.linalg.det(vectors) == pytest.approx(1.5 * 3**0.5)


def test_hexagon_and_rhombus_of_one_hexagonal_array_have_one_stiffness(tmp_path: Path) -> None:
    """The hexagon around a fibre: the rhombus, its elements moved to the nearest centre."""
    rhombus_of_a_hexagonal_array(tmp_path / "rhombus.msh", 0.6, 0.15)
    rhombus, vectors = load(tmp_path / "rhombus.msh")
    vectors = vectors / np.sqrt(np.linalg.det(vectors))
    steps = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    centres = rhombus.nodes[rhombus.triangles[:, :3]].mean(axis=1) - vectors.sum(axis=0) / 2
    distances = np.linalg.norm(centres[:, None] + steps @ vectors, axis=-1)
    hexagon = shifted(rhombus, steps[distances.argmin(axis=1)], vectors)
    assert relative_difference(stiffness(hexagon), stiffness(rhombus)) < 1e-11


def test_sides_that_match_whole_are_taken_and_an_offset_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for even in (True, False):
        caplog.clear()
        write(corrugated(even), tmp_path / "own.msh")
        _, vectors = load(tmp_path / "own.msh")
        assert vectors == pytest.approx(np.diag([4, 1]), abs=1e-12)
        told = "is taken to repeat by (4, 0) and (0, 1), which match most of its outline; "
        assert (told in caplog.text) is even


def test_a_cell_that_repeats_in_two_ways_alike_is_refused() -> None:
    """Even squares along whose sides half elements stand out: either row may slide."""
    ticks = np.linspace(0, 1, 4)
    square = rectangular_mesh(ticks, ticks, np.zeros((3, 3), dtype=np.int64))
    mesh = in_window(square, np.array([0.117, 0.113]))
    with pytest.raises(InputError, match="but also by "):
        lattice_of(mesh.nodes, mesh.triangles)


@examples(50)
@given(seed=st.integers(0, 2**32 - 1))
def test_of_even_squares_no_other_lattice_is_taken_in_silence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ticks = np.linspace(0, 1, rng.integers(5, 12))
    size = len(ticks) - 1
    square = rectangular_mesh(ticks, ticks, np.zeros((size, size), dtype=np.int64))
    mesh = in_window(square, rng.random(2))
    try:
        lattice = lattice_of(mesh.nodes, mesh.triangles)
    except InputError as error:
        assert "but also by" in str(error)
    else:
        whole = np.abs(lattice.vectors - np.round(lattice.vectors)).max() < 1e-12
        assert whole or lattice.other is not None


def test_gaps_overlaps_and_tears_of_a_wavy_cell_are_refused(packed: Mesh, tmp_path: Path) -> None:
    whole = with_whole_fibres(packed)
    n = len(whole.nodes)
    more = np.concatenate([whole.nodes, whole.nodes])
    beside = np.concatenate([whole.nodes, whole.nodes + 0.003])
    tear = np.where(whole.phase[:, None] == FIBRE, whole.triangles + n, whole.triangles)
    broken = {
        "no edge on the other side of the cell has the length": Mesh(
            whole.nodes, whole.triangles[1:], whole.phase[1:]
        ),
        "Within it elements neither overlap (cut the surfaces from each other": Mesh(
            beside,
            np.concatenate([whole.triangles, whole.triangles[-1:] + n]),
            np.append(whole.phase, FIBRE),
        ),
        "are not connected, since its nodes are doubled": Mesh(more, tear, whole.phase),
    }
    for words, mesh in broken.items():
        write(mesh, tmp_path / "broken.msh")
        with pytest.raises(InputError) as caught:
            load(tmp_path / "broken.msh")
        assert words in str(caught.value)

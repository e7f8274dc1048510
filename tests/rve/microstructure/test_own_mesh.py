"""A mesh of the user's: what is accepted and what is refused, with which words."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import gmsh
import numpy as np
import pytest
from drawn import drawing, gmsh_session, rectangles
from meshes import joined, rectangular_mesh, relative_difference, stiffness
from numpy.typing import NDArray

from rve.errors import InputError
from rve.homogenisation.cell import discretise
from rve.microstructure.mesh import Mesh, generate, load, read, write
from rve.microstructure.packing import pack
from rve.microstructure.phases import FIBRE
from rve.microstructure.statistics import describe

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Mesh], Path]:
    """Writes a mesh to a file, `own.msh`."""

    def save(mesh: Mesh) -> Path:
        write(mesh, tmp_path / "own.msh")
        return tmp_path / "own.msh"

    return save


@pytest.fixture(scope="module")
def grid() -> Mesh:
    """A square fibre in a square of 4 x 4 halved squares of edge 1/4."""
    ticks = np.linspace(0, 1, 5)
    phase = np.zeros((4, 4), dtype=np.int64)
    phase[1:3, 1:3] = FIBRE
    return rectangular_mesh(ticks, ticks, phase)


# What is accepted


@pytest.fixture(scope="module")
def hexagonal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mesh that the example of docs/own_composite.md writes, with larger elements."""
    path = tmp_path_factory.mktemp("example") / "hexagonal.msh"
    script = ROOT / "docs" / "examples" / "hexagonal_cell.py"
    subprocess.run([sys.executable, script, path, "0.12"], check=True)
    return path


def test_example_is_a_hexagonal_cell_of_two_fibres(hexagonal: Path) -> None:
    mesh, lattice = load(hexagonal)
    facts = describe(mesh, lattice)
    assert facts["lattice_vectors"] == pytest.approx(np.diag([1, np.sqrt(3)]), abs=1e-9)
    assert mesh.nodes.max(axis=0).prod() == pytest.approx(1, rel=1e-12)
    assert facts["fibres"] == 2
    assert facts["volume_fraction_meshed"] == pytest.approx(0.6, abs=1e-3)
    assert discretise(mesh).weights.sum() == pytest.approx(1, rel=1e-9)


def test_hexagonal_array_is_transversely_isotropic(hexagonal: Path) -> None:
    """C11 = C22, C13 = C23, C44 = C55 and C66 = (C11 - C12) / 2, here doubled by Mandel's form."""
    C = stiffness(load(hexagonal)[0])
    expected = C.copy()
    expected[0, 0] = expected[1, 1] = (C[0, 0] + C[1, 1]) / 2
    expected[:2, 2] = expected[2, :2] = C[:2, 2].mean()
    expected[3, 3] = expected[4, 4] = (C[3, 3] + C[4, 4]) / 2
    expected[5, 5] = C[0, 0] - C[0, 1]
    orthotropic = np.zeros((6, 6), dtype=bool)
    orthotropic[:3, :3] = True
    expected[~(orthotropic | np.eye(6, dtype=bool))] = 0
    np.testing.assert_allclose(C, expected, rtol=1e-3, atol=1e-4 * C[0, 0])


@pytest.mark.parametrize(("scale", "shift"), [(7.3, [0, 0]), (1e-3, [0.4, -2.0]), (1e4, [1e4, 7])])
def test_unit_and_origin_do_not_matter(
    mesh: Mesh, saved: Callable[[Mesh], Path], scale: float, shift: list[float]
) -> None:
    own, lattice = load(saved(replace(mesh, nodes=scale * mesh.nodes + shift)))
    assert lattice == pytest.approx(scale * np.eye(2), abs=1e-9 * scale)
    assert own.nodes == pytest.approx(mesh.nodes, abs=1e-10)
    assert relative_difference(stiffness(own), stiffness(mesh)) < 1e-10


def test_two_cells_above_each_other_have_the_stiffness_of_one(
    mesh: Mesh, saved: Callable[[Mesh], Path]
) -> None:
    stack = joined(
        np.concatenate([mesh.nodes, mesh.nodes + np.array([0, 1])]),
        np.concatenate([mesh.triangles, mesh.triangles + len(mesh.nodes)]),
        np.tile(mesh.phase, 2),
    )
    own, lattice = load(saved(stack))
    assert lattice == pytest.approx(np.diag([1, 2]), abs=1e-12)
    assert relative_difference(stiffness(own), stiffness(mesh)) < 1e-10
    assert describe(own, lattice)["fibres"] == 2 * describe(mesh, np.eye(2))["fibres"]


def test_packed_mesh_is_an_own_mesh_and_stays_as_it_is(
    mesh_file: Path, mesh: Mesh, saved: Callable[[Mesh], Path]
) -> None:
    own, lattice = load(mesh_file)
    assert lattice == pytest.approx(np.eye(2), abs=1e-12)
    again = read(saved(own))
    for found in (own, again):
        assert found.nodes == pytest.approx(mesh.nodes, abs=1e-12)
        assert np.array_equal(found.triangles, mesh.triangles)
        assert np.array_equal(found.phase, mesh.phase)


def test_clockwise_elements_are_turned(grid: Mesh, saved: Callable[[Mesh], Path]) -> None:
    """gmsh lists a surface clockwise when its boundary was drawn so."""
    mirrored = grid.triangles[:, [0, 2, 1, 5, 4, 3]]
    for clockwise in (mirrored, np.where(grid.phase[:, None] == FIBRE, mirrored, grid.triangles)):
        own, _ = load(saved(replace(grid, triangles=clockwise)))
        assert relative_difference(stiffness(own), stiffness(grid)) < 1e-12


def test_fibres_are_counted_across_the_edges(grid: Mesh) -> None:
    """A block across a corner is one fibre; blocks that touch at a point are two."""
    ticks = np.linspace(0, 1, 5)
    corner = np.zeros((4, 4), dtype=np.int64)
    corner[np.ix_([0, 3], [0, 3])] = FIBRE
    touching = np.zeros((4, 4), dtype=np.int64)
    touching[1, 1] = touching[2, 2] = FIBRE
    for phase, fibres in ((corner, 1), (touching, 2)):
        assert describe(rectangular_mesh(ticks, ticks, phase), np.eye(2))["fibres"] == fibres


@pytest.mark.parametrize("fibres", [1, 3, 12])
def test_as_many_fibres_are_counted_as_were_packed(tmp_path: Path, fibres: int) -> None:
    generate(pack(fibres, 0.5, 0.05, seed=1), 0.2, tmp_path / "cell.msh")
    assert describe(read(tmp_path / "cell.msh"), np.eye(2))["fibres"] == fibres


# What is refused


def refusal(path: Path) -> str:
    """The message, without the file's name that it begins with."""
    with pytest.raises(InputError) as caught:
        load(path)
    name, _, reason = str(caught.value).partition(": ")
    assert name == str(path)
    return reason


def moved(mesh: Mesh, at: tuple[float, float], by: tuple[float, float]) -> Mesh:
    """The mesh with the node at a place moved."""
    nodes = mesh.nodes.copy()
    nodes[np.linalg.norm(nodes - at, axis=1).argmin()] += by
    return replace(mesh, nodes=nodes)


def without(mesh: Mesh, drop: Callable[[Array], Array]) -> Mesh:
    """The mesh without the elements whose centres (m, 2) are chosen."""
    kept = ~drop(mesh.nodes[mesh.triangles[:, :3]].mean(axis=1))
    return replace(mesh, triangles=mesh.triangles[kept], phase=mesh.phase[kept])


def torn(mesh: Mesh) -> Mesh:
    """The mesh with nodes of their own for the fibres."""
    fibre = mesh.phase == FIBRE
    triangles = np.where(fibre[:, None], mesh.triangles + len(mesh.nodes), mesh.triangles)
    return replace(mesh, nodes=np.tile(mesh.nodes, (2, 1)), triangles=triangles)


def repeated(mesh: Mesh, triangles: Array, nodes: Array) -> Mesh:
    """The mesh and, over it, triangles of fibre with these nodes added."""
    return Mesh(
        np.concatenate([mesh.nodes, nodes]),
        np.concatenate([mesh.triangles, triangles]),
        np.concatenate([mesh.phase, np.full(len(triangles), FIBRE)]),
    )


BROKEN: list[tuple[Callable[[Mesh], Mesh], list[str]]] = [
    (
        lambda grid: moved(grid, (0, 0.25), (0, 0.05)),
        [
            "the mesh is not periodic: no edge on the other side of the cell has the length and",
            "of that at (0, 0.125)",
            "with the same nodes (gmsh's `Periodic Curve`)",
        ],
    ),
    (
        lambda grid: moved(grid, (1, 0.5), (0.05, 0)),
        [
            "not periodic: no edge on the other side of the cell",
            "of that at (1, 0.375)",
            "nor leave",
        ],
    ),
    (
        lambda grid: moved(grid, (1, 0.5), (-0.05, 0)),
        [
            "the mesh is not periodic: together the elements have 0.995833 times the area of the",
            "and the edge at (1, 0.375) within it belongs to one element only",
            "each line of its outline comes back on the other side, with the same nodes (gmsh's",
        ],
    ),
    (
        lambda grid: moved(grid, (0.375, 0.375), (0.2, -0.2)),
        ["the element near (0.", "is folded or flat; use smaller elements there"],
    ),
    (
        lambda grid: moved(grid, (0.5, 0.5), (0.4, 0.0)),
        ["is folded or flat"],
    ),
    (
        lambda grid: without(grid, lambda c: (np.abs(c - 0.6) < 0.1).all(axis=1)),
        ["have 0.9375 times the area of the parallelogram around them, and the edge at (0."],
    ),
    (
        lambda grid: without(grid, lambda c: (c[:, 0] < 0.25) & (np.abs(c[:, 1] - 0.6) < 0.1)),
        [
            "have 0.9375 times the area of the parallelogram",
            "pores are meshed, too, in a group called void",
        ],
    ),
    (
        torn,
        ["the elements on both sides of the edge at (0.", "not connected", "`Coherence Mesh;`"],
    ),
    (
        lambda grid: repeated(grid, grid.triangles[:1], np.empty((0, 2))),
        ["the element near (0.166667, 0.083", "is in matrix and fibre", "take it out of one"],
    ),
    (
        lambda grid: repeated(
            grid,
            np.array([[0, 1, 2, 3, 4, 5]]) + len(grid.nodes),
            np.array([[0.3, 0.3], [0.6, 0.3], [0.3, 0.6], [0.45, 0.3], [0.45, 0.45], [0.3, 0.45]]),
        ),
        [
            "together the elements have 1.045 times the area of the parallelogram around them, and",
            "the edge at (0.45, 0.3) within it belongs to one element only",
            "elements neither overlap (cut the surfaces from each other, `BooleanFragments`",
        ],
    ),
    (
        lambda grid: repeated(grid, grid.triangles + len(grid.nodes), grid.nodes),
        ["together the elements have 2 times the area of the parallelogram around them. A cell"],
    ),
]


@pytest.mark.parametrize(("broken", "fragments"), BROKEN)
def test_broken_mesh_is_refused_with_its_place(
    grid: Mesh,
    saved: Callable[[Mesh], Path],
    broken: Callable[[Mesh], Mesh],
    fragments: list[str],
) -> None:
    reason = refusal(saved(broken(grid)))
    assert all(fragment in reason for fragment in fragments), reason


def test_doubled_nodes_are_merged_as_the_message_says(
    grid: Mesh, saved: Callable[[Mesh], Path]
) -> None:
    path = saved(torn(grid))
    with gmsh_session():
        gmsh.open(str(path))
        gmsh.model.mesh.removeDuplicateNodes()  # `Coherence Mesh;`
        gmsh.write(str(path))
    assert relative_difference(stiffness(load(path)[0]), stiffness(grid)) < 1e-12


def test_an_inverted_element_is_refused_with_its_place(
    grid: Mesh, saved: Callable[[Mesh], Path]
) -> None:
    """A corner pushed through the opposite side, the middles along with it: straight and flat."""
    corner = np.abs(grid.nodes - 0.5).max(axis=1).argmin()
    nodes = grid.nodes.copy()
    nodes[corner] += (0.3, 0.1)
    starts, ends = grid.triangles[:, :3], np.roll(grid.triangles[:, :3], -1, axis=1)
    nodes[grid.triangles[:, 3:]] = (nodes[starts] + nodes[ends]) / 2
    reason = refusal(saved(replace(grid, nodes=nodes)))
    assert "two lie on the same side of their common edge at (0." in reason
    assert "an element is inverted there" in reason


def test_rectangles_of_gmsh_are_accepted(tmp_path: Path) -> None:
    with drawing(tmp_path / "own.msh"):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    mesh, lattice = load(tmp_path / "own.msh")
    assert lattice == pytest.approx(np.diag([2, 1]), abs=1e-12)
    assert describe(mesh, lattice)["volume_fraction_meshed"] == pytest.approx(0.5)


def test_disc_laid_over_the_matrix_is_refused(tmp_path: Path) -> None:
    """Without fragments gmsh meshes both, one over the other."""
    with drawing(tmp_path / "own.msh"):
        rectangles([0, 1], ["matrix"])
        disc = gmsh.model.occ.addDisk(0.5, 0.5, 0, 0.3, 0.3)
        gmsh.model.occ.synchronize()
        gmsh.model.addPhysicalGroup(2, [disc], name="fibre")
    assert "have 1.28272 times the area of the parallelogram" in refusal(tmp_path / "own.msh")


def test_cell_out_of_the_plane_is_refused(grid: Mesh, saved: Callable[[Mesh], Path]) -> None:
    path = saved(grid)
    with gmsh_session():
        gmsh.open(str(path))
        gmsh.model.mesh.affineTransform([1, 0, 0, 0, 0, 1, 0, 0, 0.5, 0, 1, 0])
        gmsh.write(str(path))
    reason = refusal(path)
    assert reason.startswith(("the node at (0, ", "the node at (1, "))
    assert "does not lie in the plane of the others" in reason


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name in ("cell.geo", "cell.vtk"):
        (tmp_path / name).write_text("")
        assert "expected a mesh of gmsh or Abaqus, whose name ends with .msh or .inp" in refusal(
            tmp_path / name
        )

"""Files of gmsh as programs leave them: moved after meshing, written by meshio, extruded."""

import re
from collections.abc import Callable
from pathlib import Path

import gmsh
import numpy as np
import pytest
from drawn import drawing, gmsh_session, periodic_square, rectangles
from hypothesis import given
from hypothesis import strategies as st
from meshes import relative_difference, stiffness
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.mandel import rotation_matrix
from rve.microstructure.mesh import load
from rve.microstructure.statistics import describe

Array = NDArray[np.float64]


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    return str(caught.value).removeprefix(f"{path}: ")


# Moved after meshing: the section $Periodic still says where the nodes were


def by_transform(path: Path, matrix: Array, version: float) -> None:
    """`affineTransform` before the file is written."""
    with gmsh_session():
        periodic_square(0.3, 0.15)
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(2)
        whole = np.eye(4)
        whole[:2, :2] = matrix
        gmsh.model.mesh.affineTransform(whole[:3].ravel())
        gmsh.option.setNumber("Mesh.MshFileVersion", version)
        gmsh.option.setNumber("Mesh.IgnorePeriodicity", 0)
        gmsh.write(str(path))


def by_text(path: Path, matrix: Array, version: float) -> None:
    """Coordinates of a file replaced and all else left, as meshio does."""
    by_transform(path, np.eye(2), version)
    head, nodes, tail = re.split(r"(?s)(\$Nodes\n.*\$EndNodes\n)", path.read_text())
    rows = [line.split() for line in nodes.splitlines()]
    if version < 4:
        places = range(2, len(rows) - 1)
    else:
        places, at = [], 2
        while at < len(rows) - 1:  # blocks: a head, numbers of nodes, their coordinates
            size = int(rows[at][3])
            places += range(at + 1 + size, at + 1 + 2 * size)
            at += 1 + 2 * size
    for place in places:
        x, y = matrix @ np.array(rows[place][-3:-1], dtype=float)
        rows[place][-3:] = repr(float(x)), repr(float(y)), "0"
    path.write_text(head + "\n".join(map(" ".join, rows)) + "\n" + tail)


STRETCH, TURN = np.diag([2.0, 1.0]), np.array([[0.6, -0.8], [0.8, 0.6]])


@pytest.mark.parametrize("version", [2.2, 4.1])
@pytest.mark.parametrize("matrix", [STRETCH, TURN, 1000 * TURN], ids=["stretch", "turn", "scale"])
@pytest.mark.parametrize("way", [by_transform, by_text])
def test_a_mesh_moved_after_meshing_stays_as_it_was_written(
    tmp_path: Path, way: Callable[..., None], matrix: Array, version: float
) -> None:
    """The fraction of the straight-forward mesh: 0.2827, where stale partners gave 0.2884."""
    way(tmp_path / "own.msh", matrix, version)
    by_transform(tmp_path / "plain.msh", np.eye(2), version)
    moved, vectors = load(tmp_path / "own.msh")
    plain, _ = load(tmp_path / "plain.msh")
    assert vectors == pytest.approx(matrix.T, abs=1e-9 * np.abs(matrix).max())
    fractions = [describe(one, np.eye(2))["volume_fraction_meshed"] for one in (moved, plain)]
    assert fractions[0] == pytest.approx(fractions[1], rel=1e-12)
    assert fractions[1] == pytest.approx(0.09 * np.pi, rel=1e-3)
    if matrix is not STRETCH:
        Q = rotation_matrix(np.block([[TURN, np.zeros((2, 1))], [np.zeros((1, 2)), np.eye(1)]]))
        assert relative_difference(stiffness(moved), Q @ stiffness(plain) @ Q.T) < 1e-10


@pytest.mark.parametrize("version", [2.2, 4.1])
@pytest.mark.parametrize("binary", [0, 1])
def test_the_scaling_factor_of_gmsh_does_not_matter(
    tmp_path: Path, version: float, binary: int
) -> None:
    results = []
    for factor in (1, 1000):
        with drawing(tmp_path / "own.msh", version=version):
            periodic_square(0.3, 0.15)
            gmsh.option.setNumber("Mesh.ScalingFactor", factor)
            gmsh.option.setNumber("Mesh.Binary", binary)
            gmsh.option.setNumber("Mesh.IgnorePeriodicity", 0)
        mesh, vectors = load(tmp_path / "own.msh")
        assert vectors == pytest.approx(factor * np.eye(2), abs=1e-9 * factor)
        results.append(mesh)
    assert results[1].nodes == pytest.approx(results[0].nodes, abs=1e-13)
    assert np.array_equal(results[1].phase, results[0].phase)


@examples(10)
@given(
    stretch=st.floats(0.3, 3),
    shear=st.floats(-1, 1),
    angle=st.floats(-np.pi, np.pi),
    unit=st.floats(1e-3, 1e3),
)
def test_a_file_may_be_transformed_in_any_way(
    stretch: float,
    shear: float,
    angle: float,
    unit: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    c, s = np.cos(angle), np.sin(angle)
    matrix = unit * np.array([[c, -s], [s, c]]) @ np.array([[stretch, shear], [0, 1]])
    path = tmp_path_factory.mktemp("moved") / "own.msh"
    by_transform(path, matrix, 4.1)
    mesh, vectors = load(path)
    assert abs(np.linalg.det(vectors)) == pytest.approx(abs(np.linalg.det(matrix)), rel=1e-9)
    fraction = describe(mesh, vectors)["volume_fraction_meshed"]
    assert fraction == pytest.approx(0.09 * np.pi, rel=1e-3)


# Groups

# Two squares, each of two triangles, as meshio 5.3 writes them with `cell_data={"gmsh:physical":
# ...}`: group 1 or 2, and no surfaces (0).
BY_MESHIO = """$MeshFormat
2.2 0 8
$EndMeshFormat
$PhysicalNames
2
2 1 "matrix"
2 2 "fibre"
$EndPhysicalNames
$Nodes
6
1 0.0 0.0 0.0
2 1.0 0.0 0.0
3 2.0 0.0 0.0
4 0.0 1.0 0.0
5 1.0 1.0 0.0
6 2.0 1.0 0.0
$EndNodes
$Elements
4
1 2 2 1 0 1 2 5
2 2 2 1 0 1 5 4
3 2 2 2 0 2 3 6
4 2 2 2 0 2 6 5
$EndElements
"""


def binary(text: str) -> bytes:
    """The same mesh as a binary file."""
    head, nodes, elements = re.split(r"\$Nodes\n|\$Elements\n", text)
    rows = [line.split() for line in nodes.splitlines()[1:-1]]
    points = np.array(
        [(row[0], row[1:]) for row in rows], dtype=[("number", "<i4"), ("place", "<f8", 3)]
    )
    numbers = np.array([line.split() for line in elements.splitlines()[1:-1]], dtype="<i4")
    block = np.array([2, len(numbers), 2], dtype="<i4")
    return b"".join(
        [
            head.replace("2.2 0 8\n", "2.2 1 8\n\x01\x00\x00\x00\n").encode(),
            f"$Nodes\n{len(points)}\n".encode(),
            points.tobytes(),
            f"\n$EndNodes\n$Elements\n{len(numbers)}\n".encode(),
            block.tobytes() + np.delete(numbers, [1, 2], axis=1).tobytes(),
            b"\n$EndElements\n",
        ]
    )


@pytest.mark.parametrize("content", [BY_MESHIO.encode(), binary(BY_MESHIO)], ids=["text", "binary"])
def test_groups_of_elements_without_surfaces_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.msh").write_bytes(content)
    mesh, vectors = load(tmp_path / "own.msh")
    assert vectors == pytest.approx(np.diag([2, 1]))
    assert mesh.phase.tolist() == [0, 0, 1, 1]
    assert describe(mesh, vectors)["volume_fraction_meshed"] == pytest.approx(0.5)


def test_a_file_without_groups_says_how_to_write_them(tmp_path: Path) -> None:
    text = re.sub(r"(?s)\$PhysicalNames.*\$EndPhysicalNames\n", "", BY_MESHIO)
    (tmp_path / "own.msh").write_text(re.sub(r"(?m)^(\d 2 2) \d 0", r"\1 0 0", text))
    assert '`cell_data={"gmsh:physical": ...}` and `file_format="gmsh22"`' in refusal(
        tmp_path / "own.msh"
    )
    with drawing(tmp_path / "own.msh"):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    text = (tmp_path / "own.msh").read_text()
    (tmp_path / "own.msh").write_text(re.sub(r"(?s)\$Entities.*\$EndEntities\n", "", text))
    assert refusal(tmp_path / "own.msh") == (
        "it has no section $Entities, and so no physical groups; meshio leaves it out of format "
        '4.1: write with `file_format="gmsh22"`'
    )


# Three dimensions


@pytest.mark.parametrize("on_faces", [False, True])
def test_a_mesh_of_volumes_is_refused(tmp_path: Path, on_faces: bool) -> None:
    """Also where its faces have the groups of a cell."""
    with gmsh_session():
        rectangles([0, 1, 2], ["matrix", "fibre"] if on_faces else [None, None])
        solids = gmsh.model.occ.extrude([(2, 1), (2, 2)], 0, 0, 0.5, [1])
        gmsh.model.occ.synchronize()
        volumes = [tag for dimension, tag in solids if dimension == 3]
        for volume, name in zip(volumes, ("matrix", "fibre"), strict=True):
            gmsh.model.addPhysicalGroup(3, [volume], name=name)
        gmsh.model.mesh.generate(3)
        gmsh.write(str(tmp_path / "own.msh"))
    reason = refusal(tmp_path / "own.msh")
    assert re.match(
        r"the mesh is three-dimensional: it has \d+ volume elements, Tetrahedron 4\.", reason
    )
    assert "mesh that surface alone, in a plane z = constant" in reason


def test_damaged_files_are_no_mesh(tmp_path: Path) -> None:
    for text in (BY_MESHIO[:250], BY_MESHIO.replace("1 2 5\n", "1 2 99\n")):
        (tmp_path / "own.msh").write_text(text)
        reason = refusal(tmp_path / "own.msh")
        assert reason.startswith("not a gmsh mesh file (") and "cleaned" not in reason

"""Meshes of Abaqus input files: what is read, what is refused, in which row."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from drawn import drawing, periodic_square
from meshes import relative_difference, stiffness
from numpy.typing import NDArray

from rve.errors import InputError
from rve.microstructure.mesh import Mesh, load, read
from rve.microstructure.phases import FIBRE, MATRIX
from rve.microstructure.statistics import describe

Array = NDArray[np.float64]


# Four unit squares side by side, the middle two of fibre.
NODES = """*Heading
 a cell
** a comment
*Node
1, 0., 0.
2, 1., 0.
3, 2., 0., 0.
4, 3., 0.
5, 4.0D0, 0.
11, 0., 1.
12, 1., 1.
13, 2., 1.
14, 3., 1.
15, 4., 1.
"""
ELEMENTS = """*Element, type=CPE4R
1, 1, 2, 12, 11
2, 2, 3, 13, 12
3, 3, 4, 14, 13
4, 4, 5, 15, 14
"""
SETS = """*Elset, elset=Matrix
1, 4
*Elset, elset="FIBRES", generate
2, 3, 1
"""


def loaded(path: Path, text: str) -> tuple[Mesh, Array]:
    path.write_text(text)
    return load(path)


def refusal(path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        loaded(path, text)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.inp"


def written(mesh: Mesh) -> str:
    """An input file with second-order triangles and sets of the phases, in rows as Abaqus cuts."""
    lines = ["*NODE, NSET=ALL"]
    lines += [f"{n}, {x!r}, {y!r}" for n, (x, y) in enumerate(mesh.nodes.tolist(), start=1)]
    lines += ["*ELEMENT, TYPE=CPE6,", " ELSET=EALL"]
    for n, nodes in enumerate((mesh.triangles + 1).tolist(), start=1):
        lines += [f"{n}, {', '.join(map(str, nodes[:4]))},", ", ".join(map(str, nodes[4:]))]
    for phase, name in ((MATRIX, "resin"), (FIBRE, "strands")):
        numbers: Sequence[int] = (np.flatnonzero(mesh.phase == phase) + 1).tolist()
        lines += [f"*ELSET, ELSET={name}"]
        rows = [numbers[i : i + 16] for i in range(0, len(numbers), 16)]
        lines += [", ".join(map(str, row)) + "," for row in rows]
    lines += ["*SOLID SECTION, ELSET=resin, MATERIAL=m", "1.,"]
    lines += ["*ORIENTATION, NAME=o, SYSTEM=CYLINDRICAL", "*STEP", "*STATIC", "*END STEP"]
    return "\n".join(lines) + "\n"


def test_a_cell_of_gmsh_written_for_abaqus_is_the_same(path: Path, tmp_path: Path) -> None:
    with drawing(tmp_path / "cell.msh"):
        periodic_square(0.3, 0.15)
    mesh = read(tmp_path / "cell.msh")
    path.write_text(written(mesh))
    own, vectors = load(path, {"matrix": ["resin"], "fibre": ["strands"]})
    assert vectors == pytest.approx(np.eye(2), abs=1e-12)
    assert np.array_equal(own.phase, mesh.phase)
    assert relative_difference(stiffness(own), stiffness(mesh)) < 1e-12


@pytest.mark.parametrize("kind", ["CPE4", "CPS4R", "cpe4h", "S4", "S4R", "M3D4", "R3D4", "DC2D4"])
def test_plane_elements_of_all_families_are_read(path: Path, kind: str) -> None:
    mesh, vectors = loaded(path, NODES + ELEMENTS.replace("CPE4R", kind) + SETS)
    assert vectors == pytest.approx(np.diag([4, 1]))
    assert describe(mesh, vectors)["volume_fraction_meshed"] == pytest.approx(0.5)
    assert describe(mesh, vectors)["elements"] == 8


@pytest.mark.parametrize("kind", ["CPE8", "CPS8R", "S8R5", "M3D8R", "M3D9", "S9R5"])
def test_quadrilaterals_of_second_order_are_read(path: Path, kind: str) -> None:
    """Four in a row, each 1 x 1, their upper edges curved; nodes of a grid of halves."""
    i, j = np.meshgrid(np.arange(9), np.arange(3), indexing="ij")
    number = 1 + i + 100 * j
    rise = 0.1 * (i % 2)
    rows = np.stack([number, i / 2, j / 2 + rise], axis=-1).reshape(-1, 3)
    lines = ["*NODE", *(f"{int(n)}, {x!r}, {y!r}" for n, x, y in rows.tolist())]
    lines += [f"*ELEMENT, TYPE={kind}"]
    for element, a in enumerate((0, 2, 4, 6), start=1):
        n = number[a : a + 3]
        around = [n[0, 0], n[2, 0], n[2, 2], n[0, 2], n[1, 0], n[2, 1], n[1, 2], n[0, 1], n[1, 1]]
        lines.append(", ".join(map(str, [element, *around[: 9 if "9" in kind else 8]])))
    mesh, vectors = loaded(path, "\n".join(lines) + "\n" + SETS)
    assert np.linalg.det(vectors) == pytest.approx(4)
    assert describe(mesh, vectors)["elements"] == 8
    assert describe(mesh, vectors)["volume_fraction_meshed"] == pytest.approx(0.5)


def test_sets_are_named_at_the_elements_and_made_of_sets(path: Path) -> None:
    elements = ELEMENTS.replace("CPE4R", "CPE4, elset=left").replace(
        "3, 3, 4",
        "*element, type=CPE3, ELSET=right\n5, 3, 4, 13\n6, 4, 14, 13\n"
        "*ELEMENT, TYPE=CPE4, ELSET=right\n3, 3, 4",
    )
    elements = elements.replace("3, 3, 4, 14, 13\n", "")
    mesh, _ = loaded(
        path, NODES + elements + "*ELSET, ELSET=fibre\nright\n*ELSET, ELSET=MATRIX\nLEFT,"
    )
    assert np.bincount(mesh.phase).tolist() == [4, 4]


def test_parts_and_assemblies_of_cae_are_read(path: Path) -> None:
    text = (
        NODES.replace("*Node", "*Part, name=Part-1\n*Node", 1)
        + ELEMENTS
        + "*Elset, elset=Set-1\n1, 2\n*End Part\n*Assembly, name=Assembly\n"
        "*Instance, name=Part-1-1, part=Part-1\n 7., 8., 0.\n*End Instance\n"
        "*Node, system=C\n1, 5., 5., 0.\n*Nset, nset=RP\n1,\n"
        "*Elset, elset=_Surf_S1, internal, instance=Part-1-1\n1, 99\n"
        "*Elset, elset=Matrix, instance=Part-1-1\n 1, 4\n"
        "*Elset, elset=Fibre, instance=Part-1-1, generate\n 2, 3, 1\n*End Assembly\n"
    )
    mesh, vectors = loaded(path, text)
    assert vectors == pytest.approx(np.diag([4, 1]))
    assert np.bincount(mesh.phase).tolist() == [4, 4]
    rotated = text.replace("7., 8., 0.\n", "7., 8., 0.\n0., 0., 0., 0., 0., 1., 45.\n")
    assert "*INSTANCE is rotated, and the mesh is that of the part" in refusal(path, rotated)
    clash = text.replace(
        "instance=Part-1-1\n 1, 4", "instance=Part-1-1\n 1, 4\n*Elset, elset=SET-1\n3"
    )
    assert "the set Set-1 has other elements in the assembly than in the part" in refusal(
        path, clash
    )


def test_line_elements_are_left_out(path: Path) -> None:
    text = NODES + ELEMENTS + "*ELEMENT, TYPE=T2D2, ELSET=edge\n7, 1, 2\n" + SETS
    assert loaded(path, text)[0].phase.sum() == 4


WRONG = [
    ("*Include, input=mesh.inp\n", "row 15: *Include, input=mesh.inp is not read; write"),
    ("*Node, input=nodes.inp\n", "row 15: *Node, input=nodes.inp is not read; write the mesh out"),
    ("*Ngen\n1, 5, 1\n", "row 15: *Ngen is not read; write the mesh out in this file"),
    ("*Node, system=C\n1, 1, 1\n", "row 15: *Node, system=C is not read; write the mesh out"),
    ("*Node\n1, 5., 5.\n", "row 16: node 1 stands twice; the mesh has to be one part"),
    ("*Node\n31, a, 5.\n", "row 16: expected a number, found 'A'"),
    ("*Element, type=C3D4\n1, 1, 2, 3, 4\n", "the mesh is three-dimensional: it has 1 volume"),
    ("*Element, type=CAX4\n1, 1, 2, 12, 11\n", "row 15: *ELEMENT of type CAX4, expected triangles"),
    ("*Element\n1, 1, 2, 12, 11\n", "row 15: *ELEMENT of type unknown, expected"),
    ("*Element, type=CPE4\n1, 1, 2, 12\n", "row 16: expected an element and its 4 nodes, found 4"),
    ("*Element, type=CPE4\n1, 1, 2, 12, 99\n", "row 16: element 1 has the node 99, which is not"),
    ("*Element, type=CPE3\n1, 1, 2, 12\n1, 2, 3, 13\n", "row 17: element 1 stands twice"),
    ("*Elset, generate\n1, 2\n", "row 15: *ELSET has no name"),
    ("*Elset, elset=a, generate\n3, 1\n", "row 16: expected first element, last element, incr"),
    ("*Elset, elset=a, generate\n3\n", "row 16: expected first element, last element, incr"),
    ("*Elset, elset=a, generate\n1, 3, 1, 1\n", "row 16: expected first element, last element"),
    ("*Elset, elset=a\nb\n", "row 16: expected a whole number, found 'b'"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_is_not_a_mesh_written_out_is_refused_with_its_row(
    path: Path, text: str, words: str
) -> None:
    assert refusal(path, NODES + text + ELEMENTS + SETS).startswith(words)


def test_files_without_a_mesh_or_sets_are_refused(path: Path) -> None:
    assert "row 1: expected a keyword such as *NODE" in refusal(path, "$MeshFormat\n")
    assert "no plane elements in it" in refusal(path, NODES)
    assert "the mesh has no groups of surfaces at all" in refusal(path, NODES + ELEMENTS)
    missing = NODES + ELEMENTS + SETS.replace("1, 4", "1, 9")
    assert "the set Matrix has the element 9, which is not there" in refusal(path, missing)

"""Physical groups as people name them, elements in several of them, triangles of first order."""

import logging
from pathlib import Path

import gmsh
import numpy as np
import pytest
from drawn import drawing, gmsh_session, periodic_square, rectangles
from hypothesis import given
from hypothesis import strategies as st
from meshes import relative_difference, stiffness
from properties import examples

from rve.errors import InputError
from rve.microstructure.mesh import load, read, write
from rve.microstructure.phases import BY_NAME, Group, Groups, groups_of_phases, ordered
from rve.microstructure.statistics import describe


def fibre_fraction(path: Path, groups: Groups = BY_NAME) -> float:
    return describe(*load(path, groups))["volume_fraction_meshed"]


def refusal(path: Path, groups: Groups = BY_NAME) -> str:
    with pytest.raises(InputError) as caught:
        load(path, groups)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.msh"


# Names


@pytest.mark.parametrize(
    ("matrix", "fibre"),
    [("Matrix", "Fibres"), ("MATRIX", "fiber"), ("matrices", "FIBERS"), ("matrix", "Fibre")],
)
def test_usual_names_are_found(path: Path, matrix: str, fibre: str) -> None:
    with drawing(path):
        rectangles([0, 3, 4], [matrix, fibre])
    assert fibre_fraction(path) == pytest.approx(1 / 4)


CHOICES: list[tuple[Groups, float]] = [
    ({"matrix": ["Domain"], "fibre": ["strands", 2]}, 3 / 6),
    ({"matrix": ["Domain", 2], "fibre": ["strands"]}, 1 / 6),
    ({"matrix": [2, 7], "fibre": ["Domain"]}, 3 / 6),
]


@pytest.mark.parametrize(("groups", "fraction"), CHOICES)
@pytest.mark.parametrize("version", [2.2, 4.1])
def test_groups_are_chosen_by_name_and_number(
    path: Path, groups: Groups, fraction: float, version: float
) -> None:
    with drawing(path, version=version):
        rectangles([0, 3, 4, 6], [None, None, None])
        for number, (surface, name) in {5: (1, "Domain"), 7: (2, "strands"), 2: (3, "")}.items():
            gmsh.model.addPhysicalGroup(2, [surface], number, name)
    assert fibre_fraction(path, groups) == pytest.approx(fraction)


def test_a_phase_that_is_not_chosen_is_found_by_name(path: Path) -> None:
    with drawing(path):
        rectangles([0, 3, 4, 6], ["Matrix", "strands", "fibre"])
    assert refusal(path, {"fibre": ["strands"]}).startswith("the element near (4.")
    assert fibre_fraction(path, {"fibre": ["strands", "fibre"]}) == pytest.approx(3 / 6)


names = st.sampled_from(["matrix", "fibre", "Fibers", "Domain", "a", "b", ""])


@examples(100)
@given(data=st.data(), found=st.lists(names, min_size=2, max_size=5))
def test_a_group_is_of_one_phase_at_most(data: st.DataObject, found: list[str]) -> None:
    groups = {Group(number, name) for number, name in enumerate(found, start=1)}
    labels = st.sampled_from(sorted({group.name or group.number for group in groups}, key=str))
    chosen = data.draw(st.dictionaries(st.sampled_from(["matrix", "fibre"]), st.tuples(labels)))
    if len(set(chosen.values())) < len(chosen):
        return
    try:
        matrix, fibre = groups_of_phases(groups, chosen).values()
    except InputError as error:
        assert "no elements in a group of surfaces called" in str(error)
    else:
        assert matrix and fibre and not matrix & fibre
        for phase, its in (("matrix", matrix), ("fibre", fibre)):
            if phase in chosen:
                assert {group.name or group.number for group in its} == set(chosen[phase])


def test_groups_that_do_not_fit_are_listed(path: Path) -> None:
    with drawing(path):
        rectangles([0, 1, 2], ["Domain", ""])
    found = "the mesh has `Domain`, group 2 (no name)"
    assert refusal(path) == (
        f"no elements in a group of surfaces called matrix; {found}. A cell has a matrix "
        "and at least one other phase: name the groups of each in the configuration, as in "
        "`rve: {groups: {matrix: [resin], fibre: [strands, 7], coating: [size]}}`; a group without "
        "a name by its number"
    )
    assert refusal(path, {"matrix": ["domain"], "fibre": [2]}) == (
        f"no elements in the group domain of rve.groups; {found}"
    )
    assert f"called fibre or void; {found}. A" in refusal(path, {"matrix": ["Domain"]})


def test_a_mesh_without_groups_is_refused(path: Path) -> None:
    with drawing(path):
        rectangles([0, 1, 2], [None, None])
    assert "; the mesh has no groups of surfaces at all (with gmsh: `Physical" in refusal(path)


# Elements in several groups, or in none


@pytest.mark.parametrize("version", [2.2, 4.1])
def test_a_group_of_everything_changes_nothing(path: Path, version: float) -> None:
    """Format 2.2 lists an element once for each of its groups."""
    with drawing(path, version=version):
        rectangles([0, 1, 2], ["matrix", "fibre"])
        gmsh.model.addPhysicalGroup(2, [1, 2], name="all")
        gmsh.model.addPhysicalGroup(2, [2], name="fibres")
    plain = path.with_stem("plain")
    with drawing(plain, version=version):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    mesh, other = load(path)[0], load(plain)[0]
    assert mesh.nodes == pytest.approx(other.nodes, abs=1e-12)
    assert np.array_equal(mesh.triangles, other.triangles)
    assert np.array_equal(mesh.phase, other.phase)


def test_elements_repeated_on_a_surface_of_another_group_count_once(path: Path) -> None:
    """As programs write them that know no surfaces but the groups."""
    with drawing(path):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    with gmsh_session():
        gmsh.open(str(path))
        gmsh.model.addDiscreteEntity(2, 9)
        for surface in (1, 2):
            _, nodes = gmsh.model.mesh.getElementsByType(9, surface)
            turned = nodes.reshape(-1, 6)[:, [1, 2, 0, 4, 5, 3]]
            gmsh.model.mesh.addElementsByType(9, 9, [], turned.ravel())
        gmsh.model.addPhysicalGroup(2, [9], name="everything")
        gmsh.write(str(path))
    assert fibre_fraction(path) == pytest.approx(1 / 2)


@pytest.mark.parametrize("version", [2.2, 4.1])
def test_an_element_of_both_phases_is_refused_with_its_groups(path: Path, version: float) -> None:
    with drawing(path, version=version):
        rectangles([0, 1, 2], ["matrix", "strands"])
        gmsh.model.addPhysicalGroup(2, [2], name="fibre")
    reason = refusal(path, {"matrix": ["matrix", "strands"]})
    assert reason.startswith("the element near (1.")
    assert "is in matrix and fibre, by its groups `strands`, `fibre`; take it out of one" in reason
    assert "overlap" not in reason


def test_a_coating_is_a_third_phase_until_it_is_assigned(path: Path) -> None:
    with drawing(path):
        rectangles([0, 1, 2, 3], ["matrix", "fibre", "coating"])
    reason = refusal(path)
    assert reason.startswith("the element near (2.")
    assert (
        ") is in `coating`, which is of no phase; list the group in the configuration under the "
        "phase whose law it takes"
    ) in reason
    coated = {"fibre": ["fibre", "coating"]}
    assert fibre_fraction(path, coated) == pytest.approx(2 / 3)
    mesh, lattice = load(path, {"size": ["coating"]})
    assert mesh.phases == ("matrix", "fibre", "size")
    thirds = dict.fromkeys(mesh.phases, pytest.approx(1 / 3))
    assert describe(mesh, lattice)["volume_fractions"] == thirds
    write(mesh, path)
    assert read(path).phases == mesh.phases


@pytest.mark.parametrize("name", ["void", "Voids", "pores", "PORE", "hole"])
def test_a_cell_may_have_voids_and_no_fibre(path: Path, name: str) -> None:
    with drawing(path):
        periodic_square(0.3, 0.2, name)
    mesh, lattice = load(path)
    assert mesh.phases == ("matrix", "void")
    inside = np.linalg.norm(mesh.nodes[mesh.triangles[:, :3]].mean(axis=1) - 0.5, axis=1) < 0.3
    assert np.array_equal(inside, mesh.phase == 1)
    facts = describe(mesh, lattice)
    assert (facts["fibres"], facts["volume_fraction_meshed"]) == (0, 0)
    assert facts["volume_fractions"]["void"] == pytest.approx(0.09 * np.pi, rel=1e-3)
    unused = set(np.unique(mesh.triangles[inside])) - set(np.unique(mesh.triangles[~inside]))
    with drawing(path):
        periodic_square(0.3, 0.2)
    assert facts["unknowns"] == describe(*load(path))["unknowns"] - 3 * len(unused)


@given(st.permutations(["rubber", "void", "fibre", "carbon", "matrix", "matrix"]))
def test_the_order_of_phases_is_that_of_their_names_alone(names: list[str]) -> None:
    assert ordered(names) == ("matrix", "fibre", "carbon", "rubber", "void")


def test_an_element_in_no_group_is_refused(path: Path) -> None:
    with drawing(path):
        rectangles([0, 1, 2, 3], ["matrix", "fibre", None])
        gmsh.option.setNumber("Mesh.SaveAll", 1)
    reason = refusal(path)
    assert reason.startswith("the element near (2.")
    assert reason.endswith(
        ") is in no physical group; put every surface in one, of the matrix or of another phase"
    )


# Kinds of elements


def disc_in_square(path: Path, order: int) -> None:
    with drawing(path, order):
        periodic_square(0.3, 0.2)


@pytest.fixture
def straight(tmp_path: Path) -> tuple[Path, Path]:
    """One mesh of straight triangles, in a file of first order and in one of second."""
    first, second = tmp_path / "first.msh", tmp_path / "second.msh"
    disc_in_square(first, 1)
    with gmsh_session():
        gmsh.open(str(first))
        gmsh.model.mesh.setOrder(2)
        gmsh.write(str(second))
    return first, second


def test_triangles_of_first_order_are_raised(
    straight: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        first, second = (load(path)[0] for path in straight)
    assert caplog.text.count("the elements are of first order") == 1
    assert len(first.nodes) == len(second.nodes)
    assert np.array_equal(first.phase, second.phase)
    places = [mesh.nodes[mesh.triangles] for mesh in (first, second)]
    assert places[0] == pytest.approx(places[1], abs=1e-15)
    assert relative_difference(*(stiffness(mesh) for mesh in (first, second))) < 1e-14


def test_straight_elements_cut_off_the_roundness_of_a_fibre(
    straight: tuple[Path, Path], tmp_path: Path
) -> None:
    disc_in_square(tmp_path / "curved.msh", 2)
    polygon, disc = (fibre_fraction(path) for path in (straight[0], tmp_path / "curved.msh"))
    assert disc == pytest.approx(0.09 * np.pi, rel=1e-4)
    assert polygon < 0.995 * disc


def test_both_orders_in_one_mesh_are_refused(path: Path) -> None:
    with drawing(path, order=1):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    with gmsh_session():
        gmsh.open(str(path))
        corners = [[5, 0], [6, 0], [5, 1], [5.5, 0], [5.5, 0.5], [5, 0.5]]
        gmsh.model.addDiscreteEntity(2, 9)
        tags = range(1001, 1007)
        gmsh.model.mesh.addNodes(2, 9, tags, np.pad(corners, ((0, 0), (0, 1))).ravel())
        gmsh.model.mesh.addElementsByType(9, 9, [], tags)
        gmsh.model.addPhysicalGroup(2, [9], name="fibres")
        gmsh.write(str(path))
    assert refusal(path) == (
        "some elements are of first order, others of second; mesh with one order"
    )


def test_elements_of_higher_order_are_refused(path: Path) -> None:
    with drawing(path, order=3):
        rectangles([0, 1, 2], ["matrix", "fibre"])
    assert "is a Triangle 10, expected triangles or quadrilaterals of first or" in refusal(path)

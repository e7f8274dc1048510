"""The cell: hard discs in the periodic square, their statistics and their mesh."""

import dataclasses
import time
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import curved_areas, quadratic_shapes, rectangular_mesh
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.homogenisation.cell import Cell, discretise
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh, generate, read
from rve.microstructure.packing import Packing, nearest_neighbour_distances, pack
from rve.microstructure.phases import FIBRE, MATRIX
from rve.microstructure.statistics import describe, describe_packing, element_quality, ripley_k

Array = NDArray[np.float64]

PLACE = 1e-9  # cell edges
IMAGES = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])


def neighbour_distances(centres: Array) -> Array:
    """Distances (n, 9 n) of each centre to the nine images of all, itself left out."""
    images = (centres + IMAGES[:, None]).reshape(-1, 2)
    distances = np.linalg.norm(centres[:, None] - images, axis=-1)
    distances[distances == 0] = np.inf
    return distances


@examples(20)
@given(st.integers(1, 12), st.floats(0.2, 0.5), st.floats(0, 0.1), st.integers(0, 100))
def test_smallest_gap_is_kept_across_the_edges_too(
    fibres: int, volume_fraction: float, minimum_gap: float, seed: int
) -> None:
    packing = pack(fibres, volume_fraction, minimum_gap, seed)
    gap = neighbour_distances(packing.centres).min() / packing.radius - 2
    assert gap >= minimum_gap - 1e-12
    assert fibres * np.pi * packing.radius**2 == pytest.approx(volume_fraction, rel=1e-13)
    assert packing.centres.min() >= 0
    assert packing.centres.max() <= 1


@pytest.mark.slow
@examples(10)
@given(
    st.integers(12, 200), st.floats(0.30, 0.65), st.floats(0.02, 0.08), st.integers(0, 2**32 - 1)
)
def test_packings_of_the_promised_range_are_sound_or_refused_within_seconds(
    fibres: int, volume_fraction: float, minimum_gap: float, seed: int
) -> None:
    start = time.process_time()
    try:
        packing = pack(fibres, volume_fraction, minimum_gap, seed)
    except InputError:
        packing = None
    assert time.process_time() - start < 30
    if packing is not None:
        assert packing.centres.shape == (fibres, 2)
        gap = neighbour_distances(packing.centres).min() / packing.radius - 2
        assert gap >= minimum_gap - 1e-12
        assert fibres * np.pi * packing.radius**2 == pytest.approx(volume_fraction, rel=1e-13)


@pytest.mark.parametrize("fibres", [12, 200])
def test_densest_packings_of_the_promised_range_succeed(fibres: int) -> None:
    packing = pack(fibres, 0.65, 0.08, seed=1)
    assert neighbour_distances(packing.centres).min() >= 2.08 * packing.radius * (1 - 1e-14)


def test_thirty_fibres_at_sixty_percent_keep_five_percent_of_the_radius() -> None:
    packing = pack(30, 0.60, 0.05, seed=1)
    assert packing.centres.shape == (30, 2)
    assert 30 * np.pi * packing.radius**2 == pytest.approx(0.60, rel=1e-14)
    assert neighbour_distances(packing.centres).min() >= 2.05 * packing.radius * (1 - 1e-14)


@pytest.mark.parametrize("fibres", [1, 2, 5, 11])
def test_no_fibre_nearly_touches_an_edge(fibres: int) -> None:
    """The 2 n extremes of n discs along an axis leave a space of 1 / (2 n) for the edge."""
    packing = pack(fibres, 0.5, 0.05, seed=2)
    extremes = np.concatenate([packing.centres + packing.radius, packing.centres - packing.radius])
    to_edge = np.abs(extremes - np.round(extremes)).min()
    assert to_edge >= 1 / (4 * fibres) - 1e-12


def test_shaking_leaves_few_fibres_in_contact() -> None:
    """Pushing alone ends with nearly every disc in contact; a hard-disc fluid has hardly any."""
    packing = pack(30, 0.60, 0.05, seed=1)
    gaps = neighbour_distances(packing.centres).min(axis=1) / packing.radius - 2
    assert (gaps < 0.05 + 2e-4).mean() < 0.1


def test_packing_is_the_seeds_alone() -> None:
    once, again, other = (pack(10, 0.60, 0.05, seed) for seed in (7, 7, 8))
    assert np.array_equal(once.centres, again.centres)
    assert not np.allclose(once.centres, other.centres)


@pytest.mark.parametrize(("fibres", "volume_fraction", "gap"), [(1, 0.79, 0.0), (5, 0.92, 0.05)])
def test_impossible_packings_are_refused(fibres: int, volume_fraction: float, gap: float) -> None:
    """A single disc in a square holds at most pi / 4, any discs pi / sqrt(12) (Thue)."""
    with pytest.raises(InputError, match=r"rve\.volume_fraction: .* could not be packed; lower"):
        pack(fibres, volume_fraction, gap, seed=1)


@pytest.mark.slow
def test_large_packings_are_made_or_given_up_within_seconds() -> None:
    start = process_time()
    packing = pack(200, 0.65, 0.2, seed=1)
    assert neighbour_distances(packing.centres).min() >= 2.2 * packing.radius * (1 - 1e-14)
    with pytest.raises(InputError, match="could not be packed"):
        pack(400, 0.65, 0.3, seed=1)
    assert process_time() - start < 20


@examples(20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_nearest_neighbours_are_found_across_the_edges(seed: int, fibres: int) -> None:
    centres = np.random.default_rng(seed).random((fibres, 2))
    expected = neighbour_distances(centres).min(axis=1)
    assert nearest_neighbour_distances(centres) == pytest.approx(expected, rel=1e-12)


def test_ripley_function_counts_neighbours_on_a_lattice() -> None:
    """K = neighbours within r over the density: 4 at the spacing a, 8 at sqrt(2) a."""
    ticks = np.arange(5) / 5
    lattice = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    radii = np.array([0.0, 0.19, 0.21, 0.29, 0.39])
    assert ripley_k(lattice, radii) == pytest.approx(np.array([0, 0, 4, 8, 8]) / 25)


def test_element_quality_is_that_of_the_triangle() -> None:
    """q = 4 sqrt(3) A / sum of squared edges: halved squares have sqrt(3) / 2."""
    ticks = np.linspace(0, 1, 4)
    halved_squares = rectangular_mesh(ticks, ticks, np.zeros((3, 3), dtype=int))
    assert element_quality(halved_squares) == pytest.approx(np.sqrt(3) / 2, rel=1e-12)


def test_description_holds_what_is_measured(packing: Packing, mesh: Mesh, cell: Cell) -> None:
    distances = neighbour_distances(packing.centres).min(axis=1)
    facts = describe(mesh, lattice=np.eye(2)) | describe_packing([packing])
    assert facts["fibres"] == 4
    assert facts["volume_fraction_packed"] == pytest.approx(0.60, rel=1e-12)
    assert facts["smallest_gap_over_radius"] == pytest.approx(distances.min() / packing.radius - 2)
    assert facts["nearest_neighbour_mean"] == pytest.approx(distances.mean())
    assert facts["elements"] == len(cell.phase)


@pytest.fixture(scope="module", params=["four fibres", "the paper's study"])
def cut(
    request: pytest.FixtureRequest, packing: Packing, mesh: Mesh, tmp_path_factory
) -> tuple[Packing, Mesh]:
    """A packing and its mesh: coarse, or with the fibres and the size of config.yaml."""
    if request.param == "four fibres":
        return packing, mesh
    large = pack(30, 0.60, 0.05, seed=1)
    path = tmp_path_factory.mktemp("mesh") / "thirty_fibres.msh"
    generate(large, 0.035, path)
    return large, read(path)


def test_meshed_fibres_have_the_volume_fraction(cut: tuple[Packing, Mesh]) -> None:
    mesh = cut[1]
    areas = curved_areas(mesh)
    assert areas[mesh.phase == FIBRE].sum() == pytest.approx(0.60, abs=1e-3)
    assert areas.sum() == pytest.approx(1, abs=1e-12)


def test_elements_are_not_inverted(cut: tuple[Packing, Mesh]) -> None:
    """The Jacobian of a quadratic triangle, at its nodes and its centre, is positive."""
    mesh = cut[1]
    xi = np.array([0, 1, 0, 0.5, 0.5, 0, 1 / 3])
    eta = np.array([0, 0, 1, 0, 0.5, 0.5, 1 / 3])
    gradients = quadratic_shapes(xi, eta)[1]
    jacobians = np.einsum("mki,qkj->mqij", mesh.nodes[mesh.triangles], gradients)
    assert np.linalg.det(jacobians).min() > 0


def test_every_node_on_an_edge_has_its_partner(cut: tuple[Packing, Mesh]) -> None:
    for axis in range(2):
        across = cut[1].nodes[:, 1 - axis]
        lower = np.sort(across[np.abs(cut[1].nodes[:, axis]) < PLACE])
        upper = np.sort(across[np.abs(cut[1].nodes[:, axis] - 1) < PLACE])
        assert len(lower) > 4
        assert upper == pytest.approx(lower, abs=PLACE)


def test_elements_lie_in_their_phase(cut: tuple[Packing, Mesh]) -> None:
    """Nodes of fibre elements lie within a circle or on it, those of the matrix outside or on."""
    packing, mesh = cut
    images = (packing.centres + IMAGES[:, None]).reshape(-1, 2)
    outside = np.linalg.norm(mesh.nodes[:, None] - images, axis=-1).min(axis=1) - packing.radius
    assert set(np.unique(mesh.phase)) == {MATRIX, FIBRE}
    assert outside[mesh.triangles[mesh.phase == FIBRE]].max() < PLACE
    assert outside[mesh.triangles[mesh.phase == MATRIX]].min() > -PLACE


def test_discretised_fractions_are_the_meshed_areas(mesh: Mesh, cell: Cell) -> None:
    areas = curved_areas(mesh)
    expected = [areas[mesh.phase == phase].sum() for phase in (MATRIX, FIBRE)]
    assert cell.fractions == pytest.approx(expected, rel=1e-12)


def test_nodes_share_a_number_if_they_are_periodic_images(mesh: Mesh) -> None:
    numbers = lattice_of(mesh.nodes, mesh.triangles).number
    difference = mesh.nodes[:, None] - mesh.nodes
    images = (np.abs(difference - np.round(difference)) < PLACE).all(axis=-1)
    assert np.array_equal(numbers[:, None] == numbers, images)
    assert sorted(set(numbers)) == list(range(numbers.max() + 1))


@pytest.mark.parametrize(("fibres", "seed"), [(20, 4), (30, 7), (50, 2), (12, 1)])
def test_arcs_that_begin_near_an_edge_are_meshed_well(
    tmp_path: Path, fibres: int, seed: int
) -> None:
    """A circle's own vertex beside an edge of the cell would leave an arc of almost no length."""
    generate(pack(fibres, 0.6, 0.05, seed), 0.3 / np.sqrt(fibres), tmp_path / "cell.msh")
    mesh = read(tmp_path / "cell.msh")
    assert discretise(mesh).fractions[FIBRE] == pytest.approx(0.6, abs=1e-3)
    assert element_quality(mesh).min() > 0.15


@pytest.mark.parametrize("text", ["hello\n", "a,b\n1,2\n", None])
def test_files_that_are_no_mesh_are_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "wrong.msh"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=r"wrong\.msh: (not a gmsh mesh file|.*No such file)"):
        read(path)


def test_truncated_mesh_is_refused(tmp_path: Path, mesh_file: Path) -> None:
    path = tmp_path / "half.msh"
    whole = mesh_file.read_text(encoding="utf-8")
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"half\.msh: not a gmsh mesh file"):
        read(path)


def test_mesh_that_is_not_periodic_is_refused(mesh: Mesh) -> None:
    nodes = mesh.nodes.copy()
    on_edge = np.flatnonzero((nodes[:, 0] < PLACE) & (np.abs(nodes[:, 1] - 0.5) < 0.4))[0]
    nodes[on_edge, 1] += 1e-3
    with pytest.raises(InputError, match=r"not periodic: no edge .* of that at \(0, 0\."):
        discretise(dataclasses.replace(mesh, nodes=nodes))


def test_mesh_of_another_size_is_refused(mesh: Mesh) -> None:
    with pytest.raises(InputError, match=r"covers an area of 0\.81, expected 1"):
        discretise(dataclasses.replace(mesh, nodes=0.9 * mesh.nodes))


@pytest.mark.parametrize("shift", [-0.5, 0.3137])
def test_the_place_of_the_cell_does_not_matter(mesh: Mesh, cell: Cell, shift: float) -> None:
    elsewhere = discretise(dataclasses.replace(mesh, nodes=mesh.nodes + shift))
    assert np.array_equal(elsewhere.element_unknowns, cell.element_unknowns)
    assert elsewhere.strain_displacement == pytest.approx(cell.strain_displacement, abs=1e-9)


def test_inverted_elements_are_refused(mesh: Mesh) -> None:
    mirrored = mesh.nodes * [-1, 1] + [1, 0]
    with pytest.raises(InputError, match="inverted element near"):
        discretise(dataclasses.replace(mesh, nodes=mirrored))

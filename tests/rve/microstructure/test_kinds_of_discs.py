"""Cells of several phases: rings around fibres, voids, and fibres of several kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import curved_areas, quadratic_shapes
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.microstructure.discs import Discs, discs_of
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh, generate, read
from rve.microstructure.packing import Packing, pack, pack_together
from rve.microstructure.statistics import describe, describe_packing

Array = NDArray[np.float64]

PLACE = 1e-9  # cell edges
IMAGES = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])


def smallest_gap(one: Packing, other: Packing) -> float:
    """Between the surfaces of discs or rings, in cell edges, across the edges too."""
    images = (other.centres + IMAGES[:, None]).reshape(-1, 2)
    distances = np.linalg.norm(one.centres[:, None] - images, axis=-1)
    outer = sum(kind.radius * (1 + kind.interphase) for kind in (one, other))
    return float(distances[distances > 0].min() - outer)


kinds_of_discs = st.lists(
    st.builds(
        Discs,
        number=st.integers(2, 12),
        volume_fraction=st.floats(0.03, 0.12),
        phase=st.sampled_from(["fibre", "glass", "void"]),
        interphase=st.floats(0, 0.15),
    ),
    min_size=1,
    max_size=3,
)


@examples(20)
@given(kinds_of_discs, st.floats(0.01, 0.1), st.integers(0, 100))
def test_gaps_are_kept_between_discs_and_rings_of_all_kinds(
    kinds: list[Discs], gap: float, seed: int
) -> None:
    packings = pack_together(kinds, gap, seed)
    for one in packings:
        for other in packings:
            assert smallest_gap(one, other) >= gap * (one.radius + other.radius) / 2 - 1e-12
        assert one.centres.min() >= 0
        assert one.centres.max() <= 1
    for packing, asked in zip(packings, kinds, strict=True):
        assert len(packing.centres) == asked.number
        area = asked.number * np.pi * packing.radius**2
        assert area == pytest.approx(asked.volume_fraction, rel=1e-13)


def test_fibres_alone_are_packed_as_ever() -> None:
    """The centres are those from before there were other kinds."""
    expected = [
        [0.0578073958, 0.0988257361],
        [0.4565367338, 0.9011742639],
        [0.9421926042, 0.6029731268],
        [0.5836303854, 0.3906337249],
    ]
    assert pack(4, 0.5, 0.05, seed=3).centres == pytest.approx(np.array(expected), abs=1e-9)


def test_kinds_follow_from_the_keys_of_a_configuration() -> None:
    glass = {"number": 12, "volume_fraction": 0.3}
    carbon = {"number": 24, "volume_fraction": 0.2}
    ring, voids = {"thickness": 0.1}, {"fraction": 0.03, "radius": 0.02}
    kinds = discs_of({"glass": glass, "carbon": carbon}, 0.6, ring, voids)
    assert kinds == discs_of({"carbon": carbon, "glass": glass}, 0.5, ring, voids)
    assert kinds[:2] == [Discs(24, 0.2, "carbon", 0.1), Discs(12, 0.3, "glass", 0.1)]
    assert kinds[2] == Discs(24, 0.03, "void")
    assert kinds[2].radius == pytest.approx(0.02, rel=0.01)
    assert discs_of(0, 0.6, voids={"fraction": 0.01, "radius": 0.3}) == [Discs(1, 0.01, "void")]


def test_what_cannot_be_packed_is_named() -> None:
    kinds = [Discs(10, 0.6, interphase=0.2), Discs(5, 0.1, "void")]
    words = r"0\.6 of fibre \(discs: 10, with rings of 0\.2 radii\) and 0\.1 of void \(discs: 5\)"
    with pytest.raises(InputError, match=words):
        pack_together(kinds, 0.05, seed=1)


CELLS = {
    "interphase": [Discs(5, 0.45, interphase=0.05)],
    "thinnest interphase": [Discs(4, 0.5, interphase=0.01)],
    "thickest interphase": [Discs(3, 0.2, interphase=0.5)],
    "interphase and voids": [Discs(4, 0.45, interphase=0.08), Discs(6, 0.03, "void")],
    "two kinds": [Discs(6, 0.2, "carbon"), Discs(3, 0.3, "glass")],
    "voids": [Discs(5, 0.2, "void")],
}


@pytest.fixture(scope="module", params=CELLS)
def cut(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Packing], Mesh]:
    """A packing and its mesh."""
    packings = pack_together(CELLS[request.param], 0.05, seed=2)
    path = tmp_path_factory.mktemp("mesh") / "cell.msh"
    generate(packings, 0.06, path)
    return packings, read(path)


def areas_of(packings: list[Packing]) -> dict[str, float]:
    """Of circles, of the rings around them, and of what is left."""
    found: dict[str, float] = {}
    for packing in packings:
        disc = len(packing.centres) * np.pi * packing.radius**2
        found[packing.phase] = disc
        if packing.interphase:
            found["interphase"] = disc * ((1 + packing.interphase) ** 2 - 1)
    return {"matrix": 1 - sum(found.values())} | found


def test_each_phase_has_its_area(cut: tuple[list[Packing], Mesh]) -> None:
    packings, mesh = cut
    areas, expected = curved_areas(mesh), areas_of(packings)
    assert set(mesh.phases) == set(expected)
    described = describe(mesh, np.eye(2))["volume_fractions"]
    for number, phase in enumerate(mesh.phases):
        meshed = areas[mesh.phase == number].sum()
        assert meshed == pytest.approx(expected[phase], abs=3e-4)
        assert described[phase] == pytest.approx(meshed, rel=1e-12)
    assert areas.sum() == pytest.approx(1, abs=1e-12)


def test_elements_are_periodic_and_not_inverted(cut: tuple[list[Packing], Mesh]) -> None:
    """The Jacobian of a quadratic triangle, at its nodes and its centre, is positive."""
    mesh = cut[1]
    assert lattice_of(mesh.nodes, mesh.triangles).vectors == pytest.approx(np.eye(2), abs=1e-9)
    xi, eta = np.array([0, 1, 0, 0.5, 0.5, 0, 1 / 3]), np.array([0, 0, 1, 0, 0.5, 0.5, 1 / 3])
    gradients = quadratic_shapes(xi, eta)[1]
    jacobians = np.einsum("mki,qkj->mqij", mesh.nodes[mesh.triangles], gradients)
    assert np.linalg.det(jacobians).min() > 0


def test_elements_lie_in_the_disc_or_outside_the_ring(cut: tuple[list[Packing], Mesh]) -> None:
    packings, mesh = cut
    corners = mesh.nodes[mesh.triangles[:, :3]]
    for packing in packings:
        images = (packing.centres + IMAGES[:, None]).reshape(-1, 2)
        distance = np.linalg.norm(corners[:, :, None] - images, axis=-1)
        in_disc = (distance < packing.radius + PLACE).all(axis=1).any(axis=1)
        assert np.array_equal(in_disc, mesh.phase == mesh.phases.index(packing.phase))
        outer = packing.radius * (1 + packing.interphase)
        assert distance[mesh.phase == 0].min() > outer - PLACE


def test_inclusions_are_described_by_phase(cut: tuple[list[Packing], Mesh]) -> None:
    packings, mesh = cut
    facts = describe(mesh, np.eye(2)) | describe_packing(packings)
    assert facts["fibres"] == sum(len(one.centres) for one in packings if one.phase != "void")
    for packing in packings:
        known = facts["inclusions"][packing.phase]
        assert known["number"] == len(packing.centres) == len(known["gaps_over_radius"])
        assert known["volume_fraction_packed"] == pytest.approx(areas_of(packings)[packing.phase])
        gap = min(smallest_gap(packing, other) for other in packings)
        assert min(known["gaps_over_radius"]) == pytest.approx(gap / packing.radius)

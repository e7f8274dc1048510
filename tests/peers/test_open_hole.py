"""The open-hole laminate of docs/examples, on a coarse mesh."""

from pathlib import Path

import numpy as np
import pytest
from calculix import Law, run
from open_hole import EDGE, RADIUS, curve, elastic_deck, flow, network_deck, plate

ANGLES = (45, 0, -45, 90)
MESH = plate(len(ANGLES), around=8, outwards=2)


def test_parts_of_the_points_cover_the_plate() -> None:
    x, y = np.moveaxis(plate(1, around=160, outwards=4).quarters, -1, 0)
    areas = np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1) / 2
    assert (areas > 0).all()
    assert areas.sum() == pytest.approx(EDGE**2 - np.pi * RADIUS**2, rel=1e-4)


def test_before_the_matrix_flows_the_plies_are_elastic(ply_law: Law, tmp_path: Path) -> None:
    """CalculiX's own elastic law and *ORIENTATION, against the law and its angle."""
    elongation = 1e-5
    network = run(network_deck(MESH, ply_law, ANGLES, elongation), tmp_path / "network", ply_law)
    elastic = run(elastic_deck(MESH, ply_law.stiffness(), ANGLES, elongation), tmp_path / "elastic")
    expected = curve(elastic, len(ANGLES))[1][-1]
    found = curve(network, len(ANGLES))[1][-1]
    print(f"\nopen hole, elastic: forces differ by {found / expected - 1:.1e}")
    assert found == pytest.approx(expected, rel=2e-6)
    assert flow(network, ply_law, len(ANGLES)).max() == 0


def test_threads_change_nothing_and_flow_softens(ply_law: Law, tmp_path: Path) -> None:
    deck = network_deck(MESH, ply_law, ANGLES, 0.01)
    one = run(deck, tmp_path / "one", ply_law, threads=1)
    two = run(deck, tmp_path / "two", ply_law, threads=2)
    (elongation, stress), (_, other) = curve(one, len(ANGLES)), curve(two, len(ANGLES))
    np.testing.assert_allclose(stress, other, rtol=1e-6)
    assert stress[-1] < 0.95 * stress[1] / elongation[1] * elongation[-1]
    strain = flow(one, ply_law, len(ANGLES))
    assert strain.shape == (len(ANGLES), 4 * 16)
    # Most at the sides of the hole, across the load.
    x, y = MESH.quarters.mean(axis=1)[strain.max(axis=0).argmax()]
    assert np.hypot(x, y) < 1.5 * RADIUS and abs(y) > abs(x)

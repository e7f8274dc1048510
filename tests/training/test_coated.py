"""Coated laminates as a start of a training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, random_orthotropic
from properties import examples

from rve.dataset.dataset import Dataset
from rve.errors import InputError
from rve.microstructure.phases import ordered
from training import Settings, train
from training.coated import COATS, coated_network
from training.homogenise import homogenise
from training.network import Kind
from training.tree import active_base_nodes

seeds = st.integers(0, 2**32 - 1)
depths = st.integers(2, 8)
fractions = st.floats(0.1, 0.9)


def start(kind: Kind, layers: int, fraction: float, seed: int, xi: float = 1.0):
    fractions = {"matrix": 1 - fraction, "fibre": fraction}
    return coated_network(kind, layers, fractions, xi, np.random.default_rng(seed))


@examples(40)
@given(depths, fractions, seeds, st.floats(0.1, 100))
def test_weights_have_the_sum_and_the_fractions_asked_for(
    layers: int, fraction: float, seed: int, xi: float
) -> None:
    network = start("IMN", layers, fraction, seed, xi)
    assert network.z.sum() == pytest.approx(xi, rel=1e-12)
    assert network.z[1::2].sum() == pytest.approx(fraction * xi, rel=1e-12)
    assert active_base_nodes(network) == 2 ** (layers - COATS[layers]) * (COATS[layers] + 1)


@examples(40)
@given(depths, fractions, seeds)
def test_both_kinds_start_as_the_same_laminates(layers: int, fraction: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    p1, p2 = (np.array([random_orthotropic(rng, scale)]) for scale in (1, 30))
    imn, dmn = (homogenise(start(kind, layers, fraction, seed), p1, p2) for kind in ("IMN", "DMN"))
    assert np.abs(dmn - imn).max() < 1e-12 * np.abs(imn).max()


@examples(25)
@given(st.sampled_from([6, 8]), fractions, seeds, st.floats(2, 1000), st.floats(0.0, 0.45))
def test_equal_coats_attain_the_bounds_of_a_connected_matrix(
    layers: int, fraction: float, seed: int, contrast: float, nu: float
) -> None:
    """Three directions or more, pi / u apart, are isotropic across the fibres.

    The moduli are the lower bounds of Hill 1964 (J. Mech. Phys. Solids 12, 199-212) and Hashin 1965
    (13, 119-134). Units are then alike, so that it does not matter how they join.
    """
    p1, p2 = (isotropic_stiffness(E, nu)[None] for E in (1.0, contrast))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.coated._SPREAD", 0.0)
        C = homogenise(start("IMN", layers, fraction, seed), p1, p2)[0]
    (k1, G1), (k2, G2) = (((p[0, 0, 0] + p[0, 0, 1]) / 2, p[0, 5, 5] / 2) for p in (p1, p2))
    f1 = 1 - fraction
    k = k1 + fraction / (1 / (k2 - k1) + f1 / (k1 + G1))
    G = G1 + fraction / (1 / (G2 - G1) + f1 * (k1 + 2 * G1) / (2 * G1 * (k1 + G1)))
    along = G1 + fraction / (1 / (G2 - G1) + f1 / (2 * G1))
    assert [(C[0, 0] + C[0, 1]) / 2, C[5, 5] / 2] == pytest.approx([k, G], rel=1e-9)
    assert [C[3, 3] / 2, C[4, 4] / 2] == pytest.approx([along, along], rel=1e-9)
    assert C[0, 0] == pytest.approx(C[1, 1], rel=1e-9)


SEVERAL = [
    {"matrix": 0.394, "fibre": 0.55, "interphase": 0.056},
    {"void": 0.03, "interphase": 0.056, "fibre": 0.55, "matrix": 0.364},
    {"matrix": 0.4, "glass": 0.25, "carbon": 0.35},
    {"matrix": 0.7, "void": 0.3},
    {"matrix": 0.6, "interphase": 0.4},
    {"matrix": 0.5, "a": 0.1, "b": 0.1, "c": 0.2, "void": 0.1},
]


@pytest.mark.parametrize("fractions", SEVERAL)
@pytest.mark.parametrize(("layers", "least"), [(5, 12), (7, 64), (8, 80)])
def test_every_phase_has_its_fraction(fractions: dict, layers: int, least: int) -> None:
    """Also if they are named in another order; most units have all of their nodes."""
    turned = dict(reversed(fractions.items()))
    network, same = (
        coated_network("IMN", layers, of, 8.0, np.random.default_rng(4))
        for of in (fractions, turned)
    )
    assert (network.z == same.z).all()
    assert network.names == same.names == ordered(fractions)
    for number, name in enumerate(network.names):
        whole = network.z[network.phases == number].sum()
        assert whole == pytest.approx(8.0 * fractions[name], rel=1e-12)
    assert network.z[network.z > 0].min() > 0.01
    assert least <= active_base_nodes(network) <= 0.75 * 2**layers


@examples(25)
@given(st.floats(0.1, 0.5), st.floats(0.01, 0.3), seeds, st.floats(0.05, 50))
def test_an_interphase_like_its_neighbour_is_none(
    fibre: float, thickness: float, seed: int, contrast: float
) -> None:
    """With the material of the fibre around the fibre, a unit is one of a thicker fibre.

    Then all coats that differ are those of the matrix, of which any make the same mean field along
    the fibres: that stiffness follows from the fractions alone, as for two phases.
    """
    inner = fibre * thickness
    fractions = {"matrix": 1 - fibre - inner, "fibre": fibre, "interphase": inner}
    network = coated_network("IMN", 7, fractions, 1.0, np.random.default_rng(seed))
    p1, p2 = (isotropic_stiffness(E, 0.3)[None] for E in (1.0, contrast))
    C = homogenise(network, p1, p2, p2)[0]
    along = (1 - fibre - inner) + (fibre + inner) * contrast
    assert 1 / np.linalg.inv(C)[2, 2] == pytest.approx(along, rel=1e-9)


def test_a_void_that_is_coated_attains_the_bound_of_a_porous_matrix() -> None:
    """The moduli are the upper bounds of Hashin 1965 across cylindrical voids."""
    fraction, matrix = 0.2, isotropic_stiffness(1.0, 0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.coated._SPREAD", 0.0)
        parts = {"matrix": 1 - fraction, "void": fraction}
        network = coated_network("IMN", 6, parts, 1.0, np.random.default_rng(1))
    C = homogenise(network, matrix[None], np.zeros((1, 6, 6)))[0]
    k1, G1 = (matrix[0, 0] + matrix[0, 1]) / 2, matrix[5, 5] / 2
    f1 = 1 - fraction
    k = k1 + fraction / (-1 / k1 + f1 / (k1 + G1))
    G = G1 + fraction / (-1 / G1 + f1 * (k1 + 2 * G1) / (2 * G1 * (k1 + G1)))
    along = G1 + fraction / (-1 / G1 + f1 / (2 * G1))
    assert [(C[0, 0] + C[0, 1]) / 2, C[5, 5] / 2] == pytest.approx([k, G], rel=1e-9)
    assert [C[3, 3] / 2, C[4, 4] / 2] == pytest.approx([along, along], rel=1e-9)


def test_too_shallow_trees_and_unknown_fractions_are_refused() -> None:
    with pytest.raises(InputError, match="at least 2 layers, got 1"):
        start("IMN", 1, 0.6, 0)
    same = np.tile(isotropic_stiffness(1, 0.3), (4, 2, 1, 1))
    samples = Dataset(same, same[:, 0])
    settings = Settings(1, 4, 1.0, 1.0, 0, initialisation="coated")
    with pytest.raises(InputError, match="volume fractions of the phases: fractions"):
        train("IMN", 3, samples, samples, settings)

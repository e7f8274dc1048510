"""The building block against the closed form of a layered medium."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from networks import (
    Array,
    laminate,
    layered_medium,
    mandel_rotation,
    random_stiffness,
    spherical_frame,
)
from properties import examples
from scipy.linalg import eigh
from scipy.spatial.transform import Rotation

from rve.mandel import interface_matrix
from training.network import circular, interface_normal

ROUNDING = 1e-12
"""Relative to the stiffer phase; contrasts reach 1e3."""

TINY = 1e-300
COMPLEX_STEP = 1e-30

few = examples(30)
seeds = st.integers(0, 2**32 - 1)
fractions = st.floats(0.01, 0.99)
decades = st.floats(-3, 3)
unit_angles = st.floats(0, 1)


def pair(seed: int, decades: float) -> tuple[Array, Array]:
    """Two stiffnesses, the second scaled by ten to a power."""
    rng = np.random.default_rng(seed)
    return random_stiffness(rng), random_stiffness(rng, 10**decades)


def block(C1: Array, C2: Array, f1: float, normal: Array) -> Array:
    """One block of one sample."""
    H = interface_matrix(np.asarray(normal))
    return laminate(C1[None, None], C2[None, None], np.array([f1]), H[None])[0, 0]


def normal_of(theta: float, phi: float) -> Array:
    return spherical_frame(2 * np.pi * theta, np.pi * phi)[:, 2]


def error(result: Array, expected: Array, *phases: Array) -> float:
    """Largest difference over the largest entry of the phases."""
    return float(np.abs(result - expected).max() / max(np.abs(phase).max() for phase in phases))


@few
@given(seeds, decades, fractions, unit_angles, unit_angles)
def test_block_is_the_layered_medium(
    seed: int, decades: float, f1: float, theta: float, phi: float
) -> None:
    """Eq. 22 against the twelve strains of two phases, solved as one linear system."""
    C1, C2 = pair(seed, decades)
    exact = layered_medium(C1, C2, f1, spherical_frame(2 * np.pi * theta, np.pi * phi))
    assert error(block(C1, C2, f1, normal_of(theta, phi)), exact, C1, C2) < ROUNDING


@few
@given(seeds, decades, fractions, unit_angles, unit_angles)
def test_softest_direction_of_the_block_is_accurate_too(
    seed: int, decades: float, f1: float, theta: float, phi: float
) -> None:
    """The energies of all strains, each relative to its own: contrast costs few digits."""
    C1, C2 = pair(seed, decades)
    exact = layered_medium(C1, C2, f1, spherical_frame(2 * np.pi * theta, np.pi * phi))
    result = block(C1, C2, f1, normal_of(theta, phi))
    energies = eigh((result + result.T) / 2, (exact + exact.T) / 2, eigvals_only=True)
    assert energies == pytest.approx(np.ones(6), abs=1e3 * ROUNDING)


@few
@given(seeds, decades, fractions, unit_angles, unit_angles)
def test_swapping_the_children_changes_nothing(
    seed: int, decades: float, f1: float, theta: float, phi: float
) -> None:
    C1, C2 = pair(seed, decades)
    normal = normal_of(theta, phi)
    swapped = block(C2, C1, 1 - f1, normal)
    assert error(swapped, block(C1, C2, f1, normal), C1, C2) < ROUNDING


@few
@given(seeds, fractions, unit_angles, unit_angles)
def test_equal_phases_make_that_phase(seed: int, f1: float, theta: float, phi: float) -> None:
    C, _ = pair(seed, 0)
    assert error(block(C, C, f1, normal_of(theta, phi)), C, C) < ROUNDING


@few
@given(seeds, decades, fractions)
def test_rotating_everything_rotates_the_block(seed: int, decades: float, f1: float) -> None:
    C1, C2 = pair(seed, decades)
    Q = Rotation.random(2, rng=seed).as_matrix()
    R, normal = mandel_rotation(Q[0]), Q[1, :, 2]
    turned = block(R @ C1 @ R.T, R @ C2 @ R.T, f1, Q[0] @ normal)
    assert error(turned, R @ block(C1, C2, f1, normal) @ R.T, C1, C2) < ROUNDING


@few
@given(seeds, decades, fractions, unit_angles, unit_angles)
def test_block_lies_between_reuss_and_voigt(
    seed: int, decades: float, f1: float, theta: float, phi: float
) -> None:
    """As quadratic forms (Hill 1963): no strain stores more than Voigt's or less than Reuss'."""
    C1, C2 = pair(seed, decades)
    C = block(C1, C2, f1, normal_of(theta, phi))
    C = (C + C.T) / 2
    voigt = f1 * C1 + (1 - f1) * C2
    reuss = np.linalg.inv(f1 * np.linalg.inv(C1) + (1 - f1) * np.linalg.inv(C2))
    assert eigh(C, voigt, eigvals_only=True)[-1] < 1 + 1e3 * ROUNDING
    assert eigh((reuss + reuss.T) / 2, C, eigvals_only=True)[-1] < 1 + 1e3 * ROUNDING


@few
@given(seeds, decades, unit_angles, unit_angles)
def test_an_empty_child_leaves_exactly_the_other(
    seed: int, decades: float, theta: float, phi: float
) -> None:
    """To the last bit, so that dead subtrees may be cut out."""
    C1, C2 = pair(seed, decades)
    normal = normal_of(theta, phi)
    assert (block(C1, C2, 0.0, normal) == C2).all()
    assert (block(C1, C2, 1.0, normal) == C1).all()


def test_a_vanishing_child_does_not_overflow() -> None:
    C1, C2 = pair(3, 2)
    assert error(block(C1, C2, TINY, normal_of(0.3, 0.4)), C2, C2) < ROUNDING


def test_blocks_and_samples_do_not_mix() -> None:
    """Three blocks of four samples, each against the layered medium of its own."""
    rng = np.random.default_rng(5)
    C1, C2 = np.array([[[random_stiffness(rng) for _ in range(4)] for _ in range(3)] for _ in "12"])
    f1 = rng.uniform(0.1, 0.9, 3)
    frames = [spherical_frame(*angles) for angles in rng.uniform(0, np.pi, (3, 2))]
    H = interface_matrix(np.array([frame[:, 2] for frame in frames]))
    result = laminate(C1, C2, f1, H)
    for n, s in np.ndindex(3, 4):
        exact = layered_medium(C1[n, s], C2[n, s], f1[n], frames[n])
        assert error(result[n, s], exact, C1, C2) < ROUNDING


def gradient_case(seed: int, decades: float, f1: float) -> tuple[Array, list[Array], list[Array]]:
    """Weights W of the value W : C, its arguments C1, C2, f1, theta, phi, and their directions."""
    rng = np.random.default_rng(seed)
    C1, C2 = pair(seed, decades)
    arguments = [C1, C2, np.array(f1), *(np.array(a) for a in rng.uniform(0.1, 0.9, 2))]
    directions = [random_stiffness(rng), random_stiffness(rng), *np.ones(3)]
    return random_stiffness(rng), arguments, directions


def by_autograd(W: Array, arguments: list[Array], directions: list[Array]) -> list[float]:
    """Directional derivatives of the block, by backpropagation."""
    C1, C2, f1, theta, phi = leaves = [torch.tensor(a, requires_grad=True) for a in arguments]
    H = interface_matrix(interface_normal(*circular("IMN", torch.stack([theta, phi]))))[None]
    (torch.tensor(W) * laminate(C1[None, None], C2[None, None], f1[None], H)).sum().backward()
    return [
        float((leaf.grad.numpy() * direction).sum())
        for leaf, direction in zip(leaves, directions, strict=True)
    ]


def by_complex_step(W: Array, arguments: list[Array], directions: list[Array]) -> list[float]:
    """Directional derivatives of the layered medium, to rounding (Squire & Trapp 1998)."""

    def derivative(number: int) -> float:
        a = list(arguments)
        a[number] = a[number] + 1j * COMPLEX_STEP * directions[number]
        frame = spherical_frame(2 * np.pi * a[3], np.pi * a[4])
        return float((W * layered_medium(a[0], a[1], a[2], frame)).sum().imag) / COMPLEX_STEP

    return [derivative(number) for number in range(len(arguments))]


@few
@given(seeds, st.floats(-2, 2), fractions)
def test_gradient_is_that_of_the_layered_medium(seed: int, decades: float, f1: float) -> None:
    case = gradient_case(seed, decades, f1)
    exact = by_complex_step(*case)
    assert by_autograd(*case) == pytest.approx(exact, rel=1e-8, abs=1e-10 * max(map(abs, exact)))


@pytest.mark.parametrize("f1", [0.0, TINY, 1.0])
def test_gradient_of_an_empty_child_is_that_of_the_layered_medium(f1: float) -> None:
    """The closed form passes smoothly through empty layers, so its derivative by f1 exists."""
    case = gradient_case(7, 1, f1)
    exact = by_complex_step(*case)
    assert exact[2] != 0
    assert by_autograd(*case) == pytest.approx(exact, rel=1e-8, abs=ROUNDING)


@pytest.mark.parametrize("f1", [0.0, 0.37, 1.0])
def test_gradient_passes_finite_differences_entry_by_entry(f1: float) -> None:
    """`torch.autograd.gradcheck` in double precision, by C1, C2, f1 and the normal's angles."""
    C1, C2 = pair(11, 1)

    def stiffness(C1, C2, f1, angles):
        H = interface_matrix(interface_normal(*circular("IMN", angles)))[None]
        return laminate(C1[None, None], C2[None, None], f1, H)

    arguments = C1, C2, np.array([f1]), np.array([0.2, 0.7])
    assert torch.autograd.gradcheck(
        stiffness, [torch.tensor(a, requires_grad=True) for a in arguments]
    )

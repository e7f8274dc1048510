"""Both parameterisations as one laminate tree, against the paper's recursion node by node."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from networks import (
    Array,
    distance,
    mandel_rotation,
    random_network,
    random_stiffness,
    stiffness_by_recursion,
)
from properties import examples
from scipy.spatial.transform import Rotation

from rve.materials.stiffness import bounds_defect, is_positive_definite
from training import as_printed
from training.homogenise import homogenise
from training.network import (
    Kind,
    MaterialNetwork,
    circular,
    euler_rotation,
    initialise,
    interface_normal,
    orient,
)
from training.tree import prune

UNIFIED = 1e-12
ROUNDING = 1e-14

KINDS: list[Kind] = ["DMN", "IMN"]
DEPTHS = range(1, 6)
DEAD = {
    "none": [],
    "one base node": [5],
    "both children of a block": [2, 3],
    "one half": [0, 1, 2, 3],
    "all but one": [0, 1, 2, 3, 4, 5, 7],
    "one child of each block": [0, 3, 4, 7],
}
"""Dead base nodes of a network of three layers."""

few = examples(15)
seeds = st.integers(0, 2**32 - 1)
each_kind = pytest.mark.parametrize("kind", KINDS)
each_depth = pytest.mark.parametrize("layers", DEPTHS)
each_death = pytest.mark.parametrize("dead", DEAD.values(), ids=DEAD.keys())


def stiffness(network: MaterialNetwork, p1: Array, p2: Array) -> Array:
    """Stiffness of the network for one sample."""
    return homogenise(network, p1[None], p2[None])[0]


def differentiable(network: MaterialNetwork) -> tuple[torch.Tensor, torch.Tensor]:
    z, angles = (torch.tensor(a, requires_grad=True) for a in (network.z, network.angles))
    return z, angles


@few
@given(seed=seeds, layers=st.integers(1, 6), dead=st.sampled_from([[], [1], [0, 1]]))
def test_the_dmn_as_printed_is_the_unified_one(seed: int, layers: int, dead: list[int]) -> None:
    """Its stiffness for several samples, and the derivatives of it by all parameters."""
    rng = np.random.default_rng(seed)
    network = random_network("DMN", layers, rng, dead if layers > 1 else [])
    phases = [np.array([random_stiffness(rng, scale) for _ in range(3)]) for scale in (1, 30)]
    slopes = []
    for form in (homogenise, as_printed.homogenise):
        z, angles = differentiable(network)
        top = form(MaterialNetwork("DMN", z, angles), *map(torch.from_numpy, phases))
        top.square().sum().backward()
        slopes.append((top.detach().numpy(), z.grad.numpy(), angles.grad.numpy()))
    for unified, printed in zip(*slopes, strict=True):
        assert distance(printed, unified) < UNIFIED
    assert distance(as_printed.homogenise(network, *phases), slopes[0][0]) < UNIFIED


@pytest.mark.parametrize("layers", range(1, 9))
def test_number_of_parameters_is_the_papers(layers: int) -> None:
    """Section 2.2: 7 x 2^N - 3 of a DMN and 3 x 2^N - 2 of an IMN."""
    rng = np.random.default_rng(0)
    networks = [initialise(kind, layers, rng) for kind in KINDS]
    assert [n.parameters for n in networks] == [7 * 2**layers - 3, 3 * 2**layers - 2]
    assert [n.z.size + n.angles.size for n in networks] == [n.parameters for n in networks]
    assert [n.layers for n in networks] == [layers, layers]


@pytest.mark.parametrize(
    ("kind", "reach"),
    [("IMN", [(0, 1)] * 2), ("DMN", [(-np.pi, np.pi), (-np.pi / 2, np.pi / 2), (-np.pi, np.pi)])],
)
def test_initial_parameters_fill_their_ranges(kind: Kind, reach: list[tuple[float, float]]) -> None:
    """Uniform: the deciles of 2^9 draws hold 10 % each, within five standard deviations."""
    network = initialise(kind, 9, np.random.default_rng(1))
    for values, ends in [(network.z, (0.2, 0.8)), *zip(network.angles.T, reach, strict=True)]:
        counts, _ = np.histogram(values, bins=10, range=ends)
        assert counts.sum() == len(values)
        assert np.abs(counts / len(values) - 0.1).max() < 5 * np.sqrt(0.09 / len(values))


@few
@given(seeds)
def test_euler_rotation_turns_about_x_then_y_then_z_of_the_body(seed: int) -> None:
    """Against SciPy's intrinsic XYZ; a proper rotation."""
    angles = np.random.default_rng(seed).uniform(-7, 7, (4, 5, 3))
    R = euler_rotation(*circular("DMN", angles))
    expected = Rotation.from_euler("XYZ", angles.reshape(-1, 3)).as_matrix()
    assert R.reshape(-1, 3, 3) == pytest.approx(expected, abs=ROUNDING)
    assert R @ R.mT == pytest.approx(np.broadcast_to(np.eye(3), R.shape), abs=ROUNDING)
    assert np.linalg.det(R) == pytest.approx(np.ones((4, 5)), abs=ROUNDING)


@few
@given(seeds)
def test_imn_normals_are_the_papers(seed: int) -> None:
    """Section 2.2: [cos(2 pi t) sin(pi p), sin(2 pi t) sin(pi p), cos(pi p)], of unit length."""
    angles = np.random.default_rng(seed).uniform(-2, 2, (7, 2))
    for (t, p), normal in zip(angles, interface_normal(*circular("IMN", angles)), strict=True):
        s = np.sin(np.pi * p)
        expected = [np.cos(2 * np.pi * t) * s, np.sin(2 * np.pi * t) * s, np.cos(np.pi * p)]
        assert normal == pytest.approx(expected, abs=ROUNDING)
        assert np.linalg.norm(normal) == pytest.approx(1, abs=ROUNDING)


@few
@given(seeds, st.integers(1, 4))
def test_dmn_normals_are_e3_carried_down_the_tree(seed: int, layers: int) -> None:
    """Eq. 6 turns a node by the transpose of R, on top of the turns of its ancestors."""
    network = random_network("DMN", layers, np.random.default_rng(seed))
    turns = Rotation.from_euler("XYZ", network.angles).as_matrix().mT
    orientations = orient(network)
    for layer in range(layers + 1):
        for n in range(2**layer):
            Q = np.eye(3)
            for ancestor in range(layer + 1):
                Q = Q @ turns[2**ancestor - 1 + (n >> (layer - ancestor))]
            if layer < layers:
                assert orientations.normals[layer][n] == pytest.approx(Q[:, 2], abs=ROUNDING)
            else:
                assert orientations.rotations[n] == pytest.approx(Q, abs=ROUNDING)


@each_kind
@each_depth
def test_unified_tree_is_the_papers_recursion(kind: Kind, layers: int) -> None:
    """Eqs. 3-6 of a DMN, literally, and Eqs. 13-22 of an IMN; random dead base nodes."""
    for seed in range(4):
        rng = np.random.default_rng([layers, seed])
        dead = rng.choice(2**layers, size=2**layers * seed // 4, replace=False)
        network = random_network(kind, layers, rng, dead)
        phases = random_stiffness(rng), random_stiffness(rng, 10)
        exact = stiffness_by_recursion(network, *phases)
        assert distance(stiffness(network, *phases), exact) < UNIFIED


@each_kind
@each_death
def test_dead_subtrees_have_no_part_in_the_stiffness(kind: Kind, dead: list[int]) -> None:
    """Against the recursion that leaves dead children out."""
    rng = np.random.default_rng(2)
    network = random_network(kind, 3, rng, dead)
    phases = random_stiffness(rng), random_stiffness(rng, 100)
    exact = stiffness_by_recursion(network, *phases)
    assert distance(stiffness(network, *phases), exact) < UNIFIED


@each_kind
@each_death
def test_gradient_is_right_with_dead_subtrees(kind: Kind, dead: list[int]) -> None:
    """`gradcheck` where the ReLU has a derivative; exact zeros for what cannot matter."""
    rng = np.random.default_rng(3)
    network = random_network(kind, 3, rng, dead)
    network.z[network.z == 0] = -0.1
    phases = [torch.tensor(random_stiffness(rng, scale)[None]) for scale in (1, 10)]

    def predicted(z: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        return homogenise(MaterialNetwork(kind, z, angles), *phases)

    parameters = differentiable(network)
    assert torch.autograd.gradcheck(predicted, parameters, fast_mode=True)
    predicted(*parameters).sum().backward()
    z, angles = parameters
    assert (z.grad[network.z <= 0] == 0).all()
    leafless = [
        2**layer - 1 + n
        for layer in range(3)
        for n in range(2**layer)
        if (network.z.reshape(2**layer, -1)[n] <= 0).all()
    ]
    assert (angles.grad[leafless] == 0).all()


@each_kind
def test_gradient_is_finite_where_the_relu_has_a_kink(kind: Kind) -> None:
    """Activations of exactly zero, alone and as a whole block."""
    rng = np.random.default_rng(4)
    network = random_network(kind, 3, rng)
    network.z[[0, 4, 5]] = 0.0
    z, angles = differentiable(network)
    phases = [torch.tensor(random_stiffness(rng)[None]) for _ in range(2)]
    homogenise(MaterialNetwork(kind, z, angles), *phases).sum().backward()
    assert z.grad.isfinite().all()
    assert angles.grad.isfinite().all()
    assert (z.grad[[1, 2, 3, 6, 7]] != 0).all()


@pytest.mark.parametrize("node", range(8))
def test_base_nodes_alternate_between_the_phases(node: int) -> None:
    """A network of one live base node is its material: p1, p2, p1, .., to the last bit."""
    rng = np.random.default_rng(5)
    phases = random_stiffness(rng), random_stiffness(rng)
    network = random_network("IMN", 3, rng, set(range(8)) - {node})
    assert (stiffness(network, *phases) == phases[node % 2]).all()


@each_kind
def test_numpy_and_torch_agree(kind: Kind) -> None:
    rng = np.random.default_rng(6)
    network = random_network(kind, 4, rng, [3, 8, 9])
    phases = [np.array([random_stiffness(rng) for _ in range(5)]) for _ in range(2)]
    tensors = MaterialNetwork(kind, torch.tensor(network.z), torch.tensor(network.angles))
    result = homogenise(tensors, *map(torch.tensor, phases))
    assert result.dtype == torch.float64
    assert result.numpy() == pytest.approx(homogenise(network, *phases), rel=0, abs=UNIFIED)


@each_kind
def test_samples_do_not_mix(kind: Kind) -> None:
    rng = np.random.default_rng(7)
    network = random_network(kind, 3, rng, [1])
    p1, p2 = (np.array([random_stiffness(rng) for _ in range(4)]) for _ in range(2))
    for sample, result in enumerate(homogenise(network, p1, p2)):
        exact = stiffness_by_recursion(network, p1[sample], p2[sample])
        assert distance(result, exact) < UNIFIED


@each_kind
@few
@given(seed=seeds, factor=st.floats(0.01, 100))
def test_only_the_ratio_of_weights_matters(kind: Kind, seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(kind, 3, rng, [seed % 8])
    phases = random_stiffness(rng), random_stiffness(rng)
    scaled = MaterialNetwork(kind, factor * network.z, network.angles)
    assert stiffness(scaled, *phases) == pytest.approx(
        stiffness(network, *phases), rel=0, abs=UNIFIED
    )


@few
@given(seeds)
def test_rotation_at_the_top_of_a_dmn_turns_its_stiffness(seed: int) -> None:
    """Eq. 6 at the output node."""
    rng = np.random.default_rng(seed)
    network = random_network("DMN", 2, rng)
    phases = random_stiffness(rng), random_stiffness(rng)
    angles = network.angles.copy()
    angles[0] = 0
    R = mandel_rotation(Rotation.from_euler("XYZ", network.angles[0]).as_matrix())
    unturned = stiffness(MaterialNetwork("DMN", network.z, angles), *phases)
    assert stiffness(network, *phases) == pytest.approx(R.T @ unturned @ R, rel=0, abs=UNIFIED)


@each_kind
@few
@given(seed=seeds, layers=st.integers(1, 5), decades=st.floats(-3, 3))
def test_stiffness_is_definite_and_between_reuss_and_voigt(
    kind: Kind, seed: int, layers: int, decades: float
) -> None:
    """Of the base materials as they are turned, by the network's own weights."""
    rng = np.random.default_rng(seed)
    dead = rng.permutation(2**layers)[: rng.integers(2**layers)]
    network = random_network(kind, layers, rng, dead)
    phases = random_stiffness(rng), random_stiffness(rng, 10**decades)
    result = stiffness(network, *phases)
    assert result == pytest.approx(result.T, rel=0, abs=UNIFIED * np.abs(result).max())
    assert is_positive_definite(result)
    tree = prune(network)
    materials = np.array([phases[phase] for phase in tree.phases])
    if tree.rotations is not None:
        materials = tree.rotations @ materials @ tree.rotations.mT
    fractions = tree.weights / tree.weights.sum()
    assert bounds_defect(result, fractions, materials) < 1e-9


@few
@given(seed=seeds, layers=st.integers(1, 5))
def test_stiffness_of_an_imn_turns_with_its_phases_and_normals(seed: int, layers: int) -> None:
    """A DMN's turns by the rotation at its top, see above."""
    rng = np.random.default_rng(seed)
    network = random_network("IMN", layers, rng)
    phases = random_stiffness(rng), random_stiffness(rng, 10)
    Q = Rotation.random(rng=rng).as_matrix()
    R = mandel_rotation(Q)
    n = interface_normal(*circular("IMN", network.angles)) @ Q.T
    theta, phi = np.arctan2(n[:, 1], n[:, 0]) / (2 * np.pi), np.arccos(n[:, 2]) / np.pi
    turned = MaterialNetwork("IMN", network.z, np.stack([theta, phi], axis=1))
    result = stiffness(turned, *(R @ phase @ R.T for phase in phases))
    assert distance(result, R @ stiffness(network, *phases) @ R.T) < 1e-11

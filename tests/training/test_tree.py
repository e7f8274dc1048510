"""The active part of a network: what is cut has no part, what is left is a binary tree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import (
    Array,
    distance,
    layered_medium,
    mandel_rotation,
    random_network,
    random_stiffness,
    stiffness_by_recursion,
    strains_below,
    traction_jumps,
)
from properties import examples
from scipy.linalg import null_space

from evaluation.online.schemes.newton import interaction_matrix
from training.homogenise import homogenise
from training.network import Kind, MaterialNetwork, orient
from training.tree import Tree, active_base_nodes, prune

ROUNDING = 1e-12

few = examples(15)
seeds = st.integers(0, 2**32 - 1)
each_kind = pytest.mark.parametrize("kind", ["DMN", "IMN"])


def thinned_network(kind: Kind, seed: int, layers: int = 4) -> MaterialNetwork:
    """A network in which any number of base nodes but one may be dead."""
    rng = np.random.default_rng(seed)
    dead = rng.permutation(2**layers)[: rng.integers(2**layers)]
    return random_network(kind, layers, rng, dead)


def normal_of(H: Array) -> Array:
    """The normal of which H (6, 3) is the orientation matrix: its upper half is diag(n)."""
    return np.diag(H[:3])


def homogenise_tree(tree: Tree, p1: Array, p2: Array) -> Array:
    """Stiffness (6, 6) of the top, one layered medium after the other up the levels."""
    stiffness = {}
    for node, phase in enumerate(tree.phases):
        R = np.eye(6) if tree.rotations is None else tree.rotations[node]
        stiffness[node] = R @ (p1, p2)[phase] @ R.T
    for level in tree.levels:
        for node, (first, second), f1, H in zip(
            level.nodes, level.children, level.f1, level.H, strict=True
        ):
            normal = normal_of(H)
            frame = np.column_stack([null_space(normal[None]), normal])
            stiffness[node] = layered_medium(stiffness[first], stiffness[second], f1, frame)
    return stiffness[tree.nodes - 1]


@each_kind
@few
@given(seed=seeds)
def test_pruned_tree_is_the_whole_network(kind: Kind, seed: int) -> None:
    """Homogenised bottom-up it equals `homogenise` and the paper's recursion."""
    network = thinned_network(kind, seed)
    rng = np.random.default_rng(seed)
    phases = random_stiffness(rng), random_stiffness(rng, 10)
    pruned = homogenise_tree(prune(network), *phases)
    for whole in (
        homogenise(network, *(phase[None] for phase in phases))[0],
        stiffness_by_recursion(network, *phases),
    ):
        assert distance(pruned, whole) < ROUNDING


@each_kind
@few
@given(seed=seeds)
def test_base_nodes_are_those_of_positive_weight_in_their_order(kind: Kind, seed: int) -> None:
    network = thinned_network(kind, seed)
    tree = prune(network)
    alive = [n for n in range(16) if network.z[n] > 0]
    assert active_base_nodes(network) == len(alive)
    assert tree.weights.tolist() == [network.z[n] for n in alive]
    assert tree.phases.tolist() == [n % 2 for n in alive]
    assert tree.nodes == 2 * len(alive) - 1


@each_kind
@few
@given(seed=seeds)
def test_levels_make_a_binary_tree_bottom_up(kind: Kind, seed: int) -> None:
    """Every node but the top is a child once, at least one child is of the level just below."""
    tree = prune(thinned_network(kind, seed))
    base = len(tree.weights)
    height = dict.fromkeys(range(base), 0)
    for number, level in enumerate(tree.levels, start=1):
        for node, children in zip(level.nodes, level.children, strict=True):
            assert max(height[child] for child in children) == number - 1
            assert node not in height
            height[node] = number
    assert sorted(height) == list(range(tree.nodes))
    children = [child for level in tree.levels for child in level.children.ravel()]
    assert sorted(children) == list(range(tree.nodes - 1))


@each_kind
@few
@given(seed=seeds)
def test_fractions_are_shares_of_the_weights_that_sum_up(kind: Kind, seed: int) -> None:
    """Eqs. 2 and 4; the weights of all base nodes meet in the top."""
    tree = prune(thinned_network(kind, seed))
    weights = dict(enumerate(tree.weights))
    for level in tree.levels:
        for node, (first, second), f1 in zip(level.nodes, level.children, level.f1, strict=True):
            weights[node] = weights[first] + weights[second]
            assert 0 < f1 < 1
            assert f1 == pytest.approx(weights[first] / weights[node], rel=ROUNDING)
    assert weights[tree.nodes - 1] == pytest.approx(tree.weights.sum(), rel=ROUNDING)


@few
@given(seed=seeds)
def test_rotations_are_those_of_the_live_base_nodes(seed: int) -> None:
    """In Mandel form, orthogonal; an IMN has none."""
    network = thinned_network("DMN", seed)
    tree = prune(network)
    Q = orient(network).rotations[network.z > 0]
    assert tree.rotations == pytest.approx(np.array([mandel_rotation(q) for q in Q]), abs=ROUNDING)
    assert prune(thinned_network("IMN", seed)).rotations is None


@each_kind
@few
@given(seed=seeds)
def test_interaction_matrix_is_the_recursion_of_strains(kind: Kind, seed: int) -> None:
    """Eq. 20 from the top to the base nodes, with a = w b; by Eq. 13 the weighted mean is zero."""
    tree = prune(thinned_network(kind, seed))
    jumps = np.random.default_rng(seed).normal(size=(len(tree.weights) - 1, 3))
    strains = (interaction_matrix(tree) @ jumps.ravel()).reshape(-1, 6)
    scale = np.abs(strains).max()
    assert strains == pytest.approx(strains_below(tree, jumps), abs=ROUNDING * scale)
    assert tree.weights @ strains == pytest.approx(np.zeros(6), abs=1e2 * ROUNDING)


@each_kind
@few
@given(seed=seeds)
def test_residual_is_the_traction_jump_of_every_block(kind: Kind, seed: int) -> None:
    """Eq. 28 equals Eq. 27: A^T W sigma for any stresses of the base nodes."""
    tree = prune(thinned_network(kind, seed))
    stress = np.random.default_rng(seed).normal(size=(len(tree.weights), 6))
    R = interaction_matrix(tree).T @ (tree.weights[:, None] * stress).ravel()
    assert R.reshape(-1, 3) == pytest.approx(traction_jumps(tree, stress), abs=ROUNDING)


def test_block_with_one_live_child_is_cut_out() -> None:
    """Of three layers and live nodes 0, 1, 6: the blocks of (0, 1) and of that with 6 remain."""
    network = random_network("IMN", 3, np.random.default_rng(1), [2, 3, 4, 5, 7])
    tree = prune(network)
    normals = orient(network).normals
    assert [level.children.tolist() for level in tree.levels] == [[[0, 1]], [[3, 2]]]
    assert normal_of(tree.levels[0].H[0]) == pytest.approx(normals[2][0], abs=ROUNDING)
    assert normal_of(tree.levels[1].H[0]) == pytest.approx(normals[0][0], abs=ROUNDING)


@each_kind
def test_a_single_live_base_node_needs_no_block(kind: Kind) -> None:
    tree = prune(random_network(kind, 3, np.random.default_rng(2), set(range(8)) - {5}))
    assert tree.levels == ()
    assert tree.nodes == 1
    assert tree.phases.tolist() == [1]


@each_kind
def test_a_network_whose_every_node_is_dead_has_no_tree(kind: Kind) -> None:
    network = random_network(kind, 2, np.random.default_rng(3), range(4))
    assert active_base_nodes(network) == 0
    with pytest.raises(ValueError, match="every base node of the network is dead"):
        prune(network)

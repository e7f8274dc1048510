"""Strains of the base nodes by macroscopic strains."""

import numpy as np
import pytest
import torch
from networks import distance, random_network, random_stiffness

from evaluation.online.prediction import predict
from rve.dataset.moments import mean_deviator
from rve.loads.load_path import LoadPath
from rve.materials.elastic import Elastic
from training.homogenise import base_stiffnesses, base_weights, homogenise, localise
from training.network import Kind, MaterialNetwork
from training.tree import prune

PAIR = [random_stiffness(np.random.default_rng(s), scale)[None] for s, scale in ((1, 1), (2, 8))]

each_kind = pytest.mark.parametrize("kind", ["DMN", "IMN"])


@each_kind
def test_strains_are_those_of_an_elastic_prediction(kind: Kind) -> None:
    network = random_network(kind, 4, np.random.default_rng(5), range(0, 16, 5))
    alive = network.z > 0
    strains = np.random.default_rng(6).normal(size=(3, 6))
    found = localise(network, base_stiffnesses(network, PAIR), strains[None])[alive, 0]
    laws = [Elastic(stiffness[0]) for stiffness in PAIR]
    for number, strain in enumerate(strains):
        path = LoadPath(np.ones(6, dtype=bool), strain[None])
        assert distance(found[:, number], predict(prune(network), laws, path).strain) < 1e-7


@each_kind
def test_strains_average_to_the_macroscopic_one(kind: Kind) -> None:
    network = random_network(kind, 5, np.random.default_rng(7), range(1, 32, 3))
    weights = base_weights(network) / base_weights(network).sum()
    unit = np.eye(6)[None]
    A = localise(network, base_stiffnesses(network, PAIR), unit)
    assert np.einsum("n,nsli->sli", weights, A) == pytest.approx(unit, abs=1e-12)
    if kind == "IMN":
        C = np.array([PAIR[0][0], PAIR[1][0]] * 16)
        energy = np.einsum("n,nki,nij,nlj->kl", weights, A[:, 0], C, A[:, 0], optimize=True)
        assert distance(energy, homogenise(network, *PAIR)[0]) < 1e-12


@each_kind
def test_moment_has_a_gradient_with_a_dead_node_in_the_tree(kind: Kind) -> None:
    """Autograd against central differences, along a random change of all parameters."""
    rng = np.random.default_rng(8)
    network = random_network(kind, 3, rng, [2])
    dz, da = rng.normal(size=network.z.shape), rng.normal(size=network.angles.shape)
    E = rng.normal(size=(1, 2, 6))

    def moment(z, angles):
        changed = MaterialNetwork(kind, z, angles)
        p1, p2, strains = (torch.tensor(a) for a in (*PAIR, E))
        strains = localise(changed, base_stiffnesses(changed, (p1, p2)), strains)
        return mean_deviator(strains[0::2], base_weights(changed)[0::2]).sum()

    z, angles = (torch.tensor(a, requires_grad=True) for a in (network.z, network.angles))
    moment(z, angles).backward()
    slope = float((z.grad.numpy() * dz).sum() + (angles.grad.numpy() * da).sum())
    step = 1e-6
    ends = [
        float(moment(torch.tensor(network.z + s * dz), torch.tensor(network.angles + s * da)))
        for s in (-step, step)
    ]
    assert slope == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-6)

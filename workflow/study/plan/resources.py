"""How long a training may take on a cluster, from measured ones; docs/cluster.md lists them."""

from math import ceil

from training.specification import Network
from workflow.study.config.model import Training

_SECONDS = {"fused": 2e-8, "torch": 1.5e-5}
"""Of one epoch, by backend, for each sample and base node; the slowest measured."""

_SAFETY = 4
"""For slower processors, and for what else is on the node."""

_START = 3
"""Two starts of Snakemake, and code that has to be compiled for a new kind of node, minutes."""


def training_minutes(networks: list[Network], training: Training) -> int:
    """Minutes that a job asks for which trains these networks one after the other.

    Args:
        networks: of the job.
        training: from the configuration.
    """
    passes = sum(
        (network.epochs or training.epochs)
        * (network.samples + network.flowing_samples)
        * 2**network.layers
        for network in networks
    )
    return _START + ceil(_SAFETY * _SECONDS[training.backend] * passes / 60)

"""What shares a job, as the start of a process costs as much as a short training, and its time.

A block is networks that differ in the last digit of their seed alone. A rule for these digits makes
its files; the wildcard is the networks' common beginning of a name.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from math import ceil
from typing import Any

from training.specification import Network
from workflow.study.config.model import Training

_SHORT_EPOCH = 2**16
"""Samples times base nodes."""

_SHORT_CURVE = 2**14
"""Increments times elements."""

_FEW = 2
"""Networks but for their seeds, of a study whose first ones are trained before all else."""

_SECONDS = {"fused": 2e-8, "torch": 1.5e-5}
"""Of one epoch, by backend, for each sample and base node; the slowest measured."""

_SAFETY = 4
"""For slower processors, and for what else is on the node."""

_START = 3
"""Two starts of Snakemake, and code that has to be compiled for a new kind of node, minutes."""

Blocks = dict[str, list[str]]
"""Last digits of the seeds, as 01234 -> beginnings of names; none -> names of networks alone."""


def trained_together(grid: Mapping[str, Network], training: Training) -> Blocks:
    """The blocks of trainings: networks with short epochs by five, `first` and others alone."""
    alone = first(grid)

    def size(name: str) -> int:
        short = epoch_size(grid[name]) <= _SHORT_EPOCH and training.backend == "fused"
        return 5 if short else 1

    found = blocks((name for name in grid if name not in alone), size)
    return found | ({"": [*alone, *found.get("", [])]} if alone else {})


def first(grid: Mapping[str, Network]) -> list[str]:
    """Networks to be trained before all else: the first of each seed, where these are few."""
    found = [name for name, network in grid.items() if network.seed == 0]
    return found if len(found) <= _FEW else []


def blocks(names: Iterable[str], size: Callable[[str], int]) -> Blocks:
    """Blocks of networks; `size` tells how many, at most, may share the job of one."""
    members: dict[tuple[str, int], set[str]] = {}
    for name in names:
        members.setdefault((name[:-1], int(name[-1]) // size(name)), set()).add(name[-1])
    found: Blocks = {}
    for (beginning, _), some in members.items():
        digits = "".join(sorted(some))
        alone = len(digits) == 1
        found.setdefault("" if alone else digits, []).append(beginning + digits * alone)
    return found


def span(digits: str) -> str:
    """The first digit and the last one, as 0-4, of a block."""
    return digits and f"{digits[0]}-{digits[-1]}"


def one_of(names: Collection[str]) -> str:
    """A regular expression that matches these names and nothing else."""
    return "|".join(map(re.escape, names))


def short_curves(element_size: float, paths: Iterable[Mapping[str, Any]]) -> bool:
    """Whether these arguments of `piecewise_linear` all take seconds with this size of elements."""
    elements = 3.2 / element_size**2
    return all(len(p["points"]) * p["increments"] * elements <= _SHORT_CURVE for p in paths)


def epoch_size(network: Network) -> int:
    """Samples of an epoch times base nodes."""
    return int((network.samples + network.flowing_samples) * 2**network.layers)


def training_minutes(networks: list[Network], training: Training) -> int:
    """Minutes that a job asks for which trains these networks one after the other."""
    passes = sum((one.epochs or training.epochs) * epoch_size(one) for one in networks)
    return _START + ceil(_SAFETY * _SECONDS[training.backend] * passes / 60)

"""What shares a job: the start of a process costs as much as a short training or a short curve.

A block is networks that differ in the last digit of their seed alone. A rule for these digits makes
its files; the wildcard is the networks' common beginning of a name.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from training.specification import Network
from workflow.study.config.model import Training

_SHORT_EPOCH = 2**16
"""Samples times base nodes."""

_SHORT_CURVE = 2**14
"""Increments times elements."""

_TRAINED, _TESTED = 5, 10
"""Seeds that share the job of a training, and of a prediction."""

Blocks = dict[str, list[str]]
"""Last digits of the seeds, as 01234 -> beginnings of names; none -> names of networks alone."""


def trained_together(grid: Mapping[str, Network], training: Training) -> Blocks:
    """The blocks of trainings: networks with short epochs by five, others alone."""

    def size(name: str) -> int:
        network = grid[name]
        passes = (network.samples + network.flowing_samples) * 2**network.layers
        return _TRAINED if passes <= _SHORT_EPOCH and training.backend == "fused" else 1

    return blocks(grid, size)


def tested_together(grid: Collection[str]) -> Blocks:
    """The blocks of predictions."""
    return blocks(grid, lambda name: _TESTED)


def blocks(names: Iterable[str], size: Callable[[str], int]) -> Blocks:
    """Blocks of networks.

    Args:
        names: of the networks.
        size: how many networks, at most, may share the job of one.
    """
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
    """Whether all these load paths take seconds in a cell of this element size.

    Args:
        element_size: of the triangles, in cell edges.
        paths: arguments of `piecewise_linear`.
    """
    elements = 3.2 / element_size**2
    return all(len(p["points"]) * p["increments"] * elements <= _SHORT_CURVE for p in paths)

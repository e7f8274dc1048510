"""Seeds that share a job: the start of a process costs as much as a short training.

A block is five networks that differ in their seed alone. Seeds end in 0 to 4 or in 5 to 9, so a
rule of fixed files makes one of either half, from the networks' common beginning of a name.
"""

import re
from collections.abc import Collection, Mapping

from training.specification import Network

HALVES = {"first": range(5), "second": range(5, 10)}
"""Half of ten seeds -> their last digits."""

_SHORT = 2**16  # samples times base nodes of an epoch


def short(network: Network) -> bool:
    """Whether an epoch of this network's training is short."""
    samples = network.samples + network.flowing_samples
    return samples * 2**network.layers <= _SHORT


def blocks(names: Collection[str]) -> dict[str, list[str]]:
    """Half of ten seeds -> the blocks of it: the beginning of the names of five networks.

    Args:
        names: of networks that may share a job.
    """
    known, beginnings = set(names), dict.fromkeys(name[:-1] for name in names)
    return {
        half: [block for block in beginnings if known.issuperset(five(block, half))]
        for half in HALVES
    }


def five(block: str, half: str) -> list[str]:
    """The networks of a block."""
    return [f"{block}{digit}" for digit in HALVES[half]]


def single(names: Collection[str], together: Mapping[str, Collection[str]]) -> list[str]:
    """The networks that no block holds, which have a job each.

    Args:
        names: of all networks.
        together: blocks, as from `blocks`.
    """
    shared = {id for half in HALVES for block in together[half] for id in five(block, half)}
    return [name for name in names if name not in shared]


def one_of(names: Collection[str]) -> str:
    """A regular expression that matches these names and, if there are none, nothing."""
    return "|".join(map(re.escape, names)) or "(?!)"

"""What an online scheme is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scheme:
    """An online scheme: how an iteration linearises the network, and moves its base nodes.

    The arguments of its compiled functions are those of `evaluation.online.loop_arguments`.

    Attributes:
        name: in configurations and tables.
        words: in reports.
        colour: in figures.
        kinds: those of networks, DMN or IMN, that a study uses it for unless told otherwise.
        linearise: `linearise(lanes, network, work, iteration)` leaves the tangent and the stress of
            the linearised network at the current macroscopic strain in the tile of the top node.
        step: `step(lanes, network, work, load, iteration)` follows, when the macroscopic strain has
            made its step: it moves the base nodes, and returns the relative changes (L,) of their
            strains. Points of a tile that have converged may move on.
        place: among the schemes; those of one place stand by their names. A study predicts with the
            first one of a kind, and compares the others with it.
        balanced: whether it ends with tractions in balance.
        dense: whether it takes the matrix A of Eq. 26.
        words_for_dmn: in reports of a DMN, if the paper has other ones.
    """

    name: str
    words: str
    colour: str
    kinds: tuple[str, ...]
    linearise: Callable[..., Any]
    step: Callable[..., Any]
    place: int
    balanced: bool = True
    dense: bool = False
    words_for_dmn: str = ""

"""The C functions of an export, each from the formula that stands elsewhere."""

from collections.abc import Iterator

import numpy as np

from evaluation.online.formulas import (
    BLOCK,
    JUMP,
    condense,
    condense_tangent,
    jump_change,
    tractions,
)
from rve.kernels.c_source import function
from rve.kernels.formula import Place, Recording, Write, entries, formula
from rve.mandel import interface_matrix, rotation_matrix
from rve.materials.equations import Declared
from rve.materials.recorded import Recorded, record
from training.laminate import childrens_strains

_PARTS = {
    "start": "The bracket of the unknown at the start of its search.",
    "iterate": "A step of Newton's method, or a halved bracket.",
    "finish": "Tangent, stress and new internal variables.",
}
_TO_CELL = {1: np.eye(3)[[1, 2, 0]], 2: np.eye(3)[[2, 0, 1]], 3: np.eye(3)}
"""Axis of the caller along the fibres -> components in the axes of the cell, where it is 3."""


@formula(
    reads={"jump": JUMP, "parent": 6},
    shared={"block": BLOCK},
    results={"change": 3, "first": 6, "second": 6},
)
def _localised(block, jump, parent):
    change = jump_change(jump, parent)
    return change, *_split(block, change, parent)


@formula(reads={"b": 3, "parent": 6}, shared={"block": BLOCK}, results={"first": 6, "second": 6})
def _split(block, b, parent):
    return childrens_strains(parent, block[0], interface_matrix(block[1:]) @ b)


_TREE = {
    "condense": (
        condense,
        "Tangent (21, upper triangle by rows) and stress (6) of a block from those of its "
        "children, and its jump: M^-1 G (3 by 6) and M^-1 r (3) of Eqs. 11, 21 and 22.",
    ),
    "condense_tangent": (
        condense_tangent,
        "Tangent (6 by 6) of a block from those of its children, symmetric or not.",
    ),
    "localise": (
        _localised,
        "Changes of a block's jump, b of Eq. 21 over f1 f2, and of its children's strains, Eq. 20.",
    ),
    "split": (
        _split,
        "Strains of a block's children from its own and its jump, b of Eq. 21 over f1 f2, Eq. 20.",
    ),
    "compare_tractions": (
        tractions,
        "Mean stress of a block and mean of the magnitudes (12) from those of its children; the "
        "squares of its traction jump, Eq. 27, and of its traction are added up.",
    ),
}


def tree_functions(whole: bool) -> Iterator[str]:
    """Functions of a block; `whole` tells whether a tangent is more than its symmetric part."""
    for name, (one, comment) in _TREE.items():
        if whole or one is not condense_tangent:
            yield function(comment, name, one.record())


def axes_functions(fibres_along: int) -> str:
    """Rotation in Mandel form from the caller's axes, of an angle about axis 3, to the cell's."""

    @formula(reads={"circle": 2}, results={"rotation": (6, 6)})
    def rotation(circle):
        c, s = circle
        turned_back = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]], dtype=object)
        return rotation_matrix(_TO_CELL[fibres_along] @ turned_back)

    return function(
        "Rotation (6 by 6) in Mandel form from the axes of the caller to those of the cell, from "
        "cosine and sine of the angle of the ply.",
        "turn_axes",
        rotation.record(),
    )


def caller_to_cell(fibres_along: int):
    """The same rotation (6, 6) for the angle zero, in numbers."""
    return rotation_matrix(_TO_CELL[fibres_along])


def cell_axes(fibres_along: int) -> str:
    """The axes of the cell along which those of the caller lie, in words.

    >>> cell_axes(1)
    '3, 1, 2'
    """
    return ", ".join(str(1 + int(abs(column).argmax())) for column in _TO_CELL[fibres_along].T)


def law_functions(phase: str, declared: Declared, turned: bool) -> tuple[Recorded, str]:
    """A law's functions, whose names begin with the phase's."""
    recorded = record(declared, turned)
    places = entries("parameters", recorded.parameters) | entries("rotation", recorded.rotation)
    arrays = ["parameters", "rotation", "constants"] if turned else ["parameters", "constants"]
    writes = [Write(Place("constants", i), node) for i, node in enumerate(recorded.constants)]
    what = f"What depends on the {len(recorded.parameters)} parameters of the law alone."
    parts = [function(what, f"{phase}_constants", Recording(arrays, places, writes))]
    parts += [function(_PARTS[n], f"{phase}_{n}", kernel) for n, kernel in recorded.kernels.items()]
    return recorded, "\n".join(parts)

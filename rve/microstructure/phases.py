"""The phases of the cell by name, and the groups of a mesh file that make them up."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.places import coordinates

Groups = Mapping[str, Sequence[str | int]]
"""Phase -> its physical groups, by name, or by number where they have no name."""

MATRIX, FIBRE = 0, 1
PHASES = ("matrix", "fibre")
"""The phases of the paper, p1 and p2; every cell has a matrix."""

VOID = "void"
"""A phase without stiffness, which has no law."""

INTERPHASE = "interphase"
"""The phase of the rings around packed fibres."""

BY_NAME: Groups = MappingProxyType({})
"""No groups chosen: those with a usual name."""

_USUAL_NAMES = {
    "matrix": r"matrix|matrices",
    "fibre": r"fib(re|er)s?",
    VOID: r"voids?|pores?|holes?",
}
_RANK = {"matrix": 0, "fibre": 1, VOID: 3}
_NO_GROUPS = (
    "no groups of surfaces at all (with gmsh: `Physical Surface`; with meshio: "
    '`cell_data={"gmsh:physical": ...}` and `file_format="gmsh22"`; in Abaqus: *ELSET)'
)
_EXAMPLE = "`rve: {groups: {matrix: [resin], fibre: [strands, 7], coating: [size]}}`"


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of phases, each once, in the order of all arrays: matrix, fibre, others, void.

    Example:
        >>> from rve.microstructure.phases import ordered
        >>> ordered(["void", "rubber", "matrix", "interphase"])
        ('matrix', 'interphase', 'rubber', 'void')
    """
    return tuple(sorted(set(names), key=lambda name: (_RANK.get(name, 2), name)))


def usual_name(name: str) -> str | None:
    """The phase that a group or phase of this name is usually meant to be, or None."""
    found = (
        phase for phase, usual in _USUAL_NAMES.items() if re.fullmatch(usual, name, re.IGNORECASE)
    )
    return next(found, None)


@dataclass(frozen=True, order=True)
class Group:
    """A physical group of gmsh or a set of Abaqus: its number, or 0, and its name, or none."""

    number: int
    name: str

    def __str__(self) -> str:
        """As messages call it."""
        return f"`{self.name}`" if self.name else f"group {self.number} (no name)"

    def matches(self, label: str | int) -> bool:
        """Whether a label of `rve.groups` means this group."""
        return label == (self.number if isinstance(label, int) else self.name)


@dataclass(frozen=True)
class Block:
    """Plane elements (m, k), all in the same groups; k is 3 or 6 of triangles, else 4 or 8.

    Of each the corners stand in their order, then the middles of the edges.
    """

    elements: Integers
    groups: Set[Group]


def groups_of_phases(groups: Set[Group], chosen: Groups | None) -> dict[str, Set[Group]]:
    """The phases in their order, each with its groups: those chosen, or those with a usual name.

    Where None is chosen, each group is the phase of its name.

    Raises:
        InputError: a chosen group has no elements; there is no matrix, or nothing else.
    """
    if chosen is None:
        chosen = {group.name: [group.name] for group in groups if group.name}
    has = f"the mesh has {_listed(groups) or _NO_GROUPS}"
    for label in (label for labels in chosen.values() for label in labels):
        if not any(group.matches(label) for group in groups):
            raise InputError(f"no elements in the group {label} of rve.groups; {has}")
    found: dict[str, Set[Group]] = {
        phase: {group for group in groups if any(map(group.matches, labels))}
        for phase, labels in chosen.items()
    }
    left = groups - set().union(*found.values())
    for phase in _USUAL_NAMES.keys() - found.keys():
        if its := {group for group in left if usual_name(group.name) == phase}:
            found[phase] = its
    if "matrix" not in found or len(found) == 1:
        lacking = "fibre or void" if "matrix" in found else "matrix"
        raise InputError(
            f"no elements in a group of surfaces called {lacking}; {has}. A cell has a matrix and "
            "at least one other phase: name the groups of each in the configuration, as in "
            f"{_EXAMPLE}; a group without a name by its number"
        )
    return {phase: found[phase] for phase in ordered(found)}


def phase_of_elements(
    nodes: Array,
    elements: Integers,
    blocks: Sequence[Block],
    groups: Mapping[str, Set[Group]],
) -> tuple[Integers, Integers]:
    """Which of elements (m, 8) to keep (n,), phase by phase, and the numbers (n,) of their phases.

    Elements that a file repeats, once for each group, count once. The elements are those of the
    blocks as of a quadrilateral, with -1 for nodes that are not there.

    Raises:
        InputError: an element is in no phase, or in several.
    """
    _, first, same = np.unique(
        np.sort(elements, axis=1), axis=0, return_index=True, return_inverse=True
    )
    origin = np.repeat(np.arange(len(blocks)), [len(block.elements) for block in blocks])
    phases = [[not block.groups.isdisjoint(its) for its in groups.values()] for block in blocks]
    inside = np.zeros((len(first), len(groups)), dtype=bool)
    np.logical_or.at(inside, same.ravel(), np.array(phases)[origin])
    wrong = first[inside.sum(axis=1) != 1]
    if len(wrong):
        corners = elements[wrong.min(), :4]
        centre = nodes[corners[corners >= 0], :2].mean(axis=0)
        number = same.flat[wrong.min()]
        its = set().union(*(blocks[i].groups for i in origin[same.ravel() == number]))
        where = _words_for(
            its, [phase for phase, here in zip(groups, inside[number], strict=True) if here]
        )
        raise InputError(f"the element near {coordinates(centre)} is in {where}")
    phase = inside.argmax(axis=1)
    order = np.lexsort([first, phase])
    return first[order], phase[order].astype(np.int64)


def _words_for(groups: Set[Group], phases: Sequence[str]) -> str:
    if phases:
        return f"{' and '.join(phases)}, by its groups {_listed(groups)}; take it out of one"
    if not groups:
        return "no physical group; put every surface in one, of the matrix or of another phase"
    return (
        f"{_listed(groups)}, which is of no phase; list the group in the configuration under the "
        f"phase whose law it takes, as in {_EXAMPLE}"
    )


def _listed(groups: Set[Group]) -> str:
    return ", ".join(map(str, sorted(groups)))

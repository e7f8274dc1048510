"""The two phases of the cell, and the physical groups of a gmsh mesh that make them up."""

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

BY_NAME: Groups = MappingProxyType({})
"""No groups chosen: those with a usual name."""

_USUAL_NAMES = {"matrix": r"matrix|matrices", "fibre": r"fib(re|er)s?"}
_RANK = {"matrix": 0, "fibre": 1, VOID: 3}
_NO_GROUPS = (
    "no groups of surfaces at all (with gmsh: `Physical Surface`; with meshio: "
    '`cell_data={"gmsh:physical": ...}` and `file_format="gmsh22"`; in Abaqus: *ELSET)'
)
_EXAMPLE = "`rve: {groups: {matrix: [resin], fibre: [strands, 7]}}`"


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of phases, each once, in the order of all arrays: matrix, fibre, others, void.

    Example:
        >>> from rve.microstructure.phases import ordered
        >>> ordered(["void", "rubber", "matrix", "interphase"])
        ('matrix', 'interphase', 'rubber', 'void')
    """
    return tuple(sorted(set(names), key=lambda name: (_RANK.get(name, 2), name)))


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


def groups_of_phases(groups: Set[Group], chosen: Groups) -> list[Set[Group]]:
    """Of the groups that have elements those chosen for each phase, or with its usual name."""
    has = f"the mesh has {_listed(groups) or _NO_GROUPS}"
    for label in (label for labels in chosen.values() for label in labels):
        if not any(group.matches(label) for group in groups):
            raise InputError(f"no elements in the group {label} of rve.groups; {has}")
    found = {
        phase: {group for group in groups if any(map(group.matches, labels))}
        for phase, labels in chosen.items()
    }
    taken = set().union(*found.values())
    for phase in PHASES:
        usual = re.compile(_USUAL_NAMES[phase], re.IGNORECASE)
        left = {group for group in groups if group not in taken and usual.fullmatch(group.name)}
        if not found.setdefault(phase, left):
            raise InputError(
                f"no elements in a group of surfaces called {phase}; {has}. A network has "
                f"two phases: name the groups of each in the configuration, as in {_EXAMPLE}; a "
                "group without a name by its number"
            )
    return [found[phase] for phase in PHASES]


def phase_of_elements(
    nodes: Array, elements: Integers, blocks: Sequence[Block], phase_groups: Sequence[Set[Group]]
) -> tuple[Integers, Integers]:
    """Which of elements (m, 8) to keep (n,), those of the matrix first, and their phases (n,).

    Elements that a file repeats, once for each group, count once. The elements are those of the
    blocks as of a quadrilateral, with -1 for nodes that are not there.

    Raises:
        InputError: an element is in no phase, or in two.
    """
    _, first, same = np.unique(
        np.sort(elements, axis=1), axis=0, return_index=True, return_inverse=True
    )
    origin = np.repeat(np.arange(len(blocks)), [len(block.elements) for block in blocks])
    phases = [[not block.groups.isdisjoint(its) for its in phase_groups] for block in blocks]
    inside = np.zeros((len(first), len(PHASES)), dtype=bool)
    np.logical_or.at(inside, same.ravel(), np.array(phases)[origin])
    wrong = first[inside.sum(axis=1) != 1]
    if len(wrong):
        corners = elements[wrong.min(), :4]
        centre = nodes[corners[corners >= 0], :2].mean(axis=0)
        number = same.flat[wrong.min()]
        its = set().union(*(blocks[i].groups for i in origin[same.ravel() == number]))
        where = _words_for(its, inside[number].all())
        raise InputError(f"the element near {coordinates(centre)} is in {where}")
    order = np.lexsort([first, inside[:, FIBRE]])
    return first[order], inside[order, FIBRE].astype(np.int64)


def _words_for(groups: Set[Group], doubly: bool) -> str:
    if doubly:
        return f"matrix and fibre, by its groups {_listed(groups)}; take it out of one"
    if not groups:
        return "no physical group; put every surface in one, of the matrix or of the fibre"
    return (
        f"{_listed(groups)}, which is neither matrix nor fibre; a network has two phases: list the "
        f"group in the configuration under the phase whose law it takes, as in {_EXAMPLE}"
    )


def _listed(groups: Set[Group]) -> str:
    return ", ".join(map(str, sorted(groups)))

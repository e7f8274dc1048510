"""Mesh of an Abaqus input file: its nodes, plane elements and element sets.

The keywords that make up a mesh are read. Those that would generate, move or include a part of it
are refused, so that no mesh is read by half; all others (sections, materials, steps) are skipped.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.microstructure.phases import Block, Group
from rve.microstructure.triangles import cross_section_fault

# Solids, shells, membranes, rigid, surface and heat transfer elements of the plane, by their nodes.
_PLANE = re.compile(r"(?:CPEG|CPE|CPS|DC2D|M3D|SFM3D|R3D|STRI|S)([34689])[A-Z]*5?")
_LINE = re.compile(r"(?:B[23][1-3]|[TR][23]D[23]|RB[23]D2|MASS|ROTARYI|CONN[23]D2)[A-Z]*")
_SOLID = re.compile(r"(?:C3D|SC|CSS|DC3D).*")

_REFUSED = {
    "INCLUDE", "NGEN", "NFILL", "NCOPY", "NMAP", "ELGEN", "ELCOPY", "SYSTEM", "IMPORT",
    "SYMMETRIC MODEL GENERATION",
}  # fmt: skip


@dataclass(frozen=True)
class _Card:
    """A keyword's row as it stands, it and its parameters, and its data: row, entries."""

    head: str
    keyword: str
    options: dict[str, str]
    row: int
    data: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Model:
    """What a file has defined so far.

    Elements that are no plane ones have no nodes. A set stands under its scope, name in capitals.
    """

    nodes: dict[int, list[float]] = field(default_factory=dict)
    elements: dict[int, list[int]] = field(default_factory=dict)
    sets: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def extend_set(self, scope: str, name: str, labels: list[int]) -> None:
        """Add elements to a set; Abaqus does not distinguish capitals in names."""
        self.names.setdefault(name.upper(), name)
        self.sets.setdefault((scope, name.upper()), []).extend(labels)


def read_abaqus(path: Path) -> tuple[Array, list[Block]]:
    """Nodes (n, 3) and plane elements of an input file; their groups are the element sets."""
    model = _Model()
    scope = ""
    for card in _cards(path):
        is_node = card.keyword == "NODE" and not scope  # in the assembly: reference points
        other_system = is_node and card.options.get("SYSTEM", "R").upper() != "R"
        if card.keyword in _REFUSED or "INPUT" in card.options or other_system:
            raise InputError(
                f"row {card.row}: {card.head} is not read; write the mesh out in this file: *NODE, "
                "*ELEMENT and *ELSET alone"
            )
        if card.keyword in {"ASSEMBLY", "INSTANCE", "END INSTANCE", "END ASSEMBLY"}:
            scope = {"ASSEMBLY": "assembly", "END INSTANCE": "assembly"}.get(card.keyword, "")
            if len(card.data) > 1:
                raise InputError(
                    f"row {card.data[1][0]}: *INSTANCE is rotated, and the mesh is that of the "
                    "part; rotate the part itself"
                )
        elif is_node:
            _read_nodes(card, model)
        elif card.keyword == "ELEMENT" and not scope:
            _read_elements(card, model)
        elif card.keyword == "ELSET" and "INTERNAL" not in card.options:
            _read_set(card, scope, model)
    if not any(model.elements.values()):
        raise InputError("no plane elements in it, *NODE and *ELEMENT of a type such as CPE4")
    return _assembled(model)


def _cards(path: Path) -> list[_Card]:
    cards: list[_Card] = []
    head = ""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    for row, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("**"):
            continue
        if line.startswith("*") or head:
            head += line
            if head.endswith(","):  # the parameters go on in the next row
                continue
            keyword, *options = (part.strip() for part in head[1:].split(","))
            pairs = (option.partition("=") for option in options)
            its = {name.strip().upper(): value.strip().strip('"') for name, _, value in pairs}
            cards.append(_Card(head, " ".join(keyword.upper().split()), its, row))
            head = ""
        elif not cards:
            raise InputError(f"row {row}: expected a keyword such as *NODE; not an Abaqus file?")
        else:
            cards[-1].data.append((row, [entry.strip() for entry in line.rstrip(",").split(",")]))
    return cards


def _read_nodes(card: _Card, model: _Model) -> None:
    for row, entries in card.data:
        label = _number(row, entries[0])
        place = [_number(row, e.upper().replace("D", "E") or "0", float) for e in entries[1:4]]
        _add(model.nodes, label, place + [0.0] * (3 - len(place)), f"row {row}: node")


def _read_elements(card: _Card, model: _Model) -> None:
    kind = card.options.get("TYPE", "").upper()
    if _SOLID.fullmatch(kind):
        raise InputError(cross_section_fault(len(card.data), kind))
    plane = _PLANE.fullmatch(kind)
    if not plane and not _LINE.fullmatch(kind):
        raise InputError(
            f"row {card.row}: *ELEMENT of type {kind or 'unknown'}, expected triangles or "
            "quadrilaterals such as CPE3, CPE4, CPE6, CPE8 (also CPS, S, M3D, R3D)"
        )
    labels = []
    for row, entries in _elements(card, 1 + int(plane[1])) if plane else card.data:
        label, *nodes = (_number(row, entry) for entry in entries)
        if plane and (missing := [node for node in nodes if node not in model.nodes]):
            raise InputError(
                f"row {row}: element {label} has the node {missing[0]}, which is not there"
            )
        # A ninth node is the middle.
        _add(model.elements, label, nodes[:8] if plane else [], f"row {row}: element")
        labels.append(label)
    if name := card.options.get("ELSET"):
        model.extend_set("", name, labels)


def _elements(card: _Card, size: int) -> Iterator[tuple[int, list[str]]]:
    """Rows of data, of which an element may take several."""
    entries: list[str] = []
    for row, more in card.data:
        entries += more
        if len(entries) > size:
            break
        if len(entries) == size:
            yield row, entries
            entries = []
    if entries:
        raise InputError(
            f"row {row}: expected an element and its {size - 1} nodes, found {len(entries)} entries"
        )


def _read_set(card: _Card, scope: str, model: _Model) -> None:
    name = card.options.get("ELSET")
    if not name:
        raise InputError(f"row {card.row}: *ELSET has no name; give it as ELSET=name")
    labels: list[int] = []
    for row, entries in card.data:
        if "GENERATE" in card.options:
            ends = [_number(row, entry) for entry in entries]
            if not (2 <= len(ends) <= 3 and ends[0] <= ends[1] and min(ends[2:], default=1) > 0):
                raise InputError(f"row {row}: expected first element, last element, increment")
            labels += range(ends[0], ends[1] + 1, *ends[2:])
            continue
        for entry in filter(None, entries):
            key = entry.strip('"').upper()
            known = model.sets.get((scope, key), model.sets.get(("", key)))
            labels += [_number(row, entry)] if known is None else known
    model.extend_set(scope, name, labels)


def _number(row: int, entry: str, kind: Callable[[str], Any] = int) -> Any:
    try:
        return kind(entry)
    except ValueError:
        what = "whole number" if kind is int else "number"
        raise InputError(f"row {row}: expected a {what}, found {entry!r}") from None


def _add(known: dict[int, Any], label: int, value: Any, what: str) -> None:
    if label in known:
        raise InputError(f"{what} {label} stands twice; the mesh has to be one part")
    known[label] = value


def _assembled(model: _Model) -> tuple[Array, list[Block]]:
    """Nodes (n, 3), and a block for each number of nodes and sets of an element."""
    place = {label: number for number, label in enumerate(model.nodes)}
    its: dict[int, set[Group]] = {label: set() for label in model.elements}
    for (scope, key), labels in model.sets.items():
        if scope and set(labels) != set(model.sets.get(("", key), labels)):
            raise InputError(
                f"the set {model.names[key]} has other elements in the assembly than in the part; "
                "give one of them another name"
            )
        for label in labels:
            if label not in its:
                raise InputError(
                    f"the set {model.names[key]} has the element {label}, which is not there"
                )
            its[label].add(Group(0, model.names[key]))
    blocks: dict[tuple[int, frozenset[Group]], list[list[int]]] = {}
    for label, nodes in model.elements.items():
        if nodes:
            alike = blocks.setdefault((len(nodes), frozenset(its[label])), [])
            alike.append([place[node] for node in nodes])
    return np.array(list(model.nodes.values())), [
        Block(np.array(elements), groups) for (_, groups), elements in blocks.items()
    ]

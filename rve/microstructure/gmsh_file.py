"""Mesh files of gmsh: writing them whole, and reading them as they were written."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.extras import extra
from rve.microstructure.phases import Block, Group
from rve.microstructure.places import coordinates
from rve.microstructure.triangles import cross_section_fault

with extra("cell"):
    import gmsh


# gmsh's types of plane elements -> the nodes that are taken, of Quadrilateral 9 all but the middle.
_TRIANGLE_6 = 9
_NODE_COUNTS = {2: 3, _TRIANGLE_6: 6, 3: 4, 16: 8, 10: 8}
# Of coordinates, over the size of the cell: gmsh writes sixteen digits.
_WRITTEN_PRECISION = 1e-15
_PERIODIC = re.compile(rb"^\$Periodic\s.*?^\$EndPeriodic\s*", re.MULTILINE | re.DOTALL)
_FORMAT = re.compile(rb"\s*\$MeshFormat\s+(\d)\S*\s+(\d)")
_ELEMENTS = re.compile(
    rb"(^\$Elements\s+\d+\s*?\n)(.*?)(?=\$EndElements)", re.MULTILINE | re.DOTALL
)


@contextmanager
def gmsh_model() -> Iterator[None]:
    """A gmsh of its own, quiet, on one thread, without the settings of the user."""
    gmsh.initialize([], readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Verbosity", 0)
        gmsh.option.setNumber("General.NumThreads", 1)
        yield
    finally:
        gmsh.finalize()


def write_gmsh(path: Path, nodes: Array, groups: Mapping[str, Integers]) -> None:
    """Write nodes (n, 2), and triangles of second order (m, 6) as one surface for each group.

    Raises:
        InputError: the file could not be written whole.
    """
    with gmsh_model():
        for tag in range(1, len(groups) + 1):
            gmsh.model.addDiscreteEntity(2, tag)
        points = np.pad(nodes, ((0, 0), (0, 1)))
        gmsh.model.mesh.addNodes(2, 1, np.arange(1, len(nodes) + 1), points.ravel())
        for tag, (name, triangles) in enumerate(groups.items(), start=1):
            gmsh.model.mesh.addElementsByType(tag, _TRIANGLE_6, [], (triangles + 1).ravel())
            gmsh.model.addPhysicalGroup(2, [tag], tag, name)
        gmsh.write(str(path))
    places = nodes[np.concatenate([*groups.values()])]
    try:  # gmsh does not say when the disk is full
        read_nodes, blocks = read_gmsh(path)
        found = read_nodes[np.concatenate([block.elements for block in blocks]), :2]
    except Exception:  # whatever half a file leads to
        found = np.empty(0)
    slack = _WRITTEN_PRECISION * np.abs(places).max()
    if found.shape != places.shape or np.abs(found - places).max() > slack:
        raise InputError(f"{path}: could not be written whole; is the disk full?")


def read_gmsh(path: Path) -> tuple[Array, list[Block]]:
    """Nodes (n, 3) and plane elements of a .msh file, as they were written.

    Raises:
        InputError: the file is not a gmsh mesh, is three-dimensional, has no physical groups for
            lack of a section, or has elements that are neither triangles nor quadrilaterals.
    """
    with gmsh_model(), TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(_cleaned(path.read_bytes()))
        try:
            gmsh.open(str(copy))
        except Exception as error:  # gmsh raises nothing narrower
            reason = str(error).replace(str(copy), str(path))
            raise InputError(f"not a gmsh mesh file ({reason})") from error
        kinds, tags, _ = gmsh.model.mesh.getElements(3)
        if len(kinds):
            name = gmsh.model.mesh.getElementProperties(kinds[0])[0]
            raise InputError(cross_section_fault(sum(map(len, tags)), name))
        return plane_elements()


def plane_elements() -> tuple[Array, list[Block]]:
    """Nodes (n, 3) of the open gmsh model, and the elements of each surface with its groups."""
    tags, flat, _ = gmsh.model.mesh.getNodes()
    nodes = flat.reshape(-1, 3)
    number = np.zeros(int(tags.max(initial=0)) + 1, dtype=np.int64)
    number[tags] = np.arange(len(tags))
    groups: dict[int, set[Group]] = {}
    for dimension, tag in gmsh.model.getPhysicalGroups(2):
        group = Group(tag, gmsh.model.getPhysicalName(dimension, tag))
        for surface in gmsh.model.getEntitiesForPhysicalGroup(dimension, tag):
            groups.setdefault(surface, set()).add(group)
    blocks = []
    for _, surface in gmsh.model.getEntities(2):
        for kind, _, flat in zip(*gmsh.model.mesh.getElements(2, surface), strict=True):
            name, _, _, size, *_ = gmsh.model.mesh.getElementProperties(kind)
            elements = number[flat].reshape(-1, size)
            if kind not in _NODE_COUNTS:
                where = coordinates(nodes[elements[0]].mean(axis=0)[:2])
                raise InputError(
                    f"the element near {where} is a {name}, expected triangles or quadrilaterals "
                    "of first or second order; mesh with `gmsh -2 -order 2`"
                )
            its = frozenset(groups.get(surface, ()))
            blocks.append(Block(elements[:, : _NODE_COUNTS[kind]], its))
    return nodes, blocks


def _cleaned(data: bytes) -> bytes:
    """The content of a file with its nodes and groups as written.

    By its section $Periodic gmsh moves nodes to where their partners were when it meshed, also when
    the mesh was scaled or rotated since. In format 2 it puts all elements of one surface into each
    group of the surface, while others write groups without surfaces: there the group is taken for
    the surface.
    """
    if not (head := _FORMAT.match(data)):
        return data
    version, binary = int(head[1]), head[2] == b"1"
    if version == 4 and b"$Entities" not in data:
        raise InputError(
            "it has no section $Entities, and so no physical groups; meshio leaves it out of "
            'format 4.1: write with `file_format="gmsh22"`'
        )
    data = _PERIODIC.sub(b"", data)
    if version == 2:
        regrouped = _binary_groups if binary else _text_groups
        return _ELEMENTS.sub(lambda found: found[1] + regrouped(found[2]), data, count=1)
    return data


def _text_groups(lines: bytes) -> bytes:
    """Lines `number type tags group surface ...`, the group in place of the surface."""
    return re.sub(rb"(?m)^(\s*\d+\s+\d+\s+(?:[2-9]|\d\d+)\s+)(\d+)\s+\d+", rb"\1\2 \2", lines)


def _binary_groups(data: bytes) -> bytes:
    """Blocks `type, elements, tags`, then of each element `number, group, surface, ..., nodes`."""
    numbers = np.frombuffer(data[: len(data) // 4 * 4], "<i4").copy()
    at = 0
    while at + 3 <= len(numbers):
        kind, count, tags = numbers[at : at + 3]
        try:
            nodes = gmsh.model.mesh.getElementProperties(int(kind))[3]
        except Exception:  # no such type: the byte order of another machine, or damaged
            return data
        rows = numbers[at + 3 : at + 3 + count * (1 + tags + nodes)]
        rows = rows.reshape(-1, 1 + tags + nodes)
        if tags > 1:
            rows[:, 2] = rows[:, 1]
        at += 3 + rows.size
    return numbers.tobytes() + data[4 * len(numbers) :]

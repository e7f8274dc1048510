"""A stack of plies in CalculiX, one C3D8 element each, strained alike in their plane.

The displacements of a level of nodes are those of its corner and the strain in the plane, which two
further degrees of freedom beside the corners' carry: no bending, no variation in the plane. Corners
above the lowest are free, so that plies shear and thin as they please, and no stress acts on the
normal where no displacement of the top is prescribed. The elements are cubes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from calculix import Array, Law, material, material_name, run

EDGE = 10.0  # mm; forces are then large against the 1e-6 N that CalculiX takes for zero
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
_FROM_ABAQUS = [0, 1, 2, 5, 4, 3]  # 11 22 33 12 13 23 to the order of rve.mandel


@dataclass(frozen=True)
class Ply:
    """A ply.

    Attributes:
        by_law: angle of its fibres that the law turns, degrees.
        by_orientation: angle that an *ORIENTATION turns, degrees.
        constants: of both laws in the order of the header; none for those of the export.
    """

    by_law: float = 0.0
    by_orientation: float = 0.0
    constants: tuple[float, ...] = ()


@dataclass(frozen=True)
class Response:
    """Of n increments and p plies.

    Attributes:
        strain: in the plane, engineering (n, 3): 11, 22, 12.
        top: displacement of the top over the edge (n, 3): shears 31 and 23, and strain 33, where
            there is one ply.
        stress: engineering, MPa (n, p, 6): 11, 22, 33, 23, 31, 12.
        iterations: of Newton's method.
    """

    strain: Array
    top: Array
    stress: Array
    iterations: int


def respond(
    law: Law,
    plies: Sequence[Ply],
    load: Mapping[str, float],
    history: Sequence[float],
    folder: Path,
) -> Response:
    """Response to some components of strain in proportion; the other stresses are zero.

    Args:
        law: the exported network.
        plies: from below.
        load: engineering strain at factor 1, of components 11, 22, 12 of the stack, or 33, 23, 31
            of a single ply.
        history: factors at the end of the increments.
        folder: for CalculiX's files.
    """
    levels = len(plies) + 1
    strain = 4 * levels + 1  # number of the node
    dofs = {"11": (strain, 1), "22": (strain, 2), "12": (strain, 3)}
    top = 4 * len(plies) + 1
    dofs |= {"31": (top, 1), "23": (top, 2), "33": (top, 3)}
    deck = [
        *_mesh(law, plies, strain, top),
        *_equations(levels, strain),
        "*AMPLITUDE, NAME=HISTORY",
        *(f"{time}, {factor:.12g}" for time, factor in enumerate((0.0, *history))),
        f"*STEP, INC={len(history)}",
        "*STATIC, SOLVER=SPOOLES, DIRECT",
        f"1, {len(history)}",
        "*CONTROLS, PARAMETERS=FIELD",
        "1e-8, 1e-6, , , 1e-8",
        "*BOUNDARY",
        "1, 1, 3, 0",
        "*BOUNDARY, AMPLITUDE=HISTORY",
    ]
    for component, amplitude in load.items():
        node, dof = dofs[component]
        length = EDGE if node == top else 1.0
        deck.append(f"{node}, {dof}, {dof}, {amplitude * length:.12g}")
    deck += ["*NODE PRINT, NSET=STRAIN", "U", "*NODE PRINT, NSET=TOP", "U"]
    deck += ["*EL PRINT, ELSET=PLIES, GLOBAL=YES", "S", "*END STEP"]
    done = run(deck, folder, law)
    stress = done.printed["stresses", "PLIES"].reshape(len(history), len(plies), 8, 6).mean(axis=2)
    return Response(
        done.printed["displacements", "STRAIN"][:, 0],
        done.printed["displacements", "TOP"][:, 0] / EDGE,
        stress[..., _FROM_ABAQUS],
        done.iterations,
    )


def _mesh(law: Law, plies: Sequence[Ply], strain: int, top: int) -> Iterable[str]:
    yield "*NODE"
    for level in range(len(plies) + 1):
        for corner, (x, y) in enumerate(_CORNERS * EDGE, start=1):
            yield f"{4 * level + corner}, {x}, {y}, {level * EDGE}"
    yield "*NODE, NSET=STRAIN"
    yield f"{strain}, 0, 0, 0"
    yield "*NSET, NSET=TOP"
    yield str(top)
    yield "*ELEMENT, TYPE=C3D8, ELSET=PLIES"
    for ply in range(len(plies)):
        yield ", ".join(str(number) for number in (ply + 1, *range(4 * ply + 1, 4 * ply + 9)))
    for number, ply in enumerate(plies, start=1):
        yield f"*ELSET, ELSET=PLY{number}"
        yield str(number)
        yield from material(law, f"PLY{number}", [*ply.constants, ply.by_law])
        angle = np.radians(ply.by_orientation)
        yield f"*ORIENTATION, NAME=AXES{number}"
        c, s = np.cos(angle), np.sin(angle)
        yield f"{c:.15f}, {s:.15f}, 0, {-s:.15f}, {c:.15f}, 0"
        yield (
            f"*SOLID SECTION, ELSET=PLY{number}, MATERIAL={material_name(law, f'PLY{number}')}"
            + (f", ORIENTATION=AXES{number}" if ply.by_orientation else "")
        )


def _equations(levels: int, strain: int) -> Iterable[str]:
    """Displacements over those of the level's corner: E_11 x + E_12 y / 2 and so on."""
    yield "*EQUATION"
    for level in range(levels):
        for corner in (2, 3, 4):
            node, first = 4 * level + corner, 4 * level + 1
            x, y = _CORNERS[corner - 1] * EDGE
            terms = {1: ((1, x), (3, y / 2)), 2: ((3, x / 2), (2, y)), 3: ()}
            for dof, parts in terms.items():
                parts = [(strain, of, -length) for of, length in parts if length]
                row = [(node, dof, 1.0), (first, dof, -1.0), *parts]
                yield str(len(row))
                yield ", ".join(f"{number}, {of}, {factor}" for number, of, factor in row)

"""An open-hole laminate in CalculiX, an exported network at every integration point.

    python docs/examples/open_hole.py results/ply results/open_hole

A square plate with a hole is pulled along x. Each ply is one layer of C3D20R elements, eight
integration points each; the lower half is the mirror of the upper one, so that the upper plies are
all there is. The law is turned by the ply's angle, its last property. The same plates with elastic
plies, of the network's stiffness before the matrix flows, show what the flow does.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from calculix import Law, Run, material, material_name, read_law, run
from matplotlib import colormaps
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from evaluation.figures.style import INK, MUTED, figure_of, panels, plain_logarithm, save, styled
from rve.errors import InputError

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Curve = tuple[Array, Array]

EDGE, RADIUS, THICKNESS = 24.0, 3.0, 0.25  # of plate, hole and ply, mm
AROUND, OUTWARDS = 32, 8  # elements; around the hole a multiple of eight, for the plate's corners
LAYUPS = {  # angles from the surface to the middle, degrees; and elongation at the end
    "[45/0/-45/90]s": ((45, 0, -45, 90), 0.008),
    "[45/-45]s": ((45, -45), 0.01),
}
INCREMENTS = 20
LEAST = 0.01  # plastic strain that the picture shows, %
UNYIELDED = "#d5d9de"  # matrix below that, which must not look like the hole
STYLES: Any = ({"color": INK}, {"color": MUTED, "linestyle": "--"})

# The twenty nodes of an element in a grid of half its size: outwards, around, upwards.
_NODES = np.array([
    (0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (0, 0, 2), (2, 0, 2), (2, 2, 2), (0, 2, 2),
    (1, 0, 0), (2, 1, 0), (1, 2, 0), (0, 1, 0), (1, 0, 2), (2, 1, 2), (1, 2, 2), (0, 1, 2),
    (0, 0, 1), (2, 0, 1), (2, 2, 1), (0, 2, 1),
])  # fmt: skip


@dataclass(frozen=True)
class Plate:
    """Bricks of twenty nodes.

    Attributes:
        nodes: coordinates (n, 3), mm.
        elements: node numbers (plies, m, 20), plies from the middle of the laminate up.
        quarters: corners (4 m, 4, 2) of the parts of the plate that belong to the integration
            points of a ply, two of them above each other, mm.
    """

    nodes: Array
    elements: Indices
    quarters: Array


def plate(plies: int, around: int = AROUND, outwards: int = OUTWARDS) -> Plate:
    """Between the hole and the square's edges, finer at the hole."""
    r, a, h = np.meshgrid(
        np.arange(2 * outwards + 1),
        np.arange(2 * around),
        np.arange(2 * plies + 1),
        indexing="ij",
    )
    angle, along = np.pi * a / around, (r / (2 * outwards)) ** 1.5
    direction = np.array([np.cos(angle), np.sin(angle)])
    square = EDGE / 2 * direction / np.abs(direction).max(axis=0)
    x, y = (1 - along) * RADIUS * direction + along * square
    grid = np.stack([x, y, THICKNESS / 2 * h], axis=-1)
    # An element has nodes at its corners and in the middle of its edges alone.
    used = (r % 2) + (a % 2) + (h % 2) <= 1
    number = np.full(used.shape, -1)
    number[used] = np.arange(used.sum())
    starts = np.moveaxis(2 * np.indices((plies, outwards, around)), 0, -1).reshape(plies, -1, 3)
    corner = starts[..., [1, 2, 0]]
    place = corner[:, :, None] + _NODES
    elements = number[place[..., 0], place[..., 1] % (2 * around), place[..., 2]]
    # Integration points: first outwards, then around, then upwards.
    quarter = corner[0][:, None, :2] + np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
    outline = quarter[:, :, None] + np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    quarters = grid[outline[..., 0], outline[..., 1] % (2 * around), 0, :2]
    return Plate(grid[used], elements, quarters.reshape(-1, 4, 2))


def mesh_cards(mesh: Plate) -> Iterable[str]:
    """Nodes, elements of each ply PLY1 .. from the middle up, and the sets that are held."""
    yield "*NODE, NSET=ALL"
    for number, (x, y, z) in enumerate(mesh.nodes, start=1):
        yield f"{number}, {x:.9f}, {y:.9f}, {z:.9f}"
    number = 0
    for ply, elements in enumerate(mesh.elements + 1, start=1):
        yield f"*ELEMENT, TYPE=C3D20R, ELSET=PLY{ply}"
        for nodes in elements.tolist():
            number += 1
            yield ", ".join(map(str, [number, *nodes[:10]])) + ","
            yield ", ".join(map(str, nodes[10:]))
    x, y, z = mesh.nodes.T
    sets = {"MIDDLE": z == 0, "HELD": np.isclose(x, -EDGE / 2), "PULLED": np.isclose(x, EDGE / 2)}
    sets["CENTRED"] = sets["HELD"] & (z == 0) & np.isclose(y, 0)
    sets["ONE"] = sets["PULLED"] & (z == 0) & np.isclose(y, 0)
    for name, chosen in sets.items():
        yield f"*NSET, NSET={name}"
        yield from (f"{node}," for node in np.flatnonzero(chosen) + 1)


def step_cards(elongation: float, increments: int) -> Iterable[str]:
    """Pull one side; increments are halved where Newton's method or the network fails."""
    yield "*STEP, INC=1000"
    yield "*STATIC, SOLVER=SPOOLES"
    yield f"{1 / increments:.6f}, 1, 1e-6, {1 / increments:.6f}"
    # Largest residual force over the mean one, instead of 0.5 %; later iterations, instead of 2 %.
    yield "*CONTROLS, PARAMETERS=FIELD"
    yield "1e-5, 1e-2, , , 1e-5"
    yield "*BOUNDARY"
    yield "MIDDLE, 3, 3, 0"
    yield "HELD, 1, 1, 0"
    yield "CENTRED, 2, 2, 0"
    yield f"PULLED, 1, 1, {elongation * EDGE}"
    yield "*NODE PRINT, NSET=ONE"
    yield "U"
    yield "*NODE PRINT, NSET=PULLED, TOTALS=ONLY"
    yield "RF"


def network_deck(mesh: Plate, law: Law, angles: Sequence[float], elongation: float) -> list[str]:
    """The whole deck: the angle is the last property of the law."""
    deck = list(mesh_cards(mesh))
    for ply, angle in enumerate(reversed(angles), start=1):
        name = f"PLY{ply}"
        deck += material(law, name, [angle])
        deck.append(f"*SOLID SECTION, ELSET={name}, MATERIAL={material_name(law, name)}")
    deck += step_cards(elongation, INCREMENTS)
    # The states are long, so that only a last step prints them, which holds the load.
    deck += ["*END STEP", "*STEP", "*STATIC, SOLVER=SPOOLES", "1, 1"]
    for ply in range(1, len(angles) + 1):
        deck += [f"*EL PRINT, ELSET=PLY{ply}", "SDV"]
    return [*deck, "*NODE FILE", "U", "*EL FILE", "S, SDV", "*END STEP"]


def elastic_deck(
    mesh: Plate, stiffness: Array, angles: Sequence[float], elongation: float
) -> list[str]:
    """The same with elastic plies.

    Args:
        mesh: the plate, with as many plies as angles.
        stiffness: of a ply of angle 0 (6, 6), MPa, for engineering shear strains, in the order of
            CalculiX: 11, 22, 33, 12, 13, 23.
        angles: as in `LAYUPS`.
        elongation: at the end, over the edge.
    """
    deck = list(mesh_cards(mesh))
    constants = [f"{stiffness[i, j]:.9g}" for j in range(6) for i in range(j + 1)]
    deck += ["*MATERIAL, NAME=ELASTIC", "*ELASTIC, TYPE=ANISO"]
    deck += [", ".join(constants[start : start + 8]) for start in (0, 8, 16)]
    for ply, angle in enumerate(np.radians(angles[::-1]), start=1):
        c, s = np.cos(angle), np.sin(angle)
        deck += [f"*ORIENTATION, NAME=AXES{ply}", f"{c:.12f}, {s:.12f}, 0, {-s:.12f}, {c:.12f}, 0"]
        deck.append(f"*SOLID SECTION, ELSET=PLY{ply}, MATERIAL=ELASTIC, ORIENTATION=AXES{ply}")
    return [*deck, *step_cards(elongation, 1), "*END STEP"]


def curve(done: Run, plies: int) -> Curve:
    """Elongation over the edge, and force over the unnotched section in MPa, from the start."""
    elongation = done.printed["displacements", "ONE"][:, 0, 0] / EDGE
    force = done.printed["total force", "PULLED"][:, 0, 0]
    return np.append(0, elongation), np.append(0, force / (EDGE * THICKNESS * plies))


def flow(done: Run, law: Law, plies: int) -> Array:
    """Mean plastic strain of the matrix at the end, in the quarters of each ply's elements.

    Returns:
        (plies from the middle up, 4 m), the mean of the two points above each other.
    """
    states = [done.printed["internal state variables", f"PLY{k}"][-1] for k in range(1, plies + 1)]
    points = np.array(states)[..., law.flow]
    return points.reshape(plies, -1, 2, 4).mean(axis=2).reshape(plies, -1)


@styled
def draw_curves(curves: Mapping[str, Mapping[str, Curve]]) -> Figure:
    """Stress over elongation of each layup, with either kind of plies."""
    axes = panels(curves, columns=2, size=(3.4, 2.9))
    for axis, found in zip(axes, curves.values(), strict=True):
        for (name, (elongation, stress)), style in zip(found.items(), STYLES, strict=True):
            axis.plot(100 * elongation, stress, label=name, **style)
        axis.set(xlabel="elongation [%]", xlim=(0, None), ylim=(0, None))
        axis.legend()
    axes[0].set_ylabel("force over unnotched section [MPa]")
    return figure_of(axes)


@styled
def draw_flow(flows: Mapping[str, Array], quarters: Array) -> Figure:
    """Plastic strains of `flow`, a panel a ply, those of a layup from the surface down."""
    titles = [f"{name}, {angle}°" for name in flows for angle in LAYUPS[name][0]]
    axes = panels(titles, columns=3, size=(2.5, 2.6))
    colours = colormaps["viridis_r"].with_extremes(bad=UNYIELDED)
    shades = [values for plies in flows.values() for values in plies[::-1]]
    for axis, values in zip(axes, shades, strict=True):
        area = PolyCollection(
            quarters,
            array=np.ma.masked_less(100 * values, LEAST),
            norm=LogNorm(LEAST, 100 * max(values.max() for values in shades)),
            cmap=colours,
            antialiased=False,
        )
        axis.add_collection(area)
        axis.set(aspect="equal", xlim=(-EDGE / 2, EDGE / 2), ylim=(-EDGE / 2, EDGE / 2))
        axis.set_axis_off()
    figure = figure_of(axes)
    bar = figure.colorbar(area, ax=axes, shrink=0.6)
    bar.set_label("mean plastic strain of the matrix [%]")
    plain_logarithm(bar.ax.yaxis)
    grey = [Patch(color=UNYIELDED, label=f"below {LEAST:g} %")]
    figure.legend(handles=grey, loc="outside lower center")
    return figure


def main(law_folder: Path, output: Path, threads: int = 2) -> None:
    """Run both layups with both kinds of plies, print what they cost, and draw them."""
    law = read_law(law_folder)
    if law.flow is None:
        raise InputError(f"{law_folder}: the law of its matrix keeps no plastic strain p")
    stiffness = law.stiffness()
    curves: dict[str, dict[str, Curve]] = {}
    flows = {}
    for name, (angles, elongation) in LAYUPS.items():
        folder = output / "_".join(map(str, angles))
        mesh = plate(len(angles))
        decks = {
            "network": network_deck(mesh, law, angles, elongation),
            "elastic plies": elastic_deck(mesh, stiffness, angles, elongation),
        }
        curves[name] = {}
        for kind, deck in decks.items():
            done = run(deck, folder / kind.split()[0], law, threads)
            curves[name][kind] = curve(done, len(angles))
            print(
                f"{name}, {kind}: {curves[name][kind][1][-1]:.1f} MPa at {100 * elongation:g} %; "
                + (f"{done.iterations} iterations, " if done.iterations else "")
                + f"{done.seconds:.0f} s ({done.processor_seconds:.0f} s of processors)"
            )
            if kind == "network":
                flows[name] = flow(done, law, len(angles))
    save(draw_curves(curves), output / "open_hole_curves.svg")
    draw_flow(flows, mesh.quarters).savefig(output / "open_hole_flow.png", dpi=110)
    print(f"The pictures are in {output}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python docs/examples/open_hole.py FOLDER_OF_THE_LAW FOLDER_OF_THE_RESULTS")
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except (InputError, RuntimeError) as error:
        sys.exit(str(error))

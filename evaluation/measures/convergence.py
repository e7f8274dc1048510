"""How much the references depend on the mesh and on the packing of the cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.measures.error import distance

Array = NDArray[np.float64]

STIFFNESS = "stiffness"

MESH_COLUMNS = ["composite", "quantity", "element_size", "elements", "error"]
PACKING_COLUMNS = ["composite", "quantity", "fibres", "packings", "scatter", "bias"]


@dataclass(frozen=True)
class Response:
    """What one cell answers with the phases of one composite.

    Attributes:
        composite: its name.
        fibres: number of fibres in the cell.
        element_size: target length of an element's edge, in cell edges.
        elements: number of elements.
        quantities: `stiffness` (6, 6) and, by load, the stresses (n, 6) of a curve; GPa, Mandel.
    """

    composite: str
    fibres: int
    element_size: float
    elements: int
    quantities: Mapping[str, Array]


def mesh_errors(responses: Sequence[Response]) -> pd.DataFrame:
    """Distance of each mesh of one packing from the finest.

    Returns:
        Rows of composite, quantity, element_size, elements and error.
    """
    rows = []
    for composite, group in _by_composite(responses):
        *coarser, finest = sorted(group, key=lambda mesh: -mesh.element_size)
        for mesh, (quantity, reference) in product(coarser, finest.quantities.items()):
            error = distance(mesh.quantities[quantity], reference)
            rows.append((composite, quantity, mesh.element_size, mesh.elements, error))
    return pd.DataFrame(rows, columns=MESH_COLUMNS)


def packing_scatter(responses: Sequence[Response]) -> pd.DataFrame:
    """Distances between packings of equal number of fibres, and from the largest cells.

    The scatter is the root mean square distance of a single packing from the mean over the
    packings; the bias is the distance of that mean from the mean over the largest cells.

    Returns:
        Rows of composite, quantity, fibres, packings, scatter and bias.
    """
    rows = []
    for composite, group in _by_composite(responses):
        sizes = sorted({cell.fibres for cell in group})
        for quantity, fibres in product(group[0].quantities, sizes):
            packings, largest = (
                np.array([cell.quantities[quantity] for cell in group if cell.fibres == size])
                for size in (fibres, sizes[-1])
            )
            mean = packings.mean(axis=0)
            deviations = [distance(packing, mean) for packing in packings]
            # n - 1, as the mean stems from the same packings.
            scatter = np.sqrt(np.square(deviations).sum() / max(len(packings) - 1, 1))
            bias = distance(mean, largest.mean(axis=0))
            rows.append((composite, quantity, fibres, len(packings), scatter, bias))
    return pd.DataFrame(rows, columns=PACKING_COLUMNS)


def largest_errors(
    mesh: pd.DataFrame, packing: pd.DataFrame, element_size: float, fibres: int
) -> pd.DataFrame:
    """How far the references of one cell can be trusted: its largest error of each kind.

    The nearest element size (in cell edges) and number of fibres that were tried stand for it.

    Returns:
        A row each for the measures error, scatter and bias: measure; stiffness, the largest of the
        homogenised stiffness over the composites; largest, of all quantities, with its composite
        and quantity; element_size, elements, fibres, packings, as far as the measure has them;
        largest_fibres, those of the largest cells.
    """
    sizes, counts = mesh["element_size"].unique(), packing["fibres"].unique()
    size = sizes[np.abs(np.log(sizes / element_size)).argmin()]
    count = counts[np.abs(counts - fibres).argmin()]
    rows, packed = [], packing[packing["fibres"] == count]
    measures = {"error": mesh[mesh["element_size"] == size], "scatter": packed, "bias": packed}
    for measure, frame in measures.items():
        worst = frame.iloc[int(frame[measure].argmax())]
        stiffness = frame[frame["quantity"] == STIFFNESS][measure].max()
        found = {"measure": measure, "stiffness": stiffness, "largest": worst[measure]}
        rows.append({**worst, **found, "largest_fibres": counts.max()})
    return pd.DataFrame(rows)


def _by_composite(responses: Sequence[Response]) -> Iterator[tuple[str, list[Response]]]:
    for name in sorted({one.composite for one in responses}):
        yield name, [one for one in responses if one.composite == name]

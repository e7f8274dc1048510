"""How much the references depend on the mesh and on the packing of the cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.measures.error import distance
from evaluation.report.words import spaced

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
    for composite, group in _grouped(responses, lambda r: r.composite):
        meshes = sorted(group, key=lambda r: -r.element_size)
        for mesh in meshes[:-1]:
            for quantity, reference in meshes[-1].quantities.items():
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
    for composite, group in _grouped(responses, lambda r: r.composite):
        sizes = dict(_grouped(group, lambda r: r.fibres))
        largest = max(sizes)
        for quantity in group[0].quantities:
            values = {n: np.array([r.quantities[quantity] for r in sizes[n]]) for n in sizes}
            for fibres, packings in values.items():
                mean = packings.mean(axis=0)
                deviations = [distance(packing, mean) for packing in packings]
                # n - 1, as the mean stems from the same packings.
                scatter = np.sqrt(np.square(deviations).sum() / max(len(packings) - 1, 1))
                bias = distance(mean, values[largest].mean(axis=0))
                rows.append((composite, quantity, fibres, len(packings), scatter, bias))
    return pd.DataFrame(rows, columns=PACKING_COLUMNS)


def conclusion(
    mesh: pd.DataFrame, packing: pd.DataFrame, element_size: float, fibres: int
) -> list[str]:
    """What the study says of the default cell, in sentences.

    Args:
        mesh: as from `mesh_errors`.
        packing: as from `packing_scatter`.
        element_size: of the cell that the study judges, in cell edges.
        fibres: its number of fibres.
    """
    sizes, counts = mesh["element_size"].unique(), packing["fibres"].unique()
    size = sizes[np.abs(np.log(sizes / element_size)).argmin()]
    count = counts[np.abs(counts - fibres).argmin()]
    meshed, packed = mesh[mesh["element_size"] == size], packing[packing["fibres"] == count]
    error, worst_error = _largest(meshed, "error")
    scatter, worst_scatter = _largest(packed, "scatter")
    return [
        f"Discretisation error: with elements of {size:g} cell edges "
        f"({worst_error['elements']:,} elements) the homogenised stiffness lies at most "
        f"{_percent(error)} from that of the finest mesh and the stresses at most "
        f"{_percent(worst_error['error'])} ({_named(worst_error)}).",
        f"Size of the cell: packings of {count} fibres scatter by at most {_percent(scatter)} in "
        f"stiffness and {_percent(worst_scatter['scatter'])} in stress ({_named(worst_scatter)}), "
        f"one standard deviation over {worst_scatter['packings']} packings; their mean lies at "
        f"most {_percent(packed['bias'].max())} from that of {counts.max()} fibres.",
    ]


def _largest(rows: pd.DataFrame, measure: str) -> tuple[float, pd.Series]:
    """Largest measure of the stiffness, and the row that has the largest of all."""
    elastic = float(rows[rows["quantity"] == STIFFNESS][measure].max())
    return elastic, rows.iloc[int(rows[measure].argmax())]


def _named(row: pd.Series) -> str:
    quantity = row["quantity"]
    where = quantity if quantity == STIFFNESS else f"load {quantity}"
    return f"{spaced(row['composite'])}, {where}"


def _percent(value: float) -> str:
    return f"{100 * value:.2g} %"


def _grouped(responses, key):
    return [(name, list(group)) for name, group in groupby(sorted(responses, key=key), key)]

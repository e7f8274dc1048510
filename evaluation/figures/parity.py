"""Predicted against reference stresses of every curve: not in the paper."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from evaluation.figures.captions import all_networks, counts
from evaluation.figures.figure import Curves, References, StudyFigure
from evaluation.figures.style import INK, LOADS, empty, figure_of, panels
from evaluation.measures.parity import paired_networks, paired_stresses
from evaluation.measures.tables import StudyTables

_CELLS = 60


def _networks(tables: StudyTables) -> Sequence[str]:
    return paired_networks(all_networks(tables))


@partial(
    StudyFigure,
    "parity",
    "Predicted against reference stresses",
    section="beyond",
    caption="Stress of the loaded component, predicted against reference, at every increment of "
    "every predicted curve. Both are divided by the largest stress of the reference. The darker a "
    "square, the more increments lie in it (logarithmic). Dashed: agreement.",
    told=counts(_networks),
    source="predictions",
    place=0,
)
def parity(tables: StudyTables, references: References, curves: Curves) -> Figure:
    """The loaded stress at every increment of every curve, a panel a load."""
    stresses = paired_stresses(references, curves(sorted(_networks(tables))))
    loads = [load for load in LOADS if load in stresses]
    if not loads:
        return empty("No network predicted a load.")
    axes = panels([f"load {load}" for load in loads], 3, (3.1, 2.8))
    for axis, load in zip(axes, loads, strict=True):
        reference, predicted = stresses[load]
        top = max(1.0, float(np.percentile(predicted, 99.9))) if len(predicted) else 1.0
        edges = np.linspace(0, 1.02 * top, _CELLS + 1)
        counts, *_ = np.histogram2d(predicted, reference, bins=(edges, edges))
        filled = np.ma.masked_equal(counts, 0)
        # As a picture inside the SVG: thousands of squares would be megabytes.
        axis.pcolormesh(
            edges, edges, filled, cmap="viridis_r", norm=LogNorm(1, max(counts.max(), 2)),
            rasterized=True,
        )  # fmt: skip
        axis.plot(edges[[0, -1]], edges[[0, -1]], "--", color=INK, linewidth=0.8)
        axis.set(xlabel="reference stress [-]", ylabel="predicted stress [-]", aspect="equal")
        axis.set(xlim=edges[[0, -1]], ylim=edges[[0, -1]])
    return figure_of(axes)

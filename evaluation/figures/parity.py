"""Predicted against reference stresses of every curve: not in the paper."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evaluation.figures.style import INK, LOADS, empty, figure_of, panels, styled

Array = NDArray[np.float64]

_CELLS = 60


@styled
def parity(stresses: Mapping[str, tuple[Array, Array]]) -> Figure:
    """The loaded stress at every increment of every curve, a panel a load.

    Both stresses are over the largest of the reference, so that composites compare. The shade is
    the number of increments in a square, on a logarithmic scale; the dashed line is agreement.

    Args:
        stresses: load -> scaled stresses of the references and of the predictions, (n,) each.
    """
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

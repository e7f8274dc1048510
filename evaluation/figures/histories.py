"""Training histories of networks with different batch sizes: Fig. 7."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evaluation.figures.style import (
    GROUP_COLOURS,
    assign,
    draw_band,
    figure_of,
    legend_above,
    panels,
    styled,
)

Array = NDArray[np.float64]

_EPOCHS_DRAWN = 400


class History(NamedTuple):
    """The errors e_C, Eq. 33, of one network after each epoch (epochs,)."""

    training: Array
    validation: Array


@styled
def histories(sweeps: Mapping[str, Mapping[str, Sequence[History]]]) -> Figure:
    """Error e_C against epoch, a panel a sweep, a colour a batch size.

    Solid: mean training error of the networks, with a band of one standard deviation, whose lower
    limit stays above a tenth of the mean for the sake of the logarithm. Dotted: mean validation
    error. Long histories are drawn at evenly spread epochs.

    Args:
        sweeps: sweep -> batch size -> histories of its networks, all of one length.
    """
    axes = panels([sweep.replace("_", " ") for sweep in sweeps], 3, (3.7, 3.2))
    colours = assign([label for groups in sweeps.values() for label in groups], GROUP_COLOURS)
    for axis, groups in zip(axes, sweeps.values(), strict=True):
        for label, members in groups.items():
            if members:
                training = 100 * np.stack([history.training for history in members])
                validation = 100 * np.stack([history.validation for history in members])
                drawn = np.unique(
                    np.linspace(0, training.shape[1] - 1, _EPOCHS_DRAWN).astype(np.int64)
                )
                mean, deviation = training.mean(axis=0), _deviation(training)
                low = np.maximum(mean - deviation, mean / 10)
                band = [values[drawn] for values in (mean, low, mean + deviation)]
                draw_band(axis, drawn + 1.0, *band, colours[label], label=label)
                axis.plot(
                    drawn + 1,
                    validation.mean(axis=0)[drawn],
                    color=colours[label],
                    linestyle=":",
                    linewidth=1.1,
                )
        axis.set(yscale="log", xlabel="epoch", ylabel="$\\mathregular{e_C}$ [%]", xlim=(0, None))
    legend_above(axes)
    return figure_of(axes)


def _deviation(values: Array) -> Array:
    """Standard deviation (n,) over the rows (m, n); zero for a single one."""
    return values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])

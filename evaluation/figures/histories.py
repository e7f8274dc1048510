"""Training histories of networks with different batch sizes: Fig. 7."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import NDArray

from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    Band,
    assign,
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
    size = (5.4, 3.6) if len(sweeps) == 1 else (3.7, 3.2)
    axes = panels([sweep.replace("_", " ") for sweep in sweeps], 3, size)
    colours = assign([label for groups in sweeps.values() for label in groups], GROUP_COLOURS)
    for axis, groups in zip(axes, sweeps.values(), strict=True):
        axis.plot([], [], color=INK, label="training")
        axis.plot([], [], color=INK, linestyle=":", linewidth=1.1, label="validation")
        for label, members in groups.items():
            if members:
                _draw(axis, members, colours[label], label)
        axis.set(yscale="log", xlabel="epoch", ylabel="$\\mathregular{e_C}$ [%]", xlim=(0, None))
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(NullFormatter())
    legend_above(axes)
    return figure_of(axes)


def _draw(axes: Axes, members: Sequence[History], colour: str, label: str) -> None:
    training = 100 * np.stack([history.training for history in members])
    validation = 100 * np.stack([history.validation for history in members])
    drawn = np.unique(np.linspace(0, training.shape[1] - 1, _EPOCHS_DRAWN).astype(np.int64))
    training, validation = training[:, drawn], validation[:, drawn]
    mean, deviation = training.mean(axis=0), _deviation(training)
    low = np.maximum(mean - deviation, mean / 10)
    Band(drawn + 1, mean, low, mean + deviation).draw(axes, colour, label)
    axes.plot(drawn + 1, validation.mean(axis=0), color=colour, linestyle=":", linewidth=1.1)


def _deviation(values: Array) -> Array:
    """Standard deviation (n,) over the rows (m, n); zero for a single one."""
    return values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])

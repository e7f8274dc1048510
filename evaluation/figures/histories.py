"""Training histories of networks with different batch sizes: Fig. 7."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    Band,
    assign,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
    styled,
)
from training.store import load_arrays

Array = NDArray[np.float64]

_EPOCHS_DRAWN = 400


class History(NamedTuple):
    """The errors e_C, Eq. 33, of one network after each epoch (epochs,)."""

    training: Array
    validation: Array


def read_histories(networks: Sequence[Path], training: pd.DataFrame) -> dict[str, History]:
    """Network -> history, of those whose training did not fail.

    Args:
        networks: their files.
        training: training.csv.
    """
    trained = set(training.loc[training["status"] == "ok", "network"])
    arrays = {path.stem: load_arrays(path) for path in networks if path.stem in trained}
    return {
        name: History(found["error_training"], found["error_validation"])
        for name, found in arrays.items()
    }


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
                draw_histories(axis, members, colours[label], label, True)
        name_error_axes(axis)
    legend_above(axes)
    return figure_of(axes)


def draw_histories(
    axes: Axes, members: Sequence[History], colour: str, label: str, validated: bool
) -> None:
    """Mean and band of the training error, and the mean validation error if it is asked for."""
    training = 100 * np.stack([history.training for history in members])
    drawn = np.unique(np.linspace(0, training.shape[1] - 1, _EPOCHS_DRAWN).astype(np.int64))
    mean, deviation = training.mean(axis=0)[drawn], _deviation(training)[drawn]
    low = np.maximum(mean - deviation, mean / 10)
    Band(drawn + 1, mean, low, mean + deviation).draw(axes, colour, label)
    if validated:
        validation = 100 * np.stack([history.validation for history in members]).mean(axis=0)
        axes.plot(drawn + 1, validation[drawn], color=colour, linestyle=":", linewidth=1.1)


def name_error_axes(axes: Axes) -> None:
    """Epochs, and e_C in percent on a logarithmic scale."""
    axes.set(yscale="log", xlabel="epoch", ylabel="$\\mathregular{e_C}$ [%]", xlim=(0, None))
    plain_logarithm(axes.yaxis)


def _deviation(values: Array) -> Array:
    """Standard deviation (n,) over the rows (m, n); zero for a single one."""
    return values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])

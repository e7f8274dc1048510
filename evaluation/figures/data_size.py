"""Prediction error against the number of training samples: Fig. 11."""

from functools import partial

from matplotlib.figure import Figure

from evaluation.figures.captions import counts
from evaluation.figures.figure import Need, StudyFigure
from evaluation.figures.panels import ERROR, from_zero, mark_values
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    Band,
    assign_colours,
    empty,
    legend_above,
    panels,
)
from evaluation.measures.tables import StudyTables, of_networks


@partial(
    StudyFigure,
    "fig11",
    "Prediction error by data size",
    section="data",
    caption="e_σ, the mean over the loads of the relative stress error, Eq. 32. Line and band: "
    "mean and standard deviation over all batch sizes, initialisations and composites. A dot is "
    "one network, the mean over the composites.",
    told=counts(lambda tables: tables.comparisons.batch_networks),
    needs=Need(
        "sweeps over batch sizes with several numbers of samples",
        lambda study: len(study.samples) > 1,
    ),
)
def data_size(tables: StudyTables) -> Figure:
    """e_sigma of all networks of the sweeps over batch sizes, a colour a batch size."""
    ids = tables.comparisons.batch_networks
    every, single = (
        of_networks(tables.first_scheme_errors, ids),
        of_networks(tables.composite_means, ids),
    )
    if every.empty:
        return empty("No network of the sweeps over batch sizes predicted a composite.")
    (axes,) = panels(["Prediction error, all composites"], 1, (5.4, 3.6))
    groups = every.groupby("samples")["e_sigma"]
    mean, deviation = 100 * groups.mean(), 100 * groups.std().fillna(0)
    x = mean.index.to_numpy(float)
    Band(x, mean, mean - deviation, mean + deviation).draw(axes, INK, "mean of all")
    colours = assign_colours(
        [str(size) for size in sorted(set(single["batch_size"]))], GROUP_COLOURS
    )
    for place, (size, colour) in enumerate(colours.items()):
        rows = single[single["batch_size"] == int(size)]
        # Batch sizes beside each other, so that none hides another.
        shift = 1 + 0.03 * (place - (len(colours) - 1) / 2)
        axes.plot(
            rows["samples"] * shift,
            100 * rows["e_sigma"],
            ".",
            color=colour,
            alpha=0.8,
            label=f"batch size {size}",
        )
    axes.set(xlabel="training samples", ylabel=ERROR.label)
    mark_values(axes, list(x), logarithmic=True)
    from_zero(axes)
    return legend_above([axes])

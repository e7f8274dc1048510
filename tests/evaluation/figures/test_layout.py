"""The checks of drawn figures find what they are for, and let good figures be."""

from collections.abc import Callable

import pytest
from drawn_figures import faults
from matplotlib.axes import Axes

from evaluation.figures.style import figure_of, legend_above, panels, plain_logarithm, styled


@styled
def drawn(change: Callable[[Axes], object]):
    """Two lines and their legend, and what is changed of them."""
    (axes,) = panels(["title"], 1, (3.0, 2.5))
    for label, colour, height in (("one", "#0072b2", 1.0), ("other", "#d55e00", 2.0)):
        axes.plot([1, 2, 3], [height, height, 3], color=colour, label=label)
    axes.set(xlabel="layers", ylabel="error", xticks=[1, 2, 3])
    change(axes)
    legend_above([axes])
    return figure_of([axes])


def long_label(axes: Axes) -> None:
    name = axes.annotate("a name that is too long for what is left of it", (2.9, 2.5))
    name.set_in_layout(False)


def labels_on_each_other(axes: Axes) -> None:
    axes.annotate("first", (1.5, 1.5))
    axes.annotate("second", (1.5, 1.5))


def tick_between_whole_numbers(axes: Axes) -> None:
    axes.set_xticks([1, 1.5, 2])


def label_without_a_line(axes: Axes) -> None:
    axes.plot([], [], color="#009e73", label="nothing")


def line_under_another(axes: Axes) -> None:
    axes.plot([1, 2, 3], [2, 2, 3], color="#009e73", label="above")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (long_label, "beyond the canvas: 'a name"),
        (labels_on_each_other, "on each other: 'first' and 'second'"),
        (tick_between_whole_numbers, "layers: a tick at 1.5"),
        (label_without_a_line, "legend: 'nothing' stands for nothing"),
        (line_under_another, "'other' lies under 'above'"),
    ],
)
def test_faults_are_found(change: Callable[[Axes], object], fault: str) -> None:
    (found,) = faults(drawn(change))
    assert found.startswith(fault)


def test_a_good_figure_has_none() -> None:
    assert faults(drawn(lambda axes: None)) == []


def ticks_between(low: float, high: float, whole: bool) -> list[float]:
    (axes,) = panels([""], 1, (3.0, 2.5))
    axes.set(xscale="log", xlim=(low, high))
    plain_logarithm(axes.xaxis, whole)
    return [tick for tick in axes.get_xticks() if low <= tick <= high]


@pytest.mark.parametrize(("low", "high"), [(22.6, 24.8), (9, 41), (3, 4000), (0.02, 0.021)])
def test_a_logarithmic_axis_has_two_ticks_at_least(low: float, high: float) -> None:
    assert len(ticks_between(low, high, whole=False)) >= 2


@pytest.mark.parametrize(
    ("low", "high", "fewest"),
    [(22.6, 23.8, 1), (22, 25, 3), (210, 390, 3), (9, 41, 2), (3, 4e3, 4)],
)
def test_an_axis_of_counts_has_whole_ticks(low: float, high: float, fewest: int) -> None:
    ticks = ticks_between(low, high, whole=True)
    assert all(float(tick).is_integer() for tick in ticks)
    assert fewest <= len(ticks) <= 12

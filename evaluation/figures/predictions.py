"""Predicted stresses of a composite against the reference: Figs. 8 to 10, A.18 to B.23, others."""

from functools import partial
from itertools import product

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.captions import BAND, LOADING, in_groups, sizes_and_counts, unconverged
from evaluation.figures.figure import (
    Curves,
    Family,
    Need,
    References,
    StudyFigure,
    compared,
)
from evaluation.figures.panels import CurvePanel, draw_means, stress_panels
from evaluation.figures.style import GROUP_COLOURS, INK, LOADS, assign_colours, legend_above
from evaluation.formatting import spaced
from evaluation.measures.choice import choose
from evaluation.measures.comparisons import Groups, StudySettings
from evaluation.measures.tables import StudyTables
from evaluation.naming.groups import configuration_labels
from rve.loads.load_path import DIRECTIONS

_COMPOSITES = ("composite_1", "composite_2", "composite_3")
_NUMBERS = (8, 18, 21)
"""Of the paper's first figure for each of its data sizes; those of the composites follow."""


def predictions(composite: str, groups: Groups, references: References, curves: Curves) -> Figure:
    """Stress against strain of the loaded component, a panel a load.

    Solid: mean over the networks of a group, with a band of one standard deviation; dashed: the
    reference (DNS).

    Every network has the same strains in the loaded component.
    """
    predicted = {}
    for label, ids in groups.items():
        found = [table[table["composite"] == composite] for table in curves(ids)]
        if any(map(len, found)):
            predicted[label] = pd.concat(found)
    reference = references[composite]
    loads = [load for load in LOADS if load in reference]
    colours = assign_colours(predicted, GROUP_COLOURS)
    axes = stress_panels(loads)
    for axis, load in zip(axes, loads, strict=True):
        component = DIRECTIONS[load].component
        strain, stress = f"eps_{component}", f"sig_{component}"
        for label, table in predicted.items():
            by_increment = table[table["load"] == load].groupby("increment")
            x = 100 * by_increment[strain].mean()
            draw_means(axis, by_increment[stress], 1, colours[label], x, label=label)
        dns = reference[load]
        axis.plot(100 * dns[strain], dns[stress], color=INK, linestyle="--", label="DNS")
        CurvePanel(load, component).name_axes(axis)
        axis.set_xlim(0, None)
    return legend_above(axes)


def _chosen(tables: StudyTables) -> Groups:
    """The chosen configuration with its name, if there is one."""
    if choice := choose(tables):
        return {configuration_labels(tables)[choice.chosen.ids[0]]: choice.chosen.ids}
    return {}


@partial(
    StudyFigure,
    "choice",
    "What to expect",
    section="summary",
    caption="Stresses of {composite}: predicted by the chosen networks, which differ in their "
    f"random initialisation alone, and the reference (dashed). {BAND} {LOADING}",
    source="predictions",
)
def choice(tables: StudyTables, references: References, curves: Curves) -> Figure:
    """Stresses of the chosen networks."""
    return predictions(tables.composite, _chosen(tables), references, curves)


@partial(
    StudyFigure,
    "recipe_stresses",
    "Predicted stresses by recipe of the training",
    section="reliable",
    caption="Stresses of {composite}: predicted by the networks of each recipe, of one kind and of "
    f"the greatest depth that all recipes have, and the reference (dashed). {BAND} {LOADING}",
    source="predictions",
    needs=compared("pictured", "several recipes with networks of one kind and depth"),
)
def recipe_stresses(tables: StudyTables, references: References, curves: Curves) -> Figure:
    """Stresses of the networks of each recipe."""
    return predictions(tables.composite, tables.comparisons.pictured, references, curves)


@Family
def stresses(study: StudySettings) -> list[StudyFigure]:
    """A figure a sweep over batch sizes and composite; the paper's, those that a study lacks too.

    The paper's composites keep their places: Snakemake puts those of an overlay before them.
    """
    paper = [name for name in _COMPOSITES if name in study.composites]
    composites = dict.fromkeys([*paper, *study.composites])
    cases = {
        (place, number): (sweep, composite)
        for place, sweep in enumerate(study.comparisons.batches)
        for number, composite in enumerate(composites)
    }
    printed = product(range(len(_NUMBERS)), range(len(_COMPOSITES)))
    return [_stresses(*at, cases.get(at)) for at in dict.fromkeys([*printed, *cases])]


def _stresses(place: int, number: int, case: tuple[str, str] | None) -> StudyFigure:
    """The figure of a sweep and a composite, by their places; `case` has their names."""
    sweep, composite = case or ("", "")
    printed = place < len(_NUMBERS) and number < len(_COMPOSITES)
    first = printed and place == 0
    words = "a further sweep over batch sizes, and its composite"
    if first:
        words = f"a sweep over batch sizes and a {('', 'second ', 'third ')[number]}composite"

    def told(tables: StudyTables) -> str:
        groups = tables.comparisons.batches[sweep]
        lost = unconverged(tables, composite, in_groups(groups))
        return sizes_and_counts(tables, groups) + lost

    def draw(tables: StudyTables, references: References, curves: Curves) -> Figure:
        return predictions(composite, tables.comparisons.batches[sweep], references, curves)

    return StudyFigure(
        f"fig{_NUMBERS[place] + number:02d}" if printed else f"stresses_{sweep}_{composite}",
        "Predicted stresses",
        draw,
        section="data" if first else "appendices",
        caption=f"Stresses of {spaced(composite)}: predicted by the networks of the sweep "
        f"{spaced(sweep)}, and the reference (dashed). {BAND} {LOADING}",
        told=told,
        source="predictions",
        needs=Need(words, lambda study: case is not None),
    )

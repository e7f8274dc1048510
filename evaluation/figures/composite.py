"""What the report of a composite shows of its networks: their curves against finite elements."""

from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.figure import (
    COMPOSITE,
    Curves,
    Family,
    References,
    StudyFigure,
)
from evaluation.figures.panels import CurvePanel, draw_means, path_panels
from evaluation.figures.style import GROUP_COLOURS, INK, LOADS, empty, legend_above, panels
from evaluation.formatting import percent, spaced
from evaluation.measures.chosen_network import alike, chosen_network
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.error import PRESCRIBED
from evaluation.measures.tables import StudyTables
from evaluation.naming.loads import path_name
from rve.loads.load_path import DIRECTIONS

_PANEL = (2.45, 2.1)
_LONGEST_TITLE = 18


@Family
def responses(study: StudySettings) -> list[StudyFigure]:
    """A figure a composite."""
    return [_responses(name, place) for place, name in enumerate(study.composites)]


def _responses(composite: str, place: int) -> StudyFigure:
    def draw(
        tables: StudyTables, references: References, paths: References, curves: Curves
    ) -> Figure:
        """Stress against strain along every load: the chosen network, all of its kind, the cell."""
        chosen = chosen_network(tables.training).id
        ids = alike(tables.training, chosen)
        found = [table[table["composite"] == composite] for table in curves(ids)]
        if not found:
            return empty("No prediction converged.")
        predicted = pd.concat(found)
        dns = {tables.control: references[composite], "path": paths.get(composite, {})}
        of_loads = [load for load in LOADS if load in dns[tables.control]]
        shown = [(tables.control, CurvePanel(one, DIRECTIONS[one].component)) for one in of_loads]
        shown += [("path", panel) for panel in path_panels(tables.paths)]
        errors = _errors(tables, composite, chosen)
        axes = panels([_title(*one, errors) for one in shown], 4, _PANEL)
        for axis, (control, panel) in zip(axes, shown, strict=True):
            rows = predicted[(predicted["control"] == control) & (predicted["load"] == panel.load)]
            x, y = (values.groupby(rows["increment"]) for values in panel.of(rows))
            label = f"mean of {len(ids)} networks, ± a deviation"
            draw_means(axis, y, 1, GROUP_COLOURS[0], x.mean(), label=label, linewidth=0.9)
            own = panel.of(rows[rows["network"] == chosen])
            axis.plot(*own, color=GROUP_COLOURS[1], label="network.npz")
            line: Any = {"linestyle": "--", "color": INK, "label": "finite elements"}
            axis.plot(*panel.of(dns[control][panel.load]), **line)
            panel.name_axes(axis)
        return legend_above(axes)

    return StudyFigure(
        f"responses_{composite}",
        f"Finite elements and networks, {spaced(composite)}",
        draw,
        section=COMPOSITE,
        caption="Dashed: finite elements. Orange: network.npz. Blue: the mean of the networks that "
        "differ from it in their random start alone, with a band of one standard deviation. On the "
        "loads 11 to 12 the other five {control} components are zero; shear strains are "
        "engineering strains. Paths that turn, hold or change their rate are also drawn over time. "
        "The number above a panel is the error of network.npz: the norm of the difference of all "
        "six stresses over all increments, relative to finite elements.",
        source="responses",
        place=1 + place,
    )


def _title(control: str, panel: CurvePanel, errors: dict[Any, float]) -> str:
    """Name of a load or path, with its error if this does not stand above another panel yet."""
    name = path_name(panel.load) if control == "path" else f"load {panel.load}"
    error = errors.pop((control, panel.load), 0)
    return fill(f"{name}: {percent(error)}" if error > PRESCRIBED else name, _LONGEST_TITLE)


def _errors(tables: StudyTables, composite: str, network: str) -> dict[Any, float]:
    """Control and load -> error of a network."""
    rows = pd.concat([tables.first_scheme_predictions, tables.path_predictions])
    rows = rows[(rows["network"] == network) & (rows["composite"] == composite)]
    return dict(rows.dropna(subset="error").set_index(["control", "load"])["error"])

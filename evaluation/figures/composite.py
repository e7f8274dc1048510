"""What the report of a composite shows of its networks: their curves against finite elements."""

from collections.abc import Mapping
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
from evaluation.figures.panels import draw_means, name_stress_axes
from evaluation.figures.style import GROUP_COLOURS, INK, LOADS, legend_above, panels
from evaluation.formatting import percent, spaced
from evaluation.measures.chosen_network import alike, chosen_network
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.tables import StudyTables
from rve.loads.load_path import DIRECTIONS

_PANEL = (2.45, 2.1)


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
        predicted = pd.concat([pd.DataFrame(columns=["network", "load"]), *found])
        of_loads, of_paths = references[composite], paths.get(composite, {})
        shown = [(load, DIRECTIONS[load].component) for load in LOADS if load in of_loads]
        shown += [(path, one) for path, those in tables.paths.items() for one in those]
        axes = panels([_title(*one) for one in shown], 4, _PANEL)
        errors = _errors(tables, composite, chosen)
        for axis, (load, component) in zip(axes, shown, strict=True):
            strain, stress = f"eps_{component}", f"sig_{component}"
            colour, rows = GROUP_COLOURS[0], predicted[predicted["load"] == load]
            by_increment = rows.groupby("increment")
            x = 100 * by_increment[strain].mean()
            label = f"mean of {len(ids)} networks, ± a deviation"
            draw_means(axis, by_increment[stress], 1, colour, x, label=label, linewidth=0.9)
            own = rows[rows["network"] == chosen]
            axis.plot(100 * own[strain], own[stress], color=GROUP_COLOURS[1], label="network.npz")
            dns = {**of_loads, **of_paths}[load]
            axis.plot(100 * dns[strain], dns[stress], "--", color=INK, label="finite elements")
            name_stress_axes(axis, component)
            if load in errors:
                text = f"error {percent(errors[load])}"
                axis.text(0.97, 0.05, text, transform=axis.transAxes, ha="right", fontsize=8)
        return legend_above(axes)

    return StudyFigure(
        f"responses_{composite}",
        f"Finite elements and networks, {spaced(composite)}",
        draw,
        section=COMPOSITE,
        caption="Stress of the loaded component against its strain; shear strains are engineering "
        "strains. On the loads 11 to 12 the other five {control} components are zero. The error is "
        "that of network.npz: the norm of the difference of all six stresses over all increments, "
        "relative to finite elements.",
        source="responses",
        place=1 + place,
    )


def _title(load: str, component: str) -> str:
    return f"load {load}" if load in DIRECTIONS else f"{spaced(load)}, {component}"


def _errors(tables: StudyTables, composite: str, network: str) -> Mapping[Any, float]:
    """Load or path -> error of a network."""
    rows = pd.concat([tables.first_scheme_predictions, tables.path_predictions])
    rows = rows[(rows["network"] == network) & (rows["composite"] == composite)]
    return dict(rows.dropna(subset="error").set_index("load")["error"])

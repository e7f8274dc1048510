"""The tables of the report on recipes of a training."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluation.formatting import mean_and_deviation, percent, spaced
from evaluation.measures.recipes import case_errors, selection, size_errors
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, records, table_of
from training.specification import IN_ORDER


def recipe_tables(tables: StudyTables) -> list[Table]:
    """All of them, where the study compares recipes."""
    if not tables.comparisons.recipes:
        return []
    return [
        recipe_table(tables),
        size_table(size_errors(tables)),
        case_table(case_errors(tables)),
        selection_table(selection(tables)),
    ]


def recipe_table(tables: StudyTables) -> Table:
    """What each recipe is, a column a recipe."""
    rows, recipes = [], tables.comparisons.recipes
    training = tables.training.assign(xi=tables.training["xi"] / 2.0 ** tables.training["layers"])
    for column, known in IN_ORDER:
        if not known.title:
            continue
        cells = {"setting": known.title}
        for recipe, ids in recipes.items():
            values = of_networks(training, ids)[column].unique()
            ends = (values,) if isinstance(values[0], str) else (min(values), max(values))
            texts = dict.fromkeys(_plain(value) for value in ends) if len(ends) > 1 else values
            cells[spaced(recipe)] = " to ".join(texts)
        rows.append(cells)
    text = "What the trainings of each recipe differ in; docs/recipe.md tells why."
    return table_of(rows, 1 + len(recipes), "The recipes", text)


def size_table(rows: pd.DataFrame) -> Table:
    """Errors and costs by recipe, kind and depth; `rows` from `evaluation.measures.recipes`."""
    found = []
    for row in records(rows):
        size = row["size"]
        averaged = "–" if pd.isna(size) else f"{percent(row['ensemble'])} of {size:.0f}"
        found.append(
            {
                **_names(row),
                "active base nodes": f"{row['active_nodes']:.1f}",
                "e_C": percent(row["error_validation"]),
                "e_C flowing": percent(row["error_flowing"]),
                "e_σ": percent(row["mean"], row["std"]),
                "worst": percent(row["worst"]),
                "training [s]": mean_and_deviation(row["training_seconds"]),
                "online, all loads [ms]": mean_and_deviation(1e3 * row["online_seconds"]),
                "mean of several": averaged,
            }
        )
    return table_of(
        found,
        3,
        "Errors by depth",
        "Networks of a row differ in their random initialisation alone; none is left out. e_C is "
        "over orthotropic validation samples for all recipes alike, e_C flowing over validation "
        "samples of a phase that yields. The last column is the error of the mean of several "
        "networks.",
    )


def case_table(rows: pd.DataFrame) -> Table:
    """Errors by composite, control and kind, a column a recipe; `rows` likewise."""
    found = []
    recipes = list(dict.fromkeys(rows["recipe"]))
    for key, group in rows.groupby(["composite", "control", "kind"], sort=False):
        by_recipe = {row["recipe"]: row for row in records(group)}
        cells = dict(zip(("composite", "control", "kind"), map(spaced, map(str, key)), strict=True))
        for recipe in recipes:
            row = by_recipe.get(recipe)
            cells[spaced(recipe)] = "–" if row is None else _with_worst(row)
        found.append(cells)
    return table_of(
        found,
        3,
        "Errors by composite and control",
        "Mean over the loads of the relative stress error; mean ± standard deviation over the "
        "networks, and the worst network, of the greatest depth that all recipes have.",
    )


def selection_table(rows: pd.DataFrame) -> Table:
    """How well linear errors rank the networks; `rows` likewise."""
    return table_of(
        [
            {
                **_names(row),
                "rank correlation, e_C": _correlation(row["stiffness"]),
                "rank correlation, moments": _correlation(row["moments"]),
                "e_σ of the chosen": percent(row["chosen"]),
                "e_σ, mean": percent(row["mean"]),
                "e_σ, best": percent(row["best"]),
            }
            for row in records(rows)
        ],
        3,
        "Choosing the best network",
        "Rank correlation, over the networks of a row, of e_σ with two errors on linear samples "
        "that no network was trained with: e_C, and the error of the first moments of strain. One "
        "is a perfect order. The chosen network has the smallest error of the moments, or of e_C "
        "where no moments are at hand.",
    )


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    names = {"recipe": spaced(row["recipe"]), "kind": row["kind"], "layers": str(row["layers"])}
    return {**names, "networks": str(row["networks"])}


def _with_worst(row: Mapping[str, Any]) -> str:
    worst = f"worst {percent(row['worst'])} of {row['networks']}"
    return f"{percent(row['mean'], row['std'])}, {worst}"


def _correlation(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"


def _plain(value: Any) -> str:
    """A number with three digits, whole ones with all of theirs."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.3g}"

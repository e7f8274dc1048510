"""Names of configurations in a study: short where the study itself gives one."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from evaluation.formatting import configuration_name, spaced
from evaluation.measures.tables import StudyTables
from training.specification import CONFIGURATION, NETWORK, of_role


def configuration_labels(tables: StudyTables) -> dict[str, str]:
    """Network -> a name for its configuration, in as few words as tell it from the others.

    A configuration of a recipe that the study compares has the name of the recipe. Of the others
    what they all have in common is left out.
    """
    training, recipes = tables.training, tables.comparisons.recipe_of
    others = training[~training["network"].isin(recipes)]
    varied = [name for name in CONFIGURATION if len(set(others[name])) > 1]

    def short(row: Mapping[Any, Any]) -> str:
        if recipe := recipes.get(row["network"]):
            return f"{spaced(recipe)}, {row['kind']}, {row['layers']} layers"
        return configuration_name(row, varied)

    def schedule(row: Mapping[Any, Any]) -> str:
        return ", ".join(NETWORK[name].label.format(row[name]) for name in of_role("schedule"))

    groups = [rows for _, rows in training.groupby(CONFIGURATION, sort=False)]
    firsts = [rows.iloc[0].to_dict() for rows in groups]
    often = Counter(map(short, firsts))
    labels: dict[str, str] = {}
    for rows, first in zip(groups, firsts, strict=True):
        label = short(first)
        label = label if often[label] == 1 else f"{label}, {schedule(first)}"
        labels |= dict.fromkeys(rows["network"], label)
    return labels

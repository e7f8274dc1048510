"""Networks that are shown beside each other: groups, each trained in one way, and their names."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from evaluation.formatting import configuration_name, spaced
from evaluation.measures.choice import Configuration
from evaluation.measures.comparisons import Groups
from evaluation.measures.recipes import common_networks
from evaluation.measures.tables import StudyTables, of_networks
from training.specification import CONFIGURATION, NETWORK, parameter_names

_MOST_GROUPS = 6
"""Configurations that a table of loads shows where a study names none of its own."""


class Pair(NamedTuple):
    """Networks of both kinds that are trained alike; the label says how, or is empty."""

    label: str
    layers: int
    networks: list[str]


def pairs(tables: StudyTables) -> list[Pair]:
    """Networks to compare the kinds by, never of two recipes at once.

    Of each recipe those of the greatest depth that all have; else those of the greatest depth of
    the sweep over kinds and depths; else configurations that differ in their kind alone, of the
    greatest depth that has any.
    """
    if tables.comparisons.recipes:
        rows = common_networks(tables)
        return [
            _pair(spaced(str(recipe)), group)
            for recipe, group in rows.groupby("recipe", sort=False)
        ]
    if depth := tables.comparisons.depth:
        layers = max(set.intersection(*(set(by_layers) for by_layers in depth.values())))
        return [Pair("", layers, [id for by_layers in depth.values() for id in by_layers[layers]])]
    alike = [name for name in CONFIGURATION if name != "kind"]
    both = tables.training.groupby(alike).filter(lambda rows: rows["kind"].nunique() == 2)
    both = both[both["layers"] == both["layers"].max()]
    labels = configuration_labels(tables)
    found = [group for _, group in both.groupby(alike, sort=False)]
    shared = [labels[group["network"].iloc[0]].partition(", ")[2] for group in found]
    return [_pair(label, group) for label, group in zip(shared, found, strict=True)]


def _pair(label: str, rows: pd.DataFrame) -> Pair:
    return Pair(label, int(rows["layers"].iloc[0]), list(rows["network"]))


def shown_groups(tables: StudyTables, chosen: Configuration | None) -> Groups:
    """Label -> networks whose errors by load are shown; each group is trained in one way.

    The chosen configuration, then the recipes or the kinds, of the greatest depth that all have; in
    a study that compares neither, its configurations if they are few.
    """
    labels = configuration_labels(tables)
    found: dict[str, list[str]] = {}
    if chosen:
        found[f"chosen: {labels[chosen.ids[0]]}"] = chosen.ids
    if tables.comparisons.recipes or tables.comparisons.depth:
        for pair in pairs(tables):
            for kind, group in of_networks(tables.training, pair.networks).groupby("kind"):
                named = [pair.label, str(kind), f"{pair.layers} layers"]
                found.setdefault(", ".join(filter(None, named)), list(group["network"]))
    else:
        every = tables.training.groupby(tables.training["network"].map(labels), sort=False)
        if len(every) <= _MOST_GROUPS:
            found |= {str(label): list(rows["network"]) for label, rows in every}
    first: dict[frozenset[str], str] = {}
    for label, ids in found.items():
        first.setdefault(frozenset(ids), label)
    return {label: found[label] for label in first.values()}


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

    groups = [rows.to_dict("records") for _, rows in training.groupby(CONFIGURATION, sort=False)]
    often = Counter(short(first) for first, *_ in groups)
    labels: dict[str, str] = {}
    for rows in groups:
        label = short(rows[0])
        if often[label] > 1:
            schedule = [
                (NETWORK[name].label, rows[0][name]) for name in parameter_names("schedule")
            ]
            label = ", ".join([label, *(text.format(value) for text, value in schedule)])
        labels |= dict.fromkeys((row["network"] for row in rows), label)
    return labels

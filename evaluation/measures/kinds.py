"""DMN against IMN: errors, the hardest load and failures of each kind."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from evaluation.formatting import spaced
from evaluation.measures.choice import Configuration
from evaluation.measures.names import configuration_labels, key_of
from evaluation.measures.recipes import common_networks
from evaluation.measures.statistics import load_errors, statistics
from evaluation.measures.tables import Groups, StudyTables, of_networks
from training.table import CONFIGURATION

_MOST_GROUPS = 6
"""Configurations that a table of loads shows where a study names none of its own."""


@dataclass(frozen=True)
class Pair:
    """Networks of both kinds that are trained alike.

    Attributes:
        label: what they have in common; empty where the study compares no recipes.
        layers: their depth.
        networks: their names.
    """

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
            Pair(spaced(str(recipe)), int(group["layers"].iloc[0]), list(group["network"]))
            for recipe, group in rows.groupby("recipe", sort=False)
        ]
    if depth := tables.comparisons.depth:
        layers = max(set.intersection(*(set(by_layers) for by_layers in depth.values())))
        return [Pair("", layers, [id for by_layers in depth.values() for id in by_layers[layers]])]
    alike = [name for name in CONFIGURATION if name != "kind"]
    both = tables.training.groupby(alike).filter(lambda rows: rows["kind"].nunique() == 2)
    both = both[both["layers"] == both["layers"].max()]
    labels = configuration_labels(tables)
    return [
        Pair(
            labels[key_of(_first(group))].partition(", ")[2],
            int(group["layers"].iloc[0]),
            list(group["network"]),
        )
        for _, group in both.groupby(alike, sort=False)
    ]


def _first(rows: pd.DataFrame) -> dict[Hashable, Any]:
    return rows.iloc[0].to_dict()


def shown_groups(tables: StudyTables, chosen: Configuration | None) -> Groups:
    """Label -> networks whose errors by load are shown; each group is trained in one way.

    The chosen configuration, then the recipes or the kinds, of the greatest depth that all have; in
    a study that compares neither, its configurations if they are few.

    Args:
        tables: of the study.
        chosen: its choice, if there is one.
    """
    labels = configuration_labels(tables)
    found: dict[str, list[str]] = {}
    if chosen:
        found[f"chosen: {labels[key_of(chosen.shared)]}"] = chosen.ids
    if tables.comparisons.recipes or tables.comparisons.depth:
        for pair in pairs(tables):
            for kind, group in of_networks(tables.training, pair.networks).groupby("kind"):
                named = [pair.label, str(kind), f"{pair.layers} layers"]
                found.setdefault(", ".join(filter(None, named)), list(group["network"]))
    else:
        every = [rows for _, rows in tables.training.groupby(CONFIGURATION, sort=False)]
        if len(every) <= _MOST_GROUPS:
            found |= {labels[key_of(_first(rows))]: list(rows["network"]) for rows in every}
    alone: dict[str, list[str]] = {}
    for label, ids in found.items():
        if set(ids) not in map(set, alone.values()):
            alone[label] = ids
    return alone


def compare_kinds(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """What the networks of each kind reach, with their first scheme.

    Args:
        tables: of the study.
        ids: names of the networks.

    Returns:
        One kind a row: kind; networks and failed (in training); predictions (of the trained ones)
        and unconverged; the statistics of error_validation and of e_sigma, the mean over the
        composites; load and error_mean of the load with the largest mean error.
    """
    trained, means = of_networks(tables.trained, ids), of_networks(tables.composite_means, ids)
    loads = load_errors(of_networks(tables.first_scheme_predictions, ids), ["kind", "load"])
    hardest = loads.loc[
        loads.groupby("kind")["error_mean"].idxmax(), ["kind", "load", "error_mean"]
    ]
    table = failures(tables, ids)
    for found in (
        statistics(trained, ["kind"], ["error_validation"]),
        statistics(means, ["kind"], ["e_sigma"]),
        hardest,
    ):
        table = table.merge(found, "left", on="kind")
    return table


def failures(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """How many networks failed in training, and predictions of the others did not converge.

    Returns:
        One kind a row: kind, networks, failed, predictions, unconverged.
    """
    training = of_networks(tables.training, ids)
    networks = training["status"].ne("ok").groupby(training["kind"], sort=False)
    trained = of_networks(tables.trained, ids)["network"]
    online = of_networks(tables.first_scheme_predictions, trained)
    predictions = online["status"].ne("ok").groupby(online["kind"])
    table = pd.DataFrame(
        {
            "networks": networks.size(),
            "failed": networks.sum(),
            "predictions": predictions.size(),
            "unconverged": predictions.sum(),
        }
    )
    return table.fillna(0).astype(int).rename_axis("kind").reset_index()


class Difference(NamedTuple):
    """Ratio of the mean errors (geometric) of DMN to those of IMN, its 95 % interval, and p."""

    ratio: float
    low: float
    high: float
    p: float


def differences(tables: StudyTables, ids: list[str]) -> dict[str, Difference]:
    """Whether the kinds differ in error_validation and e_sigma: Welch's test on the logarithms.

    Nothing is known, so that all is nan, with fewer than two networks of a kind.
    """
    found = {}
    for column, rows in (("error_validation", tables.trained), ("e_sigma", tables.composite_means)):
        by_kind = of_networks(rows, ids).groupby("kind")[column]
        groups = {str(kind): np.log(values) for kind, values in by_kind}
        found[column] = Difference(math.nan, math.nan, math.nan, math.nan)
        if len(groups) == 2 and min(map(len, groups.values())) > 1:
            test = ttest_ind(groups["DMN"], groups["IMN"], equal_var=False)
            interval = test.confidence_interval(0.95)
            mean = groups["DMN"].mean() - groups["IMN"].mean()
            ratio, low, high = np.exp([mean, interval.low, interval.high])
            found[column] = Difference(float(ratio), float(low), float(high), float(test.pvalue))
    return found

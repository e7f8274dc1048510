"""Comparison of recipes of a training: errors, sizes, directions and selection."""

import math

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

from evaluation.measures.chosen_network import linear_measure
from evaluation.measures.statistics import (
    prediction_errors,
    predictions_under,
    with_configuration,
    with_schemes,
)
from evaluation.measures.tables import StudyTables, of_networks

KEYS = ["recipe", "kind", "layers"]


def recipe_networks(tables: StudyTables) -> pd.DataFrame:
    """One network a row, as in `StudyTables.composite_means`, with its recipe and its training.

    Further columns are recipe; error_validation, error_flowing and error_moments, held-out linear
    errors; and training_seconds. online_seconds are those of the fastest scheme.
    """
    rows = _labelled(tables, tables.composite_means)
    fastest = tables.timed_errors.groupby("network")["online_seconds"].min()
    rows = rows.assign(online_seconds=rows["network"].map(fastest))
    columns = ["network", "error_validation", "error_flowing", "error_moments", "seconds"]
    training = tables.training[columns].rename(columns={"seconds": "training_seconds"})
    return rows.merge(training, on="network")


def size_errors(tables: StudyTables) -> pd.DataFrame:
    """Errors, sizes and costs of each recipe, kind and depth.

    Returns:
        `KEYS`; networks; mean, std and worst of e_sigma; the means of error_validation,
        error_flowing, active_nodes, training_seconds and online_seconds; and ensemble and size, the
        mean error of the mean of so many networks.
    """
    groups = recipe_networks(tables).groupby(KEYS, sort=False)
    costs = ["active_nodes", "training_seconds", "online_seconds"]
    means = groups[["error_validation", "error_flowing", *costs]].mean()
    ensembles = ensemble_errors(tables)
    chosen = ensembles[ensembles["networks"] == usual_size(tables)]
    chosen = chosen.rename(columns={"networks": "size", "error": "ensemble"})
    return _summary(groups).join(means).reset_index().merge(chosen, "left", on=KEYS)


def ensemble_errors(tables: StudyTables) -> pd.DataFrame:
    """Mean over composites and loads of the error of ensembles, under the control of the study.

    Returns:
        `KEYS`, networks (the size of an ensemble) and error.
    """
    rows = tables.ensembles[tables.ensembles["control"] == tables.control]
    return rows.groupby([*KEYS, "networks"], sort=False)["error"].mean().reset_index()


def usual_size(tables: StudyTables) -> int:
    """Five networks, or as many as all ensembles have if they have fewer."""
    largest = tables.ensembles.groupby(KEYS)["networks"].max()
    return int(min(5, largest.min())) if len(largest) else 0


def common_networks(tables: StudyTables) -> pd.DataFrame:
    """network, recipe, kind and layers, of the greatest depth that all recipes and kinds have.

    Those that failed in training or online are among them.
    """
    rows = _labelled(tables, tables.training)[["network", *KEYS]]
    depths = [set(group) for _, group in rows.groupby(["recipe", "kind"])["layers"]]
    common = set.intersection(*depths) if depths else set()
    return rows[rows["layers"] == max(common, default=0)]


def case_errors(tables: StudyTables) -> pd.DataFrame:
    """Errors on each composite and control of the networks of `common_networks`.

    Returns:
        recipe, kind, composite, control; networks; mean, std and worst of e_sigma, the mean error
        over the loads.
    """
    found = []
    for control in dict.fromkeys(tables.online["control"]):
        rows = predictions_under(tables.training, tables.online, control)
        errors = prediction_errors(with_schemes(rows, tables.first_schemes))
        found.append(errors.assign(control=control))
    every = with_configuration(pd.concat(found), tables.training)
    rows = _labelled(tables, of_networks(every, common_networks(tables)["network"]))
    keys = ["composite", "control", "kind", "recipe"]
    return _summary(rows.groupby(keys, sort=False)).reset_index()


def _summary(groups: DataFrameGroupBy) -> pd.DataFrame:
    """networks; mean, std and worst of e_sigma."""
    measures = groups["e_sigma"].agg(["size", "mean", "std", "max"])
    return measures.set_axis(["networks", "mean", "std", "worst"], axis=1)


def direction_errors(tables: StudyTables) -> pd.DataFrame:
    """Error of each load, the mean over the composites, of each network of `common_networks`.

    Returns:
        network, recipe, kind, load and error.
    """
    rows = of_networks(tables.first_scheme_predictions, common_networks(tables)["network"])
    rows = _labelled(tables, rows[rows["status"] == "ok"])
    keys = ["network", "recipe", "kind", "load"]
    return rows.groupby(keys, sort=False)["error"].mean().reset_index()


def selection(tables: StudyTables) -> pd.DataFrame:
    """How well held-out linear errors predict which network of a recipe is the best.

    Returns:
        `KEYS`; networks; stiffness and moments, rank correlations (Spearman) of e_sigma with e_C
        and with the error of the first moments; chosen, e_sigma of the network with the smallest
        error of moments, or of stiffness where there are none; mean and best of e_sigma.
    """
    found = []
    for key, rows in recipe_networks(tables).groupby(KEYS, sort=False):
        if len(rows) < 4:
            continue
        errors, linear = rows["e_sigma"], rows[["error_validation", "error_moments"]]
        stiffness, moments = (_rank_correlation(errors, linear[name]) for name in linear)
        chosen = errors.iloc[int(linear[linear_measure(linear)].argmin())]
        found.append((*key, len(rows), stiffness, moments, chosen, errors.mean(), errors.min()))
    columns = [*KEYS, "networks", "stiffness", "moments", "chosen", "mean", "best"]
    return pd.DataFrame(found, columns=columns)


def _rank_correlation(first: pd.Series, second: pd.Series) -> float:
    told = min(first.nunique(), second.nunique()) > 1
    return float(first.corr(second, method="spearman")) if told else math.nan


def _labelled(tables: StudyTables, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the networks of recipes, with their recipe, in the order of the recipes."""
    recipes = tables.comparisons.recipe_of
    rows = of_networks(rows, recipes)
    rows = rows.assign(recipe=rows["network"].map(recipes))
    order = list(tables.comparisons.recipes)
    return rows.sort_values("recipe", key=lambda names: names.map(order.index), kind="stable")

"""The sentences at the top of the report, from the numbers by fixed rules.

Two means are told apart when they differ by more than the larger of their standard deviations.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluation.summary import load_errors, statistics
from evaluation.words import enumeration, percent, plural

Depth = Mapping[str, Mapping[int, Sequence[str]]]
"""Kind -> layers -> networks."""

RULE = (
    "Two means are called different when they differ by more than the larger of their two "
    "standard deviations over the seeds (n − 1)."
)


def verdict(
    training: pd.DataFrame, predictions: pd.DataFrame, errors: pd.DataFrame, depth: Depth
) -> list[str]:
    """Which networks predict best, how that relates to e_C, what is hard and what failed.

    Args:
        training: training.csv.
        predictions: as from `evaluation.summary.chosen_predictions`.
        errors: as from `evaluation.summary.prediction_errors`.
        depth: the networks of the comparison of the kinds, or nothing.
    """
    place, ids = judged(training, depth)
    chosen = predictions[predictions["network"].isin(ids)]
    errors = errors[errors["network"].isin(ids)]
    trained = training[(training["status"] == "ok") & training["network"].isin(ids)]
    online = statistics(_over_composites(errors), ["kind"], ["e_sigma"])
    linear = statistics(trained, ["kind"], ["error_validation"])
    online, linear = (
        table.set_axis(["kind", "mean", "std", "count"], axis=1).set_index("kind")
        for table in (online, linear)
    )
    composites = plural(errors["composite"].nunique(), "composite")
    sentences = [
        f"{place.capitalize()}, {_online_sentence(online, composites)}",
        _linear_sentence(linear, _lower(online)),
        _hardest_load(chosen, place),
        _failures(training, predictions),
    ]
    return [sentence for sentence in sentences if sentence]


def judged(training: pd.DataFrame, depth: Depth) -> tuple[str, list[str]]:
    """The networks that the verdict is about, in words and by name.

    They are those of the greatest depth in the comparison of the kinds, or all.
    """
    if not depth:
        return "over all networks", list(training["network"])
    layers = max(set.intersection(*(set(by_layers) for by_layers in depth.values())))
    ids = [id for by_layers in depth.values() for id in by_layers[layers]]
    return f"at {plural(layers, 'layer')}", ids


def _over_composites(errors: pd.DataFrame) -> pd.DataFrame:
    """Mean e_sigma over the composites, for the networks that predicted all of them."""
    by_network = errors.groupby(["network", "kind"], sort=False)["e_sigma"].agg(["mean", "size"])
    whole = by_network[by_network["size"] == errors["composite"].nunique()]
    return whole.rename(columns={"mean": "e_sigma"}).reset_index()


def _lower(table: pd.DataFrame) -> str | None:
    """The kind with the lower mean, when two are there and can be told apart."""
    if len(table) != 2:
        return None
    first, second = table["mean"]
    clear = abs(first - second) > table["std"].max(skipna=False)
    return str(table["mean"].idxmin()) if clear else None


def _values(table: pd.DataFrame) -> str:
    values = [
        f"{percent(mean, deviation)} for {kind} ({plural(count, 'network')})"
        for kind, mean, deviation, count in table.itertuples()
    ]
    return enumeration(values)


def _online_sentence(table: pd.DataFrame, composites: str) -> str:
    if table.empty:
        return "no network predicted all loads of all composites."
    lower = _lower(table)
    if lower:
        other = next(kind for kind in table.index if kind != lower)
        claim = f"{lower} predicts the nonlinear stresses more closely than {other}"
    elif len(table) == 2:
        claim = f"{enumeration(list(table.index))} cannot be told apart in the nonlinear stresses"
    else:
        return f"the networks reach a mean e_σ over {composites} of {_values(table)}."
    return f"{claim}: the mean e_σ over {composites} is {_values(table)}."


def _linear_sentence(table: pd.DataFrame, better_online: str | None) -> str:
    if table.empty:
        return ""
    values = f"The linear validation error e_C is {_values(table)}"
    if len(table) != 2:
        return f"{values}."
    lower = _lower(table)
    if lower is None:
        relation = "too close to tell apart"
    elif better_online is None:
        relation = f"lower for {lower}, a difference that e_σ does not show"
    elif lower == better_online:
        relation = f"lower for {lower}, as e_σ is"
    else:
        relation = f"lower for {lower}, unlike e_σ"
    return f"{values}, {relation}."


def _hardest_load(predictions: pd.DataFrame, place: str) -> str:
    loads = load_errors(predictions, ["load"]).sort_values("error_mean", ascending=False)
    if len(loads) < 2:
        return ""
    hardest, easiest = loads.iloc[0], loads.iloc[-1]
    return (
        f"The hardest load is {hardest['load']} with a mean error of "
        f"{percent(hardest['error_mean'])}, the easiest {easiest['load']} with "
        f"{percent(easiest['error_mean'])} ({place}, all composites)."
    )


def _failures(training: pd.DataFrame, predictions: pd.DataFrame) -> str:
    ids = set(training.loc[training["status"] == "ok", "network"])
    untrained = len(training) - len(ids)
    tried = predictions[predictions["network"].isin(ids)]
    unpredicted = int((tried["status"] != "ok").sum())
    if not (untrained or unpredicted):
        return f"None of the {plural(len(training), 'network')} failed."
    return (
        f"{untrained} of {plural(len(training), 'network')} failed in training and {unpredicted} "
        f"of {plural(len(tried), 'prediction')} did not converge; no mean holds them."
    )

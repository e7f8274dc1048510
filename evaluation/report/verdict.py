"""Which kind predicts better, in sentences, from the numbers by fixed rules."""

from collections.abc import Mapping

import pandas as pd
from scipy.stats import ttest_ind

from evaluation.measures.statistics import load_errors
from evaluation.measures.tables import Depth
from evaluation.report.words import NO_BREAK, enumeration, percent, plural

ByKind = Mapping[str, pd.Series]
"""Kind -> a value of each of its networks."""

LEVEL = 0.05

RULE = (
    "Two kinds are said to differ where Welch's t-test on the values of their networks says so at "
    f"the {100 * LEVEL:g} % level; with fewer than 2 networks of a kind they cannot be told apart."
)


def verdict(
    training: pd.DataFrame, predictions: pd.DataFrame, errors: pd.DataFrame, depth: Depth
) -> list[str]:
    """Which networks predict best, how that relates to e_C, what is hard and what failed.

    Args:
        training: training.csv.
        predictions: as from `evaluation.measures.statistics.predictions_under`, one scheme a kind.
        errors: as from `evaluation.measures.statistics.prediction_errors`.
        depth: the networks of the comparison of the kinds, or nothing.
    """
    place, ids = judged(training, depth)
    chosen = predictions[predictions["network"].isin(ids)]
    errors = errors[errors["network"].isin(ids)]
    trained = training[(training["status"] == "ok") & training["network"].isin(ids)]
    online = _by_kind(_over_composites(errors), "e_sigma")
    linear = _by_kind(trained, "error_validation")
    composites = plural(errors["composite"].nunique(), "composite")
    sentences = [
        f"{place[0].upper()}{place[1:]}, {_online_sentence(online, composites)}",
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


def _by_kind(frame: pd.DataFrame, column: str) -> ByKind:
    return {str(kind): values for kind, values in frame.groupby("kind", sort=False)[column]}


def _over_composites(errors: pd.DataFrame) -> pd.DataFrame:
    """Mean e_sigma over the composites, for the networks that predicted all of them."""
    by_network = errors.groupby(["network", "kind"], sort=False)["e_sigma"].agg(["mean", "size"])
    whole = by_network[by_network["size"] == errors["composite"].nunique()]
    return whole.rename(columns={"mean": "e_sigma"}).reset_index()


def _lower(by_kind: ByKind) -> str | None:
    """The kind with the lower mean, when two are there and can be told apart."""
    if len(by_kind) != 2 or min(map(len, by_kind.values())) < 2:
        return None
    if not ttest_ind(*by_kind.values(), equal_var=False).pvalue < LEVEL:
        return None
    return min(by_kind, key=lambda kind: by_kind[kind].mean())


def _values(by_kind: ByKind) -> str:
    values = by_kind.items()
    return enumeration([f"{percent(v.mean(), v.std())} for {kind}" for kind, v in values])


def _counts(by_kind: ByKind) -> str:
    counts = {kind: len(values) for kind, values in by_kind.items()}
    if len(counts) > 1 and len(set(counts.values())) == 1:
        return f"with {plural(next(iter(counts.values())), 'network')} each"
    return f"with {enumeration([plural(n, f'{kind} network') for kind, n in counts.items()])}"


def _online_sentence(by_kind: ByKind, composites: str) -> str:
    if not by_kind:
        return "no network predicted all loads of all composites."
    mean = f"mean e_σ over {composites}"
    if len(by_kind) != 2:
        return f"the networks reach a {mean} of {_values(by_kind)}, {_counts(by_kind)}."
    lower = _lower(by_kind)
    if lower:
        other = next(kind for kind in by_kind if kind != lower)
        claim = f"{lower} predicts the nonlinear stresses more closely than {other},"
    else:
        claim = f"{enumeration(list(by_kind))} cannot be told apart in the nonlinear stresses"
    return f"{claim} {_counts(by_kind)}: the {mean} is {_values(by_kind)}."


def _linear_sentence(by_kind: ByKind, better_online: str | None) -> str:
    if not by_kind:
        return ""
    values = f"The linear validation error e_C is {_values(by_kind)}"
    if len(by_kind) != 2:
        return f"{values}."
    lower = _lower(by_kind)
    if lower is None:
        relation = f"which cannot be told apart {_counts(by_kind)}"
    elif better_online is None:
        relation = f"lower for {lower}, a difference that e_σ does not show"
    elif lower == better_online:
        relation = f"lower for {lower}, as e_σ is"
    else:
        relation = f"lower for {lower}, unlike e_σ"
    return f"{values}, {relation}."


def _hardest_load(predictions: pd.DataFrame, place: str) -> str:
    loads = load_errors(predictions, ["kind", "load"])
    if loads["load"].nunique() < 2:
        return ""
    worst = loads.loc[loads.groupby("kind", sort=False)["error_mean"].idxmax()]
    means = worst.set_index("kind")["error_mean"]
    kinds = [f"{kind} ({_two_digits(mean)})" for kind, mean in means.items()]
    hardest = list(worst["load"])
    if len(hardest) == 2 and len(set(hardest)) == 1:
        named = f"{hardest[0]} for both {enumeration(kinds)}"
    else:
        pairs = zip(hardest, kinds, strict=True)
        named = enumeration([f"{load} for {kind}" for load, kind in pairs])
    return f"The hardest load is {named}, {place}, by the mean error over networks and composites."


def _two_digits(fraction: float) -> str:
    return f"{float(f'{100 * fraction:.2g}'):g}{NO_BREAK}%"


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

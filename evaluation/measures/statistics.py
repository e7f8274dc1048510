"""The numbers of the report: means and standard deviations over the seeds.

Only what has the status `ok` enters. The standard deviation is the sample's (n - 1), and not a
number where there is one value alone.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from training.specification import CONFIGURATION

_FEWEST = 5
"""Values that a bootstrap needs to say something."""

TRANSVERSE = ("11", "22", "12")
"""Loads across the fibres, of which the paper speaks apart."""

_BIAS = "bias_"

NETWORK_ERRORS = {
    "e_sigma": ("error", "mean"),
    "e_sigma_transverse": ("transverse", "mean"),
    "iterations": ("iterations", "sum"),
    "increments": ("increments", "sum"),
    "active_nodes": ("active_nodes", "first"),
    "traction_defect": ("traction_defect", "max"),
}
"""Measure of a network, scheme and composite -> what is taken of which column over all loads; the
errors of the loads `TRANSVERSE` are a column, too."""


def statistics(frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Mean, deviation and number of values of some columns, one group a row.

    Returns:
        The columns of `by`, then `<column>_mean`, `<column>_std` and `<column>_count`.
    """
    grouped = frame.groupby(list(by), sort=False)[list(columns)].agg(["mean", "std", "count"])
    grouped.columns = ["_".join(names) for names in grouped.columns]
    return grouped.reset_index()


def count_failures(rows: pd.DataFrame, by: Sequence[str], names: tuple[str, str]) -> pd.DataFrame:
    """How many rows of a table there are by group, and how many of these failed."""
    failed = rows["status"].ne("ok").groupby([rows[name] for name in by], sort=False)
    return failed.agg(["size", "sum"]).set_axis(list(names), axis=1)


def quantiles(frame: pd.DataFrame, by: Sequence[str], column: str) -> pd.DataFrame:
    """Mean, median and quantiles of a column, one group a row.

    Returns:
        The columns of `by`; count, mean, median; low and high, the 95 % interval of the median by
        the bias-corrected bootstrap, nan with fewer than five values; tenth, ninetieth (percent)
        and largest.
    """
    rows = []
    for key, values in frame.dropna(subset=[column]).groupby(list(by), sort=False)[column]:
        tenth, median, ninetieth = values.quantile([0.1, 0.5, 0.9])
        middle = values.mean(), median, *_median_interval(values)
        rows.append((*key, len(values), *middle, tenth, ninetieth, values.max()))
    names = ["count", "mean", "median", "low", "high", "tenth", "ninetieth", "largest"]
    return pd.DataFrame(rows, columns=[*by, *names])


def _median_interval(values: pd.Series) -> tuple[float, float]:
    if len(values) < _FEWEST or np.ptp(values) == 0:
        return math.nan, math.nan
    random = np.random.default_rng(0)
    interval = bootstrap((values,), np.median, n_resamples=2000, rng=random).confidence_interval
    return float(interval.low), float(interval.high)


def with_configuration(rows: pd.DataFrame, training: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks with further columns of training.csv: seed and `CONFIGURATION`."""
    return rows.merge(training[["network", "seed", *CONFIGURATION]], on="network")


def predictions_under(training: pd.DataFrame, online: pd.DataFrame, control: str) -> pd.DataFrame:
    """The rows of online.csv for one control, with the configuration of their networks."""
    return with_configuration(online[online["control"] == control], training)


def with_schemes(rows: pd.DataFrame, schemes: Mapping[str, str]) -> pd.DataFrame:
    """Of rows with a kind and a scheme, those with the scheme that `schemes` gives the kind."""
    return rows[rows["scheme"] == rows["kind"].map(schemes)]


def prediction_errors(predictions: pd.DataFrame) -> pd.DataFrame:
    """e_sigma of Eq. 32 of every network that predicted all loads of a composite with a scheme.

    Args:
        predictions: rows of online.csv for one control.

    Returns:
        One network, scheme and composite a row: network, scheme, composite and `NETWORK_ERRORS`;
        bias_<load> of each load, where online.csv has them.
    """
    keys = ["network", "scheme", "composite"]
    predicted = predictions["status"].eq("ok")
    whole = predicted.groupby([predictions[key] for key in keys]).transform("all")
    predictions = predictions[whole]
    transverse = predictions["error"].where(predictions["load"].isin(TRANSVERSE))
    groups = predictions.assign(transverse=transverse).groupby(keys, sort=False)
    table = groups.agg(**NETWORK_ERRORS)
    if "bias" in predictions:
        biases = predictions.pivot_table("bias", keys, "load")
        table = table.join(biases.add_prefix(_BIAS))
    return table.reset_index()


def bias_columns(errors: pd.DataFrame) -> list[str]:
    """The columns of `prediction_errors` with the bias of single loads; none in older studies."""
    return [str(name) for name in errors if str(name).startswith(_BIAS)]


def configurations(training: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """All measures of each configuration, in the order of training.csv.

    Returns:
        `CONFIGURATION`, networks, failed; the statistics of error_training, error_validation,
        error_flowing, active_nodes, parameters and seconds; those of e_sigma as
        `e_sigma_<composite>_mean`, `_std` and `_count`.
    """
    counts = count_failures(training, CONFIGURATION, ("networks", "failed")).reset_index()
    columns = ["error_training", "error_validation", "error_flowing"]
    columns += ["active_nodes", "parameters", "seconds"]
    trained = statistics(training[training["status"] == "ok"], CONFIGURATION, columns)
    table = counts.merge(trained, on=CONFIGURATION, how="left")
    for composite, rows in errors.groupby("composite", sort=False):
        name = f"e_sigma_{composite}"
        found = statistics(rows.rename(columns={"e_sigma": name}), CONFIGURATION, [name])
        table = table.merge(found, on=CONFIGURATION, how="left")
    counted = [str(column) for column in table if str(column).endswith("_count")]
    return table.fillna(dict.fromkeys(counted, 0))


AS_PRINTED = "torch, DMN as printed"


def training_rows(timing: pd.DataFrame) -> pd.DataFrame:
    """Timings of trainings; the backend `AS_PRINTED` is the literal DMN beside PyTorch's IMN."""
    rows = timing[timing["quantity"] == "training"]
    printed = timing[timing["quantity"] == "training_literal"]
    if printed.empty:
        return rows
    beside = rows[(rows["backend"] == "torch") & (rows["kind"] == "IMN")]
    return pd.concat([rows, *(some.assign(backend=AS_PRINTED) for some in (printed, beside))])


def training_times(timing: pd.DataFrame) -> pd.DataFrame:
    """Training time an epoch by backend and depth.

    Returns:
        Columns backend, layers, DMN, IMN (seconds) and ratio (DMN over IMN).
    """
    rows = training_rows(timing)
    table = rows.pivot_table("median_seconds", ["backend", "layers"], "kind", dropna=False)
    table = table.reindex(columns=["DMN", "IMN"])
    return table.assign(ratio=table["DMN"] / table["IMN"]).reset_index()

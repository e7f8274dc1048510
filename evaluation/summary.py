"""The numbers of the report: means and standard deviations over the seeds.

Only what has the status `ok` enters. The standard deviation is the sample's (n - 1), and not a
number where there is one value alone.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

CONFIGURATION = ["kind", "layers", "samples", "batch_size", "eta", "xi"]
"""What the networks of a group share; they differ in their seed alone."""


_MEASURES = ["mean", "std", "count"]


def statistics(frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Mean, deviation and number of values of some columns, one group a row.

    Returns:
        The columns of `by`, then `<column>_mean`, `<column>_std` and `<column>_count`.
    """
    grouped = frame.groupby(list(by), sort=False)[list(columns)].agg(_MEASURES)
    grouped.columns = ["_".join(names) for names in grouped.columns]
    return grouped.reset_index()


def chosen_predictions(
    training: pd.DataFrame, online: pd.DataFrame, control: str, schemes: Mapping[str, str]
) -> pd.DataFrame:
    """The rows of online.csv for one control and one scheme of each kind.

    Args:
        training: training.csv.
        online: online.csv.
        control: `stress` or `strain`.
        schemes: kind -> online scheme.

    Returns:
        Their columns and those of `CONFIGURATION`.
    """
    rows = online.merge(training[["network", *CONFIGURATION]], on="network")
    return rows[(rows["control"] == control) & (rows["scheme"] == rows["kind"].map(schemes))]


def prediction_errors(predictions: pd.DataFrame) -> pd.DataFrame:
    """e_sigma of Eq. 32 of every network that predicted all loads of a composite.

    Args:
        predictions: as from `chosen_predictions`.

    Returns:
        One network and composite a row: network, composite, `CONFIGURATION`, e_sigma,
        iterations_per_increment and active_nodes.
    """
    keys = ["network", "composite", *CONFIGURATION]
    predicted = predictions["status"].eq("ok")
    whole = predicted.groupby([predictions["network"], predictions["composite"]]).transform("all")
    sums = predictions[whole].groupby(keys, sort=False)
    return sums.agg(
        e_sigma=("error", "mean"),
        iterations=("iterations", "sum"),
        increments=("increments", "sum"),
        active_nodes=("active_nodes", "first"),
    ).pipe(_iterations_per_increment)


def _iterations_per_increment(sums: pd.DataFrame) -> pd.DataFrame:
    ratio = sums["iterations"] / sums["increments"]
    return (
        sums.drop(columns=["iterations", "increments"])
        .assign(iterations_per_increment=ratio)
        .reset_index()
    )


def load_errors(predictions: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Statistics of the error of single loads; groups and columns as in `statistics`."""
    return statistics(predictions[predictions["status"] == "ok"], by, ["error"])


def configurations(training: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """All measures of each configuration, in the order of training.csv.

    Args:
        training: training.csv.
        errors: as from `prediction_errors`.

    Returns:
        `CONFIGURATION`, networks, failed; the statistics of error_training, error_validation,
        active_nodes, parameters and seconds; those of e_sigma as `e_sigma_<composite>_mean`,
        `_std` and `_count`.
    """
    counts = (
        training.assign(failed=training["status"] != "ok")
        .groupby(CONFIGURATION, sort=False)
        .agg(networks=("network", "size"), failed=("failed", "sum"))
        .reset_index()
    )
    columns = ["error_training", "error_validation", "active_nodes", "parameters", "seconds"]
    trained = statistics(training[training["status"] == "ok"], CONFIGURATION, columns)
    table = counts.merge(trained, on=CONFIGURATION, how="left")
    for composite, rows in errors.groupby("composite", sort=False):
        by_composite = statistics(rows, CONFIGURATION, ["e_sigma"])
        by_composite = by_composite.rename(columns=_names("e_sigma_", f"e_sigma_{composite}_"))
        table = table.merge(by_composite, on=CONFIGURATION, how="left")
    counted = [str(column) for column in table if str(column).endswith("_count")]
    return table.fillna(dict.fromkeys(counted, 0))


def online_times(
    training: pd.DataFrame, timing: pd.DataFrame, schemes: Mapping[str, str]
) -> pd.DataFrame:
    """Online time of each network with the scheme of its kind.

    Args:
        training: training.csv.
        timing: timing.csv.
        schemes: kind -> online scheme.

    Returns:
        The columns of timing.csv and of `CONFIGURATION`.
    """
    rows = timing[timing["quantity"] == "online"].drop(columns=["kind", "layers"])
    rows = rows.merge(training[["network", *CONFIGURATION]], on="network")
    return rows[rows["scheme"] == rows["kind"].map(schemes)]


def training_times(timing: pd.DataFrame) -> pd.DataFrame:
    """Training time an epoch by backend and depth.

    Returns:
        Columns backend, layers, DMN, IMN (seconds) and ratio (DMN over IMN).
    """
    rows = timing[timing["quantity"] == "training"]
    table = rows.pivot_table("median_seconds", ["backend", "layers"], "kind", dropna=False)
    table = table.reindex(columns=["DMN", "IMN"])
    return table.assign(ratio=table["DMN"] / table["IMN"]).reset_index()


def depth_values(errors: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """The measures of Fig. 17 of each network.

    Args:
        errors: as from `prediction_errors`, of one composite and the networks of the comparison.
        times: as from `online_times`, of the same networks.

    Returns:
        Columns quantity, kind, layers, network, value; the quantities are e_sigma,
        iterations_per_increment, active_nodes and online_seconds.
    """
    frames = dict.fromkeys(("e_sigma", "iterations_per_increment", "active_nodes"), errors)
    frames["online_seconds"] = times.rename(columns={"median_seconds": "online_seconds"})
    tables = [
        frame[["kind", "layers", "network", quantity]]
        .rename(columns={quantity: "value"})
        .assign(quantity=quantity)
        for quantity, frame in frames.items()
    ]
    return pd.concat(tables, ignore_index=True)


def depth_measures(values: pd.DataFrame) -> pd.DataFrame:
    """The measures of Fig. 17 by kind and depth.

    Args:
        values: as from `depth_values`.

    Returns:
        Columns quantity, kind, layers, mean, std, count.
    """
    table = statistics(values, ["quantity", "kind", "layers"], ["value"])
    return table.rename(columns=_names("value_", ""))


def _names(prefix: str, new_prefix: str) -> dict[str, str]:
    """New names of the columns that `statistics` makes of one column."""
    return {f"{prefix}{measure}": f"{new_prefix}{measure}" for measure in _MEASURES}

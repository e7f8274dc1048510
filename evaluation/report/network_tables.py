"""The tables of the report on networks: errors and costs by configuration, by load, by depth."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluation.claims.depth import TRAINING_SPEED_UP
from evaluation.claims.ranges import PAPER_LAYERS
from evaluation.formatting import mean_and_deviation, ratio, scheme_name, spaced
from evaluation.measures.comparisons import Groups
from evaluation.measures.statistics import configurations, quantiles, statistics
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, cell, mean_of, percentage, records, table_of
from training.specification import CONFIGURATION, NETWORK, of_role

PAPER_RATIO = TRAINING_SPEED_UP.text

_COSTS = {
    "e_sigma": ("e_σ [%]", 100),
    "online_seconds": ("time, all loads [ms]", 1e3),
    "iterations_per_increment": ("iterations per increment", 1),
    "active_nodes": ("active base nodes", 1),
    "microseconds": ("time per iteration and node [µs]", 1),
}
_SEEDS = (
    "Networks of a row differ in their random initialisation alone. The means leave out failed "
    "networks."
)


def common_settings(training: pd.DataFrame) -> str:
    """What all networks of the study have in common."""
    found = [
        NETWORK[column].label.format(training[column].iloc[0])
        for column in of_role("data", "loss", "schedule")
        if len(set(training[column])) == 1
    ]
    return f"All networks: {', '.join(found)}." if found else ""


def error_table(title: str, tables: StudyTables, ids: Sequence[str], text: str = _SEEDS) -> Table:
    """Errors of the configurations of some networks, percent."""
    summary = _configurations(tables, ids)
    errors = _linear_errors(summary)
    errors |= {f"e_sigma_{name}": f"e_σ {spaced(name)} [%]" for name in tables.composites}
    return _by_configuration(title, text, summary, lambda record: _errors(record, errors))


def training_table(tables: StudyTables) -> Table:
    """Linear errors and size of the networks by kind and depth."""
    summary = _configurations(tables, tables.comparisons.depth_networks)
    summary = summary.sort_values(["kind", "layers"])
    errors = _linear_errors(summary)

    def cells(record: Mapping[str, Any]) -> dict[str, str]:
        parameters = record["parameters_mean"]  # equal whole numbers
        return _errors(record, errors) | {
            "active base nodes": f"{mean_of(record, 'active_nodes')} of {2 ** record['layers']}",
            "parameters": "–" if pd.isna(parameters) else f"{parameters:,.0f}",
            "training [s]": mean_of(record, "seconds"),
        }

    return _by_configuration("Trained networks by depth", _SEEDS, summary, cells)


def quantile_table(tables: StudyTables) -> Table:
    """Mean, median and quantiles of e_sigma of each configuration, percent."""

    def cells(record: Mapping[str, Any]) -> dict[str, str]:
        names = "mean", "median", "low", "high", "tenth", "ninetieth", "largest"
        texts = (f"{100 * record[name]:#.3g}".rstrip(".") for name in names)
        mean, median, low, high, tenth, ninetieth, largest = texts
        return {
            "networks": str(record["count"]),
            "mean [%]": mean,
            "median [%]": median,
            "95 % interval [%]": "–" if math.isnan(record["low"]) else f"{low}–{high}",
            "10 to 90 % [%]": f"{tenth}–{ninetieth}",
            "worst [%]": largest,
        }

    return _by_configuration(
        "Medians and quantiles",
        "e_σ of each network, the mean over the composites. A few networks far off move the mean "
        "of a configuration, not its median. The interval is that of the median, by the bootstrap; "
        "it needs five networks. Four of five networks lie between the quantiles of 10 and 90 %.",
        quantiles(tables.composite_means, CONFIGURATION, "e_sigma"),
        cells,
    )


def cost_table(title: str, tables: StudyTables, rows: pd.DataFrame) -> Table:
    """Accuracy and cost by configuration and scheme.

    `rows` are of `StudyTables.timed_errors`.
    """

    def cells(record: Mapping[str, Any]) -> dict[str, str]:
        return {
            "scheme": scheme_name(record["scheme"], record["kind"]),
            "networks": str(record["e_sigma_count"]),
            **{head: mean_of(record, name, scale) for name, (head, scale) in _COSTS.items()},
        }

    composite = spaced(tables.composite)
    text = f"Predictions of {composite}; mean ± standard deviation over the networks."
    summary = statistics(rows, [*CONFIGURATION, "scheme"], list(_COSTS))
    return _by_configuration(title, text, summary, cells, further_labels=1)


def load_table(title: str, predictions: pd.DataFrame, groups: Groups) -> Table:
    """Mean and worst error by composite and load, a column a group of networks.

    `predictions` are of one scheme a kind, and each group is trained in one way.
    """
    converged = predictions[predictions["status"] == "ok"]
    found = {
        label: dict(tuple(of_networks(converged, ids).groupby(["composite", "load"])["error"]))
        for label, ids in groups.items()
    }
    rows = []
    for key in predictions[["composite", "load"]].drop_duplicates().itertuples(index=False):
        cells = {"composite": spaced(str(key.composite)), "load": str(key.load)}
        for label, by_load in found.items():
            errors = by_load.get(tuple(key), pd.Series(dtype=float))
            cells[f"{label} [%]"] = _mean_and_worst(errors, len(groups[label]))
        rows.append(cells)
    networks = ", ".join(f"{label}: {len(ids)}" for label, ids in groups.items())
    text = (
        "Relative stress error of single curves: mean ± standard deviation over networks that "
        "differ in their random initialisation alone, and the worst of them. A column is one way "
        "to train."
    )
    text += f" Networks in each row: {networks}." if networks else ""
    return table_of(rows, 2, title, text)


def training_time_table(times: pd.DataFrame) -> Table:
    """Training time an epoch, and the ratio of the kinds beside the paper's, if any."""
    rows = [
        {
            "backend": record["backend"],
            "layers": str(record["layers"]),
            "DMN [ms/epoch]": mean_and_deviation(1e3 * record["DMN"]),
            "IMN [ms/epoch]": mean_and_deviation(1e3 * record["IMN"]),
            "DMN / IMN": ratio(record["ratio"]),
            "paper": PAPER_RATIO if record["layers"] in PAPER_LAYERS else "–",
        }
        for record in records(times)
    ]
    return table_of(
        rows,
        2,
        "Training time",
        "Median of the repeats, alone on the machine and on one thread. The backend fused is "
        "compiled and leaves out dead subtrees. The backend torch is PyTorch with all nodes, as in "
        "the paper. The ratios of the paper are those of 20 cores and of a DMN that rotates every "
        "node; here a DMN rotates its base nodes alone.",
    )


def _by_configuration(
    title: str,
    text: str,
    summary: pd.DataFrame,
    cells: Callable[[Mapping[str, Any]], dict[str, str]],
    further_labels: int = 0,
) -> Table:
    """A row a configuration: kind, layers, what else differs between them, and further cells."""
    shown = [
        name for name in CONFIGURATION if name in ("kind", "layers") or len(set(summary[name])) > 1
    ]
    rows = [{spaced(n): cell(row[n]) for n in shown} | cells(row) for row in records(summary)]
    return table_of(rows, len(shown) + further_labels, title, text)


def _configurations(tables: StudyTables, ids: Sequence[str]) -> pd.DataFrame:
    training = of_networks(tables.training, ids)
    return configurations(training, of_networks(tables.first_scheme_errors, ids))


def _linear_errors(summary: pd.DataFrame) -> dict[str, str]:
    """Errors e_C -> heads; that on flowing samples if a network was trained with some."""
    flowing = ["flowing"] if summary["error_flowing_count"].any() else []
    shown = "training", "validation", *flowing
    return {f"error_{name}": f"e_C {name} [%]" for name in shown}


def _errors(record: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """How many networks a configuration has, and their errors."""
    expected = record["networks"] - record["failed"]
    counts = {name: str(record[name]) for name in ("networks", "failed")}
    return counts | {head: percentage(record, name, expected) for name, head in errors.items()}


def _mean_and_worst(errors: pd.Series, expected: int) -> str:
    """Mean, deviation and largest of errors, percent; how many there are if some are missing."""
    if errors.empty:
        return "–"
    mean = mean_and_deviation(100 * errors.mean(), 100 * errors.std())
    worst = f", worst {mean_and_deviation(100 * errors.max())}" if len(errors) > 1 else ""
    return mean + worst + (f" (n = {len(errors)})" if len(errors) < expected else "")

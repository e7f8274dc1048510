"""The tables of the report: frames of numbers turned into cells of text."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.claims.claims import CLAIMS, PAPER_LAYERS
from evaluation.formatting import mean_and_deviation, ratio, scheme_name, spaced
from evaluation.measures.comparisons import Groups
from evaluation.measures.statistics import statistics
from evaluation.measures.tables import of_networks
from training.table import CONFIGURATION

PAPER_RATIO = CLAIMS["training-time-literal"].claimed.text

LINEAR_ERRORS = {
    "error_training": "e_C training [%]",
    "error_validation": "e_C validation [%]",
}
_FLOWING_ERROR = {"error_flowing": "e_C flowing [%]"}

_COSTS = {
    "e_sigma": ("e_σ [%]", 100),
    "online_seconds": ("time, all loads [ms]", 1e3),
    "iterations_per_increment": ("iterations per increment", 1),
    "active_nodes": ("active base nodes", 1),
    "microseconds": ("time per iteration and node [µs]", 1),
}


@dataclass(frozen=True)
class Table:
    """Text to lay out.

    Attributes:
        columns: heads.
        rows: cells of each row.
        labels: number of leading columns that are text.
        note: what holds for all rows.
    """

    columns: list[str]
    rows: list[list[str]]
    labels: int
    note: str = ""


def table_of(rows: Sequence[Mapping[str, str]], labels: int, note: str = "") -> Table:
    """A table of rows that all have the same heads; without heads if there is no row.

    Args:
        rows: head -> cell, of each.
        labels: as in `Table`.
        note: likewise.
    """
    heads = list(rows[0]) if rows else []
    return Table(heads, [list(row.values()) for row in rows], labels, note)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, column -> value."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True)
class TitledTable:
    """A table with a title, and a text that says how it is read."""

    title: str
    text: str
    table: Table


def stress_errors(composites: Iterable[str]) -> dict[str, str]:
    """The errors of the composites in a summary -> heads of their columns."""
    return {f"e_sigma_{composite}": f"e_σ {spaced(composite)} [%]" for composite in composites}


def linear_errors(summary: pd.DataFrame) -> dict[str, str]:
    """Errors e_C in a summary -> heads; that on flowing samples if a network was trained with some.

    Args:
        summary: as from `evaluation.measures.statistics.configurations`.
    """
    return LINEAR_ERRORS | (_FLOWING_ERROR if summary["error_flowing_count"].any() else {})


def error_table(summary: pd.DataFrame, errors: Mapping[str, str]) -> Table:
    """Errors of each configuration, percent.

    Args:
        summary: as from `evaluation.measures.statistics.configurations`.
        errors: name of an error there, without its ending -> head of its column.
    """
    shown = _varied(summary)
    return table_of([_errors(record, shown, errors) for record in records(summary)], len(shown))


def training_table(summary: pd.DataFrame) -> Table:
    """Linear errors and size of each configuration; `summary` as for `error_table`."""
    shown = _varied(summary)
    rows = [
        _errors(record, shown, linear_errors(summary))
        | {
            "active base nodes": f"{_mean(record, 'active_nodes')} of {2 ** record['layers']}",
            "parameters": _whole(record["parameters_mean"]),
            "training [s]": _mean(record, "seconds"),
        }
        for record in records(summary)
    ]
    return table_of(rows, len(shown))


def quantile_table(summary: pd.DataFrame) -> Table:
    """Mean, median and quantiles of e_sigma of each configuration, percent.

    Args:
        summary: as from `evaluation.measures.statistics.quantiles`, by `CONFIGURATION`.
    """
    shown = _varied(summary)
    rows = []
    for record in records(summary):
        number = {
            name: f"{100 * record[name]:#.3g}".rstrip(".")
            for name in ("mean", "median", "low", "high", "tenth", "ninetieth", "largest")
        }
        known = not math.isnan(record["low"])
        rows.append(
            {
                **{spaced(name): _text(record[name]) for name in shown},
                "networks": str(record["count"]),
                "mean [%]": number["mean"],
                "median [%]": number["median"],
                "95 % interval [%]": f"{number['low']}–{number['high']}" if known else "–",
                "10 to 90 % [%]": f"{number['tenth']}–{number['ninetieth']}",
                "worst [%]": number["largest"],
            }
        )
    return table_of(rows, len(shown))


def load_table(predictions: pd.DataFrame, groups: Groups) -> Table:
    """Mean and worst error by composite and load, a column a group of networks.

    Args:
        predictions: as from `evaluation.measures.statistics.predictions_under`, one scheme a kind.
        groups: label -> networks, trained in one way.
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
    return table_of(rows, 2, f"Networks in each row: {networks}." if networks else "")


def cost_table(rows: pd.DataFrame) -> Table:
    """Accuracy and cost by configuration and scheme.

    Args:
        rows: of `StudyTables.errors`, of one composite.
    """
    summary = statistics(rows, [*CONFIGURATION, "scheme"], list(_COSTS))
    shown = _varied(summary)
    cells = [
        {
            **{spaced(name): _text(record[name]) for name in shown},
            "scheme": scheme_name(record["scheme"], record["kind"]),
            "networks": str(record["e_sigma_count"]),
            **{head: _mean(record, name, scale) for name, (head, scale) in _COSTS.items()},
        }
        for record in records(summary)
    ]
    return table_of(cells, len(shown) + 1)


def training_time_table(times: pd.DataFrame) -> Table:
    """Training time an epoch, and the ratio of the kinds beside the paper's, if any.

    Args:
        times: as from `evaluation.measures.statistics.training_times`.
    """
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
    return table_of(rows, 2)


def pair_table(pairs: Sequence[tuple[str, Any]]) -> Table:
    """Names and values, without heads."""
    return Table([], [[name, _text(value)] for name, value in pairs], 2)


def _varied(summary: pd.DataFrame) -> list[str]:
    """Kind, layers, and what else differs between the configurations."""
    return [
        name for name in CONFIGURATION if name in ("kind", "layers") or len(set(summary[name])) > 1
    ]


def _errors(
    record: Mapping[str, Any], shown: Sequence[str], errors: Mapping[str, str]
) -> dict[str, str]:
    """A configuration, how many networks it has, and its errors."""
    expected = record["networks"] - record["failed"]
    return {
        **{spaced(name): _text(record[name]) for name in shown},
        "networks": str(record["networks"]),
        "failed": str(record["failed"]),
        **{head: percentage(record, name, expected) for name, head in errors.items()},
    }


def _mean(record: Mapping[str, Any], name: str, scale: float = 1) -> str:
    return mean_and_deviation(scale * record[f"{name}_mean"], scale * record[f"{name}_std"])


def _mean_and_worst(errors: pd.Series, expected: int) -> str:
    """Mean, deviation and largest of errors, percent; how many there are if some are missing."""
    if errors.empty:
        return "–"
    mean = mean_and_deviation(100 * errors.mean(), 100 * errors.std())
    worst = f", worst {mean_and_deviation(100 * errors.max())}" if len(errors) > 1 else ""
    return mean + worst + (f" (n = {len(errors)})" if len(errors) < expected else "")


def percentage(record: Mapping[Any, Any], name: str, expected: int) -> str:
    """Mean and deviation; with the number of values where some of the expected are missing."""
    count = record.get(f"{name}_count", 0)
    if not count:
        return "–"
    shortfall = f" (n = {count:.0f})" if count < expected else ""
    return _mean(record, name, 100) + shortfall


def _whole(mean: float) -> str:
    """The mean of equal whole numbers."""
    return "–" if pd.isna(mean) else f"{mean:,.0f}"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)

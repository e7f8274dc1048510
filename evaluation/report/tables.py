"""The tables of the report: frames of numbers turned into cells of text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.formatting import enumeration, mean_and_deviation, plural, ratio, spaced
from evaluation.measures.statistics import CONFIGURATION, load_errors, statistics

PAPER_RATIO = "3.4–4.7×"
PAPER_LAYERS = range(4, 9)

LINEAR_ERRORS = {
    "error_training": "e_C training [%]",
    "error_validation": "e_C validation [%]",
}

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


@dataclass(frozen=True)
class TitledTable:
    """A table with a title, and a text that says how it is read."""

    title: str
    text: str
    table: Table


def stress_errors(composites: Iterable[str]) -> dict[str, str]:
    """The errors of the composites in a summary -> heads of their columns."""
    return {f"e_sigma_{composite}": f"e_σ {spaced(composite)} [%]" for composite in composites}


def error_table(summary: pd.DataFrame, errors: Mapping[str, str]) -> Table:
    """Errors of each configuration, percent.

    Args:
        summary: as from `evaluation.measures.statistics.configurations`.
        errors: name of an error there, without its ending -> head of its column.
    """
    shown = _varied(summary)
    rows = [
        [
            *(_text(record[name]) for name in shown),
            str(record["networks"]),
            str(record["failed"]),
            *(percentage(record, name, record["networks"] - record["failed"]) for name in errors),
        ]
        for record in summary.to_dict("records")
    ]
    heads = [*map(spaced, shown), "networks", "failed", *errors.values()]
    return Table(heads, rows, len(shown))


def training_table(summary: pd.DataFrame) -> Table:
    """Linear errors and size of each configuration; `summary` as for `error_table`."""
    table = error_table(summary, LINEAR_ERRORS)
    sizes = [
        [
            _active_nodes(record),
            _whole(record["parameters_mean"]),
            mean_and_deviation(record["seconds_mean"], record["seconds_std"]),
        ]
        for record in summary.to_dict("records")
    ]
    rows = [row + size for row, size in zip(table.rows, sizes, strict=True)]
    heads = ["active base nodes", "parameters", "training [s]"]
    return Table([*table.columns, *heads], rows, table.labels)


def load_table(predictions: pd.DataFrame) -> Table:
    """Mean error by composite and load, a column a kind; constant counts are in the note.

    Args:
        predictions: as from `evaluation.measures.statistics.predictions_under`, one scheme a kind.
    """
    errors = load_errors(predictions, ["composite", "load", "kind"])
    kinds = list(dict.fromkeys(errors["kind"]))
    counts = errors.pivot_table("error_count", ["composite", "load"], "kind", fill_value=0)
    constant = all(len(set(counts[kind])) == 1 for kind in kinds)
    rows = []
    for (composite, load), group in errors.groupby(["composite", "load"], sort=False):
        by_kind = group.set_index("kind")
        cells = [spaced(str(composite)), str(load)]
        for kind in kinds:
            record = by_kind.loc[kind].to_dict() if kind in by_kind.index else {}
            cells.append(percentage(record, "error", 0))
            if not constant:
                cells.append(f"{record.get('error_count', 0):.0f}")
        rows.append(cells)
    names = ["composite", "load"]
    if constant:
        networks = [plural(int(counts[kind].iloc[0]), f"{kind} network") for kind in kinds]
        note = f"{enumeration(networks)} in each row." if networks else ""
        return Table([*names, *(f"{kind} [%]" for kind in kinds)], rows, 2, note)
    heads = [head for kind in kinds for head in (f"{kind} [%]", f"{kind} networks")]
    return Table([*names, *heads], rows, 2)


def cost_table(rows: pd.DataFrame) -> Table:
    """Accuracy and cost by configuration and scheme.

    Args:
        rows: of `StudyTables.errors`, of one composite.
    """
    summary = statistics(rows, [*CONFIGURATION, "scheme"], list(_COSTS))
    shown = [*_varied(summary), "scheme"]
    cells = [
        [
            *(spaced(_text(record[name])) for name in shown),
            str(record["e_sigma_count"]),
            *(
                mean_and_deviation(scale * record[f"{name}_mean"], scale * record[f"{name}_std"])
                for name, (_, scale) in _COSTS.items()
            ),
        ]
        for record in summary.to_dict("records")
    ]
    heads = [*map(spaced, shown), "networks", *(head for head, _ in _COSTS.values())]
    return Table(heads, cells, len(shown))


def training_time_table(times: pd.DataFrame) -> Table:
    """Training time an epoch, and the ratio of the kinds beside the paper's, if any.

    Args:
        times: as from `evaluation.measures.statistics.training_times`.
    """
    rows = [
        [
            record["backend"],
            str(record["layers"]),
            *(mean_and_deviation(1e3 * record[kind]) for kind in ("DMN", "IMN")),
            ratio(record["ratio"]),
            PAPER_RATIO if record["layers"] in PAPER_LAYERS else "–",
        ]
        for record in times.to_dict("records")
    ]
    heads = ["backend", "layers", "DMN [ms/epoch]", "IMN [ms/epoch]", "DMN / IMN", "paper"]
    return Table(heads, rows, 2)


def pair_table(pairs: Sequence[tuple[str, Any]]) -> Table:
    """Names and values, without heads."""
    return Table([], [[name, _text(value)] for name, value in pairs], 2)


def _varied(summary: pd.DataFrame) -> list[str]:
    """Kind, layers, and what else differs between the configurations."""
    return [
        name for name in CONFIGURATION if name in ("kind", "layers") or len(set(summary[name])) > 1
    ]


def percentage(record: Mapping[Any, Any], name: str, expected: int) -> str:
    """Mean and deviation; with the number of values where some of the expected are missing."""
    count = record.get(f"{name}_count", 0)
    if not count:
        return "–"
    shortfall = f" (n = {count:.0f})" if count < expected else ""
    return mean_and_deviation(100 * record[f"{name}_mean"], 100 * record[f"{name}_std"]) + shortfall


def _active_nodes(record: Mapping[Any, Any]) -> str:
    """Mean and deviation of the active base nodes, and how many there are in all."""
    active = mean_and_deviation(record["active_nodes_mean"], record["active_nodes_std"])
    return f"{active} of {2 ** record['layers']}"


def _whole(mean: float) -> str:
    """The mean of equal whole numbers."""
    return "–" if pd.isna(mean) else f"{mean:,.0f}"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)

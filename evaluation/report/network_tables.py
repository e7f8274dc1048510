"""The tables of the report on networks: errors and costs by configuration, by load, by depth."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from evaluation.claims.depth import TRAINING_SPEED_UP
from evaluation.claims.ranges import PAPER_LAYERS
from evaluation.formatting import mean_and_deviation, ratio, scheme_name, spaced
from evaluation.measures.comparisons import Groups
from evaluation.measures.statistics import configurations, quantiles, statistics
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, cell, means, percentages, table_of
from training.specification import CONFIGURATION, NETWORK, parameter_names

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
        for column in parameter_names("data", "loss", "schedule")
        if len(set(training[column])) == 1
    ]
    return f"All networks: {', '.join(found)}." if found else ""


def error_table(title: str, tables: StudyTables, ids: Sequence[str], text: str = _SEEDS) -> Table:
    """Errors of the configurations of some networks, percent."""
    summary = _configurations(tables, ids)
    of_composites = {f"e_sigma_{name}": f"e_σ {spaced(name)} [%]" for name in tables.composites}
    shown = _shown(summary)
    return table_of(shown | _errors(summary, of_composites), len(shown), title, text)


def training_table(tables: StudyTables) -> Table:
    """Linear errors and size of the networks by kind and depth."""
    summary = _configurations(tables, tables.comparisons.depth_networks)
    summary = summary.sort_values(["kind", "layers"])
    nodes = zip(means(summary, "active_nodes"), 2 ** summary["layers"], strict=True)
    parameters = summary["parameters_mean"]  # equal whole numbers
    sizes: dict[str, Iterable[str]] = {
        "active base nodes": [f"{active} of {every}" for active, every in nodes],
        "parameters": parameters.map("{:,.0f}".format).where(parameters.notna(), "–"),
        "training [s]": means(summary, "seconds"),
    }
    shown = _shown(summary)
    columns = shown | _errors(summary, {}) | sizes
    return table_of(columns, len(shown), "Trained networks by depth", _SEEDS)


def quantile_table(tables: StudyTables) -> Table:
    """Mean, median and quantiles of e_sigma of each configuration, percent."""
    found = quantiles(tables.composite_means, CONFIGURATION, "e_sigma")
    names = "mean", "median", "low", "high", "tenth", "ninetieth", "largest"
    text = {name: [f"{100 * value:#.3g}".rstrip(".") for value in found[name]] for name in names}
    intervals = pd.Series(map("–".join, zip(text["low"], text["high"], strict=True)), dtype=str)
    shown = _shown(found)
    columns = {
        "networks": map(str, found["count"]),
        "mean [%]": text["mean"],
        "median [%]": text["median"],
        "95 % interval [%]": intervals.where(found["low"].notna(), "–"),
        "10 to 90 % [%]": map("–".join, zip(text["tenth"], text["ninetieth"], strict=True)),
        "worst [%]": text["largest"],
    }
    return table_of(
        shown | columns,
        len(shown),
        "Medians and quantiles",
        "e_σ of each network, the mean over the composites. A few networks far off move the mean "
        "of a configuration, not its median. The interval is that of the median, by the bootstrap; "
        "it needs five networks. Four of five networks lie between the quantiles of 10 and 90 %.",
    )


def cost_table(title: str, tables: StudyTables, rows: pd.DataFrame) -> Table:
    """Accuracy and cost by configuration and scheme.

    `rows` are of `StudyTables.timed_errors`.
    """
    summary = statistics(rows, [*CONFIGURATION, "scheme"], list(_COSTS))
    shown = _shown(summary) | {"scheme": map(scheme_name, summary["scheme"], summary["kind"])}
    columns = {"networks": map(str, summary["e_sigma_count"])}
    costs = {head: means(summary, name, scale) for name, (head, scale) in _COSTS.items()}
    composite = spaced(tables.composite)
    text = f"Predictions of {composite}; mean ± standard deviation over the networks."
    return table_of(shown | columns | costs, len(shown), title, text)


def load_table(title: str, predictions: pd.DataFrame, groups: Groups) -> Table:
    """Mean and worst error by composite and load, a column a group of networks.

    `predictions` are of one scheme a kind, and each group is trained in one way.
    """
    converged = predictions[predictions["status"] == "ok"]
    keys = predictions[["composite", "load"]].drop_duplicates()
    columns = {"composite": list(map(spaced, keys["composite"])), "load": list(keys["load"])}
    for label, ids in groups.items():
        errors = dict(tuple(of_networks(converged, ids).groupby(["composite", "load"])["error"]))
        of_keys = (errors.get(key, pd.Series(dtype=float)) for key in keys.itertuples(index=False))
        columns[f"{label} [%]"] = [_mean_and_worst(found, len(ids)) for found in of_keys]
    networks = ", ".join(f"{label}: {len(ids)}" for label, ids in groups.items())
    text = (
        "Relative stress error of single curves: mean ± standard deviation over networks that "
        "differ in their random initialisation alone, and the worst of them. A column is one way "
        "to train."
    )
    text += f" Networks in each row: {networks}." if networks else ""
    return table_of(columns, 2, title, text)


def training_time_table(times: pd.DataFrame) -> Table:
    """Training time an epoch, and the ratio of the kinds beside the paper's, if any."""
    columns = {
        "backend": times["backend"],
        "layers": map(str, times["layers"]),
        "DMN [ms/epoch]": map(mean_and_deviation, 1e3 * times["DMN"]),
        "IMN [ms/epoch]": map(mean_and_deviation, 1e3 * times["IMN"]),
        "DMN / IMN": map(ratio, times["ratio"]),
        "paper": [PAPER_RATIO if layers in PAPER_LAYERS else "–" for layers in times["layers"]],
    }
    return table_of(
        columns,
        2,
        "Training time",
        "Median of the repeats, alone on the machine and on one thread. The backend fused is "
        "compiled and leaves out dead subtrees. The backend torch is PyTorch with all nodes, as in "
        "the paper. The ratios of the paper are those of 20 cores and of a DMN that rotates every "
        "node; here a DMN rotates its base nodes alone.",
    )


def _shown(summary: pd.DataFrame) -> dict[str, Iterable[str]]:
    """Kind and layers of configurations, and what else differs between them."""
    return {
        spaced(name): map(cell, summary[name])
        for name in CONFIGURATION
        if name in ("kind", "layers") or len(set(summary[name])) > 1
    }


def _configurations(tables: StudyTables, ids: Sequence[str]) -> pd.DataFrame:
    training = of_networks(tables.training, ids)
    return configurations(training, of_networks(tables.first_scheme_errors, ids))


def _errors(summary: pd.DataFrame, others: Mapping[str, str]) -> dict[str, Iterable[str]]:
    """How many networks a configuration has; their errors e_C, and other ones with their heads.

    The error on flowing samples is among them if a network was trained with some.
    """
    linear = ["training", "validation"] + ["flowing"] * bool(summary["error_flowing_count"].any())
    errors = {f"error_{name}": f"e_C {name} [%]" for name in linear} | dict(others)
    expected = summary["networks"] - summary["failed"]
    counts = {name: map(str, summary[name]) for name in ("networks", "failed")}
    return counts | {head: percentages(summary, name, expected) for name, head in errors.items()}


def _mean_and_worst(errors: pd.Series, expected: int) -> str:
    """Mean, deviation and largest of errors, percent; how many there are if some are missing."""
    if errors.empty:
        return "–"
    mean = mean_and_deviation(100 * errors.mean(), 100 * errors.std())
    worst = f", worst {mean_and_deviation(100 * errors.max())}" if len(errors) > 1 else ""
    return mean + worst + (f" (n = {len(errors)})" if len(errors) < expected else "")

"""Sentences that the captions of several figures have."""

from collections.abc import Callable, Sequence

from evaluation.formatting import enumeration
from evaluation.measures.comparisons import Groups
from evaluation.measures.tables import StudyTables, of_networks

BAND = (
    "A line is the mean over networks that differ in their random initialisation alone. Its band "
    "is one standard deviation to either side."
)
DOTS = "A dot is one network."
TIME = "time to follow all loads, alone on the machine and on one thread"
PANELS = (
    f"Predictions of {{composite}}: (a) e_σ of Eq. 32; (b) {TIME}; (c) iterations per load "
    "increment;"
)
NODES_PANEL = "(d) base nodes of a weight above zero"
COST_PANEL = "time (b) per iteration and active base node"
LOADING = "The other five {control} components are zero."


def counts(networks: Callable[[StudyTables], Sequence[str]]) -> Callable[[StudyTables], str]:
    """How many of these networks a figure shows, and how many are left out."""

    def told(tables: StudyTables) -> str:
        ids = networks(tables)
        trained = of_networks(tables.trained, ids)["network"]
        complete = of_networks(tables.composite_means, trained)
        left_out = {
            "Failed in training and left out": len(ids) - len(trained),
            "With predictions that did not converge": len(trained) - len(complete),
        }
        lost = [f" {name}: {count}." for name, count in left_out.items() if count]
        return f"Networks: {len(trained)}.{''.join(lost)}"

    return told


def all_networks(tables: StudyTables) -> list[str]:
    """Those of the whole study."""
    return list(tables.training["network"])


def in_groups(groups: Groups) -> list[str]:
    """The networks of all groups."""
    return [id for ids in groups.values() for id in ids]


def mixed(tables: StudyTables, ids: Sequence[str]) -> str:
    """What the errors of a history are over, where a training has more than the paper's samples."""
    if not (of_networks(tables.training, ids)["flowing_samples"] > 0).any():
        return ""
    return (
        "The errors of a history are over all samples of the training, those of a phase that "
        "yields too; all tables have those over orthotropic samples alone. "
    )


def per_depth(tables: StudyTables) -> str:
    """How many networks of the comparison of the kinds are behind each line."""
    return _per_line(
        tables, [ids for by in tables.comparisons.depth.values() for ids in by.values()]
    )


def sizes_and_counts(tables: StudyTables, groups: Groups) -> str:
    """Kind, depth and samples of the networks, and how many are behind each line."""
    rows = of_networks(tables.training, in_groups(groups))
    kinds, layers, samples = (
        enumeration([str(value) for value in rows[column].unique()])
        for column in ("kind", "layers", "samples")
    )
    lines = _per_line(tables, list(groups.values()))
    return f"{kinds} of {layers} layers, {samples} training samples. {lines}"


def _per_line(tables: StudyTables, groups: Sequence[Sequence[str]]) -> str:
    sizes = [len(of_networks(tables.trained, ids)) for ids in groups]
    lost = sum(map(len, groups)) - sum(sizes)
    found = " to ".join(str(size) for size in sorted({min(sizes), max(sizes)})) if sizes else "0"
    failed = f" Failed in training and left out: {lost}." if lost else ""
    return f"Networks behind each line: {found}.{failed}"


def unconverged(tables: StudyTables, composite: str, ids: Sequence[str]) -> str:
    """How many predictions of a composite by trained networks are missing, if any."""
    rows = of_networks(tables.predictions, of_networks(tables.trained, ids)["network"])
    rows = rows[rows["composite"] == composite]
    lost = int((rows["status"] != "ok").sum())
    return f" Predictions that did not converge and are left out: {lost}." if lost else ""

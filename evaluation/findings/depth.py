"""Sections 3.3 and 3.6: DMN against IMN over the depth of the tree."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from evaluation.findings.evidence import parts_of_time_ratio
from evaluation.findings.finding import ABOVE, BELOW, COMPARABLE, Claimed, Finding, printed
from evaluation.measures.effects import (
    Effect,
    bonferroni,
    paired_ratio,
    ratio,
    ratio_of_geometric_means,
    spread_ratio,
    timing_ratio,
    trend,
)
from evaluation.measures.tables import StudyTables, of_networks

_KINDS = ("DMN", "IMN")
_PAPER_LAYERS = range(4, 9)
_NO_DEPTHS = "Needs both kinds at several depths."

_OVER_DEPTH: tuple[tuple[str, str, str, Claimed, str], ...] = (
    ("time-depth", "online_seconds", "Online time increases with depth", ABOVE, "fig17"),
    (
        "iterations-depth",
        "iterations_per_increment",
        "Iteration counts are relatively insensitive to depth",
        COMPARABLE,
        "fig17",
    ),
    ("nodes-depth", "active_nodes", "Active base nodes increase with depth", ABOVE, "fig17"),
)


def training_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.3 claims."""
    trained = of_networks(tables.trained, tables.comparisons.depth_networks)
    return [
        _over_depth(
            trained,
            "training-error-depth",
            "error_training",
            "Deeper networks train to lower errors",
            BELOW,
            "fig14",
        ),
        _of_kinds(
            trained,
            "training-error-kinds",
            "error_training",
            "IMN trains to a lower error than DMN from 6 layers on (IMN over DMN)",
            BELOW,
            lambda layers: layers >= 6,
            "fig14",
            ("IMN", "DMN"),
        ),
        _training_time(tables, "torch", "PyTorch"),
        _training_time(tables, "fused", "the compiled backend"),
    ]


def online_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.6 claims."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.depth_networks)
    over_depth = {
        name: _over_depth(rows, name, column, claim, claimed, figure)
        for name, column, claim, claimed, figure in _OVER_DEPTH
    }
    return [
        _of_kinds(
            rows,
            "error-kinds-deep",
            "e_sigma",
            "Prediction errors of DMN and IMN are comparable beyond 6 layers (DMN over IMN)",
            COMPARABLE,
            lambda layers: layers > 6,
        ),
        _of_kinds(
            rows,
            "error-kinds-shallow",
            "e_sigma",
            "DMN predicts with a lower error up to 6 layers (DMN over IMN)",
            BELOW,
            lambda layers: layers <= 6,
        ),
        _spread(rows),
        over_depth["time-depth"],
        _of_kinds(
            rows,
            "time-kinds",
            "online_seconds",
            "Online times of DMN and IMN are comparable at each depth (DMN over IMN)",
            COMPARABLE,
        ),
        _iterations(tables, rows),
        over_depth["iterations-depth"],
        over_depth["nodes-depth"],
        _of_kinds(
            rows,
            "nodes-kinds",
            "active_nodes",
            "Active base nodes of DMN and IMN are comparable at each depth (DMN over IMN)",
            COMPARABLE,
        ),
        _cost(tables, rows),
    ]


def _over_depth(
    rows: pd.DataFrame, name: str, column: str, claim: str, claimed: Claimed, figure: str
) -> Finding:
    effects = []
    kinds = [kind for kind in _KINDS if len(set(rows.loc[rows["kind"] == kind, "layers"])) > 1]
    for kind in kinds:
        of_kind = rows[rows["kind"] == kind].dropna(subset=[column])
        effects.append(trend(kind, of_kind["layers"], of_kind[column], bonferroni(len(kinds))))
    return Finding(
        name,
        f"{claim} (deepest over shallowest, by the trend)",
        "3.3" if figure == "fig14" else "3.6",
        claimed,
        effects,
        figure,
        "" if effects else _NO_DEPTHS,
    )


def _of_kinds(
    rows: pd.DataFrame,
    name: str,
    column: str,
    claim: str,
    claimed: Claimed,
    within: Callable[[int], bool] = lambda layers: layers in _PAPER_LAYERS,
    figure: str = "fig17",
    kinds: tuple[str, str] = _KINDS,
) -> Finding:
    """One kind over the other at each of the paper's depths that the claim is about."""
    over, under = ({} if rows.empty else _by_layers(rows, kind, column) for kind in kinds)
    depths = [n for n in over if n in under and n in _PAPER_LAYERS and within(n)]
    effects = [ratio(f"{n} layers", over[n], under[n], bonferroni(len(depths))) for n in depths]
    finding = Finding(name, claim, "3.3" if figure == "fig14" else "3.6", claimed, effects, figure)
    if not effects:
        wanted = [str(n) for n in _PAPER_LAYERS if within(n)]
        reason = f"Needs both kinds with one of these numbers of layers: {', '.join(wanted)}."
    elif column == "online_seconds" and finding.verdict != "holds":
        deepest = rows[rows["layers"] == max(depths)]
        sides = (deepest[deepest["kind"] == kind] for kind in kinds)
        reason = parts_of_time_ratio(*sides)
    else:
        return finding
    return replace(finding, reason=reason)


def _by_layers(rows: pd.DataFrame, kind: str, column: str) -> dict[int, pd.Series]:
    rows = rows[rows["kind"] == kind].dropna(subset=[column])
    return {int(str(n)): values for n, values in rows.groupby("layers")[column]}


def _training_time(tables: StudyTables, backend: str, name: str) -> Finding:
    times = tables.timing
    times = times[(times["quantity"] == "training") & (times["backend"] == backend)]
    known = times.dropna(subset=["median_seconds"]).to_dict("records")
    rows = {(row["kind"], row["layers"]): row for row in known}
    depths = [n for n in _PAPER_LAYERS if all((kind, n) in rows for kind in _KINDS)]
    effects: list[Effect] = [
        timing_ratio(f"{n} layers", *(rows[kind, n] for kind in _KINDS)) for n in depths
    ]
    finding = Finding(
        f"training-time-{backend}",
        f"IMN trains faster, here with {name} (DMN over IMN; the extremes of the repeats)",
        "3.3, 4",
        printed(3.4, 4.7),
        effects,
        "fig14",
        "" if effects else "Needs timings of both kinds at a depth of 4 to 8 layers.",
        "repeats",
    )
    if finding.verdict != "differs":
        return finding
    reason = (
        "Here both kinds run the same tree of laminates. A DMN rotates its base stiffnesses in "
        "addition, and no other node. It costs more for this rotation and for its further "
        "parameters."
    )
    return replace(finding, reason=reason)


def _spread(rows: pd.DataFrame) -> Finding:
    effects = []
    for kind in _KINDS:
        errors = {} if rows.empty else _by_layers(rows, kind, "e_sigma")
        if len(errors) > 1:
            deep, shallow = max(errors), min(errors)
            part = f"{kind}, {deep} over {shallow} layers"
            effects.append(spread_ratio(part, errors[deep], errors[shallow], bonferroni(2)))
    return Finding(
        "spread-depth",
        "The standard deviation of the prediction error decreases with depth",
        "3.6",
        BELOW,
        effects,
        "fig17",
        "" if effects else _NO_DEPTHS,
    )


def _iterations(tables: StudyTables, rows: pd.DataFrame) -> Finding:
    """Iterations of DMN over those of IMN, and whether the scheme makes them."""
    finding = _of_kinds(
        rows,
        "iterations-kinds",
        "iterations_per_increment",
        "DMN needs fewer iterations than IMN (DMN over IMN)",
        printed(0.4, 0.5),
    )
    errors = _deepest(tables, rows)
    by_scheme = {
        scheme: of_scheme.set_index("network")["iterations_per_increment"]
        for scheme, of_scheme in errors[errors["kind"] == "DMN"].groupby("scheme")
    }
    if finding.verdict != "differs" or by_scheme.keys() < {"residual_stress", "tree_newton"}:
        return finding
    same = paired_ratio("", by_scheme["residual_stress"], by_scheme["tree_newton"], bonferroni(1))
    reason = (
        f"On the same DMN the scheme with residual stress takes {same.estimate:.2f} times the "
        "iterations of tree Newton. Both solve the same linearised equilibrium. All schemes stop "
        "by the same rule."
    )
    return replace(finding, reason=reason)


def _cost(tables: StudyTables, rows: pd.DataFrame) -> Finding:
    """Time per iteration and node of DMN over that of IMN, and whether the scheme makes it."""
    finding = _of_kinds(
        rows,
        "cost-kinds",
        "microseconds",
        "IMN is cheaper per iteration and node (DMN over IMN)",
        printed(1.9, 2.4),
    )
    errors = _deepest(tables, rows)
    errors = errors[errors["scheme"] == "tree_newton"].dropna(subset=["microseconds"])
    if finding.verdict != "differs" or set(errors["kind"]) != set(_KINDS):
        return finding
    over, under = (errors[errors["kind"] == kind] for kind in _KINDS)
    same = ratio_of_geometric_means(over["microseconds"], under["microseconds"])
    layers = errors["layers"].iloc[0]
    reason = f"With tree Newton for both kinds, the ratio at {layers} layers is {same:.2f}."
    return replace(finding, reason=reason)


def _deepest(tables: StudyTables, rows: pd.DataFrame) -> pd.DataFrame:
    """The measures of both kinds at the greatest depth of these rows, with all schemes."""
    by_kind = tables.comparisons.depth.values()
    ids = [id for by_layers in by_kind for id in by_layers.get(rows["layers"].max(), [])]
    return of_networks(tables.timed_errors, ids)

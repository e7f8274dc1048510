"""Sections 3.4 and 3.5: the online schemes of one network against each other."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from evaluation.claims.claims import CLAIMS, PAPER_LAYERS
from evaluation.claims.evidence import IMPLEMENTATIONS, parts_of_time_ratio
from evaluation.claims.finding import Finding
from evaluation.formatting import scheme_name
from evaluation.measures.effects import (
    Effect,
    bonferroni,
    paired_ratio,
    ratio_of_geometric_means,
)
from evaluation.measures.tables import StudyTables, of_networks

_EQUILIBRIUM = 1e-5
"""Traction defect below which a network is as good as in equilibrium."""

_KINDS = {"residual_stress": "DMN", "newton": "IMN"}
"""Scheme that the paper compares with the fixed point -> its kind of network."""

_RATIOS = {
    "residual-accuracy": ("e_sigma", "residual_stress", "fixed_point"),
    "residual-time": ("literal_seconds", "fixed_point", "residual_stress"),
    "residual-iterations": ("iterations", "residual_stress", "fixed_point"),
    "residual-cost": ("literal_microseconds", "residual_stress", "fixed_point"),
    "newton-accuracy": ("e_sigma", "newton", "fixed_point"),
    "newton-time": ("literal_seconds", "fixed_point", "newton"),
    "newton-iterations": ("iterations", "newton", "fixed_point"),
    "newton-cost": ("literal_microseconds", "fixed_point", "newton"),
}
"""Claim -> the measure, the scheme above the line and the scheme below."""


def scheme_findings(tables: StudyTables) -> list[Finding]:
    """What Sections 3.4 and 3.5 claim."""
    return [_finding(tables, id, *of) for id, of in _RATIOS.items()]


def _finding(tables: StudyTables, id: str, column: str, over: str, under: str) -> Finding:
    """A measure of one scheme over that of the other on the same networks, by depth."""
    kind = next(_KINDS[scheme] for scheme in (over, under) if scheme in _KINDS)
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    every = rows[rows["kind"] == kind]
    rows = every.dropna(subset=[column])
    tested = [
        layers
        for layers in PAPER_LAYERS
        if {over, under} <= set(rows.loc[rows["layers"] == layers, "scheme"])
    ]
    effects = _by_depth(rows, column, tested, over, under)
    names = " and ".join(scheme_name(scheme, kind) for scheme in (over, under))
    needs = f"{kind} networks of 4 to 8 layers with the schemes {names}"
    finding = Finding(CLAIMS[id], effects, needs, implementation=IMPLEMENTATIONS.get(column, ""))
    deepest = every[every["layers"] == max(tested, default=0)]
    if not effects:
        return finding
    if column == "literal_seconds":
        parts = _parts_of_time(deepest, over, under)
        tolerances = _by_tolerance(tables, finding, rows, over, under)
        return finding.because(" ".join(filter(None, (parts, tolerances))))
    if column == "literal_microseconds":
        return finding.because(_work_of_iteration(deepest, kind, over, under))
    if column == "e_sigma" and finding.verdict != "holds":
        return finding.because(_out_of_equilibrium(rows, over, under))
    return finding


def _by_depth(
    rows: pd.DataFrame, column: str, depths: Sequence[int], over: str, under: str
) -> list[Effect]:
    """Ratios of a measure of one scheme over that of the other on the same networks."""
    effects = []
    for layers in depths:
        at = rows[rows["layers"] == layers].set_index("network")
        above, below = (at[at["scheme"] == scheme][column] for scheme in (over, under))
        effects.append(paired_ratio(f"{layers} layers", above, below, bonferroni(len(depths))))
    return effects


def _by_tolerance(
    tables: StudyTables, finding: Finding, rows: pd.DataFrame, over: str, under: str
) -> str:
    """Ratios of the times and verdicts at other tolerances, in a sentence.

    A time is the number of iterations at the tolerance times what one costs.

    Args:
        tables: of the study.
        finding: at the tolerance of the study.
        rows: measures of the networks.
        over: scheme above the line.
        under: scheme below.
    """
    counted = tables.timing[tables.timing["quantity"] == "iterations_by_tolerance"]
    if counted.empty:
        return ""
    costs = rows[["network", "scheme", "layers", "active_nodes", "literal_microseconds"]]
    counted = counted[["network", "scheme", "tolerance", "iterations"]].merge(costs)
    work = counted["iterations"] * counted["active_nodes"]
    counted = counted.assign(seconds=1e-6 * work * counted["literal_microseconds"])
    found = []
    for tolerance, at in counted.groupby("tolerance", sort=True):
        both = at.groupby("layers")["scheme"].agg(lambda schemes: {over, under} <= set(schemes))
        depths = [int(layers) for layers in both.index[both]]
        other = replace(finding, effects=_by_depth(at, "seconds", depths, over, under))
        found.append(f"{tolerance:.0e}: {other.ours} ({other.verdict})")
    return (
        "The paper prints no tolerance of its iterations. By the tolerance, each alone: "
        f"{'; '.join(reversed(found))}."
    )


def _out_of_equilibrium(rows: pd.DataFrame, over: str, under: str) -> str:
    """How far the schemes are from equilibrium, where one is."""
    largest = rows.groupby("scheme")["traction_defect"].max()
    if largest[[over, under]].max() < _EQUILIBRIUM:
        return ""
    kind = str(rows["kind"].iloc[0])
    defects = [f"{largest[s]:.1g} ({scheme_name(s, kind)})" for s in (over, under)]
    return (
        "The schemes end in different states. The largest traction defect, relative to the "
        f"tractions, is {defects[0]} and {defects[1]}."
    )


def _work_of_iteration(rows: pd.DataFrame, kind: str, over: str, under: str) -> str:
    """The same ratio for the compiled schemes, of the networks of one depth."""
    layers = rows["layers"].iloc[0]
    cost = {str(name): values for name, values in rows.groupby("scheme")["microseconds"]}
    ratio = ratio_of_geometric_means(cost[over], cost[under])
    compiled = f"Compiled, the ratio at {layers} layers is {ratio:.2f}."
    if kind == "DMN":
        return f"{compiled} One sweep through the tree takes both stiffness and stress."
    compiled += " Algorithm 3 solves a dense system in each iteration."
    if "tree_newton" not in cost:
        return compiled
    ratio = ratio_of_geometric_means(cost["fixed_point"], cost["tree_newton"])
    return (
        f"{compiled} Tree Newton finds the same iterates without one; the fixed point takes "
        f"{ratio:.2f} times its time per iteration and node."
    )


def _parts_of_time(rows: pd.DataFrame, over: str, under: str) -> str:
    """Of the networks that both schemes were timed on."""
    both = set(rows.loc[rows["scheme"] == over, "network"])
    both &= set(rows.loc[rows["scheme"] == under, "network"])
    rows = of_networks(rows, both)
    return parts_of_time_ratio(*(rows[rows["scheme"] == scheme] for scheme in (over, under)))

"""Sections 3.4 and 3.5: the online schemes of one network against each other."""

import pandas as pd

from evaluation.findings.claims import CLAIMS
from evaluation.findings.evidence import parts_of_time_ratio
from evaluation.findings.finding import Finding
from evaluation.formatting import scheme_name
from evaluation.measures.effects import bonferroni, paired_ratio, ratio_of_geometric_means
from evaluation.measures.tables import StudyTables, of_networks

_PAPER_LAYERS = range(4, 9)
_EQUILIBRIUM = 1e-5
"""Traction defect below which a network is as good as in equilibrium."""

_KINDS = {"residual_stress": "DMN", "newton": "IMN"}
"""Scheme that the paper compares with the fixed point -> its kind of network."""

_RATIOS = {
    "residual-accuracy": ("e_sigma", "residual_stress", "fixed_point"),
    "residual-time": ("online_seconds", "fixed_point", "residual_stress"),
    "residual-iterations": ("iterations", "residual_stress", "fixed_point"),
    "residual-cost": ("microseconds", "residual_stress", "fixed_point"),
    "newton-accuracy": ("e_sigma", "newton", "fixed_point"),
    "newton-time": ("online_seconds", "fixed_point", "newton"),
    "newton-iterations": ("iterations", "newton", "fixed_point"),
    "newton-cost": ("microseconds", "fixed_point", "newton"),
}
"""Claim -> the measure, the scheme above the line and the scheme below."""


def scheme_findings(tables: StudyTables) -> list[Finding]:
    """What Sections 3.4 and 3.5 claim."""
    return [_finding(tables, id, *of) for id, of in _RATIOS.items()]


def _finding(tables: StudyTables, id: str, column: str, over: str, under: str) -> Finding:
    """A measure of one scheme over that of the other on the same networks, by depth."""
    kind = next(_KINDS[scheme] for scheme in (over, under) if scheme in _KINDS)
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    rows = rows[rows["kind"] == kind].dropna(subset=[column])
    tested = [
        layers
        for layers in _PAPER_LAYERS
        if {over, under} <= set(rows.loc[rows["layers"] == layers, "scheme"])
    ]
    effects = []
    for layers in tested:
        at = rows[rows["layers"] == layers].set_index("network")
        above, below = (at[at["scheme"] == scheme][column] for scheme in (over, under))
        effects.append(paired_ratio(f"{layers} layers", above, below, bonferroni(len(tested))))
    names = " and ".join(scheme_name(scheme, kind) for scheme in (over, under))
    needs = f"{kind} networks of 4 to 8 layers with the schemes {names}"
    finding = Finding(CLAIMS[id], effects, needs)
    deepest = rows[rows["layers"] == max(tested, default=0)]
    if finding.verdict in ("differs", "inconclusive"):
        if column == "online_seconds":
            return finding.because(_parts_of_time(deepest, over, under))
        if column == "e_sigma":
            return finding.because(_out_of_equilibrium(rows, over, under))
        if column == "microseconds" and finding.verdict == "differs":
            return finding.because(_work_of_iteration(deepest, kind))
    return finding


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


def _work_of_iteration(rows: pd.DataFrame, kind: str) -> str:
    """What an iteration does here, of the networks of one depth."""
    if kind == "DMN":
        return (
            "Here an iteration is one compiled sweep through the tree, with or without residual "
            "stress. The residual stress adds little to it."
        )
    dense = "Newton's method of Algorithm 3 solves a dense system in each iteration."
    tree, fixed_point = (rows[rows["scheme"] == name] for name in ("tree_newton", "fixed_point"))
    if tree.empty:
        return dense
    ratio = ratio_of_geometric_means(fixed_point["microseconds"], tree["microseconds"])
    return (
        f"{dense} Tree Newton finds the same iterates without a dense system. At "
        f"{rows['layers'].iloc[0]} layers the fixed point takes {ratio:.2f} times the time of tree "
        "Newton per iteration and node."
    )


def _parts_of_time(rows: pd.DataFrame, over: str, under: str) -> str:
    """Of the networks that both schemes were timed on."""
    both = set(rows.loc[rows["scheme"] == over, "network"])
    both &= set(rows.loc[rows["scheme"] == under, "network"])
    rows = of_networks(rows, both)
    return parts_of_time_ratio(*(rows[rows["scheme"] == scheme] for scheme in (over, under)))

"""Sections 3.4 and 3.5: the online schemes of one network against each other."""

from dataclasses import dataclass, replace

import pandas as pd

from evaluation.findings.evidence import parts_of_time_ratio
from evaluation.findings.finding import BELOW, COMPARABLE, Claimed, Finding, printed
from evaluation.formatting import scheme_name, spaced
from evaluation.measures.effects import bonferroni, paired_ratio, ratio_of_geometric_means
from evaluation.measures.tables import StudyTables, of_networks

_PAPER_LAYERS = range(4, 9)
_EQUILIBRIUM = 1e-5
"""Traction defect below which a network is as good as in equilibrium."""


@dataclass(frozen=True)
class _Pair:
    """Two schemes of a kind that the paper compares."""

    prefix: str
    kind: str
    better: str
    other: str
    section: str
    figure: str


_RESIDUAL = _Pair("residual", "DMN", "residual_stress", "fixed_point", "3.4", "fig15")
_NEWTON = _Pair("newton", "IMN", "newton", "fixed_point", "3.5", "fig16")


def scheme_findings(tables: StudyTables) -> list[Finding]:
    """What Sections 3.4 and 3.5 claim."""
    with_without = "with residual stress over without"
    without_with = "without residual stress over with"
    return [
        _finding(
            tables,
            _RESIDUAL,
            "accuracy",
            "e_sigma",
            f"Residual stress has no significant effect on accuracy ({with_without})",
            COMPARABLE,
        ),
        _finding(
            tables,
            _RESIDUAL,
            "time",
            "online_seconds",
            f"Residual stress makes DMN faster ({without_with})",
            printed(1.8, 2.0),
            inverse=True,
        ),
        _finding(
            tables,
            _RESIDUAL,
            "iterations",
            "iterations",
            f"Residual stress lowers the iterations ({with_without})",
            BELOW,
        ),
        _finding(
            tables,
            _RESIDUAL,
            "cost",
            "microseconds",
            f"Residual stress costs more per iteration and node ({with_without})",
            printed(1.3, 1.5),
        ),
        _finding(
            tables,
            _NEWTON,
            "accuracy",
            "e_sigma",
            "Fixed point and Newton are comparable in accuracy (Newton over fixed point)",
            COMPARABLE,
        ),
        _finding(
            tables,
            _NEWTON,
            "time",
            "online_seconds",
            "Newton is faster than the fixed point (fixed point over Newton)",
            printed(1.9, 2.6),
            inverse=True,
        ),
        _finding(
            tables,
            _NEWTON,
            "iterations",
            "iterations",
            "Newton takes fewer iterations (Newton over fixed point)",
            BELOW,
        ),
        _finding(
            tables,
            _NEWTON,
            "cost",
            "microseconds",
            "Newton is cheaper per iteration and node (fixed point over Newton)",
            printed(1.7, 2.4),
            inverse=True,
        ),
    ]


def _finding(
    tables: StudyTables,
    pair: _Pair,
    name: str,
    column: str,
    claim: str,
    claimed: Claimed,
    inverse: bool = False,
) -> Finding:
    """A measure of the better scheme over that of the other on the same networks, by depth."""
    over, under = pair.better, pair.other
    if inverse:
        over, under = under, over
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    rows = rows[rows["kind"] == pair.kind].dropna(subset=[column])
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
    finding = Finding(f"{pair.prefix}-{name}", claim, pair.section, claimed, effects, pair.figure)
    if not effects:
        reason = (
            f"Needs {pair.kind} networks of 4 to 8 layers with the schemes "
            f"{spaced(pair.better)} and {spaced(pair.other)}."
        )
    elif column == "online_seconds" and finding.verdict != "holds":
        reason = _parts_of_time(rows[rows["layers"] == max(tested)], over, under)
    elif column == "e_sigma" and finding.verdict != "holds":
        reason = _out_of_equilibrium(rows, over, under)
    elif column == "microseconds" and finding.verdict == "differs":
        reason = _work_of_iteration(rows[rows["layers"] == max(tested)], pair)
    else:
        return finding
    return replace(finding, reason=reason)


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


def _work_of_iteration(rows: pd.DataFrame, pair: _Pair) -> str:
    """What an iteration does here, of the networks of one depth."""
    if pair is _RESIDUAL:
        return (
            "Here an iteration is one compiled sweep through the tree, with or without residual "
            "stress. The residual stress adds little to it."
        )
    dense = "Newton's method of Algorithm 3 solves a dense system in each iteration."
    tree, other = (rows[rows["scheme"] == scheme] for scheme in ("tree_newton", pair.other))
    if tree.empty:
        return dense
    ratio = ratio_of_geometric_means(other["microseconds"], tree["microseconds"])
    return (
        f"{dense} Tree Newton finds the same iterates without a dense system. At "
        f"{rows['layers'].iloc[0]} layers the fixed point takes {ratio:.2f} times the time of tree "
        "Newton per iteration and node."
    )


def _parts_of_time(rows: pd.DataFrame, over: str, under: str) -> str:
    both = set(rows.loc[rows["scheme"] == over, "network"])
    both &= set(rows.loc[rows["scheme"] == under, "network"])
    rows = of_networks(rows, sorted(both))
    sides = (rows[rows["scheme"] == scheme] for scheme in (over, under))
    return parts_of_time_ratio(*sides)

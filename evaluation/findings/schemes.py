"""Sections 3.4 and 3.5: the online schemes of one network against each other."""

from dataclasses import dataclass, replace

import pandas as pd

from evaluation.findings.costs import composition, ratio_of_means
from evaluation.findings.effects import level, paired_ratio
from evaluation.findings.finding import BELOW, COMPARABLE, Claimed, Finding, printed
from evaluation.measures.tables import Measured, among
from evaluation.report.words import scheme_name, spaced

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


def scheme_findings(measured: Measured) -> list[Finding]:
    """What Sections 3.4 and 3.5 claim."""
    with_without = "with residual stress over without"
    without_with = "without residual stress over with"
    return [
        _finding(
            measured,
            _RESIDUAL,
            "accuracy",
            "e_sigma",
            f"Residual stress has no significant effect on accuracy ({with_without})",
            COMPARABLE,
        ),
        _finding(
            measured,
            _RESIDUAL,
            "time",
            "online_seconds",
            f"Residual stress makes DMN faster ({without_with})",
            printed(1.8, 2.0),
            inverse=True,
        ),
        _finding(
            measured,
            _RESIDUAL,
            "iterations",
            "iterations",
            f"Residual stress lowers the iterations ({with_without})",
            BELOW,
        ),
        _finding(
            measured,
            _RESIDUAL,
            "cost",
            "microseconds",
            f"Residual stress costs more per iteration and node ({with_without})",
            printed(1.3, 1.5),
        ),
        _finding(
            measured,
            _NEWTON,
            "accuracy",
            "e_sigma",
            "Fixed point and Newton are comparable in accuracy (Newton over fixed point)",
            COMPARABLE,
        ),
        _finding(
            measured,
            _NEWTON,
            "time",
            "online_seconds",
            "Newton is faster than the fixed point (fixed point over Newton)",
            printed(1.9, 2.6),
            inverse=True,
        ),
        _finding(
            measured,
            _NEWTON,
            "iterations",
            "iterations",
            "Newton takes fewer iterations (Newton over fixed point)",
            BELOW,
        ),
        _finding(
            measured,
            _NEWTON,
            "cost",
            "microseconds",
            "Newton is cheaper per iteration and node (fixed point over Newton)",
            printed(1.7, 2.4),
            inverse=True,
        ),
    ]


def _finding(
    measured: Measured,
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
    rows = among(measured.errors, measured.comparisons.depth_networks)
    rows = rows[(rows["composite"] == measured.composite) & (rows["kind"] == pair.kind)]
    rows = rows.dropna(subset=[column])
    tested = [
        layers
        for layers in _PAPER_LAYERS
        if {over, under} <= set(rows.loc[rows["layers"] == layers, "scheme"])
    ]
    effects = []
    for layers in tested:
        at = rows[rows["layers"] == layers].set_index("network")
        above, below = (at[at["scheme"] == scheme][column] for scheme in (over, under))
        effects.append(paired_ratio(f"{layers} layers", above, below, level(len(tested))))
    finding = Finding(f"{pair.prefix}-{name}", claim, pair.section, claimed, effects, pair.figure)
    if not effects:
        reason = (
            f"It needs {pair.kind} networks of 4 to 8 layers with the schemes "
            f"{spaced(pair.better)} and {spaced(pair.other)}."
        )
    elif column == "online_seconds" and finding.verdict != "holds":
        reason = _composition(rows[rows["layers"] == max(tested)], over, under)
    elif column == "e_sigma" and finding.verdict != "holds":
        reason = _defects(rows, over, under)
    elif column == "microseconds" and finding.verdict == "differs":
        reason = _cost(rows[rows["layers"] == max(tested)], pair)
    else:
        return finding
    return replace(finding, reason=reason)


def _defects(rows: pd.DataFrame, over: str, under: str) -> str:
    """How far the schemes are from equilibrium, where one is."""
    largest = rows.groupby("scheme")["traction_defect"].max()
    if largest[[over, under]].max() < _EQUILIBRIUM:
        return ""
    kind = str(rows["kind"].iloc[0])
    words = [f"{largest[s]:.1g} ({scheme_name(s, kind)})" for s in (over, under)]
    return (
        "The schemes do not reach one state: the tractions are out of equilibrium by up to "
        f"{words[0]} and {words[1]} of their own size."
    )


def _cost(rows: pd.DataFrame, pair: _Pair) -> str:
    """What an iteration does here, of the networks of one depth."""
    if pair is _RESIDUAL:
        return (
            "Either way an iteration is one compiled sweep through the tree; the residual stress "
            "adds little to it."
        )
    dense = "Newton's method of Algorithm 3 solves a dense system in each iteration."
    tree, other = (rows[rows["scheme"] == scheme] for scheme in ("tree_newton", pair.other))
    if tree.empty:
        return dense
    ratio = ratio_of_means(other, tree, "microseconds")
    return (
        f"{dense} Tree Newton has the same iterates without one: at {rows['layers'].iloc[0]} "
        f"layers the fixed point takes {ratio:.2f} times its time per iteration and node."
    )


def _composition(rows: pd.DataFrame, over: str, under: str) -> str:
    both = set(rows.loc[rows["scheme"] == over, "network"])
    both &= set(rows.loc[rows["scheme"] == under, "network"])
    rows = among(rows, sorted(both))
    sides = (rows[rows["scheme"] == scheme] for scheme in (over, under))
    return f"At {rows['layers'].iloc[0]} layers: {composition(*sides)}"

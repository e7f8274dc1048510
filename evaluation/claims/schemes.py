"""Claims of Sections 3.4 and 3.5: the online schemes of one network against each other."""

from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from evaluation.claims.claim import Claim, Compared, Finding, Sentence
from evaluation.claims.evidence import by_depth, parts_of_time_ratio
from evaluation.claims.ranges import (
    BELOW,
    COMPARABLE,
    FAR_BELOW,
    Claimed,
    printed_range,
)
from evaluation.formatting import scheme_name
from evaluation.measures.effects import Pairs, paired_ratio, ratio_of_geometric_means, ratios
from evaluation.measures.tables import StudyTables, of_networks

_EQUILIBRIUM = 1e-5
"""Traction defect below which a network is as good as in equilibrium."""


class _Pair(NamedTuple):
    """Two schemes of a kind of network, the one above the line first, and where they stand."""

    section: str
    figure: str
    kind: str
    over: str
    under: str

    @property
    def names(self) -> list[str]:
        """As the paper has them."""
        return [scheme_name(scheme, self.kind) for scheme in (self.over, self.under)]


_WITH = _Pair("3.4", "fig15", "DMN", "residual_stress", "fixed_point")
_WITHOUT = _Pair("3.4", "fig15", "DMN", "fixed_point", "residual_stress")
_NEWTON = _Pair("3.5", "fig16", "IMN", "newton", "fixed_point")
_FIXED_POINT = _Pair("3.5", "fig16", "IMN", "fixed_point", "newton")


def _rows(tables: StudyTables, pair: _Pair) -> pd.DataFrame:
    """Measures of the networks of a kind."""
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    return rows[rows["kind"] == pair.kind]


def _by_depth(rows: pd.DataFrame, measure: str, pair: _Pair) -> dict[int, Any]:
    """Layers -> a measure with both schemes, by network."""
    return by_depth(rows, "scheme", (pair.over, pair.under), measure, index="network")


def _pairs(rows: pd.DataFrame, measure: str, pair: _Pair) -> Pairs:
    return {f"{n} layers": both for n, both in _by_depth(rows, measure, pair).items()}


def _claim(
    id: str, measure: str, pair: _Pair, paragraph: int, quote: str, text: str, claimed: Claimed
) -> Claim:
    """A claim on a measure of one scheme over that of the other, at each depth."""

    def reason(tables: StudyTables, finding: Finding) -> str:
        rows = _rows(tables, pair)
        deepest = rows[rows["layers"] == max(_by_depth(rows, measure, pair))]
        if measure == "literal_seconds":
            parts = _parts_of_time(deepest, pair), _tolerances(tables, finding, rows, pair)
            return " ".join(filter(None, parts))
        if measure == "literal_microseconds":
            return _work_of_iteration(deepest, pair)
        if measure == "e_sigma" and finding.verdict != "holds":
            return _out_of_equilibrium(rows, pair)
        return ""

    return Claim(
        id,
        Sentence(pair.section, paragraph, pair.figure, quote),
        text,
        claimed,
        lambda tables: _pairs(_rows(tables, pair), measure, pair),
        f"{pair.kind} networks of 4 to 8 layers with the schemes {' and '.join(pair.names)}",
        compared=Compared("depth"),
        reason=reason,
        measure=measure,
    )


def _tolerances(tables: StudyTables, finding: Finding, rows: pd.DataFrame, pair: _Pair) -> str:
    """Ratios of the times and verdicts at other tolerances than the study's, in a sentence.

    A time is the number of iterations at the tolerance times what one costs.
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
        other = replace(finding, effects=ratios(_pairs(at, "seconds", pair), paired_ratio))
        found.append(f"{tolerance:.0e}: {other.ours} ({other.verdict})")
    return (
        "The paper prints no tolerance of its iterations. By the tolerance, each alone: "
        f"{'; '.join(reversed(found))}."
    )


def _out_of_equilibrium(rows: pd.DataFrame, pair: _Pair) -> str:
    """How far the schemes are from equilibrium, where one is."""
    largest = rows.groupby("scheme")["traction_defect"].max()[[pair.over, pair.under]]
    if largest.max() < _EQUILIBRIUM:
        return ""
    over, under = (f"{d:.1g} ({name})" for d, name in zip(largest, pair.names, strict=True))
    return (
        "The schemes end in different states. The largest traction defect, relative to the "
        f"tractions, is {over} and {under}."
    )


def _work_of_iteration(rows: pd.DataFrame, pair: _Pair) -> str:
    """The same ratio for the compiled schemes, of the networks of one depth."""
    cost = dict(tuple(rows.groupby("scheme")["microseconds"]))
    ratio = ratio_of_geometric_means(cost[pair.over], cost[pair.under])
    compiled = f"Compiled, the ratio at {rows['layers'].iloc[0]} layers is {ratio:.2f}."
    if pair.kind == "DMN":
        return f"{compiled} One sweep through the tree takes both stiffness and stress."
    compiled += " Algorithm 3 solves a dense system in each iteration."
    if "tree_newton" not in cost:
        return compiled
    ratio = ratio_of_geometric_means(cost["fixed_point"], cost["tree_newton"])
    return (
        f"{compiled} Tree Newton finds the same iterates without one; the fixed point takes "
        f"{ratio:.2f} times its time per iteration and node."
    )


def _parts_of_time(rows: pd.DataFrame, pair: _Pair) -> str:
    """Of the networks that both schemes were timed on."""
    by_scheme = dict(tuple(rows.groupby("scheme")))
    over, under = by_scheme[pair.over], by_scheme[pair.under]
    return parts_of_time_ratio(
        of_networks(over, under["network"]), of_networks(under, over["network"])
    )


CLAIMS = [
    _claim(
        "residual-accuracy",
        "e_sigma",
        _WITH,
        paragraph=2,
        quote="Fig. 15(a) shows that including the residual stress term has no significant effect "
        "on prediction accuracy, as measured by the metric defined in Eq. (32).",
        text="Residual stress has no significant effect on accuracy (with residual stress over "
        "without)",
        claimed=COMPARABLE,
    ),
    _claim(
        "residual-time",
        "literal_seconds",
        _WITHOUT,
        paragraph=2,
        quote="As shown in Fig. 15(b), the online scheme that incorporates the residual stress "
        "requires less computational time during online testing, achieving an average speed-up of "
        "1.8× - 2.0×.",
        text="Residual stress makes DMN faster (without residual stress over with)",
        claimed=printed_range(1.8, 2.0),
    ),
    _claim(
        "residual-iterations",
        "iterations",
        _WITH,
        paragraph=2,
        quote="Moreover, Fig. 15(c) shows that this scheme converges in significantly fewer "
        "iterations, owing to the correction effects of the residual stress term.",
        text="Residual stress lowers the iterations significantly (with residual stress over "
        "without)",
        claimed=FAR_BELOW,
    ),
    _claim(
        "residual-cost",
        "literal_microseconds",
        _WITH,
        paragraph=3,
        quote="This metric reflects the intrinsic computational complexity of forward and backward "
        "passes and shows that the online scheme with residual stress incurs a higher "
        "per-iteration per-node cost, around 1.3× - 1.5× that of the scheme without residual "
        "stress, due to the additional computations associated with the residual stress term.",
        text="Residual stress costs more per iteration and node (with residual stress over "
        "without)",
        claimed=printed_range(1.3, 1.5, last_digits=1),
    ),
    _claim(
        "newton-accuracy",
        "e_sigma",
        _NEWTON,
        paragraph=2,
        quote="Fig. 16(a) shows that the two online schemes achieve comparable prediction "
        "accuracy, as measured by the mean relative error defined in Eq. (32).",
        text="Fixed point and Newton are comparable in accuracy (Newton over fixed point)",
        claimed=COMPARABLE,
    ),
    _claim(
        "newton-time",
        "literal_seconds",
        _FIXED_POINT,
        paragraph=2,
        quote="As shown in Fig. 16(b), the Newton iteration scheme requires less computational "
        "time during online testing, achieving an average speed-up of 1.9× - 2.6×.",
        text="Newton is faster than the fixed point (fixed point over Newton)",
        claimed=printed_range(1.9, 2.6),
    ),
    _claim(
        "newton-iterations",
        "iterations",
        _NEWTON,
        paragraph=2,
        quote="In addition, Fig. 16(c) shows that the Newton iteration scheme requires fewer "
        "iterations to converge, owing to its more accurate search directions obtained from the "
        "Jacobian.",
        text="Newton takes fewer iterations (Newton over fixed point)",
        claimed=BELOW,
    ),
    _claim(
        "newton-cost",
        "literal_microseconds",
        _FIXED_POINT,
        paragraph=3,
        quote="This metric reflects the intrinsic computational complexity of the forward and "
        "backward passes for the two online algorithms and shows that the Newton iteration scheme "
        "is more efficient, achieving an average speed-up of 1.7× - 2.4× per iteration per node.",
        text="Newton is cheaper per iteration and node (fixed point over Newton)",
        claimed=printed_range(1.7, 2.4),
    ),
]
"""In the order of findings.csv."""

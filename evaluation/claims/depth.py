"""Claims of Sections 3.3 and 3.6: DMN against IMN over the depth of the tree."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from evaluation.claims.claim import Claim, Compared, Finding, Reason, Sentence
from evaluation.claims.evidence import by_depth, group_values, parts_of_time_ratio
from evaluation.claims.ranges import (
    ABOVE,
    BELOW,
    COMPARABLE,
    COMPARABLE_ERROR,
    LOWER_ERROR,
    PAPER_LAYERS,
    Claimed,
    printed_range,
)
from evaluation.measures.effects import (
    CONFIDENCE,
    Pairs,
    paired_ratio,
    ratio,
    ratio_of_geometric_means,
    spread_ratio,
    timing_ratio,
    trend,
)
from evaluation.measures.statistics import AS_PRINTED, training_rows, with_schemes
from evaluation.measures.tables import StudyTables, of_networks

TRAINING_SPEED_UP = printed_range(3.4, 4.7)
"""Of IMN over DMN, by the paper."""

_claim = partial(Claim, compared=Compared("depth"))

_KINDS = ("DMN", "IMN")
_SEVERAL_DEPTHS = "both kinds at several depths"

_IN_3_3_1 = partial(Sentence, "3.3", 1, "fig14")
_IN_3_3_2 = partial(Sentence, "3.3", 2, "fig14")
_IN_3_6_2 = partial(Sentence, "3.6", 2, "fig17")
_IN_3_6_3 = partial(Sentence, "3.6", 3, "fig17")
_IN_3_6_4 = partial(Sentence, "3.6", 4, "fig17")
_ERROR_KINDS = _IN_3_6_2(
    "Fig. 17(a) shows that both models achieve comparable prediction accuracy (Eq. (32)) when "
    "the network depth exceeds six layers, whereas DMN exhibits higher accuracy in shallower "
    "networks."
)
_ONLINE_TIME = _IN_3_6_2(
    "Fig. 17(b) shows that the online testing times of both models increase with network depth "
    "and remain comparable across all configurations."
)
_NODES = _IN_3_6_3(
    "Fig. 17(d) shows that the number of active base nodes increases with network depth for both "
    "models, with comparable values for each depth."
)


def _rows(tables: StudyTables, section: str) -> pd.DataFrame:
    """Trained networks, or their predictions of the composite that was timed."""
    rows = tables.trained if section == "3.3" else tables.first_scheme_timed_errors
    return of_networks(rows, tables.comparisons.depth_networks)


def _trend(id: str, measure: str, sentence: Sentence, text: str, claimed: Claimed) -> Claim:
    """A claim on how a measure of each kind follows the depth."""

    def pairs(tables: StudyTables) -> Pairs:
        by_kind = _rows(tables, sentence.section).set_index("seed").groupby("kind")
        return {
            str(kind): (rows[measure], rows["layers"])
            for kind, rows in by_kind
            if len(set(rows["layers"])) > 1
        }

    text += " (deepest over shallowest, by the trend)"
    return _claim(id, sentence, text, claimed, pairs, _SEVERAL_DEPTHS, trend, measure=measure)


def _of_kinds(
    id: str,
    measure: str,
    sentence: Sentence,
    text: str,
    claimed: Claimed,
    layers: Sequence[int] = PAPER_LAYERS,
    kinds: tuple[str, str] = _KINDS,
    reason: Reason | None = None,
) -> Claim:
    """A claim on a measure of one kind over that of the other at each of the depths."""

    def pairs(tables: StudyTables) -> Pairs:
        found = by_depth(_rows(tables, sentence.section), "kind", kinds, measure, layers)
        return {f"{n} layers": pair for n, pair in found.items()}

    text += f" ({kinds[0]} over {kinds[1]})"
    needs = f"both kinds with one of these numbers of layers: {', '.join(map(str, layers))}"
    return _claim(id, sentence, text, claimed, pairs, needs, ratio, measure=measure, reason=reason)


def _training_time(id: str, backend: str, words: str, reason: Reason | None = None) -> Claim:
    """A claim on the training time with a backend of `training_rows`, in words."""

    def pairs(tables: StudyTables) -> Pairs:
        times = training_rows(tables.timing)
        known = times[times["backend"] == backend].dropna(subset=["median_seconds"])
        rows = {(row["kind"], row["layers"]): row for row in known.to_dict("records")}
        depths = [n for n in PAPER_LAYERS if all((kind, n) in rows for kind in _KINDS)]
        return {f"{n} layers": (rows["DMN", n], rows["IMN", n]) for n in depths}

    return _claim(
        id,
        _IN_3_3_2("Compared with DMN, IMN achieves a 3.4× - 4.7× speed-up in offline training."),
        f"IMN trains faster, here with {words} (DMN over IMN; the extremes of the repeats)",
        TRAINING_SPEED_UP,
        pairs,
        "timings of both kinds at a depth of 4 to 8 layers",
        timing_ratio,
        measure=backend,
        observations="repeats",
        concluded=True,
        reason=reason,
    )


def _rotations(tables: StudyTables, finding: Finding) -> str:
    """What a DMN does here beyond an IMN, where the ratio is not the paper's."""
    if finding.verdict != "differs":
        return ""
    return (
        "Here both kinds run the same tree of laminates. A DMN rotates its base stiffnesses in "
        "addition, and no other node. It costs more for this rotation and for its further "
        "parameters."
    )


def _spreads(tables: StudyTables) -> Pairs:
    """Of each kind, the deepest networks over the shallowest."""
    pairs = {}
    for kind, rows in _rows(tables, "3.6").groupby("kind"):
        errors = group_values(rows, "layers", ["e_sigma"])
        if len(errors) > 1:
            deep, shallow = max(errors), min(errors)
            pairs[f"{kind}, {deep} over {shallow} layers"] = errors[deep], errors[shallow]
    return pairs


def _parts_of_online_time(tables: StudyTables, finding: Finding) -> str:
    rows = _rows(tables, "3.6").dropna(subset=["online_seconds"])
    dmn, imn = (dict(tuple(rows[rows["kind"] == kind].groupby("layers"))) for kind in _KINDS)
    layers = max(n for n in PAPER_LAYERS if n in dmn and n in imn)
    return parts_of_time_ratio(dmn[layers], imn[layers])


def _schemes_of_iterations(tables: StudyTables, finding: Finding) -> str:
    """Whether the scheme makes the difference, and what it is as printed."""
    errors = _deepest(tables)
    dmn = errors[errors["kind"] == "DMN"].set_index("network")
    by_scheme = dict(tuple(dmn.groupby("scheme")["iterations_per_increment"]))
    reasons = []
    if finding.verdict == "differs" and {"residual_stress", "tree_newton"} <= by_scheme.keys():
        pair = by_scheme["residual_stress"], by_scheme["tree_newton"]
        same = paired_ratio("", *pair, CONFIDENCE).estimate
        reasons.append(
            f"On the same DMN the scheme with residual stress takes {same:.2f} times the "
            "iterations of tree Newton. Both solve the same linearised equilibrium. All schemes "
            "stop by the same rule."
        )
    counted = tables.timing[tables.timing["quantity"] == "iterations_printed"]
    counted = of_networks(counted, _rows(tables, "3.6")["network"])
    if set(counted["kind"]) == set(_KINDS):
        by_kind = np.log(counted["iterations"]).groupby([counted["kind"], counted["layers"]]).mean()
        factors = np.exp((by_kind[_KINDS[0]] - by_kind[_KINDS[1]]).dropna())
        reasons.append(
            "Begun and stopped as printed, under strain control, the ratios are "
            f"{factors.min():.2f} to {factors.max():.2f}."
        )
    return " ".join(reasons)


def _compiled_cost(tables: StudyTables, finding: Finding) -> str:
    """The same ratio of the compiled schemes."""
    errors = _deepest(tables).dropna(subset=["microseconds"])
    reasons = []
    newton = errors[errors["scheme"] == "tree_newton"]
    compared = {"Compiled": with_schemes(errors, tables.first_schemes)}
    for name, some in (compared | {"With tree Newton for both kinds": newton}).items():
        if set(some["kind"]) == set(_KINDS):
            over, under = (some.loc[some["kind"] == kind, "microseconds"] for kind in _KINDS)
            same = ratio_of_geometric_means(over, under)
            reasons.append(f"{name}, the ratio at {some['layers'].iloc[0]} layers is {same:.2f}.")
    return " ".join(reasons)


def _deepest(tables: StudyTables) -> pd.DataFrame:
    """The measures of both kinds at the greatest depth that was predicted, with all schemes."""
    layers = _rows(tables, "3.6")["layers"].max()
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    return rows[rows["layers"] == layers]


TRAINING_CLAIMS = [
    _trend(
        "training-error-depth",
        "error_training",
        _IN_3_3_1("For both models, deeper networks generally converge to lower training errors."),
        "Deeper networks generally train to lower errors",
        BELOW,
    ),
    _of_kinds(
        "training-error-kinds",
        "error_training",
        _IN_3_3_1(
            "It is observed that IMN achieves lower errors than DMN for network depths N ≥ 6."
        ),
        "IMN trains to a lower error than DMN from 6 layers on",
        BELOW,
        layers=range(6, 9),
        kinds=("IMN", "DMN"),
    ),
    _training_time("training-time-literal", AS_PRINTED, "PyTorch and the DMN as printed"),
    _training_time("training-time-fused", "fused", "the compiled backend", reason=_rotations),
]
"""Those of Section 3.3, in the order of findings.csv."""

ONLINE_CLAIMS = [
    _of_kinds(
        "error-kinds-deep",
        "e_sigma",
        _ERROR_KINDS,
        "Prediction errors of DMN and IMN are comparable beyond 6 layers",
        COMPARABLE_ERROR,
        layers=range(7, 9),
    ),
    _of_kinds(
        "error-kinds-shallow",
        "e_sigma",
        _ERROR_KINDS,
        "DMN predicts with a lower error up to 6 layers",
        LOWER_ERROR,
        layers=range(4, 7),
    ),
    _claim(
        "spread-depth",
        _IN_3_6_2("In general, prediction uncertainty decreases with increasing network depth."),
        "The spread of the prediction error generally decreases with depth",
        LOWER_ERROR,
        _spreads,
        _SEVERAL_DEPTHS,
        spread_ratio,
    ),
    _trend("time-depth", "online_seconds", _ONLINE_TIME, "Online time increases with depth", ABOVE),
    _of_kinds(
        "time-kinds",
        "literal_seconds",
        _ONLINE_TIME,
        "Online times of DMN and IMN are comparable at each depth",
        COMPARABLE,
        reason=_parts_of_online_time,
    ),
    _of_kinds(
        "iterations-kinds",
        "iterations_per_increment",
        _IN_3_6_3(
            "As shown in Fig. 17(c), DMN requires significantly fewer online iterations to "
            "converge (0.4× - 0.5× those of IMN), owing to the residual stress in its online "
            "algorithm (see Sections 2.1.2 and 3.4)."
        ),
        "DMN needs significantly fewer iterations than IMN",
        printed_range(0.4, 0.5),
        reason=_schemes_of_iterations,
    ),
    _trend(
        "iterations-depth",
        "iterations_per_increment",
        _IN_3_6_3(
            "The iteration counts for both DMN and IMN are relatively insensitive to network "
            "depth, though DMN exhibits slightly greater variability."
        ),
        "Iteration counts are relatively insensitive to depth",
        COMPARABLE,
    ),
    _trend("nodes-depth", "active_nodes", _NODES, "Active base nodes increase with depth", ABOVE),
    _of_kinds(
        "nodes-kinds",
        "active_nodes",
        _NODES,
        "Active base nodes of DMN and IMN are comparable at each depth",
        COMPARABLE,
    ),
    _of_kinds(
        "cost-kinds",
        "literal_microseconds",
        _IN_3_6_4(
            "The results show that IMN is more efficient, achieving a speed-up of 1.9× - 2.4× "
            "per iteration per node."
        ),
        "IMN is cheaper per iteration and node",
        printed_range(1.9, 2.4),
        reason=_compiled_cost,
    ),
]
"""Those of Section 3.6, in the order of findings.csv."""

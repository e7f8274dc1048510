"""Sections 3.3 and 3.6: DMN against IMN over the depth of the tree."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaluation.claims.claims import CLAIMS, PAPER_LAYERS
from evaluation.claims.evidence import IMPLEMENTATIONS, parts_of_time_ratio
from evaluation.claims.finding import Finding
from evaluation.measures.effects import (
    bonferroni,
    paired_ratio,
    ratio,
    ratio_of_geometric_means,
    spread_ratio,
    timing_ratio,
    trend,
)
from evaluation.measures.statistics import AS_PRINTED, training_rows, with_schemes
from evaluation.measures.tables import StudyTables, of_networks

_KINDS = ("DMN", "IMN")
_SEVERAL_DEPTHS = "both kinds at several depths"


def training_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.3 claims."""
    rows = of_networks(tables.trained, tables.comparisons.depth_networks)
    errors, deep, imn_over_dmn = "error_training", range(6, 9), ("IMN", "DMN")
    return [
        _over_depth("training-error-depth", rows, errors),
        _of_kinds("training-error-kinds", rows, errors, deep, imn_over_dmn),
        _training_time(tables, "literal", AS_PRINTED),
        _training_time(tables, "fused", "fused"),
    ]


def online_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.6 claims."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.depth_networks)
    return [
        _of_kinds("error-kinds-deep", rows, "e_sigma", range(7, 9)),
        _of_kinds("error-kinds-shallow", rows, "e_sigma", range(4, 7)),
        _spread(rows),
        _over_depth("time-depth", rows, "online_seconds"),
        _online_time(rows),
        _iterations(tables, rows),
        _over_depth("iterations-depth", rows, "iterations_per_increment"),
        _over_depth("nodes-depth", rows, "active_nodes"),
        _of_kinds("nodes-kinds", rows, "active_nodes"),
        _cost(tables, rows),
    ]


def _over_depth(id: str, rows: pd.DataFrame, column: str) -> Finding:
    effects = []
    kinds = [kind for kind in _KINDS if len(set(rows.loc[rows["kind"] == kind, "layers"])) > 1]
    for kind in kinds:
        of_kind = rows[rows["kind"] == kind].dropna(subset=[column])
        x, values, seeds = of_kind["layers"], of_kind[column], of_kind["seed"]
        effects.append(trend(kind, x, values, seeds, bonferroni(len(kinds))))
    timed = IMPLEMENTATIONS.get(column, "")
    return Finding(CLAIMS[id], effects, _SEVERAL_DEPTHS, implementation=timed)


def _of_kinds(
    id: str,
    rows: pd.DataFrame,
    column: str,
    layers: Sequence[int] = PAPER_LAYERS,
    kinds: tuple[str, str] = _KINDS,
) -> Finding:
    """One kind over the other at each of the depths that the claim is about."""
    over, under = (_by_layers(rows, kind, column) for kind in kinds)
    depths = [n for n in layers if n in over and n in under]
    effects = [ratio(f"{n} layers", over[n], under[n], bonferroni(len(depths))) for n in depths]
    needs = f"both kinds with one of these numbers of layers: {', '.join(map(str, layers))}"
    return Finding(CLAIMS[id], effects, needs, implementation=IMPLEMENTATIONS.get(column, ""))


def _by_layers(rows: pd.DataFrame, kind: str, column: str) -> dict[int, pd.Series]:
    """Layers -> a measure of the networks of a kind, by seed."""
    rows = rows[rows["kind"] == kind].dropna(subset=[column]).set_index("seed")
    return {int(str(n)): values for n, values in rows.groupby("layers")[column]}


def _training_time(tables: StudyTables, name: str, backend: str) -> Finding:
    times = training_rows(tables.timing)
    times = times[times["backend"] == backend]
    known = times.dropna(subset=["median_seconds"]).to_dict("records")
    rows = {(row["kind"], row["layers"]): row for row in known}
    depths = [n for n in PAPER_LAYERS if all((kind, n) in rows for kind in _KINDS)]
    finding = Finding(
        CLAIMS[f"training-time-{name}"],
        [timing_ratio(f"{n} layers", *(rows[kind, n] for kind in _KINDS)) for n in depths],
        "timings of both kinds at a depth of 4 to 8 layers",
        observations="repeats",
        implementation="compiled" if backend == "fused" else "as printed, in PyTorch",
    )
    if backend == AS_PRINTED or finding.verdict != "differs":
        return finding
    return finding.because(
        "Here both kinds run the same tree of laminates. A DMN rotates its base stiffnesses in "
        "addition, and no other node. It costs more for this rotation and for its further "
        "parameters."
    )


def _spread(rows: pd.DataFrame) -> Finding:
    effects = []
    for kind in _KINDS:
        errors = _by_layers(rows, kind, "e_sigma")
        if len(errors) > 1:
            deep, shallow = max(errors), min(errors)
            part = f"{kind}, {deep} over {shallow} layers"
            over, under = (errors[layers].to_frame() for layers in (deep, shallow))
            effects.append(spread_ratio(part, over, under, bonferroni(2)))
    return Finding(CLAIMS["spread-depth"], effects, _SEVERAL_DEPTHS)


def _online_time(rows: pd.DataFrame) -> Finding:
    """Online time of DMN over that of IMN, and what it is made of."""
    finding = _of_kinds("time-kinds", rows, "literal_seconds")
    if not finding.effects:
        return finding
    timed = rows.dropna(subset=["online_seconds"])
    dmn, imn = (timed[timed["kind"] == kind] for kind in _KINDS)
    layers = max(n for n in PAPER_LAYERS if n in set(dmn["layers"]) & set(imn["layers"]))
    return finding.because(
        parts_of_time_ratio(dmn[dmn["layers"] == layers], imn[imn["layers"] == layers])
    )


def _iterations(tables: StudyTables, rows: pd.DataFrame) -> Finding:
    """Iterations of DMN over those of IMN, and whether the scheme makes them."""
    finding = _of_kinds("iterations-kinds", rows, "iterations_per_increment")
    errors = _deepest(tables, rows)
    by_scheme = {
        scheme: of_scheme.set_index("network")["iterations_per_increment"]
        for scheme, of_scheme in errors[errors["kind"] == "DMN"].groupby("scheme")
    }
    reasons = []
    if finding.verdict == "differs" and {"residual_stress", "tree_newton"} <= by_scheme.keys():
        pair = by_scheme["residual_stress"], by_scheme["tree_newton"]
        same = paired_ratio("", *pair, bonferroni(1)).estimate
        reasons.append(
            f"On the same DMN the scheme with residual stress takes {same:.2f} times the "
            "iterations of tree Newton. Both solve the same linearised equilibrium. All schemes "
            "stop by the same rule."
        )
    printed = tables.timing[tables.timing["quantity"] == "iterations_printed"]
    printed = of_networks(printed, rows["network"])
    if finding.effects and set(printed["kind"]) == set(_KINDS):
        by_kind = np.log(printed["iterations"]).groupby([printed["kind"], printed["layers"]]).mean()
        ratios = np.exp((by_kind[_KINDS[0]] - by_kind[_KINDS[1]]).dropna())
        reasons.append(
            "Begun and stopped as printed, under strain control, the ratios are "
            f"{ratios.min():.2f} to {ratios.max():.2f}."
        )
    return finding.because(" ".join(reasons))


def _cost(tables: StudyTables, rows: pd.DataFrame) -> Finding:
    """Time per iteration and node of DMN over that of IMN, and the same compiled."""
    finding = _of_kinds("cost-kinds", rows, "literal_microseconds")
    errors = _deepest(tables, rows).dropna(subset=["microseconds"])
    reasons = []
    for name, some in (
        ("Compiled", with_schemes(errors, tables.first_schemes)),
        ("With tree Newton for both kinds", errors[errors["scheme"] == "tree_newton"]),
    ):
        if finding.effects and set(some["kind"]) == set(_KINDS):
            over, under = (some.loc[some["kind"] == kind, "microseconds"] for kind in _KINDS)
            same = ratio_of_geometric_means(over, under)
            reasons.append(f"{name}, the ratio at {some['layers'].iloc[0]} layers is {same:.2f}.")
    return finding.because(" ".join(reasons))


def _deepest(tables: StudyTables, rows: pd.DataFrame) -> pd.DataFrame:
    """The measures of both kinds at the greatest depth of these rows, with all schemes."""
    by_kind = tables.comparisons.depth.values()
    ids = [id for by_layers in by_kind for id in by_layers.get(rows["layers"].max(), [])]
    return of_networks(tables.timed_errors, ids)

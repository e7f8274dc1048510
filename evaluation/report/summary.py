"""The summary of the report: tables of what to choose and how far to trust it, in fixed words."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import MEANINGS
from evaluation.claims.verdicts import detectable_ratio, shares
from evaluation.formatting import (
    configuration_name,
    mean_and_deviation,
    percent,
    scheme_name,
    spaced,
)
from evaluation.measures.choice import ROOM, Choice, Configuration, choose
from evaluation.measures.effects import CONFIDENCE, Effect
from evaluation.measures.kinds import compare_kinds, failures, kind_ratios
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import Pair, configuration_labels, pairs
from evaluation.report.tables import Table, pair_table, percentages, table_of
from training.specification import CONFIGURATION

_CHOICE = (
    "Networks of a configuration differ in their random initialisation alone. A configuration "
    "counts only if none of its networks failed, in training or online. The most accurate one has "
    "the lowest mean e_σ over composites and networks. The chosen one is the fastest online of all "
    "that are nearly as accurate: their mean error and that of their worst network are at most "
    f"{ROOM:g} times those of the most accurate one. "
    "The least mean of many configurations is partly luck, so that the networks that chose have "
    "too small an error. The error to expect is that of networks which had no part in the choice: "
    "it is made again without each random initialisation in turn, and measured on that one; its ± "
    "is over these networks. It is known for the composites and loads of this study alone. "
    "If no configuration counts, the table is empty. "
    "Online times are with the fastest scheme, on one thread. Training ran on one core, beside the "
    "other jobs of the study."
)
_RECIPE = (
    "All networks of this study are trained with the paper's recipe as rebuilt here. The recipe of "
    "docs/recipe.md (workflow/studies/recipe.yaml), which this study does not train, has an error "
    "of about 1.2 % on the paper's composites."
)
_SCHEMES = (
    "All online schemes that were timed, of the chosen configuration. The last column is the mean "
    "e_σ minus that of the fastest scheme, in percentage points."
)
_ACCURACY = (
    "Errors of the chosen configuration on nonlinear curves that its networks did not see in "
    "training. The error of a load is the mean over composites and networks."
)
_KINDS = (
    "Networks of both kinds that are trained alike, of the greatest depth that the study compares. "
    "The hardest load has the largest mean error over composites and networks. The row below each "
    "pair says whether a difference is shown, with the ratio of the geometric means and its "
    f"{100 * CONFIDENCE:g} % interval (Welch): shown if 1 lies outside. What is not shown may "
    "still be there. The interval needs two networks or more of each kind."
)
_FAILURES = (
    "In the whole study {failed} of {networks} networks failed in training and {unconverged} of "
    "{predictions} predictions did not converge. No mean contains them."
)
_CLAIMS = (
    f"What this study finds on our reading of the paper: {len(CLAIMS)} claims. Findings lists each "
    "with the sentence that it is read from."
)
_TRUST = (
    "What the convergence study says of the cell. Every error is relative, and the largest over "
    "the composites. The column stiffness is about the homogenised stiffness alone, the column "
    "largest also about the stresses of all loads. Size: between the means over the packings."
)

_MEASURES = {
    "error": (
        "Mesh: distance from the finest",
        "elements of {element_size:g} cell edges, {elements:,.0f} elements",
    ),
    "scatter": ("Packing: standard deviation", "{packings:.0f} packings of {fibres:.0f} fibres"),
    "bias": (
        "Size: distance from the largest cells",
        "{fibres:.0f} against {largest_fibres:.0f} fibres",
    ),
}
"""Measure of the convergence study -> how it is named, and of what cell it is."""


class Opening(NamedTuple):
    """What the report begins with: a sentence, and values with what they are, if there are any."""

    advice: str
    numbers: list[tuple[str, str]]


def opening(tables: StudyTables) -> Opening:
    """The choice in a sentence and four numbers; where no configuration counts, the reason."""
    found = choose(tables)
    if not found:
        return Opening(_without_choice(tables), [])
    chosen = found.chosen
    curves = of_networks(tables.first_scheme_predictions, chosen.ids)
    loads = curves["load"].nunique()
    seconds = of_networks(tables.trained, chosen.ids)["seconds"].mean()
    label = configuration_labels(tables)[chosen.ids[0]]
    advice = (
        f"Choose {label}: the fastest online of those that are nearly as accurate as the best of "
        "this study."
    )
    if (tables.training["initialisation"] == "random").all():
        advice += f" {_RECIPE}"
    online = _milliseconds(chosen.seconds / loads)
    numbers = [
        _expected(found, tables.first_scheme_errors["composite"].nunique()),
        _worst_curve(pd.concat([curves, of_networks(tables.path_predictions, chosen.ids)])),
        (f"{chosen.networks['active_nodes'].mean():.0f}", "active base nodes"),
        (f"{seconds:.2g} s", "training, on one core"),
        (f"{online} ms", "online, for a load path, on one thread"),
    ]
    return Opening(advice, numbers)


def _without_choice(tables: StudyTables) -> str:
    """Why every configuration has a failure, and what may help."""
    untrained = len(tables.training) - len(tables.trained)
    failed = of_networks(tables.first_scheme_predictions, tables.trained["network"])
    failed = failed[failed["status"] != "ok"]
    if failed.empty:
        return (
            f"No configuration counts: {untrained} of {len(tables.training)} trainings failed, at "
            "least one of each configuration."
        )
    first = failed.iloc[0]
    others = f", and of {len(failed) - 1} more predictions" if len(failed) > 1 else ""
    return (
        "No configuration counts, since each has a network that did not predict all curves. The "
        f"scheme {first['scheme']} found no equilibrium of {first['network']} for "
        f"{spaced(first['composite'])}, load {spaced(first['load'])}{others}. The scheme "
        "tree_newton, as the first of online.schemes, or more increments may do; the table "
        "online.csv has the status of all predictions."
    )


def _expected(found: Choice, composites: int) -> tuple[str, str]:
    """The error to expect, and that of the networks that chose."""
    errors, held_out = found.chosen.networks["e_sigma"], found.held_out
    of = "composite" if composites == 1 else "composites"
    what = f"mean over {composites} {of}, of nonlinear stresses"
    chose = _percent(errors)
    if not len(held_out):
        return chose, (
            f"e_σ, {what}, of the network that the choice was made by; expect more: the study has "
            "no second random initialisation to measure it on"
        )
    count = f"{len(held_out)} {'network' if len(held_out) == 1 else 'networks'}"
    return _percent(held_out), (
        f"e_σ to expect, {what}, on {count} that had no part in the choice; the worst of them "
        f"{percent(held_out.max())}; the {len(errors)} that chose have {chose}"
    )


def _worst_curve(curves: pd.DataFrame) -> tuple[str, str]:
    """The largest error of a single curve, and which it is."""
    worst = curves.nlargest(1, "error").iloc[0]
    return percent(worst["error"]), (
        f"worst single curve of {len(curves)}: {spaced(worst['composite'])}, load "
        f"{spaced(worst['load'])}"
    )


def power(tables: StudyTables, findings: pd.DataFrame) -> str:
    """What difference of e_sigma the study could find, in a sentence; nothing if it tests none."""
    errors = tables.composite_means.groupby(CONFIGURATION)["e_sigma"]
    networks = errors.size()
    deviation = errors.agg(lambda values: np.log(values).std()).median()
    claims = int(findings["p"].notna().sum())
    if not claims or not deviation > 0 or networks.max() < 2:
        return ""
    counts = {int(networks[networks > 1].min()), int(networks.max())}
    share = shares(tables.looks)[-1] if tables.looks else 1.0
    ratios = [f"{detectable_ratio(n, deviation, claims, share):.3g}" for n in sorted(counts)]
    return (
        f"With {' to '.join(map(str, sorted(counts)))} networks of a configuration and a deviation "
        f"of {deviation:.2g} in the logarithm of e_σ (median over the configurations), a ratio of "
        f"{' to '.join(ratios)} is found in four of five studies of these {claims} claims."
    )


def summary(tables: StudyTables, findings: pd.DataFrame, convergence: pd.DataFrame) -> list[Table]:
    """What a reader can act on; findings without rows are those of no claim."""
    found = choose(tables)
    chosen = [] if found is None else _chosen(tables, found.chosen)
    judged = [] if findings.empty else [_claims(findings)]
    return [_choice(tables, found), *chosen, _kinds(tables), *judged, *trust(convergence)]


def _claims(findings: pd.DataFrame) -> Table:
    counts = findings["verdict"].value_counts()
    claims: dict[str, list[str]] = {
        "verdict": list(MEANINGS),
        "meaning": list(MEANINGS.values()),
        "claims": [str(counts.get(name, 0)) for name in MEANINGS],
    }
    return table_of(claims, 2, "Claims of the paper", _CLAIMS)


def trust(convergence: pd.DataFrame) -> list[Table]:
    """How far the references can be trusted.

    `convergence` is as from `largest_errors`, or empty in a study without it.
    """
    if convergence.empty:
        return []
    rows = []
    for row in convergence.to_dict("records"):
        error, cell = _MEASURES[row["measure"]]
        largest = {f"{name} [%]": f"{100 * row[name]:.2g}" for name in ("stiffness", "largest")}
        of = {"composite": spaced(row["composite"]), "load or stiffness": row["quantity"]}
        rows.append({"error": error, "cell": cell.format_map(row), **largest, **of})
    return [table_of(pd.DataFrame(rows), 2, "Trust in the references", _TRUST)]


def _choice(tables: StudyTables, found: Choice | None) -> Table:
    predictions = tables.first_scheme_predictions
    loads = predictions.loc[predictions["composite"] == tables.composite, "load"].nunique()
    rows, ways = [], {}
    if found:
        ways["Chosen"] = found.chosen, found.held_out
        ways["Most accurate"] = found.best, found.held_out_best
    for name, (one, held_out) in ways.items():
        kind, layers = str(one.shared["kind"]), int(str(one.shared["layers"]))
        schemes = [scheme_name(str(scheme), kind) for scheme in one.schemes.index]
        rows.append(
            {
                "": name,
                "configuration": configuration_name(one.shared),
                "fastest scheme": schemes[0] if schemes else "–",
                "networks": str(len(one.networks)),
                "e_σ to expect": _percent(held_out),
                "e_σ of those that chose": _percent(one.networks["e_sigma"]),
                "training [s]": _mean(of_networks(tables.trained, one.ids)["seconds"]),
                "all loads online [ms]": _milliseconds(one.seconds),
                "one load online [ms]": _milliseconds(one.seconds / loads),
                "active base nodes": f"{_mean(one.networks['active_nodes'])} of {2**layers}",
            }
        )
    return table_of(pd.DataFrame(rows), 3, "What to choose", _CHOICE)


def _chosen(tables: StudyTables, chosen: Configuration) -> list[Table]:
    """The schemes and the errors of the chosen configuration."""
    composite, kind = spaced(tables.composite), str(chosen.shared["kind"])
    found = chosen.schemes.reset_index().to_dict("records")
    schemes = [
        {
            "scheme": scheme_name(row["scheme"], kind),
            f"all loads of {composite} [ms]": _milliseconds(row["seconds"]),
            "times the fastest": f"{row['seconds'] / found[0]['seconds']:.2g}",
            f"e_σ {composite} [%]": f"{100 * row['e_sigma']:.3g}",
            "difference [points]": f"{100 * (row['e_sigma'] - found[0]['e_sigma']):z.2f}",
        }
        for row in found
    ]
    errors = of_networks(tables.first_scheme_errors, chosen.ids)
    by_composite = errors.groupby("composite", sort=False)["e_sigma"]
    curves = of_networks(tables.first_scheme_predictions, chosen.ids)
    paths = of_networks(tables.path_predictions, chosen.ids)
    by_path = paths.groupby("load", sort=False)["error"]
    loads = curves.groupby("load")["error"].mean()
    accuracy = [
        *((f"e_σ {spaced(str(name))}", _percent(errors)) for name, errors in by_composite),
        (f"hardest load, {loads.idxmax()}", percent(loads.max())),
        (f"easiest load, {loads.idxmin()}", percent(loads.min())),
        *_worst_of("worst curve", curves),
        *((f"path {spaced(str(name))}", _percent(errors)) for name, errors in by_path),
        *_worst_of("worst curve along a path", paths),
    ]
    return [
        table_of(pd.DataFrame(schemes), 1, "Schemes of the choice", _SCHEMES),
        pair_table(accuracy, "Accuracy of the choice", _ACCURACY),
    ]


def _worst_of(name: str, curves: pd.DataFrame) -> list[tuple[str, str]]:
    """A row on the worst curve, if there is any."""
    if not curves["error"].notna().any():
        return []
    error, meaning = _worst_curve(curves)
    return [(f"{name}, {meaning.partition(': ')[2]}", error)]


def _kinds(tables: StudyTables) -> Table:
    """Of each pair a row a kind, and one on their difference."""
    found = pd.concat([_of_kinds(tables, pair) for pair in pairs(tables)] or [pd.DataFrame()])
    named = any(found.get("trained as", ()))
    found = found if named else found.drop(columns="trained as", errors="ignore")
    total = failures(tables, list(tables.training["network"])).drop(columns="kind").sum()
    failed = _FAILURES.format(**{str(name): f"{count:,}" for name, count in total.items()})
    return table_of(found, 1 + named, "DMN or IMN", f"{_KINDS} {failed}")


def _of_kinds(tables: StudyTables, pair: Pair) -> pd.DataFrame:
    rows = compare_kinds(tables, pair.networks)
    trained, ratios = rows["networks"] - rows["failed"], kind_ratios(tables, pair.networks)
    columns = {
        "kind": rows["kind"],
        "layers": str(pair.layers),
        "networks": rows["networks"].map(str),
        "e_C validation [%]": percentages(rows, "error_validation", trained),
        "e_σ [%]": percentages(rows, "e_sigma", trained),
        "hardest load": rows["load"].fillna("–"),
        "its error": rows["error_mean"].map(percent),
        "failed in training": [f"{n} of {of}" for n, of in rows[["failed", "networks"]].to_numpy()],
        "failed online": [
            f"{n} of {of:,}" for n, of in rows[["unconverged", "predictions"]].to_numpy()
        ],
    }
    differ = {
        "kind": "DMN over IMN",
        "e_C validation [%]": _difference(ratios["error_validation"]),
        "e_σ [%]": _difference(ratios["e_sigma"]),
    }
    found = pd.concat([pd.DataFrame(columns), pd.DataFrame([differ])]).fillna("")
    found.insert(0, "trained as", pair.label)
    return found


def _difference(effect: Effect | None) -> str:
    """Whether a difference is shown, and the ratio with its interval."""
    if effect is None or math.isnan(effect.low):
        return "–"
    shown = "shown" if not effect.low <= 1 <= effect.high else "not shown"
    return f"difference {shown}: {effect.estimate:.2f} ({effect.low:.2f} to {effect.high:.2f})"


def _percent(errors: "pd.Series | NDArray[np.float64]") -> str:
    values = pd.Series(errors)
    return percent(values.mean(), values.std())


def _mean(values: pd.Series) -> str:
    return mean_and_deviation(values.mean(), values.std())


def _milliseconds(seconds: float) -> str:
    return "–" if math.isnan(seconds) else f"{float(f'{1e3 * seconds:.2g}'):g}"

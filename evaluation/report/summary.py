"""The summary of the report: tables of what to choose and how far to trust it, in fixed words."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.findings.claims import CLAIMS
from evaluation.findings.finding import MEANINGS
from evaluation.findings.verdicts import detectable_ratio, shares
from evaluation.formatting import (
    configuration_name,
    mean_and_deviation,
    percent,
    scheme_name,
    spaced,
)
from evaluation.measures.choice import ROOM, Configuration, choose
from evaluation.measures.effects import CONFIDENCE, Effect
from evaluation.measures.kinds import compare_kinds, compared_networks, failures, kind_ratios
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, TitledTable, pair_table, percentage, records, table_of
from training.table import CONFIGURATION

_CHOICE = (
    "Networks of a configuration differ in their random initialisation alone. A configuration "
    "counts only if none of its networks failed, in training or online. The most accurate one has "
    "the lowest mean e_σ over composites and networks. The chosen one is the fastest online of all "
    "that are nearly as accurate: their mean error and that of their worst network are at most "
    f"{ROOM:g} times those of the most accurate one. "
    "If no configuration counts, the table is empty. "
    "Online times are with the fastest scheme, on one thread. Training ran on one core, beside the "
    "other jobs of the study."
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
    "Networks of the greatest depth that both kinds have; all networks if the study has no such "
    "depth. The hardest load has the largest mean error over composites and networks. The last row "
    "says whether a difference is shown, with the ratio of the geometric means and its "
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


@dataclass(frozen=True)
class Opening:
    """What the report begins with.

    Attributes:
        advice: one sentence.
        numbers: values with what they are.
    """

    advice: str
    numbers: list[tuple[str, str]]


def opening(tables: StudyTables) -> Opening | None:
    """The choice in a sentence and four numbers; None where no configuration counts."""
    found = choose(tables)
    if not found:
        return None
    chosen, _ = found
    errors = chosen.networks["e_sigma"]
    loads = of_networks(tables.first_scheme_predictions, chosen.ids)["load"].nunique()
    seconds = of_networks(tables.trained, chosen.ids)["seconds"].mean()
    composites = tables.first_scheme_errors["composite"].nunique()
    worst = (
        f"; the worst of {len(errors)} networks {percent(errors.max())}" if len(errors) > 1 else ""
    )
    return Opening(
        f"Choose {configuration_name(chosen.shared)}: the fastest online of those that are nearly "
        "as accurate as the best of this study.",
        [
            (
                percent(errors.mean(), errors.std()),
                f"e_σ, the error of nonlinear stresses, mean over {composites} "
                f"{'composite' if composites == 1 else 'composites'}{worst}",
            ),
            (f"{chosen.networks['active_nodes'].mean():.0f}", "active base nodes"),
            (f"{seconds:.2g} s", "training, on one core"),
            (
                f"{_milliseconds(chosen.seconds / loads)} ms",
                "online, for a load path, on one thread",
            ),
        ],
    )


def power(tables: StudyTables, findings: pd.DataFrame) -> str:
    """What difference of e_sigma the study could find, in a sentence; nothing if it tests none.

    Args:
        tables: of the study.
        findings: findings.csv.
    """
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


def summary(
    tables: StudyTables, findings: pd.DataFrame, convergence: pd.DataFrame
) -> list[TitledTable]:
    """What a reader can act on.

    Args:
        tables: of the study.
        findings: findings.csv.
        convergence: as for `trust`.
    """
    found = choose(tables)
    chosen = [] if found is None else _chosen(tables, found[0])
    counts = findings["verdict"].value_counts()
    claims = [
        {"verdict": name, "meaning": text, "claims": str(counts.get(name, 0))}
        for name, text in MEANINGS.items()
    ]
    return [
        TitledTable("What to choose", _CHOICE, _choice(tables, found)),
        *chosen,
        TitledTable("DMN or IMN", f"{_KINDS} {_failures(tables)}", _kinds(tables)),
        TitledTable("Claims of the paper", _CLAIMS, table_of(claims, 2)),
        *trust(convergence),
    ]


def trust(convergence: pd.DataFrame) -> list[TitledTable]:
    """How far the references can be trusted.

    Args:
        convergence: as from `evaluation.measures.convergence.largest_errors`; empty in a study
            without it.
    """
    if convergence.empty:
        return []
    rows = [
        {
            "error": _MEASURES[row["measure"]][0],
            "cell": _MEASURES[row["measure"]][1].format(**row),
            "stiffness [%]": f"{100 * row['stiffness']:.2g}",
            "largest [%]": f"{100 * row['largest']:.2g}",
            "composite": spaced(row["composite"]),
            "load or stiffness": row["quantity"],
        }
        for row in records(convergence)
    ]
    return [TitledTable("Trust in the references", _TRUST, table_of(rows, 2))]


def _choice(tables: StudyTables, found: tuple[Configuration, Configuration] | None) -> Table:
    predictions = tables.first_scheme_predictions
    loads = predictions.loc[predictions["composite"] == tables.composite, "load"].nunique()
    rows = []
    for name, one in zip(("Chosen", "Most accurate"), found or (), strict=False):
        kind, layers = str(one.shared["kind"]), int(str(one.shared["layers"]))
        schemes = [scheme_name(str(scheme), kind) for scheme in one.schemes.index]
        rows.append(
            {
                "": name,
                "configuration": configuration_name(one.shared),
                "fastest scheme": schemes[0] if schemes else "–",
                "networks": str(len(one.networks)),
                "e_σ [%]": _mean(100 * one.networks["e_sigma"]),
                "training [s]": _mean(of_networks(tables.trained, one.ids)["seconds"]),
                "all loads online [ms]": _milliseconds(one.seconds),
                "one load online [ms]": _milliseconds(one.seconds / loads),
                "active base nodes": f"{_mean(one.networks['active_nodes'])} of {2**layers}",
            }
        )
    return table_of(rows, 3)


def _chosen(tables: StudyTables, chosen: Configuration) -> list[TitledTable]:
    """The schemes and the errors of the chosen configuration."""
    composite, kind = spaced(tables.composite), str(chosen.shared["kind"])
    found = records(chosen.schemes.reset_index())
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
    loads = of_networks(tables.first_scheme_predictions, chosen.ids).groupby("load")["error"].mean()
    accuracy = [
        *((f"e_σ {spaced(str(c))}", percent(e.mean(), e.std())) for c, e in by_composite),
        (f"hardest load, {loads.idxmax()}", percent(loads.max())),
        (f"easiest load, {loads.idxmin()}", percent(loads.min())),
    ]
    return [
        TitledTable("Schemes of the choice", _SCHEMES, table_of(schemes, 1)),
        TitledTable("Accuracy of the choice", _ACCURACY, pair_table(accuracy)),
    ]


def _kinds(tables: StudyTables) -> Table:
    layers, ids = compared_networks(tables)
    rows = []
    for row in records(compare_kinds(tables, ids)):
        trained = row["networks"] - row["failed"]
        rows.append(
            {
                "kind": row["kind"],
                "layers": "all" if layers is None else str(layers),
                "networks": str(row["networks"]),
                "e_C validation [%]": percentage(row, "error_validation", trained),
                "e_σ [%]": percentage(row, "e_sigma", trained),
                "hardest load": "–" if pd.isna(row["load"]) else row["load"],
                "its error": percent(row["error_mean"]),
                "failed in training": f"{row['failed']} of {row['networks']}",
                "failed online": f"{row['unconverged']} of {row['predictions']:,}",
            }
        )
    ratios = kind_ratios(tables, ids)
    differ = {
        "kind": "DMN over IMN",
        "e_C validation [%]": _difference(ratios["error_validation"]),
        "e_σ [%]": _difference(ratios["e_sigma"]),
    }
    return table_of([*rows, {head: differ.get(head, "") for head in rows[0]}], 1)


def _difference(effect: Effect | None) -> str:
    """Whether a difference is shown, and the ratio with its interval."""
    if effect is None or math.isnan(effect.low):
        return "–"
    shown = "shown" if not effect.low <= 1 <= effect.high else "not shown"
    return f"difference {shown}: {effect.estimate:.2f} ({effect.low:.2f} to {effect.high:.2f})"


def _failures(tables: StudyTables) -> str:
    total = failures(tables, list(tables.training["network"])).drop(columns="kind").sum()
    return _FAILURES.format(**{str(name): f"{count:,}" for name, count in total.items()})


def _mean(values: pd.Series) -> str:
    return mean_and_deviation(values.mean(), values.std())


def _milliseconds(seconds: float) -> str:
    return "–" if math.isnan(seconds) else f"{float(f'{1e3 * seconds:.2g}'):g}"

"""The summary of the report: tables of what to choose and how far to trust it, in fixed words."""

import math

import pandas as pd

from evaluation.findings.finding import MEANINGS
from evaluation.formatting import (
    configuration_name,
    mean_and_deviation,
    percent,
    scheme_name,
    spaced,
)
from evaluation.measures.choice import Configuration, choose
from evaluation.measures.convergence import STIFFNESS
from evaluation.measures.kinds import compare_kinds, compared_networks, failures, p_values
from evaluation.measures.statistics import SIGNIFICANCE
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, TitledTable, percentage

_CHOICE = (
    "Networks of a configuration differ in their random initialisation alone. A configuration "
    "counts only if none of its networks failed, in training or online. The most accurate one has "
    "the lowest mean e_σ over composites and networks. The chosen one is the fastest online of all "
    "that are as accurate. “As accurate” means that two tests see no difference at the "
    f"{100 * SIGNIFICANCE:g} % level: Welch's t-test finds no other mean, the F-test no larger "
    "spread. They need two networks or more. If no configuration counts, the table is empty. "
    "Online times are with the fastest scheme, on one thread. Training ran on one core, beside the "
    "other jobs of the study."
)
_SCHEMES = (
    "All online schemes that were timed, of the chosen configuration. The last column is the mean "
    "e_σ minus that of the fastest scheme."
)
_ACCURACY = (
    "Errors of the chosen configuration on nonlinear curves that its networks did not see in "
    "training. The error of a load is the mean over composites and networks."
)
_KINDS = (
    "Networks of the greatest depth that both kinds have; all networks if the study has no such "
    "depth. The hardest load has the largest mean error over composites and networks. The last row "
    "says whether the means of the kinds differ: yes if the p-value of Welch's t-test is below "
    f"{SIGNIFICANCE:g}. The test needs two networks or more of each kind."
)
_FAILURES = (
    "In the whole study {failed} of {networks} networks failed in training and {unconverged} of "
    "{predictions} predictions did not converge. No mean contains them."
)
_CLAIMS = "What this study finds on the paper's claims. The section Findings lists every claim."
_TRUST = (
    "What the convergence study says of the cell. Every error is relative, and the largest over "
    "the composites. The column stiffness is about the homogenised stiffness alone, the column "
    "largest also about the stresses of all loads. Size: between the means over the packings."
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
    claims = [[name, text, str(counts.get(name, 0))] for name, text in MEANINGS.items()]
    return [
        TitledTable("What to choose", _CHOICE, _choice(tables, found)),
        *chosen,
        TitledTable("DMN or IMN", f"{_KINDS} {_failures(tables)}", _kinds(tables)),
        TitledTable(
            "Claims of the paper", _CLAIMS, Table(["verdict", "meaning", "claims"], claims, 2)
        ),
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
    mesh, scatter, bias = convergence.to_dict("records")
    named = {
        "Mesh: distance from the finest": (
            mesh,
            f"elements of {mesh['element_size']:g} cell edges, {mesh['elements']:,.0f} elements",
        ),
        "Packing: standard deviation": (
            scatter,
            f"{scatter['packings']:.0f} packings of {scatter['fibres']:.0f} fibres",
        ),
        "Size: distance from the largest cells": (
            bias,
            f"{bias['fibres']:.0f} against {bias['largest_fibres']:.0f} fibres",
        ),
    }
    rows = [
        [
            name,
            cell,
            f"{100 * row['stiffness']:.2g}",
            f"{100 * row['largest']:.2g}",
            f"{spaced(row['composite'])}, {_quantity(row['quantity'])}",
        ]
        for name, (row, cell) in named.items()
    ]
    heads = ["error", "cell", "stiffness [%]", "largest [%]", "largest in"]
    return [TitledTable("Trust in the references", _TRUST, Table(heads, rows, 2))]


def _quantity(name: str) -> str:
    return name if name == STIFFNESS else f"load {name}"


def _choice(tables: StudyTables, found: tuple[Configuration, Configuration] | None) -> Table:
    rows = dict(zip(("Chosen", "Most accurate"), found or (), strict=False))
    predictions = tables.first_scheme_predictions
    loads = predictions.loc[predictions["composite"] == tables.composite, "load"].nunique()
    cells = []
    for name, one in rows.items():
        kind, layers = str(one.shared["kind"]), int(str(one.shared["layers"]))
        scheme = scheme_name(str(one.schemes.index[0]), kind) if len(one.schemes) else "–"
        training = of_networks(tables.trained, one.ids)["seconds"]
        cells.append(
            [
                name,
                configuration_name(one.shared),
                scheme,
                str(len(one.networks)),
                _mean(100 * one.networks["e_sigma"]),
                _mean(training),
                _milliseconds(one.seconds),
                _milliseconds(one.seconds / loads),
                f"{_mean(one.networks['active_nodes'])} of {2**layers}",
            ]
        )
    heads = [
        "",
        "configuration",
        "fastest scheme",
        "networks",
        "e_σ [%]",
        "training [s]",
        "all loads online [ms]",
        "one load online [ms]",
        "active base nodes",
    ]
    return Table(heads, cells, 3)


def _chosen(tables: StudyTables, chosen: Configuration) -> list[TitledTable]:
    """The schemes and the errors of the chosen configuration."""
    fastest = chosen.schemes.iloc[:1]
    schemes = [
        [
            scheme_name(str(scheme), str(chosen.shared["kind"])),
            _milliseconds(row["seconds"]),
            f"{row['seconds'] / fastest['seconds'].item():.2g}",
            f"{100 * row['e_sigma']:.3g}",
            f"{100 * (row['e_sigma'] - fastest['e_sigma'].item()):z.2f}",
        ]
        for scheme, row in chosen.schemes.iterrows()
    ]
    composite = spaced(tables.composite)
    heads = [
        "scheme",
        f"all loads of {composite} [ms]",
        "times the fastest",
        f"e_σ {composite} [%]",
        "difference [percentage points]",
    ]
    errors = of_networks(tables.first_scheme_errors, chosen.ids)
    by_composite = errors.groupby("composite", sort=False)["e_sigma"]
    loads = of_networks(tables.first_scheme_predictions, chosen.ids).groupby("load")["error"].mean()
    accuracy = [
        *([f"e_σ {spaced(str(c))}", percent(e.mean(), e.std())] for c, e in by_composite),
        [f"hardest load, {loads.idxmax()}", percent(loads.max())],
        [f"easiest load, {loads.idxmin()}", percent(loads.min())],
    ]
    return [
        TitledTable("Schemes of the choice", _SCHEMES, Table(heads, schemes, 1)),
        TitledTable("Accuracy of the choice", _ACCURACY, Table(["", "error"], accuracy, 1)),
    ]


def _kinds(tables: StudyTables) -> Table:
    layers, ids = compared_networks(tables)
    rows = [
        [
            row["kind"],
            "all" if layers is None else str(layers),
            str(row["networks"]),
            percentage(row, "error_validation", row["networks"] - row["failed"]),
            percentage(row, "e_sigma", row["networks"] - row["failed"]),
            "–" if pd.isna(row["load"]) else row["load"],
            percent(row["error_mean"]),
            f"{row['failed']} of {row['networks']}",
            f"{row['unconverged']} of {row['predictions']:,}",
        ]
        for row in compare_kinds(tables, ids).to_dict("records")
    ]
    p = p_values(tables, ids)
    difference = [_difference(p[name]) for name in ("error_validation", "e_sigma")]
    rows.append(["do they differ?", "", "", *difference, "", "", "", ""])
    heads = [
        "kind",
        "layers",
        "networks",
        "e_C validation [%]",
        "e_σ [%]",
        "hardest load",
        "its error",
        "failed in training",
        "failed online",
    ]
    return Table(heads, rows, 1)


def _difference(p: float) -> str:
    if math.isnan(p):
        return "–"
    return f"{'yes' if p < SIGNIFICANCE else 'no'} (p = {p:.2g})"


def _failures(tables: StudyTables) -> str:
    total = failures(tables, list(tables.training["network"])).drop(columns="kind").sum()
    return _FAILURES.format(**{str(name): f"{count:,}" for name, count in total.items()})


def _mean(values: pd.Series) -> str:
    return mean_and_deviation(values.mean(), values.std())


def _milliseconds(seconds: float) -> str:
    return "–" if math.isnan(seconds) else f"{float(f'{1e3 * seconds:.2g}'):g}"

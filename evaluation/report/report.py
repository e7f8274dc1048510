"""The report of a study: one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evaluation.findings.finding import RULE as FINDINGS_RULE
from evaluation.findings.finding import VERDICTS
from evaluation.measures.convergence import conclusion
from evaluation.measures.statistics import configurations, training_times, with_schemes
from evaluation.measures.tables import Measured, among
from evaluation.report.advice import CHOICE_RULE, advice
from evaluation.report.assumptions import assumptions, shortness
from evaluation.report.captions import captions, shared, stresses_caption
from evaluation.report.departures import departures
from evaluation.report.tables import (
    LINEAR_ERRORS,
    Table,
    error_table,
    load_table,
    measures_table,
    pair_table,
    stress_errors,
    training_table,
    training_time_table,
)
from evaluation.report.titles import SECTIONS, lacking, number, section_of, title
from evaluation.report.verdict import RULE, judged, verdict
from evaluation.report.words import percent, spaced

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Results:
    """All that the report tells of.

    Attributes:
        config: the resolved configuration.
        config_text: the same, as its file reads.
        manifest: the content of manifest.json.
        statistics: the content of statistics.json.
        measured: of the networks; None in a study that trains none.
        findings: findings.csv; without rows in such a study.
        convergence: convergence_mesh.csv and convergence_packing.csv, or nothing.
        newton_iterations: of all reference simulations.
        predicted: name of a figure -> sweep and composite whose predicted stresses it shows.
        figures: name, as fig05 -> its SVG.
    """

    config: Mapping[str, Any]
    config_text: str
    manifest: Mapping[str, Any]
    statistics: Mapping[str, Any]
    measured: Measured | None
    findings: pd.DataFrame
    convergence: Sequence[pd.DataFrame]
    newton_iterations: int
    predicted: Mapping[str, tuple[str, str]]
    figures: Mapping[str, bytes]


def render(results: Results) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spaced"] = spaced
    environment.filters["symbols"] = _symbols
    measured, figures = results.measured, _figures(results)
    return environment.get_template("report.html.j2").render(
        study=results.config["study"],
        date=f"{datetime.fromisoformat(results.manifest['date']):%-d %B %Y, %H:%M} UTC",
        networks=None if measured is None else _networks(results, measured),
        convergence=_convergence(results),
        sections=[
            {
                "id": section.id,
                "title": section.title,
                "figures": [f for f in figures if section_of(f["name"]) == section.id],
                "lacking": [] if measured is None else lacking(section, results.figures),
                "findings": _claims(results.findings, section.claims),
                "tables": [] if measured is None else _tables(section.id, measured, results),
            }
            for section in SECTIONS
            if measured is not None or section.id == "references"
        ],
        complete=_complete(results),
        assumptions=pair_table(assumptions(results.config, results.statistics)),
        departures=pair_table(departures(results.config)),
        cell=_cell(results),
        machine=_machine(results.manifest),
        packages=pair_table(list(results.manifest["packages"].items())),
        config_text=results.config_text,
    )


def _networks(results: Results, measured: Measured) -> dict[str, Any]:
    """What the summary and the findings tell of the networks."""
    chosen = with_schemes(measured.predictions, measured.first_schemes)
    depth = measured.comparisons.depth
    failed = measured.training[measured.training["status"] != "ok"]
    return {
        "advice": advice(measured, results.findings, _convergence(results)),
        "choice_rule": CHOICE_RULE,
        "verdict": verdict(measured.training, chosen, measured.chosen, depth),
        "rule": RULE,
        "short": shortness(
            results.config, int(measured.training["samples"].max()), results.statistics
        ),
        "failed": pair_table(list(zip(failed["network"], failed["reason"], strict=True))),
        "findings": results.findings.fillna("").to_dict("records"),
        "findings_rule": FINDINGS_RULE,
        "counts": {v: int((results.findings["verdict"] == v).sum()) for v in VERDICTS},
        "control": measured.control,
        "schemes": measured.first_schemes,
        "shared": shared(measured.training),
    }


def _claims(findings: pd.DataFrame, sections: Sequence[str]) -> list[dict[Hashable, Any]]:
    """The findings on the claims of sections of the paper."""
    if findings.empty:
        return []
    first = findings["section"].str.split(", ").str[0]
    return findings[first.isin(sections)].fillna("").to_dict("records")


def _tables(section: str, measured: Measured, results: Results) -> list[tuple[str, str, Table]]:
    """Title, explanation and table of what belongs to a section."""
    comparisons = measured.comparisons
    composites = list(results.config["composites"])
    timed = f"Predictions of {spaced(measured.composite)}; mean ± standard deviation."
    every_scheme = measured.errors[measured.errors["composite"] == measured.composite]
    of_depth = among(every_scheme, comparisons.depth_networks)
    of_depth = of_depth.sort_values(["kind", "layers"], kind="stable")
    found: list[tuple[str, str, Table]] = []
    if section == "data" and comparisons.batches:
        rows = _configurations(measured, comparisons.batch_networks)
        table = error_table(rows, LINEAR_ERRORS | stress_errors(composites))
        found.append(("Errors by data and batch size", shared(measured.training), table))
    elif section == "regularisation":
        swept = ("eta", "η", comparisons.eta), ("xi", "ξ", comparisons.xi)
        for parameter, name, ids in swept:
            if ids:
                rows = among(measured.timed, ids).sort_values(["kind", "layers", parameter])
                table = measures_table(rows)
                found.append((f"Accuracy and cost by {name}", timed, table))
    elif section == "training":
        if comparisons.depth:
            rows = _configurations(measured, comparisons.depth_networks)
            rows = rows.sort_values(["kind", "layers"])
            found.append(("Trained networks by depth", _SEEDS, training_table(rows)))
        times = training_times(measured.timing)
        found.append(("Training time", _TRAINING_TIME, training_time_table(times)))
    elif section in ("residual", "newton"):
        kind = {"residual": "DMN", "newton": "IMN"}[section]
        rows = of_depth[of_depth["kind"] == kind]
        if len(rows):
            found.append((f"Schemes of {kind}", timed, measures_table(rows)))
    elif section == "online" and comparisons.depth:
        rows = with_schemes(of_depth, measured.first_schemes)
        found.append(("DMN and IMN by depth", timed, measures_table(rows)))
    elif section == "beyond":
        rows = _configurations(measured, list(measured.training["network"]))
        table = error_table(rows, LINEAR_ERRORS | stress_errors(composites))
        found.append(("All networks", _SEEDS, table))
        found += _load_tables(measured)
    return found


def _load_tables(measured: Measured) -> list[tuple[str, str, Table]]:
    """Errors by composite and load, and along the study's own paths."""
    place, ids = judged(measured.training, measured.comparisons.depth)
    words = f"Relative stress error, {place}; mean ± standard deviation over the networks."
    chosen = with_schemes(among(measured.predictions, ids), measured.first_schemes)
    found = [("Errors by composite and load", words, load_table(chosen))]
    paths = among(measured.path_predictions, ids)
    if len(paths):
        table = load_table(with_schemes(paths, measured.first_schemes))
        found.append(("Errors along the load paths of this study", words, table))
    return found


_SEEDS = "A row holds the networks that differ in their seed alone; failed ones are in no mean."
_TRAINING_TIME = (
    "One thread, alone on the machine, median of the repeats. The backend fused is compiled and "
    "cuts dead subtrees out; torch is PyTorch with all nodes, as in the paper, but its ratios are "
    "not the paper's either, which are of 20 cores: here a DMN turns its base nodes alone."
)


def _convergence(results: Results) -> list[str]:
    """What the convergence study says of the study's cell, if there is one."""
    rve = results.config["rve"]
    if not results.convergence:
        return []
    mesh, packing = results.convergence
    return conclusion(mesh, packing, rve["element_size"], rve["fibres"])


def _complete(results: Results) -> dict[str, tuple[int, str]]:
    """Every table of the study, as its file reads: name -> number of rows and text."""
    measured = results.measured
    frames = {"findings": results.findings}
    if measured is not None:
        frames |= {"training": measured.training, "online": measured.online}
        frames |= {"timing": measured.timing}
    names = ("convergence_mesh", "convergence_packing")
    frames |= dict(zip(names, results.convergence, strict=False))
    return {
        # A closing tag in a text would end the element that holds the table.
        f"{name}.csv": (len(frame), frame.to_csv(index=False).replace("</", "<\\/"))
        for name, frame in frames.items()
        if len(frame)
    }


def _symbols(text: str) -> Markup:
    """Text with e_C and e_σ set as symbols with a subscript."""
    return Markup(re.sub(r"\be_([Cσ])", r"<i>e</i><sub>\1</sub>", str(escape(text))))


def _configurations(measured: Measured, ids: Sequence[str]) -> pd.DataFrame:
    return configurations(among(measured.training, ids), among(measured.chosen, ids))


def _figures(results: Results) -> list[dict[str, str]]:
    measured, control = results.measured, str(results.config["online"]["controls"][0])
    words = captions(measured, "centres" in results.statistics, control)
    if measured is not None:
        words |= {
            name: stresses_caption(measured, sweep, composite)
            for name, (sweep, composite) in results.predicted.items()
        }
    return [
        {
            "name": name,
            "title": title(name),
            "number": number(name),
            "caption": words[name],
            "data": b64encode(svg).decode("ascii"),
        }
        for name, svg in results.figures.items()
    ]


def _cell(results: Results) -> Table:
    values = results.statistics
    return pair_table(
        [
            ("Fibres", values["fibres"]),
            *(_packing(values) if "centres" in values else _own_cell(values)),
            ("Fibre fraction, meshed", percent(values["volume_fraction_meshed"])),
            ("Elements", f"{values['elements']:,}"),
            ("Unknowns", f"{values['unknowns']:,}"),
            ("Element quality, least", values["element_quality_minimum"]),
            ("Element quality, mean", values["element_quality_mean"]),
            ("Newton iterations of all references", f"{results.newton_iterations:,}"),
        ]
    )


def _packing(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    nearest = values["nearest_neighbour_mean"], values["nearest_neighbour_standard_deviation"]
    return [
        ("Fibre radius [cell edges]", values["fibre_radius"]),
        ("Fibre fraction, packed", percent(values["volume_fraction_packed"])),
        ("Smallest gap [fibre radii]", values["smallest_gap_over_radius"]),
        ("Nearest neighbour [cell edges]", "{:.4f} ± {:.4f}".format(*nearest)),
    ]


def _own_cell(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    edges = "{:g} × {:g}".format(*values["cell_edges"])
    return [("Cell edges [unit of the mesh file]", edges)]


def _machine(manifest: Mapping[str, Any]) -> Table:
    machine = manifest["machine"]
    commit = manifest["git_commit"] or "not in a git repository"
    if manifest["git_dirty"]:
        commit += ", with changes that are not committed"
    seeds = [
        (f"Seeds: {name}", ", ".join(map(str, seeds))) for name, seeds in manifest["seeds"].items()
    ]
    return pair_table(
        [
            ("Date", manifest["date"]),
            ("Commit", commit),
            ("Processor", machine["cpu"]),
            ("Cores", machine["cores"]),
            ("Memory [GiB]", machine["memory_gib"]),
            ("System", machine["system"]),
            ("Python", manifest["python"]),
            *seeds,
        ]
    )

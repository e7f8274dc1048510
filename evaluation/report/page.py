"""The report of a study: one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evaluation.claims.catalogue import RULE
from evaluation.claims.claim import MEANINGS
from evaluation.figures.catalogue import all_figures
from evaluation.formatting import percent, scheme_name
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.convergence import largest_errors
from evaluation.measures.tables import StudyTables
from evaluation.report.assumptions import assumptions, short_training
from evaluation.report.differences_from_paper import differences_from_paper
from evaluation.report.sections import SECTIONS, Section, missing_figures
from evaluation.report.summary import opening, power, summary, trust
from evaluation.report.tables import Table, pair_table

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_ROWS = 20_000
"""Of a table in the page; a browser takes seconds for more."""


@dataclass(frozen=True)
class PageContent:
    """All that the report tells of.

    Attributes:
        config: the resolved configuration.
        config_text: the same, as its file reads.
        manifest: the content of manifest.json.
        statistics: the content of statistics.json.
        study: its settings, with the tables of its networks if it trains any.
        findings: findings.csv; without rows in such a study.
        convergence: convergence_mesh.csv and convergence_packing.csv, or nothing.
        newton_iterations: of all reference simulations.
        remarks: sentences on what in the study is admissible, but looks like a mistake.
        large_strains: sentences on references that leave small strains.
        figures: name, as fig05 -> its SVG.
    """

    config: Mapping[str, Any]
    config_text: str
    manifest: Mapping[str, Any]
    statistics: Mapping[str, Any]
    study: StudySettings
    findings: pd.DataFrame
    convergence: Sequence[pd.DataFrame]
    newton_iterations: int
    remarks: Sequence[str]
    large_strains: Sequence[str]
    figures: Mapping[str, bytes]

    @property
    def tables(self) -> StudyTables | None:
        """Those of the networks; None in a study that trains none."""
        return self.study if isinstance(self.study, StudyTables) else None


def render(content: PageContent) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["symbols"] = _symbols
    tables, figures = content.tables, _figures(content)
    return environment.get_template("report.html.j2").render(
        study=content.config["study"],
        date=f"{datetime.fromisoformat(content.manifest['date']):%-d %B %Y, %H:%M} UTC",
        networks=None if tables is None else _networks(content, tables),
        overview={f["name"]: f for f in figures if f["section"] in ("summary", "findings")},
        trust=[] if tables is not None else trust(_trusted(content)),
        sections=[
            {
                "id": section.id,
                "title": section.title,
                "figures": [figure for figure in figures if figure["section"] == section.id],
                "notes": _notes(section, content),
                "findings": _claims(content.findings, section.claims),
                "tables": [] if tables is None else [t for t in section.tables(tables) if t.rows],
            }
            for section in SECTIONS
            if _present(section, tables)
        ],
        complete=_complete(content),
        too_long={n: len(t) for n, t in _tables(content).items() if len(t) > _MOST_ROWS},
        remarks=content.remarks,
        assumptions=pair_table(assumptions(content.config, content.statistics)),
        differences=pair_table(differences_from_paper(content.config)),
        cell=_cell(content),
        machine=_machine(content.manifest),
        packages=pair_table(list(content.manifest["packages"].items())),
        config_text=content.config_text,
    )


def _present(section: Section, tables: StudyTables | None) -> bool:
    """Whether a section has its place in the report of a study."""
    if tables is None:
        return section.id == "references"
    compared = tables.comparisons
    return section.id != "reliable" or bool(compared.recipes or compared.ablation)


def _notes(section: Section, content: PageContent) -> list[str]:
    """What is to be known of the curves of a section, and which figures it lacks."""
    figures = all_figures(content.study).values()
    of_section = [figure for figure in figures if figure.section == section.id]
    found = [] if content.tables is None else missing_figures(of_section, content.study)
    return [*found, *(content.large_strains if section.id == "references" else ())]


def _networks(content: PageContent, tables: StudyTables) -> dict[str, Any]:
    """What the summary and the findings tell of the networks."""
    samples = int(tables.training["samples"].max())
    failed = tables.training[tables.training["status"] != "ok"]
    return {
        "short": short_training(content.config, samples, content.statistics),
        "opening": opening(tables),
        "summary": summary(tables, content.findings, _trusted(content)),
        "failed": pair_table(list(zip(failed["network"], failed["reason"], strict=True))),
        "findings": _texts(content.findings),
        "rule": f"{RULE} {power(tables, content.findings)}",
        "beside": content.config["findings"].get("beside"),
        "counts": {v: int((content.findings["verdict"] == v).sum()) for v in MEANINGS},
        "control": tables.control,
        "schemes": {k: scheme_name(scheme, k) for k, scheme in tables.first_schemes.items()},
    }


def _trusted(content: PageContent) -> pd.DataFrame:
    """The errors of the study's cell, if there is a convergence study."""
    if not content.convergence:
        return pd.DataFrame()
    (mesh, packing), rve = content.convergence, content.config["rve"]
    return largest_errors(mesh, packing, rve["element_size"], rve["fibres"])


def _claims(findings: pd.DataFrame, sections: Sequence[str]) -> list[dict[Hashable, Any]]:
    """The findings on the claims of sections of the paper."""
    if findings.empty:
        return []
    first = findings["section"].str.split(", ").str[0]
    return _texts(findings[first.isin(sections)])


def _texts(findings: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Rows with empty texts where there is nothing."""
    return findings.astype(object).where(findings.notna(), "").to_dict("records")


def _tables(content: PageContent) -> dict[str, pd.DataFrame]:
    """Every table of the study that has rows, by the name of its file."""
    tables = content.tables
    frames = {"findings": content.findings}
    if tables is not None:
        frames |= {"training": tables.training, "online": tables.online}
        frames |= {"timing": tables.timing, "ensembles": tables.ensembles}
    names = ("convergence_mesh", "convergence_packing")
    frames |= dict(zip(names, content.convergence, strict=False))
    return {f"{name}.csv": frame for name, frame in frames.items() if len(frame)}


def _complete(content: PageContent) -> dict[str, tuple[int, str]]:
    """Every table that is not too long, as its file reads: name -> number of rows and text."""
    return {
        # A closing tag in a text would end the element that holds the table.
        name: (len(frame), frame.to_csv(index=False).replace("</", "<\\/"))
        for name, frame in _tables(content).items()
        if len(frame) <= _MOST_ROWS
    }


def _symbols(text: str) -> Markup:
    """Text with e_C and e_σ set as symbols with a subscript."""
    return Markup(re.sub(r"\be_([Cσ])", r"<i>e</i><sub>\1</sub>", str(escape(text))))


def _figures(content: PageContent) -> list[dict[str, str]]:
    known = all_figures(content.study)
    return [
        {
            "name": name,
            "section": known[name].section,
            "title": known[name].title,
            "number": known[name].number,
            "caption": known[name].described(content.study),
            "data": b64encode(svg).decode("ascii"),
        }
        for name, svg in content.figures.items()
    ]


def _cell(content: PageContent) -> Table:
    values = content.statistics
    return pair_table(
        [
            ("Fibres", values["fibres"]),
            *(_packing(values) if "centres" in values else _own_cell(values)),
            ("Fibre fraction, meshed", percent(values["volume_fraction_meshed"])),
            ("Elements", f"{values['elements']:,}"),
            ("Unknowns", f"{values['unknowns']:,}"),
            ("Element quality, least", values["element_quality_minimum"]),
            ("Element quality, mean", values["element_quality_mean"]),
            ("Newton iterations of all references", f"{content.newton_iterations:,}"),
        ]
    )


def _packing(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    nearest = (values[f"nearest_neighbour_{name}"] for name in ("mean", "standard_deviation"))
    return [
        ("Fibre radius [cell edges]", values["fibre_radius"]),
        ("Fibre fraction, packed", percent(values["volume_fraction_packed"])),
        ("Smallest gap [fibre radii]", values["smallest_gap_over_radius"]),
        ("Nearest neighbour [cell edges]", "{:.4f} ± {:.4f}".format(*nearest)),
    ]


def _own_cell(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    vectors = np.array(values["lattice_vectors"])
    first, second = lengths = np.linalg.norm(vectors, axis=1)
    angle = np.degrees(np.arccos(vectors[0] @ vectors[1] / np.prod(lengths)))
    edges = "Lattice vectors [unit of the mesh file]", f"{first:g} × {second:g}"
    return [edges, ("Angle between them [°]", f"{angle:g}")]


def _machine(manifest: Mapping[str, Any]) -> Table:
    machine = manifest["machine"]
    commit = manifest["git_commit"] or "not in a git repository"
    if manifest["git_dirty"]:
        commit += ", with changes that are not committed"
    seeds = {f"Seeds: {name}": ", ".join(map(str, of)) for name, of in manifest["seeds"].items()}
    return pair_table(
        [
            ("Date", manifest["date"]),
            ("Commit", commit),
            ("Processor", machine["cpu"]),
            ("Cores", machine["cores"]),
            ("Memory [GiB]", machine["memory_gib"]),
            ("System", machine["system"]),
            ("Python", manifest["python"]),
            *seeds.items(),
        ]
    )

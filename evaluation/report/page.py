"""The report of a study: one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment
from markupsafe import Markup, escape

from evaluation.claims.catalogue import RULE
from evaluation.claims.claim import MEANINGS
from evaluation.figures.catalogue import all_figures
from evaluation.figures.figure import StudyFigure
from evaluation.formatting import scheme_name, spaced
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.convergence import largest_errors
from evaluation.measures.tables import StudyTables
from evaluation.report import statements
from evaluation.report.composite import composite_page
from evaluation.report.sections import SECTIONS, Section, missing_figures
from evaluation.report.summary import opening, power, summary, trust
from evaluation.report.tables import pair_table
from rve.microstructure.phases import PHASES

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
        findings: findings.csv; without rows in a study that tests no claim of the paper.
        convergence: convergence_mesh.csv and convergence_packing.csv, or nothing.
        constants: constants.csv.
        networks: networks.csv; without rows in a study that trains none.
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
    constants: pd.DataFrame
    networks: pd.DataFrame
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
    environment = Environment(**statements.TEMPLATES, autoescape=True)
    environment.filters |= {"spaced": spaced, "symbols": _symbols, "csv": _csv, "base64": _base64}
    tables, known = content.tables, all_figures(content.study)
    figures = [known[name] for name in content.figures]
    shared: dict[str, Any] = {
        "content": content,
        "study": content.config["study"],
        "date": f"{datetime.fromisoformat(content.manifest['date']):%-d %B %Y, %H:%M} UTC",
        "machine": pair_table(statements.pairs("machine", **content.manifest)),
        "packages": pair_table(list(content.manifest["packages"].items())),
        "frames": _frames(content),
        "most_rows": _MOST_ROWS,
    }
    if tables is not None and tables.of_composites:
        shared["frames"] |= {"networks.csv": content.networks, "constants.csv": content.constants}
        return environment.get_template("composite.html.j2").render(
            **shared,
            figures={figure.name: figure for figure in figures},
            page=composite_page(tables, content.constants, content.config, content.statistics),
        )
    sections = [_section(section, content, figures) for section in SECTIONS]
    said = {
        "assumptions": statements.assumptions(content.config, content.statistics),
        "differences": statements.differences_from_paper(content.config),
        "cell": statements.pairs("cell", **_cell(content)),
    }
    return environment.get_template("report.html.j2").render(
        **{name: pair_table(rows) for name, rows in said.items()},
        **shared,
        networks=None if tables is None else _networks(content, tables),
        overview={f.name: f for f in figures if f.section in ("summary", "findings")},
        trust=[] if tables is not None else trust(_trusted(content)),
        sections=[one for one in sections if one["figures"] or one["notes"] or one["tables"]],
    )


def _section(
    section: Section, content: PageContent, figures: Sequence[StudyFigure]
) -> dict[str, Any]:
    """What a section shows; of what a study lacks, it says so where it tests claims."""
    tables, every = content.tables, all_figures(content.study).values()
    tested = not content.findings.empty
    lacking = [one for one in every if one.section == section.id] if tested else []
    strains = content.large_strains if section.id == "references" else ()
    return {
        "id": section.id,
        "title": section.title,
        "figures": [figure for figure in figures if figure.section == section.id],
        "notes": [*missing_figures(lacking, content.study), *strains],
        "findings": _claims(content.findings, section.claims),
        "tables": [table for table in section.tables(tables) if table.rows] if tables else [],
    }


def _networks(content: PageContent, tables: StudyTables) -> dict[str, Any]:
    """What the summary and the findings tell of the networks."""
    samples = int(tables.training["samples"].max())
    failed = tables.training[tables.training["status"] != "ok"]
    return {
        "short": statements.short_training(content.config, samples, content.statistics),
        "opening": opening(tables),
        "summary": summary(tables, content.findings, _trusted(content)),
        "failed": pair_table(list(zip(failed["network"], failed["reason"], strict=True))),
        "control": tables.control,
        "schemes": {k: scheme_name(scheme, k) for k, scheme in tables.first_schemes.items()},
        **_judged(content, tables),
    }


def _judged(content: PageContent, tables: StudyTables) -> dict[str, Any]:
    """What the findings tell; nothing where no claim is tested."""
    findings = content.findings
    if findings.empty:
        return {"findings": []}
    return {
        "findings": _texts(findings),
        "rule": f"{RULE} {power(tables, findings)}",
        "beside": content.config["findings"].get("beside"),
        "counts": {v: int((findings["verdict"] == v).sum()) for v in MEANINGS},
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


def _frames(content: PageContent) -> dict[str, pd.DataFrame]:
    """Every table of the study that has rows, by the name of its file."""
    tables = content.tables
    frames = {"findings": content.findings}
    if tables is not None:
        names = "training", "online", "timing", "ensembles"
        frames |= {name: getattr(tables, name) for name in names}
    frames |= dict(
        zip(("convergence_mesh", "convergence_packing"), content.convergence, strict=False)
    )
    return {f"{name}.csv": frame for name, frame in frames.items() if len(frame)}


def _cell(content: PageContent) -> dict[str, Any]:
    """What was measured of the cell, with the lengths of its edges and the angle between them."""
    vectors = np.array(content.statistics["lattice_vectors"])
    lengths = np.linalg.norm(vectors, axis=1)
    angle = np.degrees(np.arccos(vectors[0] @ vectors[1] / np.prod(lengths)))
    iterations = content.newton_iterations
    fractions = content.statistics.get("volume_fractions", {})
    return {
        "cell": content.statistics,
        "phases": {} if set(fractions) <= set(PHASES) else fractions,
        "lengths": lengths,
        "angle": angle,
        "iterations": iterations,
    }


def _symbols(text: str) -> Markup:
    """Text with e_C and e_σ set as symbols with a subscript."""
    return Markup(re.sub(r"\be_([Cσ])", r"<i>e</i><sub>\1</sub>", str(escape(text))))


def _csv(frame: pd.DataFrame) -> Markup:
    """A table as its file reads; a closing tag in a text would end the element that holds it."""
    return Markup(frame.to_csv(index=False).replace("</", "<\\/"))


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")

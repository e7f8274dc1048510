"""All claims of the paper, each with the verdict of this study, as a list and as a table."""

import pandas as pd

from evaluation.claims.data import data_findings
from evaluation.claims.depth import online_findings, training_findings
from evaluation.claims.finding import Finding
from evaluation.claims.regularisation import regularisation_findings
from evaluation.claims.schemes import scheme_findings
from evaluation.claims.verdicts import decided, judged
from evaluation.measures.tables import StudyTables

COLUMNS = [
    "id",
    "claim",
    "section",
    "quote",
    "place",
    "paper",
    "ours",
    "implementation",
    "uncertainty",
    "p",
    "seeds",
    "verdict",
    "times_as_many",
    "reason",
    "evidence",
    "beside_ours",
    "beside_verdict",
]


_SECTIONS = {"A": "3.1", "B": "3.1"}
"""Appendix -> the section that it continues."""


def findings(tables: StudyTables) -> list[Finding]:
    """Every claim, in the paper's order, with the verdict of all looks of the study."""
    if not tables.looks:
        return judged(_found(tables))
    return decided([(seeds, _found(tables.up_to(seeds))) for seeds in tables.looks])


def _found(tables: StudyTables) -> list[Finding]:
    """Every claim, not yet judged together."""
    return [
        *data_findings(tables),
        *regularisation_findings(tables),
        *training_findings(tables),
        *scheme_findings(tables),
        *online_findings(tables),
    ]


def findings_table(found: list[Finding], beside: pd.DataFrame | None = None) -> pd.DataFrame:
    """One claim a row, with the columns of findings.csv.

    Args:
        found: all claims.
        beside: findings.csv of another study, whose verdicts stand in the last columns.
    """
    other: dict[str, tuple[str | None, str | None]] = {}
    if beside is not None:
        other = {str(row["id"]): (row["ours"], row["verdict"]) for row in beside.to_dict("records")}
    rows = [
        (
            finding.id,
            finding.claim.text,
            finding.claim.section,
            finding.claim.quote.text,
            finding.claim.quote.place,
            finding.claim.claimed.text,
            finding.ours,
            finding.implementation,
            finding.uncertainty,
            finding.p,
            finding.seeds,
            finding.verdict,
            finding.times_as_many,
            finding.explanation,
            finding.claim.figure,
            *other.get(finding.id, (None, None)),
        )
        for finding in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


INTERVALS = [
    "id",
    "section",
    "part",
    "estimate",
    "low",
    "high",
    "paper_low",
    "paper_high",
    "verdict",
]


def intervals_table(found: list[Finding]) -> pd.DataFrame:
    """One ratio of a claim a row, with the columns of intervals.csv."""
    rows = [
        (
            finding.id,
            _SECTIONS.get(section := finding.claim.section.split(",")[0], section),
            effect.part,
            effect.estimate,
            effect.low,
            effect.high,
            finding.claim.claimed.low,
            finding.claim.claimed.high,
            finding.verdict,
        )
        for finding in found
        for effect in finding.effects
    ]
    return pd.DataFrame(rows, columns=INTERVALS)

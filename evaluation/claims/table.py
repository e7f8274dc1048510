"""All claims of the paper, each with the verdict of this study, as a list and as a table."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import Finding
from evaluation.claims.verdicts import decide, judge
from evaluation.measures.effects import Effect
from evaluation.measures.tables import StudyTables

_APPENDICES = {"A": "3.1", "B": "3.1"}
"""Appendix -> the section that it continues."""

_FINDINGS: Mapping[str, Callable[[Finding], Any]] = {
    "id": lambda found: found.id,
    "claim": lambda found: found.claim.text,
    "section": lambda found: found.claim.sections,
    "quote": lambda found: found.sentence.quote,
    "place": lambda found: f"{found.sentence.section}, paragraph {found.sentence.paragraph}",
    "paper": lambda found: found.claim.claimed.text,
    "ours": lambda found: found.ours,
    "implementation": lambda found: found.claim.implementation,
    "uncertainty": lambda found: found.uncertainty,
    "p": lambda found: found.p,
    "seeds": lambda found: found.seeds,
    "verdict": lambda found: found.verdict,
    "times_as_many": lambda found: found.times_as_many,
    "reason": lambda found: found.explanation,
    "evidence": lambda found: found.sentence.figure,
}

_INTERVALS: Mapping[str, Callable[[Finding, Effect], Any]] = {
    "id": lambda found, _: found.id,
    "section": lambda found, _: _APPENDICES.get(found.sentence.section, found.sentence.section),
    "part": lambda _, effect: effect.part,
    "estimate": lambda _, effect: effect.estimate,
    "low": lambda _, effect: effect.low,
    "high": lambda _, effect: effect.high,
    "paper_low": lambda found, _: found.claim.claimed.low,
    "paper_high": lambda found, _: found.claim.claimed.high,
    "verdict": lambda found, _: found.verdict,
}

COLUMNS = [*_FINDINGS, "beside_ours", "beside_verdict"]
"""Of findings.csv."""

INTERVALS = list(_INTERVALS)
"""Columns of intervals.csv."""


def findings(tables: StudyTables) -> list[Finding]:
    """Every claim, in the paper's order, with the verdict of all looks of the study."""

    def found(tables: StudyTables) -> list[Finding]:
        return [claim.finding(tables) for claim in CLAIMS.values()]

    if not tables.looks:
        return judge(found(tables))
    return decide([(seeds, found(tables.up_to(seeds))) for seeds in tables.looks])


def findings_table(found: list[Finding], beside: pd.DataFrame | None = None) -> pd.DataFrame:
    """One claim a row, with the columns of findings.csv.

    `beside` is findings.csv of another study, whose verdicts stand in the last columns.
    """
    other = pd.DataFrame(columns=["id", "ours", "verdict"]) if beside is None else beside
    other = other.set_index("id")[["ours", "verdict"]].astype(object)
    rows = [
        (
            *(value(one) for value in _FINDINGS.values()),
            *(other.loc[one.id] if one.id in other.index else (None, None)),
        )
        for one in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def intervals_table(found: list[Finding]) -> pd.DataFrame:
    """One ratio of a claim a row, with the columns of intervals.csv."""
    rows = [
        [value(one, effect) for value in _INTERVALS.values()]
        for one in found
        for effect in one.effects
    ]
    return pd.DataFrame(rows, columns=INTERVALS)

"""All claims of the paper, each with the verdict of this study, as a list and as a table."""

from operator import attrgetter

import pandas as pd

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import Finding
from evaluation.claims.verdicts import decide, judge
from evaluation.measures.tables import StudyTables

_APPENDICES = {"A": "3.1", "B": "3.1"}
"""Appendix -> the section that it continues."""

_FINDINGS = {
    "id": "claim.id",
    "claim": "claim.text",
    "section": "claim.sections",
    "quote": "claim.sentence.quote",
    "place": "claim.sentence.place",
    "paper": "claim.claimed.text",
    "ours": "ours",
    "implementation": "claim.implementation",
    "uncertainty": "uncertainty",
    "p": "p",
    "seeds": "seeds",
    "verdict": "verdict",
    "times_as_many": "times_as_many",
    "reason": "explanation",
    "evidence": "claim.sentence.figure",
}
"""Column of findings.csv -> what it is of a `Finding`."""

COLUMNS = [*_FINDINGS, "beside_ours", "beside_verdict"]
"""Of findings.csv."""

INTERVALS = [
    *("id", "section", "part", "estimate", "low", "high"),
    *("paper_low", "paper_high", "verdict"),
]
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
    table = pd.DataFrame(map(attrgetter(*_FINDINGS.values()), found), columns=[*_FINDINGS])
    if beside is None:
        return table.reindex(columns=COLUMNS)
    other = beside[["id", "ours", "verdict"]].set_index("id").add_prefix("beside_")
    return table.join(other, on="id")


def if_any_tested(findings: pd.DataFrame) -> pd.DataFrame:
    """findings.csv as it is; without rows where the study has nothing to test a claim by."""
    return findings if (findings["verdict"] != "not tested").any() else findings[:0]


def intervals_table(found: list[Finding]) -> pd.DataFrame:
    """One ratio of a claim a row, with the columns of intervals.csv."""
    rows = []
    for one in found:
        id, claimed, section = one.claim.id, one.claim.claimed, one.claim.sentence.section
        rows += [
            (
                *(id, _APPENDICES.get(section, section)),
                *(effect.part, effect.estimate, effect.low, effect.high),
                *(claimed.low, claimed.high, one.verdict),
            )
            for effect in one.effects
        ]
    return pd.DataFrame(rows, columns=INTERVALS)

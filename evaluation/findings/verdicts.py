"""The rule of the verdicts: over all claims of a study, and over looks at more and more networks.

A claim has a test in either direction, see `Finding`. At a look all claims are judged together,
after Holm 1979 (Scand. J. Statist. 6, 65-70), with an equal share of the error for each look
(Bonferroni). The first look that decides a claim counts. So with 95 % no verdict of a study is
wrong. Claims on timings have no statistical interval and stand aside.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

from evaluation.findings.finding import Finding
from evaluation.measures.effects import CONFIDENCE

DECIDED = ("holds", "differs")


def judged(found: Sequence[Finding], looks: int = 1) -> list[Finding]:
    """Findings with the p of their verdicts, corrected for their number and for that of looks."""
    places = [i for i, one in enumerate(found) if one.effects and one.observations == "networks"]
    result = list(found)
    if places:
        adjusted = multipletests([found[i].p_alone for i in places], method="holm")[1]
        for i, p in zip(places, adjusted, strict=True):
            result[i] = replace(found[i], p=min(1.0, looks * float(p)))
    return result


def first_decided(by_look: Sequence[tuple[int, Sequence[Finding]]]) -> list[Finding]:
    """Each claim as the first look found it that decided it, else as the last one did.

    Args:
        by_look: networks of a configuration at each look, and all findings on them.
    """
    last: list[Finding] = []
    for seeds, found in by_look:
        now = [replace(one, seeds=seeds) for one in judged(found, len(by_look))]
        last = [
            before if before.verdict in DECIDED else after
            for before, after in zip(last or now, now, strict=True)
        ]
    return last


def detectable_ratio(seeds: int, deviation: float, claims: int, looks: int) -> float:
    """The ratio of two configurations that a look finds with a probability of 80 %.

    Args:
        seeds: networks of each configuration at the look.
        deviation: of the logarithms of the networks' values.
        claims: among which the claim is the last to be decided counts as 1, the first as all.
        looks: of the study.
    """
    level = (1 - CONFIDENCE) / looks / claims
    effect = TTestIndPower().solve_power(nobs1=seeds, alpha=level, power=0.8)
    return float(np.exp(effect * deviation))

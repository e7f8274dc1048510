"""The rule of the verdicts: over all claims of a study, and over looks at more and more networks.

A claim has three tests, see `Finding`. All claims have the same share of the error, and a look has
the share that its networks are of all (Bonferroni; linear spending of the error, Kim & DeMets 1987,
Biometrika 74, 149-154). So with 95 % no verdict of a study is wrong. Holm's steps would gain
nothing: they count the statements that are wrong, and one of a claim's three always is. Claims on
timings have no statistical interval and stand aside.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special
from scipy.optimize import brentq

from evaluation.claims.claim import Finding
from evaluation.measures.effects import CONFIDENCE


def judge(found: Sequence[Finding], share: float = 1.0) -> list[Finding]:
    """Findings with the p of their verdicts, and the level of their tests.

    `share` is that of the error that this look may spend.
    """
    tested = [bool(one.effects) and one.claim.observations == "networks" for one in found]
    factor = sum(tested) / share
    level = (1 - CONFIDENCE) / 2 / factor if factor else 1.0
    at_level = [replace(one, level=level) for one in found]
    return [
        replace(one, p=min(1.0, factor * one.p_alone)) if with_others else before
        for one, before, with_others in zip(at_level, found, tested, strict=True)
    ]


def decide(by_look: Sequence[tuple[int, Sequence[Finding]]]) -> list[Finding]:
    """Each claim as found at the first look that decides it, or at the last look if none does.

    If one look finds a difference negligible, and a later one that the claim holds or differs, the
    later verdict counts.

    `by_look` has the seeds of each look, and all findings on them.
    """
    last: list[Finding] = []
    looks = [seeds for seeds, _ in by_look]
    for (seeds, found), share in zip(by_look, shares(looks), strict=True):
        now = [replace(one, seeds=seeds) for one in judge(found, share)]
        last = [_first(before, after) for before, after in zip(last or now, now, strict=True)]
    return last


def shares(looks: Sequence[int]) -> list[float]:
    """The share of the error of each look, from the numbers of seeds at all."""
    return [float(added) / looks[-1] for added in np.diff(looks, prepend=0)]


def _first(before: Finding, after: Finding) -> Finding:
    """The finding of the look that counts; one without further networks has the seeds it had."""
    orders = "holds", "differs"
    negligible_still = before.verdict == "negligible" and after.verdict not in orders
    if before.verdict in orders or negligible_still:
        return before
    return replace(after, seeds=before.seeds) if after.effects == before.effects else after


def detectable_ratio(seeds: int, deviation: float, claims: int, share: float) -> float:
    """The ratio of two configurations that a look finds with a probability of 80 %.

    From the noncentral t-distribution, whose other tail is left out. The deviation is that of the
    logarithms of the networks' values; the look may spend a share of the error.
    """
    freedom = 2 * seeds - 2
    level = (1 - CONFIDENCE) / 2 * share / claims
    limit = -special.stdtrit(freedom, level)
    size = np.sqrt(seeds / 2)

    def too_often_missed(effect: float) -> float:
        return float(special.nctdtr(freedom, effect * size, limit)) - 0.2

    effect = brentq(too_often_missed, 0.0, (2 * limit + 5) / size)
    return float(np.exp(effect * deviation))

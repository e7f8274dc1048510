"""A claim of the paper, what this study finds on it, and the rule of its verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.findings.effects import CONFIDENCE, Effect
from evaluation.words import NO_BREAK

Verdict = Literal["holds", "differs", "inconclusive", "not tested"]
VERDICTS: tuple[Verdict, ...] = ("holds", "differs", "inconclusive", "not tested")

MARGIN = 1.25

RULE = (
    "Every claim is read as a statement on one or more ratios, and what the paper says of them as "
    f"an interval: above or below 1 for an order, 1/{MARGIN:g} to {MARGIN:g} for “comparable” and "
    "“no effect” (the usual margin of bioequivalence), or the range of numbers that it prints, to "
    "the last digit printed. What we find is a confidence interval for each ratio, over the random "
    "initialisations or the repeats of a timing, all of a claim together at "
    f"{100 * CONFIDENCE:g} %. The claim holds when all of our intervals lie within the paper's, "
    "differs when at least one lies outside it, and is inconclusive otherwise, as when there are "
    "too few networks for an interval. It is not tested when the study has no networks, schemes or "
    "timings for it."
)


@dataclass(frozen=True)
class Claimed:
    """What the paper says of a ratio: it lies between low and high, these excluded; in words."""

    low: float
    high: float
    words: str


BELOW = Claimed(0.0, 1.0, "< 1")
ABOVE = Claimed(1.0, math.inf, "> 1")
COMPARABLE = Claimed(1 / MARGIN, MARGIN, "comparable")


def printed(low: float, high: float) -> Claimed:
    """A range as the paper prints it, with one decimal: it is known to half of that."""
    return Claimed(low - 0.05, high + 0.05, f"{low:.1f}–{high:.1f}×")


@dataclass(frozen=True)
class Finding:
    """A claim and its verdict.

    Attributes:
        id: short name.
        claim: the paper's statement, as one on ratios.
        section: of the paper.
        claimed: the paper's interval.
        effects: ours; empty where the study does not test the claim.
        evidence: figure that shows it, as fig12.
        reason: why it is as it is, as far as the data say so, or why it was not tested; or nothing.
    """

    id: str
    claim: str
    section: str
    claimed: Claimed
    effects: Sequence[Effect]
    evidence: str
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """By `RULE`."""
        if not self.effects:
            return "not tested"
        if any(e.high <= self.claimed.low or e.low >= self.claimed.high for e in self.effects):
            return "differs"
        if all(self.claimed.low < e.low and e.high < self.claimed.high for e in self.effects):
            return "holds"
        return "inconclusive"

    @property
    def ours(self) -> str:
        """Our ratio, or the range over the parts."""
        known = [e.estimate for e in self.effects if not math.isnan(e.estimate)]
        if not known:
            return "–"
        low, high = f"{min(known):.3g}", f"{max(known):.3g}"
        return f"{low}×" if low == high else f"{low}–{high}×"

    @property
    def uncertainty(self) -> str:
        """The confidence interval of each part."""
        return "; ".join(
            f"{e.part}: {_interval(e)}" if e.part else _interval(e) for e in self.effects
        )


def _interval(effect: Effect) -> str:
    if math.isnan(effect.low):
        return f"{effect.estimate:.3g} without an interval"
    return f"{effect.estimate:.3g} ({effect.low:.3g} to {effect.high:.3g})".replace(" ", NO_BREAK)

"""A claim of the paper, what this study finds on it, and the rule of its verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.formatting import NO_BREAK
from evaluation.measures.effects import CONFIDENCE, Effect

Verdict = Literal["holds", "differs", "inconclusive", "not tested"]

MEANINGS: dict[Verdict, str] = {
    "holds": "All our intervals lie inside the paper's.",
    "differs": "At least one of our intervals lies outside the paper's.",
    "inconclusive": "Neither of the two. Often there are too few networks.",
    "not tested": "The study has no networks, schemes or timings for the claim.",
}
"""Verdict -> when it is given."""

MARGIN = 1.25

RULE = (
    "Every claim is read as a statement on one or more ratios. The column Paper shows where they "
    "lie by the paper. “< 1” and “> 1”: the paper states an order. “comparable”: between "
    f"1/{MARGIN:g} and {MARGIN:g}, the usual margin of bioequivalence, also where the paper says "
    "“no effect”. A range: the paper prints it, and we read it to the last printed digit. The "
    "column Intervals shows a confidence interval for each of our ratios, over the random "
    "initialisations or over the repeats of a timing. All intervals of a claim hold together at "
    f"{100 * CONFIDENCE:g} %. The summary says what each verdict means."
)


@dataclass(frozen=True)
class Claimed:
    """What the paper says of a ratio: it lies between low and high, these excluded.

    Attributes:
        low, high: the limits.
        text: how the report shows them.
    """

    low: float
    high: float
    text: str


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
        observations: what the confidence intervals are over, and more of which narrows them.
    """

    id: str
    claim: str
    section: str
    claimed: Claimed
    effects: Sequence[Effect]
    evidence: str
    reason: str = ""
    observations: str = "networks"

    @property
    def verdict(self) -> Verdict:
        """By `MEANINGS`."""
        if not self.effects:
            return "not tested"
        if any(e.high <= self.claimed.low or e.low >= self.claimed.high for e in self.effects):
            return "differs"
        if all(self.claimed.low < e.low and e.high < self.claimed.high for e in self.effects):
            return "holds"
        return "inconclusive"

    @property
    def explanation(self) -> str:
        """The reason, and of what is inconclusive how many observations would decide it."""
        return " ".join(filter(None, (self.reason, self._undecided())))

    def _undecided(self) -> str:
        if self.verdict != "inconclusive":
            return ""
        if any(math.isnan(e.low) for e in self.effects):
            return f"There are too few {self.observations} for a confidence interval."
        outside = [e for e in self.effects if not self.claimed.low < e.estimate < self.claimed.high]
        wanted = min if outside else max  # one ratio refutes a claim, all together confirm it
        factor = wanted(_more(e, self.claimed) for e in outside or self.effects)
        return (
            f"If the ratios stay the same, {_rounded(factor)} times as many {self.observations} "
            f"would {'refute' if outside else 'confirm'} the claim."
        )

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


def _more(effect: Effect, claimed: Claimed) -> float:
    """How many times as many observations bring the interval to one side of the claimed limits.

    Its width in logarithms falls with the root of their number.
    """
    if effect.low == 0 or effect.high == math.inf:
        return math.inf
    limits = [limit for limit in (claimed.low, claimed.high) if 0 < limit < math.inf]
    room = min(abs(math.log(effect.estimate / limit)) for limit in limits)
    reach = max(math.log(effect.high / effect.estimate), math.log(effect.estimate / effect.low))
    return max((reach / room) ** 2, 1.0) if room > 0 else math.inf


def _rounded(factor: float) -> str:
    if factor >= 1000:
        return "more than 1000"
    return f"about {float(f'{factor:.{2 if factor < 10 else 1}g}'):g}"


def _interval(effect: Effect) -> str:
    if math.isnan(effect.low):
        return f"{effect.estimate:.3g} without an interval"
    return f"{effect.estimate:.3g} ({effect.low:.3g} to {effect.high:.3g})".replace(" ", NO_BREAK)

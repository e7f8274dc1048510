"""The record of a claim of the paper, what a study finds on it, and the rule of its verdict."""

import math
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal, NamedTuple

from scipy import special
from scipy.optimize import brentq

from evaluation.claims.ranges import Claimed
from evaluation.formatting import NO_BREAK
from evaluation.measures.effects import CONFIDENCE, Effect, Pairs, Ratio, paired_ratio, ratios
from evaluation.measures.statistics import AS_PRINTED
from evaluation.measures.tables import StudyTables

Verdict = Literal["holds", "differs", "negligible", "inconclusive", "not tested"]

MEANINGS: dict[Verdict, str] = {
    "holds": "All our ratios lie where the paper says.",
    "differs": "At least one of our ratios lies elsewhere.",
    "negligible": "The paper states an order; here all of the differences are too small to matter.",
    "inconclusive": "None of these is shown. Often there are too few networks.",
    "not tested": "The study has no networks, schemes or timings for the claim.",
}
"""Verdict -> when it is given."""

IMPLEMENTATIONS = {
    "literal_seconds": "as printed, in numpy",
    "literal_microseconds": "as printed, in numpy",
    "online_seconds": "compiled",
    AS_PRINTED: "as printed, in PyTorch",
    "fused": "compiled",
}
"""Measure of an online test, or backend of a training -> what was timed."""


class Sentence(NamedTuple):
    """A sentence of the paper, word for word with formulas in plain signs, and where it stands.

    Formulas, figures and lists are no paragraphs of their own. The figure shows it, as fig12.
    """

    section: str
    paragraph: int
    figure: str
    quote: str

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.section}, paragraph {self.paragraph}"


@dataclass(frozen=True)
class Compared:
    """Sweeps held against each other, by their name in `Comparisons`; of one data size or all."""

    sweeps: Literal["batches", "eta", "xi", "depth"]
    samples: int | None = None


@dataclass(frozen=True)
class Claim:
    """A statement of the paper, as we read it, and how a study tests it.

    Attributes:
        id: short name, a key without a meaning of its own.
        sentence: of the paper, or its appendix, that it is read from.
        text: the statement, and in brackets what is over what.
        claimed: where the ratios lie by the paper.
        pairs: what the ratios are of, from the tables of a study; none where it does not test the
            claim.
        needs: what a study needs to test it.
        ratio: how they are taken.
        compared: the sweeps that decide it; they get more seeds as long as it is open.
        reason: why a tested claim is as it is found, as far as the data say so, or nothing.
        measure: what the ratios are of, where it may be a time of `IMPLEMENTATIONS`.
        observations: what the confidence intervals are over, and more of which narrows them.
        concluded: whether Section 4 repeats it.
    """

    id: str
    sentence: Sentence
    text: str
    claimed: Claimed
    pairs: Callable[[StudyTables], Pairs]
    needs: str
    ratio: Ratio = paired_ratio
    _: KW_ONLY
    compared: Compared
    reason: "Reason | None" = None
    measure: str = ""
    observations: Literal["networks", "repeats"] = "networks"
    concluded: bool = False

    @property
    def implementation(self) -> str:
        """What was timed, or nothing."""
        return IMPLEMENTATIONS.get(self.measure, "")

    @property
    def sections(self) -> str:
        """All sections of the paper that state it, as `3.2, 4`."""
        return f"{self.sentence.section}, 4" if self.concluded else self.sentence.section

    def finding(self, tables: StudyTables) -> "Finding":
        """What a study finds on it, not yet judged together with the other claims."""
        found = Finding(self, ratios(self.pairs(tables), self.ratio))
        if not (self.reason and found.effects):
            return found
        return replace(found, reason=self.reason(tables, found))


@dataclass(frozen=True)
class Finding:
    """A claim and its verdict.

    Attributes:
        claim: of the paper.
        effects: our ratios; empty where the study does not test the claim.
        reason: why it is as it is, as far as the data say so, or nothing.
        p: of the verdict, corrected for the number of claims and looks; None for timings, which
            have no statistical interval.
        level: error left for each test of the claim, if it is judged among others at several looks.
        seeds: networks of a configuration at the look that decided the claim.
    """

    claim: Claim
    effects: Sequence[Effect]
    reason: str = ""
    p: float | None = None
    level: float = (1 - CONFIDENCE) / 2
    seeds: int | None = None

    @property
    def p_holds(self) -> float:
        """p that the claim holds: every ratio lies inside, so the largest p of all counts."""
        claimed = self.claim.claimed
        return max(e.p_between(claimed.low, claimed.high) for e in self.effects)

    @property
    def p_differs(self) -> float:
        """p that it does not: one ratio lies outside on one side, by Bonferroni over all."""
        claimed = self.claim.claimed
        tests = [e.p_below(claimed.low, True) for e in self.effects if claimed.low > 0]
        tests += [e.p_above(claimed.high, True) for e in self.effects if claimed.high < math.inf]
        return min(1.0, len(tests) * min(tests))

    @property
    def p_negligible(self) -> float:
        """p that an order it states is none that matters: all ratios within the margin."""
        margin = self.claim.claimed.margin
        return max(e.p_between(1 / margin, margin) for e in self.effects) if margin else 1.0

    @property
    def verdict(self) -> Verdict:
        """By `MEANINGS`; what is certainly an order is not called negligible."""
        if not self.effects:
            return "not tested"
        return next((name for name, p in self._tests.items() if p <= self.level), "inconclusive")

    @property
    def p_alone(self) -> float:
        """p of the verdict, or the smallest of an open claim, if this were the only claim.

        Two of the three statements at most are wrong at a time, so each has half of the error.
        """
        return min(1.0, 2 * self._tests.get(self.verdict, min(self._tests.values())))

    @property
    def _tests(self) -> dict[Verdict, float]:
        """Verdict -> p that it is true; of holds and differs the more certain is the first."""
        orders: dict[Verdict, float] = {"holds": self.p_holds, "differs": self.p_differs}
        sorted_orders = sorted(orders.items(), key=lambda item: item[1])
        return dict(sorted_orders) | {"negligible": self.p_negligible}

    @property
    def times_as_many(self) -> float | None:
        """How many times as many networks would decide the claim if the ratios stay the same.

        None where it is decided, or no number can be told.
        """
        return max(1.0, min(further.values())) if (further := self._further) else None

    @property
    def explanation(self) -> str:
        """The reason; what a test needs; or how many observations would decide the claim."""
        if self.verdict == "not tested":
            return f"Needs {self.claim.needs}."
        return " ".join(filter(None, (self.reason, self._small(), self._undecided())))

    def _small(self) -> str:
        """What is shown to lie within the margin, where the verdict does not say so."""
        margin, level = self.claim.claimed.margin, self.level / len(self.effects)
        if margin is None or self.verdict == "negligible":
            return ""
        within = [e.part for e in self.effects if e.p_between(1 / margin, margin) <= level]
        if not within:
            return ""
        which = "The ratio lies" if len(self.effects) == 1 else f"{'; '.join(within)}: these lie"
        if len(within) == len(self.effects) > 1:
            which = "All ratios lie"
        return f"{which} within the margin of {margin:g}."

    def _undecided(self) -> str:
        if self.verdict != "inconclusive":
            return ""
        if any(math.isnan(e.low) for e in self.effects):
            return f"There are too few {self.claim.observations} for a confidence interval."
        if self.times_as_many is None:
            return f"The {self.claim.observations} lie on both sides of a limit."
        proof = min(self._further, key=self._further.__getitem__)
        return (
            f"If the ratios stay the same, {_rounded(self.times_as_many)} times as many "
            f"{self.claim.observations} would {proof}."
        )

    def _between(self, low: float, high: float) -> float:
        """How many times as many networks show that all ratios lie between two limits."""
        return max(
            _more(e, limit, self.level if low < e.estimate < high else 0.0)
            for e in self.effects
            for limit in (low, high)
            if 0 < limit < math.inf
        )

    @property
    def _further(self) -> dict[str, float]:
        """What more networks would do to an open claim -> how many times as many."""
        if self.verdict != "inconclusive" or not all(e.error > 0 for e in self.effects):
            return {}
        claimed = self.claim.claimed
        limits = [limit for limit in (claimed.low, claimed.high) if 0 < limit < math.inf]
        beyond = [
            _more(e, limit, self.level / len(self.effects) / len(limits))
            for e in self.effects
            for limit in limits
            if (e.estimate > limit) == (limit == claimed.high)
        ]
        nearly_one = self._between(1 / margin, margin) if (margin := claimed.margin) else math.inf
        return {
            "confirm the claim": self._between(claimed.low, claimed.high),
            "refute the claim": min(beyond, default=math.inf),
            "show that the difference is negligible": nearly_one,
        }

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


def _more(effect: Effect, limit: float, level: float) -> float:
    """How many times as many networks tell a ratio from a limit.

    With them the error falls with their root, and the degrees of freedom grow.
    """
    distance = abs(effect.t(limit))
    if not (distance and level):
        return math.inf

    def wanted(factor: float) -> float:
        return float((special.stdtrit(effect.freedom * factor, level) / distance) ** 2)

    most = wanted(1.0)
    return most if most <= 1 else float(brentq(lambda f: wanted(f) - f, 1.0, most))


def _rounded(factor: float) -> str:
    if factor >= 1000:
        return "more than 1000"
    return f"about {float(f'{factor:.{2 if factor < 10 else 1}g}'):g}"


def _interval(effect: Effect) -> str:
    if math.isnan(effect.low):
        return f"{effect.estimate:.3g} without an interval"
    return f"{effect.estimate:.3g} ({effect.low:.3g} to {effect.high:.3g})".replace(" ", NO_BREAK)


Reason = Callable[[StudyTables, Finding], str]
"""Why a claim is as it is found, in sentences."""

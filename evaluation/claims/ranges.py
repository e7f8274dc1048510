"""Where a ratio lies by the words of the paper: our reading, word by word in docs/claims.md.

The paper has the quoted sentences, not the limits.
"""

import math
from dataclasses import dataclass

MARGIN = 1.25
"""A ratio nearer to 1 is none that matters: the margin of bioequivalence."""

ERROR_MARGIN = 1.5
"""The same for prediction errors of different networks; docs/claims.md says why it is wider, and
since when. Two schemes on one network are judged by `MARGIN`."""

PAPER_LAYERS = range(4, 9)
"""Depths of the networks that the paper compares."""


@dataclass(frozen=True)
class Claimed:
    """What the paper says of a ratio: it lies between low and high, these excluded.

    Attributes:
        low, high: the limits.
        text: how the report shows them.
        margin: of a claimed order; a ratio within 1/margin to margin is negligible.
    """

    low: float
    high: float
    text: str
    margin: float | None = None


BELOW, LOWER_ERROR = (Claimed(0.0, 1.0, "< 1", margin) for margin in (MARGIN, ERROR_MARGIN))
ABOVE, HIGHER_ERROR = (Claimed(1.0, math.inf, "> 1", margin) for margin in (MARGIN, ERROR_MARGIN))
SLIGHTLY_BELOW = Claimed(0.0, 1.0, "< 1, slightly")
FAR_BELOW = Claimed(0.0, 1 / MARGIN, f"< {1 / MARGIN:g}, significantly")
COMPARABLE, COMPARABLE_ERROR = (
    Claimed(1 / margin, margin, f"comparable, within {margin:g}")
    for margin in (MARGIN, ERROR_MARGIN)
)


def printed_range(low: float, high: float, last_digits: float = 0.5) -> Claimed:
    """A range as the paper prints it, with one decimal: it is known to half of that."""
    reach = 0.1 * last_digits
    return Claimed(low - reach, high + reach, f"{low:.1f}–{high:.1f}×")

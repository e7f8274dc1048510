"""What the paper claims in Sections 3 and 4 and in its appendices, as statements on ratios.

These are our reading of the paper: it has the quoted sentences, not the claims and their limits.
How its words become limits:

| the paper's words | the ratio, by the paper |
|---|---|
| lower, fewer, increases, best, degraded; generally, overall | on one side of 1 |
| slightly, modest | on one side of 1, however near |
| significantly | on one side of 1, beyond the margin |
| comparable, closely track, limited, insensitive, no significant effect | within the margin |
| a range; around a range | inside; known to half of its last digit; to the whole of it |

An order without such a word is negligible where all ratios lie within the margin. "Slightly" has no
margin: what is small is just what it says.
"""

import math
from dataclasses import dataclass
from typing import Literal

from evaluation.claims import quotes
from evaluation.claims.quotes import Quote

MARGIN = 1.25
"""A ratio nearer to 1 is none that matters: the margin of bioequivalence."""

ERROR_MARGIN = 1.5
"""The same for prediction errors of different networks, of which two that differ in their seed
alone differ by 2.0 in the median. It was `MARGIN` at first, and was widened after the first results
were known. Two schemes on one network do not differ in their seed, and are judged by `MARGIN`."""


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


def printed(low: float, high: float, last_digits: float = 0.5) -> Claimed:
    """A range as the paper prints it, with one decimal: it is known to half of that."""
    reach = 0.1 * last_digits
    return Claimed(low - reach, high + reach, f"{low:.1f}–{high:.1f}×")


@dataclass(frozen=True)
class Compared:
    """Which networks a claim holds against each other.

    Attributes:
        sweeps: a part of `evaluation.measures.tables.Comparisons`.
        samples: data size of the sweep over batch sizes; None: all of them.
    """

    sweeps: Literal["batches", "eta", "xi", "depth"]
    samples: int | None = None


@dataclass(frozen=True)
class Claim:
    """A statement of the paper, as we read it.

    Attributes:
        id: short name.
        section: of the paper.
        figure: that shows it, as fig12.
        compared: the networks that it is about.
        claimed: where the ratios lie by the paper.
        quote: the sentence that it is read from.
        text: the statement, and in brackets what is over what.
    """

    id: str
    section: str
    figure: str
    compared: Compared
    claimed: Claimed
    quote: Quote
    text: str


_ETA = "(largest η over smallest, by the trend)"
_XI = "(largest ξ over smallest, by the trend)"
_DEPTH = "(deepest over shallowest, by the trend)"
_KINDS = "(DMN over IMN)"
_REPEATS = "(DMN over IMN; the extremes of the repeats)"
_WITH, _WITHOUT = "with residual stress over without", "without residual stress over with"

_ALL_BATCHES, _DEPTHS = Compared("batches"), Compared("depth")
_ETAS, _XIS = Compared("eta"), Compared("xi")
_BATCHES_400, _BATCHES_1024, _BATCHES_2048 = (
    Compared("batches", samples) for samples in (400, 1024, 2048)
)

_BY_FIGURE: dict[tuple[str, str, Compared], dict[str, tuple[Claimed, Quote, str]]] = {
    ("3.1", "fig07", _BATCHES_400): {
        "batch-training-400": (
            BELOW,
            quotes.BATCH_TRAINING,
            "With 400 samples, batches of 20 and 40 train to a lower e_C than 128",
        ),
    },
    ("3.1", "fig07", _BATCHES_1024): {
        "batch-training-1024": (
            BELOW,
            quotes.BATCH_TRAINING,
            "With 1,024 samples, batches of 128 train to a lower e_C than 40 and 64",
        ),
    },
    ("3.1", "fig07", _BATCHES_2048): {
        "batch-training-2048": (
            BELOW,
            quotes.BATCH_TRAINING,
            "With 2,048 samples, batches of 128 train to a lower e_C than 256",
        ),
    },
    ("3.1", "fig07", _ALL_BATCHES): {
        "validation-tracks-training": (
            COMPARABLE,
            quotes.VALIDATION,
            "Validation errors closely track training errors (validation over training)",
        ),
    },
    ("3.1", "fig08", _BATCHES_400): {
        "batch-prediction-400": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_400,
            "With 400 samples, batches of 40 predict all composites with the lowest error",
        ),
        "batch-prediction-400-transverse": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_400,
            "With 400 samples, batches of 40 predict the directions 11, 22 and 12 with the lowest "
            "error",
        ),
        "batch-spread-400": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_400,
            "With 400 samples, stresses predicted with batches of 40 scatter least over the "
            "initialisations",
        ),
    },
    ("A", "fig18", _BATCHES_1024): {
        "batch-prediction-1024": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_1024,
            "With 1,024 samples, batches of 128 predict all composites with the lowest error",
        ),
        "batch-spread-1024": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_1024,
            "With 1,024 samples, stresses predicted with batches of 128 scatter least over the "
            "initialisations",
        ),
    },
    ("B", "fig21", _BATCHES_2048): {
        "batch-prediction-2048": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_2048,
            "With 2,048 samples, batches of 128 predict all composites with the lowest error",
        ),
        "batch-spread-2048": (
            LOWER_ERROR,
            quotes.BATCH_PREDICTION_2048,
            "With 2,048 samples, stresses predicted with batches of 128 scatter least over the "
            "initialisations",
        ),
    },
    ("3.1, 4", "fig11", _ALL_BATCHES): {
        "data-error": (
            LOWER_ERROR,
            quotes.DATA_SIZE,
            "More training samples lower the prediction error",
        ),
        "data-spread": (
            LOWER_ERROR,
            quotes.DATA_SIZE,
            "More training samples lower the spread of the prediction error",
        ),
    },
    ("3.2, 4", "fig12", _ETAS): {
        "eta-minimum": (
            HIGHER_ERROR,
            quotes.ETA_ERROR,
            "The prediction error is least at η = 1 (other values over 1)",
        ),
        "eta-limited": (
            COMPARABLE,
            quotes.ETA_LIMITED,
            f"η has a relatively limited effect on the active base nodes {_ETA}",
        ),
    },
    ("3.2", "fig12", _ETAS): {
        "eta-too-large": (
            HIGHER_ERROR,
            quotes.ETA_TOO_LARGE,
            "An excessive η raises the prediction error (largest over 1)",
        ),
        "eta-error": (
            HIGHER_ERROR,
            quotes.ETA_ERROR,
            f"Smaller η generally yield lower errors {_ETA}",
        ),
        "eta-iterations": (
            SLIGHTLY_BELOW,
            quotes.ETA_COST,
            f"Iterations decrease slightly as η increases {_ETA}",
        ),
        "eta-nodes": (
            SLIGHTLY_BELOW,
            quotes.ETA_COST,
            f"Active base nodes decrease slightly as η increases {_ETA}",
        ),
        "eta-time": (
            SLIGHTLY_BELOW,
            quotes.ETA_TIME,
            f"Online time shows a modest reduction with increasing η {_ETA}",
        ),
    },
    ("3.2, 4", "fig13", _XIS): {
        "xi-minimum": (
            HIGHER_ERROR,
            quotes.XI_ERROR,
            "The prediction error is least at ξ = 1 (other values over 1)",
        ),
    },
    ("3.2", "fig13", _XIS): {
        "xi-too-large": (
            HIGHER_ERROR,
            quotes.XI_ERROR,
            "An excessive ξ raises the prediction error (largest over 1)",
        ),
        "xi-too-small": (
            HIGHER_ERROR,
            quotes.XI_TOO_SMALL,
            "Too small a ξ raises the prediction error (smallest over 1)",
        ),
        "xi-time": (ABOVE, quotes.XI_COST, f"Online time increases with ξ {_XI}"),
        "xi-nodes": (ABOVE, quotes.XI_COST, f"Active base nodes increase with ξ {_XI}"),
        "xi-iterations": (ABOVE, quotes.XI_COST, f"Iterations increase with ξ {_XI}"),
    },
    ("3.3", "fig14", _DEPTHS): {
        "training-error-depth": (
            BELOW,
            quotes.TRAINING_DEPTH,
            f"Deeper networks generally train to lower errors {_DEPTH}",
        ),
        "training-error-kinds": (
            BELOW,
            quotes.TRAINING_KINDS,
            "IMN trains to a lower error than DMN from 6 layers on (IMN over DMN)",
        ),
    },
    ("3.3, 4", "fig14", _DEPTHS): {
        "training-time-literal": (
            printed(3.4, 4.7),
            quotes.TRAINING_TIME,
            f"IMN trains faster, here with PyTorch and the DMN as printed {_REPEATS}",
        ),
        "training-time-fused": (
            printed(3.4, 4.7),
            quotes.TRAINING_TIME,
            f"IMN trains faster, here with the compiled backend {_REPEATS}",
        ),
    },
    ("3.4", "fig15", _DEPTHS): {
        "residual-accuracy": (
            COMPARABLE,
            quotes.RESIDUAL_ACCURACY,
            f"Residual stress has no significant effect on accuracy ({_WITH})",
        ),
        "residual-time": (
            printed(1.8, 2.0),
            quotes.RESIDUAL_TIME,
            f"Residual stress makes DMN faster ({_WITHOUT})",
        ),
        "residual-iterations": (
            FAR_BELOW,
            quotes.RESIDUAL_ITERATIONS,
            f"Residual stress lowers the iterations significantly ({_WITH})",
        ),
        "residual-cost": (
            printed(1.3, 1.5, last_digits=1),
            quotes.RESIDUAL_COST,
            f"Residual stress costs more per iteration and node ({_WITH})",
        ),
    },
    ("3.5", "fig16", _DEPTHS): {
        "newton-accuracy": (
            COMPARABLE,
            quotes.NEWTON_ACCURACY,
            "Fixed point and Newton are comparable in accuracy (Newton over fixed point)",
        ),
        "newton-time": (
            printed(1.9, 2.6),
            quotes.NEWTON_TIME,
            "Newton is faster than the fixed point (fixed point over Newton)",
        ),
        "newton-iterations": (
            BELOW,
            quotes.NEWTON_ITERATIONS,
            "Newton takes fewer iterations (Newton over fixed point)",
        ),
        "newton-cost": (
            printed(1.7, 2.4),
            quotes.NEWTON_COST,
            "Newton is cheaper per iteration and node (fixed point over Newton)",
        ),
    },
    ("3.6", "fig17", _DEPTHS): {
        "error-kinds-deep": (
            COMPARABLE_ERROR,
            quotes.ERROR_KINDS,
            f"Prediction errors of DMN and IMN are comparable beyond 6 layers {_KINDS}",
        ),
        "error-kinds-shallow": (
            LOWER_ERROR,
            quotes.ERROR_KINDS,
            f"DMN predicts with a lower error up to 6 layers {_KINDS}",
        ),
        "spread-depth": (
            LOWER_ERROR,
            quotes.SPREAD_DEPTH,
            "The spread of the prediction error generally decreases with depth",
        ),
        "time-depth": (ABOVE, quotes.ONLINE_TIME, f"Online time increases with depth {_DEPTH}"),
        "time-kinds": (
            COMPARABLE,
            quotes.ONLINE_TIME,
            f"Online times of DMN and IMN are comparable at each depth {_KINDS}",
        ),
        "iterations-kinds": (
            printed(0.4, 0.5),
            quotes.ITERATIONS_KINDS,
            f"DMN needs significantly fewer iterations than IMN {_KINDS}",
        ),
        "iterations-depth": (
            COMPARABLE,
            quotes.ITERATIONS_DEPTH,
            f"Iteration counts are relatively insensitive to depth {_DEPTH}",
        ),
        "nodes-depth": (ABOVE, quotes.NODES, f"Active base nodes increase with depth {_DEPTH}"),
        "nodes-kinds": (
            COMPARABLE,
            quotes.NODES,
            f"Active base nodes of DMN and IMN are comparable at each depth {_KINDS}",
        ),
        "cost-kinds": (
            printed(1.9, 2.4),
            quotes.COST_KINDS,
            f"IMN is cheaper per iteration and node {_KINDS}",
        ),
    },
}

CLAIMS = {
    id: Claim(id, section, figure, compared, claimed, quote, text)
    for (section, figure, compared), claims in _BY_FIGURE.items()
    for id, (claimed, quote, text) in claims.items()
}
"""Id -> claim."""

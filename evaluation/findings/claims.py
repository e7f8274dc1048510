"""What the paper claims in Sections 3 and 4 and in its appendices, as statements on ratios."""

import math
from dataclasses import dataclass

MARGIN = 1.25
"""A ratio nearer to 1 is none that matters: the margin of bioequivalence."""

ERROR_MARGIN = 1.5
"""The same for prediction errors: two seeds of one configuration differ by 2.0 in the median."""


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
COMPARABLE, COMPARABLE_ERROR = (
    Claimed(1 / margin, margin, "comparable") for margin in (MARGIN, ERROR_MARGIN)
)


def printed(low: float, high: float) -> Claimed:
    """A range as the paper prints it, with one decimal: it is known to half of that."""
    return Claimed(low - 0.05, high + 0.05, f"{low:.1f}–{high:.1f}×")


@dataclass(frozen=True)
class Claim:
    """A statement of the paper.

    Attributes:
        id: short name.
        section: of the paper.
        figure: that shows it, as fig12.
        claimed: where the ratios lie by the paper.
        text: the statement, and in brackets what is over what.
    """

    id: str
    section: str
    figure: str
    claimed: Claimed
    text: str


_ETA = "(largest η over smallest, by the trend)"
_XI = "(largest ξ over smallest, by the trend)"
_DEPTH = "(deepest over shallowest, by the trend)"
_KINDS = "(DMN over IMN)"
_REPEATS = "(DMN over IMN; the extremes of the repeats)"
_WITH, _WITHOUT = "with residual stress over without", "without residual stress over with"

_BY_FIGURE: dict[tuple[str, str], dict[str, tuple[Claimed, str]]] = {
    ("3.1", "fig07"): {
        "batch-training-400": (
            BELOW,
            "With 400 samples, batches of 20 and 40 train to a lower e_C than 128",
        ),
        "batch-training-1024": (
            BELOW,
            "With 1,024 samples, batches of 128 train to a lower e_C than 40 and 64",
        ),
        "batch-training-2048": (
            BELOW,
            "With 2,048 samples, batches of 128 train to a lower e_C than 256",
        ),
        "validation-tracks-training": (
            COMPARABLE,
            "Validation errors closely track training errors (validation over training)",
        ),
    },
    ("3.1", "fig08"): {
        "batch-prediction-400": (
            LOWER_ERROR,
            "With 400 samples, batches of 40 predict all composites with the lowest error",
        ),
        "batch-prediction-400-transverse": (
            LOWER_ERROR,
            "With 400 samples, batches of 40 predict the directions 11, 22 and 12 with the lowest "
            "error",
        ),
        "batch-spread-400": (
            LOWER_ERROR,
            "With 400 samples, errors of batches of 40 have the least standard deviation",
        ),
    },
    ("A", "fig18"): {
        "batch-prediction-1024": (
            LOWER_ERROR,
            "With 1,024 samples, batches of 128 predict all composites with the lowest error",
        ),
        "batch-spread-1024": (
            LOWER_ERROR,
            "With 1,024 samples, errors of batches of 128 have the least standard deviation",
        ),
    },
    ("B", "fig21"): {
        "batch-prediction-2048": (
            LOWER_ERROR,
            "With 2,048 samples, batches of 128 predict all composites with the lowest error",
        ),
        "batch-spread-2048": (
            LOWER_ERROR,
            "With 2,048 samples, errors of batches of 128 have the least standard deviation",
        ),
    },
    ("3.1, 4", "fig11"): {
        "data-error": (LOWER_ERROR, "More training samples lower the prediction error"),
        "data-spread": (
            LOWER_ERROR,
            "More training samples lower the standard deviation of the prediction error",
        ),
    },
    ("3.2, 4", "fig12"): {
        "eta-minimum": (
            HIGHER_ERROR,
            "The prediction error is least at η = 1 (other values over 1)",
        ),
        "eta-limited": (
            COMPARABLE,
            f"η has a relatively limited effect on the active base nodes {_ETA}",
        ),
    },
    ("3.2", "fig12"): {
        "eta-too-large": (
            HIGHER_ERROR,
            "An excessive η raises the prediction error (largest over 1)",
        ),
        "eta-error": (HIGHER_ERROR, f"Smaller η generally yield lower errors {_ETA}"),
        "eta-iterations": (BELOW, f"Iterations decrease as η increases {_ETA}"),
        "eta-nodes": (BELOW, f"Active base nodes decrease as η increases {_ETA}"),
        "eta-time": (BELOW, f"Online time decreases as η increases {_ETA}"),
    },
    ("3.2, 4", "fig13"): {
        "xi-minimum": (
            HIGHER_ERROR,
            "The prediction error is least at ξ = 1 (other values over 1)",
        ),
    },
    ("3.2", "fig13"): {
        "xi-too-large": (
            HIGHER_ERROR,
            "An excessive ξ raises the prediction error (largest over 1)",
        ),
        "xi-too-small": (
            HIGHER_ERROR,
            "Too small a ξ raises the prediction error (smallest over 1)",
        ),
        "xi-time": (ABOVE, f"Online time increases with ξ {_XI}"),
        "xi-nodes": (ABOVE, f"Active base nodes increase with ξ {_XI}"),
        "xi-iterations": (ABOVE, f"Iterations increase with ξ {_XI}"),
    },
    ("3.3", "fig14"): {
        "training-error-depth": (BELOW, f"Deeper networks train to lower errors {_DEPTH}"),
        "training-error-kinds": (
            BELOW,
            "IMN trains to a lower error than DMN from 6 layers on (IMN over DMN)",
        ),
    },
    ("3.3, 4", "fig14"): {
        "training-time-literal": (
            printed(3.4, 4.7),
            f"IMN trains faster, here with PyTorch and the DMN as printed {_REPEATS}",
        ),
        "training-time-fused": (
            printed(3.4, 4.7),
            f"IMN trains faster, here with the compiled backend {_REPEATS}",
        ),
    },
    ("3.4", "fig15"): {
        "residual-accuracy": (
            COMPARABLE_ERROR,
            f"Residual stress has no significant effect on accuracy ({_WITH})",
        ),
        "residual-time": (printed(1.8, 2.0), f"Residual stress makes DMN faster ({_WITHOUT})"),
        "residual-iterations": (BELOW, f"Residual stress lowers the iterations ({_WITH})"),
        "residual-cost": (
            printed(1.3, 1.5),
            f"Residual stress costs more per iteration and node ({_WITH})",
        ),
    },
    ("3.5", "fig16"): {
        "newton-accuracy": (
            COMPARABLE_ERROR,
            "Fixed point and Newton are comparable in accuracy (Newton over fixed point)",
        ),
        "newton-time": (
            printed(1.9, 2.6),
            "Newton is faster than the fixed point (fixed point over Newton)",
        ),
        "newton-iterations": (BELOW, "Newton takes fewer iterations (Newton over fixed point)"),
        "newton-cost": (
            printed(1.7, 2.4),
            "Newton is cheaper per iteration and node (fixed point over Newton)",
        ),
    },
    ("3.6", "fig17"): {
        "error-kinds-deep": (
            COMPARABLE_ERROR,
            f"Prediction errors of DMN and IMN are comparable beyond 6 layers {_KINDS}",
        ),
        "error-kinds-shallow": (
            LOWER_ERROR,
            f"DMN predicts with a lower error up to 6 layers {_KINDS}",
        ),
        "spread-depth": (
            LOWER_ERROR,
            "The standard deviation of the prediction error decreases with depth",
        ),
        "time-depth": (ABOVE, f"Online time increases with depth {_DEPTH}"),
        "time-kinds": (
            COMPARABLE,
            f"Online times of DMN and IMN are comparable at each depth {_KINDS}",
        ),
        "iterations-kinds": (printed(0.4, 0.5), f"DMN needs fewer iterations than IMN {_KINDS}"),
        "iterations-depth": (
            COMPARABLE,
            f"Iteration counts are relatively insensitive to depth {_DEPTH}",
        ),
        "nodes-depth": (ABOVE, f"Active base nodes increase with depth {_DEPTH}"),
        "nodes-kinds": (
            COMPARABLE,
            f"Active base nodes of DMN and IMN are comparable at each depth {_KINDS}",
        ),
        "cost-kinds": (printed(1.9, 2.4), f"IMN is cheaper per iteration and node {_KINDS}"),
    },
}

CLAIMS = {
    id: Claim(id, section, figure, claimed, text)
    for (section, figure), claims in _BY_FIGURE.items()
    for id, (claimed, text) in claims.items()
}
"""Id -> claim."""

"""How a network was made and how good it is: its record."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rve.dataset.moments import Moments
from training.fit import Result, Settings
from training.moments import moments_error
from training.tree import active_base_nodes


def describe(
    result: Result,
    settings: Settings,
    samples: int,
    flowing_samples: int = 0,
    moments: int = 0,
    held_out: Moments | None = None,
) -> dict[str, Any]:
    """Record of a trained network, with JSON values; errors are e_C of Eq. 33.

    That of the moments is None without those.

    Args:
        result: of the training.
        settings: of the training.
        samples: number of training samples.
        flowing_samples: number of further ones, of a phase that flows.
        moments: number of samples whose first moments ended the training.
        held_out: further moments, which measure the network.
    """
    return {
        "samples": samples,
        "flowing_samples": flowing_samples,
        "moments": moments,
        **asdict(settings),
        "status": result.status,
        "reason": result.reason,
        "error_training": _last(result.history.error_training),
        "error_validation": _last(result.history.error_validation),
        "error_moments": moments_error(result.network, held_out)
        if held_out and len(held_out.pairs) and result.status == "ok"
        else None,
        "active_nodes": active_base_nodes(result.network),
        "parameters": result.network.parameters,
        "seconds": result.seconds,
    }


def _last(errors: NDArray[np.float64]) -> float | None:
    """The last error that was measured."""
    known = errors[np.isfinite(errors)]
    return float(known[-1]) if len(known) else None

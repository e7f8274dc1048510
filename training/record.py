"""How a network was made and how good it is: its record."""

from dataclasses import asdict
from typing import Any

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
    history = result.history
    done = len(history.error_training) > 0
    return {
        "samples": samples,
        "flowing_samples": flowing_samples,
        "moments": moments,
        **asdict(settings),
        "status": result.status,
        "reason": result.reason,
        "error_training": float(history.error_training[-1]) if done else None,
        "error_validation": float(history.error_validation[-1]) if done else None,
        "error_moments": moments_error(result.network, held_out)
        if held_out and len(held_out.pairs) and result.status == "ok"
        else None,
        "active_nodes": active_base_nodes(result.network),
        "parameters": result.network.parameters,
        "seconds": result.seconds,
    }

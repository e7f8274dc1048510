"""How a network was made and how good it is: its record."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from rve.arrays import Array
from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments
from training.first_moments import moments_error
from training.fit import Result
from training.homogenise import homogenise
from training.loss import mean_relative_error
from training.network import MaterialNetwork
from training.specification import Settings
from training.tree import active_base_nodes

_AT_ONCE = 2**15
"""Base nodes times samples whose stiffnesses are held in memory together."""


def describe(
    result: Result,
    settings: Settings,
    specified: Mapping[str, Any],
    held_out: Moments | None = None,
    measured: Mapping[str, Dataset] | None = None,
) -> dict[str, Any]:
    """Record of a trained network, with JSON values; errors are e_C of Eq. 33.

    `error_training` and `error_validation` are those on the paper's orthotropic samples, whatever
    else a network learned from, so that networks of all recipes compare; `error_flowing` is that on
    validation samples of a phase that yields. It and the error of the moments are None without
    those samples.

    Args:
        result: of the training.
        settings: of the training.
        specified: what else specifies the network, as fields of `training.specification.Network`:
            its samples, for example.
        held_out: further moments, which measure the network.
        measured: sets of samples, where the training mixed them: `training`, of orthotropic ones
            that the network learned from, and `validation` and `flowing`, of others. By default the
            errors are the last ones of the history.
    """
    ok = result.status == "ok"
    errors = {
        f"error_{name}": stiffness_error(result.network, samples) if ok else None
        for name, samples in (measured or {}).items()
    }
    return {
        **specified,
        **asdict(settings),
        "status": result.status,
        "reason": result.reason,
        "error_training": _last(result.history.error_training),
        "error_validation": _last(result.history.error_validation),
        "error_flowing": None,
        **errors,
        "error_moments": moments_error(result.network, held_out)
        if held_out and len(held_out.pairs) and ok
        else None,
        "active_nodes": active_base_nodes(result.network),
        "parameters": result.network.parameters,
        "seconds": result.seconds,
    }


def stiffness_error(network: MaterialNetwork, samples: Dataset) -> float:
    """Mean relative error e_C, Eq. 33, of a network on samples, in parts that fit into memory."""
    size = max(1, _AT_ONCE >> network.layers)
    total = 0.0
    for start in range(0, len(samples), size):
        phases, cell = (values[start : start + size] for values in (samples.phases, samples.rve))
        found = homogenise(network, *np.moveaxis(phases, 1, 0))
        total += len(cell) * mean_relative_error(found, cell)
    return total / len(samples)


def _last(errors: Array) -> float | None:
    """The last error that was measured."""
    known = errors[np.isfinite(errors)]
    return float(known[-1]) if len(known) else None

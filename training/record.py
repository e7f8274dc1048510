"""How a network was made and how good it is: its record, and the table of many."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from training.fit import Result, Settings
from training.store import load_record
from training.tree import active_base_nodes

COLUMNS = [
    "network",
    "kind",
    "layers",
    "samples",
    "batch_size",
    "eta",
    "xi",
    "seed",
    "epochs",
    "error_training",
    "error_validation",
    "active_nodes",
    "parameters",
    "seconds",
    "status",
    "reason",
]


def describe(result: Result, settings: Settings, samples: int) -> dict[str, Any]:
    """Record of a trained network, with JSON values; errors are e_C of Eq. 33.

    Args:
        result: of the training.
        settings: of the training.
        samples: number of training samples.
    """
    history = result.history
    done = len(history.error_training) > 0
    return {
        "samples": samples,
        **asdict(settings),
        "status": result.status,
        "reason": result.reason,
        "error_training": float(history.error_training[-1]) if done else None,
        "error_validation": float(history.error_validation[-1]) if done else None,
        "active_nodes": active_base_nodes(result.network),
        "parameters": result.network.parameters,
        "seconds": result.seconds,
    }


def table(networks: Sequence[Path]) -> pd.DataFrame:
    """The records of networks, one a row with the columns of training.csv.

    Raises:
        InputError: a record cannot be read.
    """
    records = [{"network": path.stem, **load_record(path)} for path in networks]
    return pd.DataFrame(records, columns=COLUMNS)

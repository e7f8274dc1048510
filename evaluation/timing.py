"""Timings that can be compared: in-process clocks, a warm-up, medians of several repeats.

They mean something only when nothing else runs on the machine.
"""

from collections.abc import Sequence

import numpy as np

from evaluation.online import SchemeName, predict
from rve.dataset import Dataset
from rve.loading import LoadPath
from rve.material import Material
from training.fit import Settings, train
from training.network import Kind
from training.tree import Tree

COLUMNS = [
    "quantity",
    "network",
    "kind",
    "layers",
    "scheme",
    "median_seconds",
    "repeats",
    "per",
]


def online_seconds(
    tree: Tree,
    materials: Sequence[Material],
    paths: Sequence[LoadPath],
    scheme: SchemeName,
    repeats: int,
) -> float:
    """Median over the repeats of the time to follow all paths once, seconds.

    Raises:
        ConvergenceError: a path cannot be followed.
    """
    for path in paths[:1]:
        predict(tree, materials, path, scheme)
    totals = [
        sum(predict(tree, materials, path, scheme).seconds for path in paths)
        for _ in range(repeats)
    ]
    return float(np.median(totals))


def training_seconds(
    kind: Kind,
    layers: int,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    repeats: int,
) -> float:
    """Median over the repeats of the training time an epoch, seconds."""
    totals = [
        train(kind, layers, training, validation, settings).seconds for _ in range(repeats + 1)
    ]
    return float(np.median(totals[1:])) / settings.epochs

"""Timings that can be compared: in-process clocks, a warm-up, medians of several repeats.

They mean something only when nothing else runs on the machine.
"""

from collections.abc import Sequence

import numpy as np

from evaluation.online import SchemeName, predict
from rve.dataset import Dataset
from rve.law import Law
from rve.loading import LoadPath
from training.fit import Settings, train
from training.network import Kind
from training.tree import Tree

COLUMNS = [
    "quantity",
    "network",
    "kind",
    "layers",
    "scheme",
    "backend",
    "median_seconds",
    "repeats",
    "per",
]


def online_seconds(
    tree: Tree,
    materials: Sequence[Law],
    paths: Sequence[LoadPath],
    scheme: SchemeName,
    tolerance: float,
    max_iterations: int,
    repeats: int,
) -> float:
    """Median over the repeats of the time to follow all paths once, seconds.

    Raises:
        ConvergenceError: a path cannot be followed.
    """

    def seconds(path: LoadPath) -> float:
        return predict(tree, materials, path, scheme, tolerance, max_iterations).seconds

    seconds(paths[0])
    return float(np.median([sum(map(seconds, paths)) for _ in range(repeats)]))


def training_seconds(
    kind: Kind,
    layers: int,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    repeats: int,
) -> float:
    """Median over the repeats of the training time an epoch, seconds; nan for one that fails."""
    results = [train(kind, layers, training, validation, settings) for _ in range(repeats + 1)]
    if results[0].status == "failed":
        return float("nan")
    return float(np.median([result.seconds for result in results[1:]])) / settings.epochs

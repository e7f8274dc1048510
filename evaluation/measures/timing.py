"""Timings that can be compared: in-process clocks, a warm-up, medians of several repeats.

They mean something only when nothing else runs on the machine. Iterations, as printed and by the
tolerance, are counted on the way. The set-up of a network, once for all loads, is not timed.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from evaluation.online import literal
from evaluation.online.prediction import SchemeName, predict
from rve.dataset.dataset import Dataset
from rve.errors import ConvergenceError
from rve.loads.load_path import LoadPath
from rve.materials.law import Law
from training.fit import train
from training.network import Kind, MaterialNetwork
from training.specification import Settings
from training.tree import prune

logger = logging.getLogger(__name__)

COLUMNS = [
    "quantity",
    "network",
    "kind",
    "layers",
    "scheme",
    "backend",
    "median_seconds",
    "minimum_seconds",
    "maximum_seconds",
    "repeats",
    "iterations",
    "tolerance",
    "per",
]

TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
"""Of the online schemes: the paper prints none, and its speed-ups depend on it."""

_LITERAL_INCREMENTS = 2
BALANCE = 1e-6
"""Norm of R at which Algorithm 3 stops, GPa; the paper does not print its tolerance."""

Row = dict[str, Any]
"""A row of timing.csv: some of `COLUMNS`."""


def time_online(
    name: str,
    network: MaterialNetwork,
    materials: Sequence[Law],
    paths: Sequence[LoadPath],
    schemes: Sequence[SchemeName],
    tolerance: float,
    max_iterations: int,
    repeats: int,
) -> list[Row]:
    """Time to follow all paths once, of each scheme that can follow them.

    Args:
        name: of the network.
        network: its parameters.
        materials: laws of the base materials p1 and p2.
        paths: the loads.
        schemes: to time.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.
        repeats: of the measurement.
    """
    tree = prune(network)

    def seconds(scheme: Any, some: Sequence[LoadPath] = paths) -> float:
        return sum(
            predict(tree, materials, path, scheme, tolerance, max_iterations).seconds
            for path in some
        )

    per = "1 load path" if len(paths) == 1 else f"{len(paths)} load paths"
    return [
        {"quantity": "online", **row, "per": per}
        for row in _by_scheme(
            name, network, schemes, lambda scheme: seconds(scheme, paths[:1]), seconds, repeats
        )
    ]


def time_literal(
    name: str,
    network: MaterialNetwork,
    materials: Sequence[Law],
    paths: Sequence[LoadPath],
    schemes: Sequence[SchemeName],
    tolerance: float,
    max_iterations: int,
    repeats: int,
) -> list[Row]:
    """Time an iteration of the algorithms as printed, over the active base nodes.

    The two first increments of each path do: an iteration costs there what it costs on the whole
    path, within a tenth. Arguments of `time_online`; schemes that the paper does not have are left
    out.
    """
    tree = prune(network)
    short = [path.beginning(_LITERAL_INCREMENTS) for path in paths]

    def cost(scheme: Any) -> float:
        found = [
            literal.predict(tree, materials, path, scheme, tolerance, max_iterations)
            for path in short
        ]
        iterations = sum(int(one.curve.iterations.sum()) for one in found)
        return sum(one.seconds for one in found) / iterations / len(tree.weights)

    return [
        {"quantity": "online_literal", **row, "per": "iteration and active base node"}
        for row in _by_scheme(
            name, network, _printed(schemes, network), cost, cost, repeats, " as printed"
        )
    ]


def count_by_tolerance(
    name: str,
    network: MaterialNetwork,
    materials: Sequence[Law],
    paths: Sequence[LoadPath],
    schemes: Sequence[SchemeName],
    max_iterations: int,
) -> list[Row]:
    """Iterations of all increments of all paths at each of `TOLERANCES`, with the paper's schemes.

    Arguments as in `time_online`. A scheme that does not converge has no row.
    """
    tree = prune(network)
    rows = []
    for scheme, tolerance in product(_printed(schemes, network), TOLERANCES):
        try:
            curves = [
                predict(tree, materials, path, scheme, tolerance, max_iterations).curve
                for path in paths
            ]
        except ConvergenceError as error:
            logger.warning("%s, %s at %g is not counted: %s", name, scheme, tolerance, error)
            continue
        rows.append(
            {
                "quantity": "iterations_by_tolerance",
                "network": name,
                "kind": network.kind,
                "layers": network.layers,
                "scheme": scheme,
                "iterations": sum(int(curve.iterations.sum()) for curve in curves),
                "tolerance": tolerance,
                "per": f"{len(paths)} load paths",
            }
        )
    return rows


def _printed(schemes: Sequence[SchemeName], network: MaterialNetwork) -> list[SchemeName]:
    """Those of the schemes that the paper has for the kind of a network."""
    return [
        scheme
        for scheme in schemes
        if scheme in literal.SCHEMES and not (scheme == "newton" and network.kind == "DMN")
    ]


def count_as_printed(
    name: str,
    network: MaterialNetwork,
    materials: Sequence[Law],
    paths: Sequence[LoadPath],
    tolerance: float,
    max_iterations: int,
) -> list[Row]:
    """Iterations per increment where the algorithms begin and stop as the paper prints them.

    A DMN, Algorithm 1, begins from no increment and stops by the change of strain, as it does here
    always. An IMN, Algorithm 3, begins under the macroscopic strain and stops at the norm of R.

    Args:
        name: of the network.
        network: its parameters.
        materials: laws of the base materials p1 and p2.
        paths: the loads, under strain control.
        tolerance: of Algorithm 1.
        max_iterations: of an increment.
    """
    tree = prune(network)
    scheme: SchemeName = "residual_stress" if network.kind == "DMN" else "newton"

    def iterations(path: LoadPath) -> int:
        if network.kind == "DMN":
            curve = predict(tree, materials, path, scheme, tolerance, max_iterations).curve
        else:
            printed = literal.predict(
                tree, materials, path, "newton", max_iterations=max_iterations, balance=BALANCE
            )
            curve = printed.curve
        return int(curve.iterations.sum())

    try:
        counted = sum(map(iterations, paths))
    except ConvergenceError as error:
        logger.warning("%s, %s as printed is not counted: %s", name, scheme, error)
        return []
    return [
        {
            "quantity": "iterations_printed",
            "network": name,
            "kind": network.kind,
            "layers": network.layers,
            "scheme": scheme,
            "iterations": counted / sum(len(path.targets) for path in paths),
            "per": "increment, under strain control",
        }
    ]


def _by_scheme(
    name: str,
    network: MaterialNetwork,
    schemes: Sequence[SchemeName],
    warm_up: Callable[[SchemeName], float],
    measure: Callable[[SchemeName], float],
    repeats: int,
    how: str = "",
) -> Iterator[Row]:
    """Repeated measurements of each scheme that converges, after a warm-up."""
    for scheme in schemes:
        try:
            warm_up(scheme)
            seconds = [measure(scheme) for _ in range(repeats)]
        except ConvergenceError as error:
            logger.warning("%s, %s%s is not timed: %s", name, scheme, how, error)
            continue
        identity = {"network": name, "kind": network.kind, "layers": network.layers}
        yield {**identity, "scheme": scheme, **_statistics(seconds)}


def time_training(
    kind: Kind,
    layers: int,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    repeats: int,
) -> Row:
    """Training time an epoch; nan for a training that fails.

    The quantity is `training`, or `training_literal` for the DMN as printed.

    Args:
        kind: of the network.
        layers: of the network.
        training: samples.
        validation: samples.
        settings: of the training; the epochs that it does are timed.
        repeats: of the measurement.
    """
    train(kind, layers, training, validation, replace(settings, epochs=1))
    results = [train(kind, layers, training, validation, settings) for _ in range(repeats)]
    seconds = [
        np.nan if r.status == "failed" else r.seconds / len(r.history.learning_rate)
        for r in results
    ]
    literal = settings.backend == "literal"
    return {
        "quantity": "training_literal" if literal else "training",
        "kind": kind,
        "layers": layers,
        "backend": "torch" if literal else settings.backend,
        **_statistics(seconds),
        "per": "epoch",
    }


def _statistics(seconds: Sequence[float]) -> Row:
    return {
        "median_seconds": float(np.median(seconds)),
        "minimum_seconds": float(np.min(seconds)),
        "maximum_seconds": float(np.max(seconds)),
        "repeats": len(seconds),
    }

"""Timings that can be compared: in-process clocks, a warm-up, medians of several repeats.

They mean something only when nothing else runs on the machine. Iterations, as printed and by the
tolerance, are counted on the way. The set-up of a network, once for all loads, is not timed.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product
from typing import Any

import numpy as np

from evaluation.online import as_printed
from evaluation.online.prediction import SchemeName, predict
from rve.dataset.dataset import Dataset
from rve.errors import ConvergenceError
from rve.loads.load_path import LoadPath
from rve.materials.law import Law
from training.fit import train
from training.network import Kind, MaterialNetwork
from training.specification import Settings
from training.tree import Tree, prune

logger = logging.getLogger(__name__)

TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
"""Of the online schemes: the paper prints none, and its speed-ups depend on it."""

_LITERAL_INCREMENTS = 2
BALANCE = 1e-6
"""Norm of R at which Algorithm 3 stops, GPa; the paper does not print its tolerance."""

Row = dict[str, Any]
"""A row of timing.csv: some of `evaluation.measures.tables.TIMING_COLUMNS`."""


@dataclass(frozen=True)
class OnlineTest:
    """A network that follows loads.

    Attributes:
        name: of the network.
        network: its parameters.
        materials: laws of the base materials p1 and p2.
        paths: the loads.
        schemes: to use, as far as they can follow the loads.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.
    """

    name: str
    network: MaterialNetwork
    materials: Sequence[Law]
    paths: Sequence[LoadPath]
    schemes: Sequence[SchemeName]
    tolerance: float
    max_iterations: int

    @cached_property
    def tree(self) -> Tree:
        """The network without its dead nodes."""
        return prune(self.network)

    @property
    def printed(self) -> list[SchemeName]:
        """Those of the schemes that the paper has for the kind of the network."""
        printed = set(as_printed.SCHEMES) - ({"newton"} if self.network.kind == "DMN" else set())
        return [scheme for scheme in self.schemes if scheme in printed]

    def follow(
        self, predict: Callable[..., Any], scheme: SchemeName, paths: Sequence[LoadPath], *more: Any
    ) -> list[Any]:
        """Predictions of the paths, by `predict` of `evaluation.online` or of `as_printed`."""
        given = scheme, self.tolerance, self.max_iterations, *more
        return [predict(self.tree, self.materials, path, *given) for path in paths]


def time_online(test: OnlineTest, repeats: int) -> list[Row]:
    """Time to follow all paths once, of each scheme that can follow them."""

    def seconds(scheme: SchemeName, paths: Sequence[LoadPath]) -> float:
        return sum(one.seconds for one in test.follow(predict, scheme, paths))

    per = "1 load path" if len(test.paths) == 1 else f"{len(test.paths)} load paths"
    measure = _repeated(seconds, test.paths, repeats)
    return _rows(test, "online", per, "is not timed", test.schemes, measure)


def time_literal(test: OnlineTest, repeats: int) -> list[Row]:
    """Time an iteration of the algorithms as printed, over the active base nodes.

    The two first increments of each path do: an iteration costs there what it costs on the whole
    path, within a tenth.
    """

    def cost(scheme: SchemeName, paths: Sequence[LoadPath]) -> float:
        found = test.follow(as_printed.predict, scheme, paths)
        return sum(one.seconds for one in found) / _iterations(found) / len(test.tree.weights)

    short = [path.beginning(_LITERAL_INCREMENTS) for path in test.paths]
    per, failure = "iteration and active base node", "as printed is not timed"
    measure = _repeated(cost, short, repeats)
    return _rows(test, "online_literal", per, failure, test.printed, measure)


def count_by_tolerance(test: OnlineTest) -> list[Row]:
    """Iterations of all increments of all paths at each of `TOLERANCES`, with the paper's schemes.

    The tolerance of the test does not count.
    """

    def counted(tolerance: float, scheme: SchemeName) -> Row:
        found = replace(test, tolerance=tolerance).follow(predict, scheme, test.paths)
        return {"iterations": _iterations(found), "tolerance": tolerance}

    quantity, per = "iterations_by_tolerance", f"{len(test.paths)} load paths"
    rows: list[Row] = []
    for scheme, tolerance in product(test.printed, TOLERANCES):
        failure = f"at {tolerance:g} is not counted"
        rows += _rows(test, quantity, per, failure, [scheme], partial(counted, tolerance))
    return rows


def count_as_printed(test: OnlineTest) -> list[Row]:
    """Iterations per increment where the algorithms begin and stop as the paper prints them.

    A DMN, Algorithm 1, begins from no increment and stops by the change of strain, as it does here
    always. An IMN, Algorithm 3, begins under the macroscopic strain and stops at the norm of R.
    The loads are under strain control. The schemes of the test do not count.
    """
    increments = sum(len(path.targets) for path in test.paths)
    scheme: SchemeName = "residual_stress" if test.network.kind == "DMN" else "newton"
    by, limits = (as_printed.predict, [BALANCE]) if scheme == "newton" else (predict, [])

    def counted(scheme: SchemeName) -> Row:
        found = test.follow(by, scheme, test.paths, *limits)
        return {"iterations": _iterations(found) / increments}

    per, failure = "increment, under strain control", "as printed is not counted"
    return _rows(test, "iterations_printed", per, failure, [scheme], counted)


def _iterations(found: Sequence[Any]) -> int:
    return sum(int(one.curve.iterations.sum()) for one in found)


def _repeated(
    seconds: Callable[[SchemeName, Sequence[LoadPath]], float],
    paths: Sequence[LoadPath],
    repeats: int,
) -> Callable[[SchemeName], Row]:
    """The statistics of a time with a scheme, after a warm-up on the first path."""

    def measured(scheme: SchemeName) -> Row:
        seconds(scheme, paths[:1])
        return _statistics([seconds(scheme, paths) for _ in range(repeats)])

    return measured


def _rows(
    test: OnlineTest,
    quantity: str,
    per: str,
    failure: str,
    schemes: Sequence[SchemeName],
    measure: Callable[[SchemeName], Row],
) -> list[Row]:
    """A row a scheme; none where it does not converge, with a warning."""
    identity = {"network": test.name, "kind": test.network.kind, "layers": test.network.layers}
    rows: list[Row] = []
    for scheme in schemes:
        try:
            values = {"scheme": scheme, **measure(scheme)}
        except ConvergenceError as error:
            logger.warning("%s, %s %s: %s", test.name, scheme, failure, error)
        else:
            rows.append({"quantity": quantity, **identity, **values, "per": per})
    return rows


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

"""Online prediction: the response of a network to a load path, with any scheme.

All schemes stop by the same rule, that of Algorithms 1 and 2: the change of the base nodes'
strains, over their increment, falls below the tolerance. docs/online.md has the rule in full.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.online.equilibrium import search_of
from evaluation.online.flat_network import flat_network
from evaluation.online.iteration import answer, prepare, tangents
from evaluation.online.kernels import LIBRARY
from evaluation.online.loop_arguments import FlatNetwork
from evaluation.online.loops import Increments, Results, empty_results, follow
from evaluation.online.schemes.registry import SCHEMES, SchemeName, scheme_of
from rve import arguments
from rve.errors import ConvergenceError
from rve.kernels.tile import LANES
from rve.loads.curve import Curve, remark_on_halving
from rve.loads.load_limits import check_load, warn_of_large_strain
from rve.loads.load_path import LoadPath, advice
from rve.mandel import COMPONENTS
from rve.materials.composite import Materials, laws_of
from rve.materials.law import Law
from rve.materials.layout import DURATION, STATE, STRAIN, STRESS
from training.network import MaterialNetwork
from training.tree import Tree, tree_of

Array = NDArray[np.float64]

SINGLE, TILE = (0,), (0,) * LANES
"""Tuples as long as a tile has points."""
_BORNE = 1e-9  # of the trace of a stiffness; below it is none
_OVERFLOWS = 1e140  # the square of a strain or stress, GPa, of this size is near the largest number


@dataclass(frozen=True)
class Prediction:
    """Response of a network along a load path.

    Attributes:
        curve: macroscopic strain, stress, and the iterations and steps of each increment.
        tangent: macroscopic consistent tangent (6, 6) at the end, GPa.
        strain: strains (n, 6) of the base nodes at the end.
        stress: their stresses (n, 6) at the end, GPa.
        states: their internal states at the end, for each phase but the void (nodes, s).
        traction_defect: largest norm over the path of the traction residual R, Eq. 28, over that
            of the tractions themselves.
        seconds: wall time of following the path, without loading compiled code.

    Example:
        The macroscopic stress is the mean of those of the base nodes, by their weights:

        >>> import numpy as np
        >>> from evaluation.online import predict
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic, J2Plasticity
        >>> from training import initialise, prune
        >>> laws = J2Plasticity(70.0, 0.33, yield_stress=0.3, H=1.0), Elastic(80 * np.eye(6))
        >>> tree = prune(initialise("IMN", layers=2, rng=np.random.default_rng(0)))
        >>> end = predict(tree, laws, monotonic("11", 0.02, increments=5, control="stress"))
        >>> mean = tree.weights @ end.stress / tree.weights.sum()
        >>> np.allclose(mean, end.curve.stress[-1]), end.traction_defect < 1e-8
        (True, True)
    """

    curve: Curve
    tangent: Array
    strain: Array
    stress: Array
    states: tuple[Array, ...]
    traction_defect: float
    seconds: float


def predict(
    tree: MaterialNetwork | Tree,
    materials: Materials,
    path: LoadPath,
    scheme: SchemeName = "tree_newton",
    tolerance: float = 1e-8,
    max_iterations: int = 50,
) -> Prediction:
    """Follow a load path with a network.

    Args:
        tree: a network, as `training.load` gives it, or its active part.
        materials: laws of the phases but the void, as `rve.materials.materials` gives them, or
            constants that declare them.
        path: the macroscopic load.
        scheme: the online scheme.
        tolerance: relative change of the base nodes' strains at which an increment is done.
        max_iterations: of an increment, before it is halved.

    Warns:
        UserWarning: the macroscopic strains are not small.

    Raises:
        InputError: an argument is not as said, or a stress of the path cannot be one of these laws.
        ConvergenceError: an increment did not converge, even halved eight times.

    Example:
        Schemes that end in equilibrium agree; `fixed_point` leaves tractions out of balance:

        >>> import numpy as np
        >>> from evaluation.online import SCHEMES, predict
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic, J2Plasticity
        >>> from training import initialise, prune
        >>> laws = J2Plasticity(70.0, 0.33, yield_stress=0.3, H=1.0), Elastic(80 * np.eye(6))
        >>> tree = prune(initialise("IMN", layers=2, rng=np.random.default_rng(0)))
        >>> path = monotonic("11", 0.02, increments=5, control="stress")
        >>> stresses = {name: predict(tree, laws, path, name).curve.stress for name in SCHEMES}
        >>> [name for name in SCHEMES if np.allclose(stresses[name], stresses["newton"])]
        ['residual_stress', 'newton', 'tree_newton']
    """
    arguments.choice("scheme", scheme, SCHEMES)
    check_search(tolerance, max_iterations)
    tree = tree_of(tree)
    laws = laws_of(materials, tree.names, Law)
    check_load(path, laws)
    prediction = _predict(tree, laws, path, scheme, tolerance, max_iterations)
    warn_of_large_strain(prediction.curve)
    return prediction


def _predict(
    tree: Tree,
    materials: Sequence[Law],
    path: LoadPath,
    scheme: SchemeName,
    tolerance: float,
    max_iterations: int,
) -> Prediction:
    LIBRARY.compile_once()
    network = flat_network(tree, materials, dense=scheme_of(scheme).dense)
    start = time.perf_counter()
    work, results = _follow_paths(network, [path], scheme, tolerance, max_iterations)
    increments, done = len(path.targets), results.done[0]
    if done < increments:
        raise ConvergenceError(
            f"increment {done + 1} of {increments} failed after 8 bisections: no equilibrium of "
            f"the network; {unrest(work.moved[0], tolerance, np.nan_to_num(path.targets[done]))}; "
            f"{advice(path, done + 1)}"
        )
    tangent = tangents(SINGLE, network, work)[0]
    seconds = time.perf_counter() - start
    nodes = work.tiles[: len(network.weights), 0]
    counted = results.iterations[:, 0], results.steps[:, 0]
    curve = Curve(results.strain, results.stress, path.times, *counted)
    remark_on_halving(curve, materials)
    return Prediction(
        curve,
        tangent,
        nodes[:, STRAIN:DURATION].copy(),
        nodes[:, STRESS:STRAIN].copy(),
        _states(tree, network, len(materials), nodes),
        float(results.defect[0]),
        seconds,
    )


def check_search(tolerance: float, max_iterations: int) -> None:
    """Raise an InputError unless these can be how equilibrium is searched."""
    arguments.number("tolerance", tolerance, above=0)
    arguments.count("max_iterations", max_iterations)


def unrest(change: float, tolerance: float, load: Array) -> str:
    """Why an increment is not in equilibrium.

    Args:
        change: its last relative change of strain.
        tolerance: on it.
        load: what is prescribed (6,).
    """
    if change <= tolerance:
        return "its strains are at rest, but its tractions are out of balance"
    if not np.isfinite(change):
        if not np.abs(load).max() < _OVERFLOWS:
            return "a strain or a stress of it, or the square of one, is no finite number"
        return (
            "a law found no stress there; a law whose flow stress falls by more than 3 G has no "
            "stress"
        )
    return f"relative change of strain {change:.1e} against {tolerance:g}"


def predict_many(
    tree: MaterialNetwork | Tree,
    materials: Materials,
    paths: Sequence[LoadPath],
    tolerance: float = 1e-8,
    max_iterations: int = 50,
) -> list[Curve]:
    """Follow many load paths with a network by the scheme `tree_newton`, LANES paths at a time.

    The loads of the paths, their control and their lengths may differ. A path with an increment
    that does not converge is followed again alone, and the increment is halved.

    Args:
        tree: a network, as `training.load` gives it, or its active part.
        materials: laws of the phases but the void, as `rve.materials.materials` gives them, or
            constants that declare them.
        paths: the macroscopic loads.
        tolerance: as in `predict`.
        max_iterations: likewise.

    Warns:
        UserWarning: the macroscopic strains of a path are not small; one for all paths.

    Raises:
        InputError: as `predict`.
        ConvergenceError: an increment did not converge, even halved eight times.

    Example:
        >>> import numpy as np
        >>> from evaluation.online import predict, predict_many
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic, J2Plasticity
        >>> from training import initialise, prune
        >>> laws = J2Plasticity(70.0, 0.33, yield_stress=0.3, H=1.0), Elastic(80 * np.eye(6))
        >>> tree = prune(initialise("IMN", layers=2, rng=np.random.default_rng(0)))
        >>> paths = [monotonic("11", 0.02, 5, "stress"), monotonic("12", 0.03, 8, "strain")]
        >>> curves = predict_many(tree, laws, paths)
        >>> alone = [predict(tree, laws, path).curve for path in paths]
        >>> [np.allclose(a.stress, b.stress) for a, b in zip(curves, alone, strict=True)]
        [True, True]
    """
    check_search(tolerance, max_iterations)
    tree = tree_of(tree)
    laws = laws_of(materials, tree.names, Law)
    arguments.listed("paths", paths, "load paths", at_least=0)
    for path in paths:
        check_load(path, laws)
    network = flat_network(tree, laws, dense=False)
    curves = []
    for start in range(0, len(paths), LANES):
        some = paths[start : start + LANES]
        filled = [*some, *[some[0]] * (LANES - len(some))]
        _, results = _follow_paths(network, filled, "tree_newton", tolerance, max_iterations)
        shape = (-1, 6, LANES)
        strain, stress = results.strain.reshape(shape), results.stress.reshape(shape)
        for lane, path in enumerate(some):
            end = len(path.targets) + 1
            if results.done[lane] + 1 < end:
                alone = _predict(tree, laws, path, "tree_newton", tolerance, max_iterations)
                curves.append(alone.curve)
                continue
            curves.append(
                Curve(
                    strain[:end, :, lane].copy(),
                    stress[:end, :, lane].copy(),
                    path.times,
                    results.iterations[:end, lane].copy(),
                    results.steps[:end, lane].copy(),
                )
            )
    warn_of_large_strain(*curves)
    return curves


def _follow_paths(
    network: FlatNetwork,
    paths: Sequence[LoadPath],
    scheme: SchemeName,
    tolerance: float,
    max_iterations: int,
) -> tuple[Any, Results]:
    """Follow one path, or LANES, of which shorter ones stay where they end."""
    if network.hollow:
        _check_bearing(network, paths)
    L = len(paths)
    points = SINGLE if L == 1 else TILE
    work = prepare(points, network)
    increments = max(len(path.targets) for path in paths)
    free, ends, shares = np.empty((3, increments, 6, L))
    durations = np.zeros((increments, L))
    for lane, path in enumerate(paths):
        own = len(path.targets)
        for filled, values in zip(
            (free, ends, shares), (~path.strain_controlled, *path.ends_and_shares()), strict=True
        ):
            filled[:own, :, lane], filled[own:, :, lane] = values, values[-1]
        durations[:own, lane] = path.durations
    free, ends, shares = (values.reshape(increments, -1) for values in (free, ends, shares))
    search = search_of(scheme, tolerance, max_iterations)
    results = empty_results(increments, L)
    follow(points, network, work, Increments(free, ends, shares, durations), search, results)
    return work, results


def _check_bearing(network: FlatNetwork, paths: Sequence[LoadPath]) -> None:
    """Raise a ConvergenceError if a path prescribes a stress that a network cannot bear.

    Voids that cut the matrix into parts leave no stiffness in some directions.
    """
    virgin = prepare(SINGLE, network)
    answer(SINGLE, network, virgin)
    stiffness = tangents(SINGLE, network, virgin)[0]
    for prescribed in np.unique(
        np.concatenate([~path.strain_controlled for path in paths]), axis=0
    ):
        free = np.flatnonzero(prescribed)
        values, vectors = np.linalg.eigh(stiffness[np.ix_(free, free)])
        weak = np.linalg.norm(vectors[:, values <= _BORNE * np.trace(stiffness)], axis=1) > 0.5
        if weak.any():
            names = ", ".join(COMPONENTS[i] for i in free[weak])
            raise ConvergenceError(
                "no equilibrium of the network: the path prescribes stresses of which it bears "
                f"none ({names}), since its voids cut the matrix into parts. Train another one, "
                "with a coated start, or prescribe these strains"
            )


def _states(tree: Tree, network: FlatNetwork, count: int, nodes: Array) -> tuple[Array, ...]:
    members = [np.flatnonzero(tree.phases == phase) for phase in range(count)]
    sizes = [network.sizes[places].max(initial=0) for places in members]
    return tuple(
        nodes[places, STATE : STATE + size].copy()
        for places, size in zip(members, sizes, strict=True)
    )

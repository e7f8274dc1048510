"""Source of the compiled kernels of training, written from the formulas of a network's tree.

An entry of a symmetric stiffness stands in two places; a derivative is that by one of them.
"""

from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from rve.kernels.derivatives import adjoint
from rve.kernels.graph import Graph
from rve.kernels.numba_source import HEADER, Place, Write, entries, kernel, results, sums
from rve.kernels.tile import ENTRIES, symmetric, upper
from rve.linear_matching import deviator_norm, shear_factor, softened
from rve.mandel import DEVIATORIC_PROJECTION
from training.compiled import formulas

KEPT = 18  # values of a block, from which its derivatives follow
ORTHOTROPIC = np.pad(np.ones((3, 3)), (0, 3)) + np.diag([0, 0, 0, 1, 1, 1])


def module() -> str:
    """Source of the module with all kernels."""
    return "\n\n".join(
        chain(
            [HEADER],
            _laminate(),
            [
                _turned("turned", np.ones((6, 6))),
                _turned("turned_orthotropic", ORTHOTROPIC),
                _torque(),
                _compared(),
                _mandel_rotation(),
            ],
            _strains(),
            _flow(),
            _of_angles("euler_rotation", _euler_rotation, 3),
            _of_angles("normal", formulas.normal, 2),
        )
    )


def _laminate() -> Iterator[str]:
    """Kernels of a block: its stiffness, with KEPT values for the adjoint; the adjoint."""
    graph = Graph()
    first, second = graph.inputs("first", ENTRIES), graph.inputs("second", ENTRIES)
    fraction, normal = graph.inputs("fraction", 1), graph.inputs("normal", 3)
    C1, C2, (f1,) = symmetric(first), symmetric(second), fraction
    reads = {
        **entries("fraction", fraction, "row"),
        **entries("normal", normal, "row"),
        **entries("first", first),
        **entries("second", second),
    }
    C, P = formulas.laminate(C1, C2, f1, normal)
    arrays = ["fraction", "normal", "first", "second"]
    yield kernel(
        "laminate",
        [*arrays, "result", "kept"],
        reads,
        results(result=upper(C), kept=P.ravel()),
    )
    kept, weight = graph.inputs("kept", KEPT), graph.inputs("weight", ENTRIES)
    by_C1, by_C2, by_f1, by_n = formulas.laminate_adjoint(
        C1, C2, f1, normal, kept.reshape(3, 6), symmetric(weight)
    )
    yield kernel(
        "laminate_adjoint",
        [*arrays, "kept", "weight", "by_first", "by_second", "by_fraction", "by_normal"],
        reads | entries("kept", kept) | entries("weight", weight),
        results(by_first=upper(by_C1), by_second=upper(by_C2))
        + sums(by_fraction=[by_f1], by_normal=by_n),
    )


def _strains() -> Iterator[str]:
    """Kernels of a block's children: their strains, and the adjoints of these."""
    graph = Graph()
    first, second = graph.inputs("first", ENTRIES), graph.inputs("second", ENTRIES)
    fraction, normal = graph.inputs("fraction", 1), graph.inputs("normal", 3)
    kept, strain = graph.inputs("kept", KEPT), graph.inputs("strain", 6)
    C1, C2, (f1,), P = symmetric(first), symmetric(second), fraction, kept.reshape(3, 6)
    shared = {**entries("fraction", fraction, "row"), **entries("normal", normal, "row")}
    blocks = shared | entries("first", first) | entries("second", second) | entries("kept", kept)
    E1, E2 = formulas.childrens_strains(f1, normal, P @ strain, strain)
    yield kernel(
        "strains",
        ["fraction", "normal", "kept", "strain", "first_strain", "second_strain"],
        shared | entries("kept", kept) | entries("strain", strain),
        results(first_strain=E1, second_strain=E2),
    )
    by_1, by_2 = graph.inputs("by_first_strain", 6), graph.inputs("by_second_strain", 6)
    by_E, y, by_f1, by_n = formulas.strains_adjoint(C1, C2, f1, normal, P, strain, by_1, by_2)
    seeds = entries("by_first_strain", by_1) | entries("by_second_strain", by_2)
    arrays = ["fraction", "normal", "first", "second", "kept"]
    yield kernel(
        "strains_adjoint",
        [
            *arrays,
            *("strain", "by_first_strain", "by_second_strain", "by_strain"),
            *("by_traction", "by_fraction", "by_normal"),
        ],
        blocks | entries("strain", strain) | seeds,
        results(by_strain=by_E, by_traction=y) + sums(by_fraction=[by_f1], by_normal=by_n),
    )
    weight, y = graph.inputs("weight", ENTRIES), graph.inputs("traction", 3)
    E1, E2 = graph.inputs("first_strain", 6), graph.inputs("second_strain", 6)
    by_C1, by_C2, by_f1, by_n = formulas.strained_adjoint(
        C1, C2, f1, normal, P, symmetric(weight), y, E1, E2
    )
    yield kernel(
        "strained_adjoint",
        [
            *arrays,
            *("weight", "by_traction", "first_strain", "second_strain"),
            *("by_first", "by_second", "by_fraction", "by_normal"),
        ],
        blocks
        | entries("weight", weight)
        | entries("by_traction", y)
        | entries("first_strain", E1)
        | entries("second_strain", E2),
        results(by_first=upper(by_C1), by_second=upper(by_C2))
        + sums(by_fraction=[by_f1], by_normal=by_n),
    )


def _flow() -> Iterator[str]:
    """Kernels of a base node that flows, see `rve.linear_matching`, and their adjoints."""
    graph = Graph()
    base, strain = graph.inputs("base", ENTRIES), graph.inputs("strain", 6)
    (norm,), (mean,), (factor,) = (graph.inputs(name, 1) for name in ("norm", "mean", "factor"))
    places = {node: Place(name, 0) for name, node in (("norm", norm), ("mean", mean))}
    (weight,) = graph.inputs("weight", 1)
    seed = {weight: Place("weight", 0)}
    found = deviator_norm(strain)
    yield kernel("norm", ["strain", "norm"], entries("strain", strain), results(norm=[found]))
    yield kernel(
        "norm_adjoint",
        ["strain", "weight", "by_strain"],
        entries("strain", strain) | seed,
        results(by_strain=adjoint([found], [weight], list(strain))),
    )
    found = shear_factor(norm, mean)
    yield kernel("factor", ["norm", "mean", "factor"], places, results(factor=[found]))
    by_norm, by_mean = adjoint([found], [weight], [norm, mean])
    yield kernel(
        "factor_adjoint",
        ["norm", "mean", "weight", "by_norm", "by_mean"],
        places | seed,
        [Write(Place("by_norm", 0), by_norm), Write(Place("by_mean", 0), by_mean, added=True)],
    )
    soft = softened(symmetric(base)[None], np.array([factor]))[0]
    yield kernel(
        "softened",
        ["base", "factor", "result"],
        entries("base", base) | {factor: Place("factor", 0)},
        results(result=upper(soft)),
    )
    W = graph.inputs("by_result", ENTRIES)
    by_factor = formulas.contracted(symmetric(W), symmetric(base)[5, 5] * DEVIATORIC_PROJECTION)
    yield kernel(
        "softened_adjoint",
        ["base", "by_result", "by_factor"],
        entries("base", base) | entries("by_result", W),
        results(by_factor=[by_factor]),
    )


def _turned(name: str, pattern: np.ndarray) -> str:
    """Kernel of a turned base material with zeros where the pattern (6, 6) has them."""
    graph = Graph()
    base, rotation = graph.inputs("base", ENTRIES), graph.inputs("rotation", 36)
    C = formulas.turned(symmetric(base) * pattern, rotation.reshape(6, 6))
    reads = entries("rotation", rotation, "row") | entries("base", base)
    return kernel(name, ["rotation", "base", "result"], reads, results(result=upper(C)))


def _torque() -> str:
    graph = Graph()
    stiffness, weight = graph.inputs("stiffness", ENTRIES), graph.inputs("weight", ENTRIES)
    return kernel(
        "torque",
        ["stiffness", "weight", "by_turn"],
        entries("stiffness", stiffness) | entries("weight", weight),
        sums(by_turn=formulas.torque(symmetric(stiffness), symmetric(weight))),
    )


def _compared() -> str:
    graph = Graph()
    result, target = graph.inputs("result", ENTRIES), graph.inputs("target", ENTRIES)
    metric = graph.inputs("metric", ENTRIES)
    error, half = formulas.compared(symmetric(result), symmetric(target), symmetric(metric))
    return kernel(
        "compared",
        ["result", "target", "metric", "error", "by_result"],
        entries("result", result) | entries("target", target) | entries("metric", metric),
        results(error=[error], by_result=upper(half)),
    )


def _mandel_rotation() -> str:
    rotation = Graph().inputs("rotation", 9)
    R = formulas.mandel_rotation(rotation.reshape(3, 3)).ravel()
    writes = [Write(Place("result", i, "row"), node) for i, node in enumerate(R)]
    return kernel(
        "mandel_rotation", ["rotation", "result"], entries("rotation", rotation, "row"), writes
    )


def _euler_rotation(cosine, sine):
    return formulas.euler_rotation(cosine, sine).ravel()


def _of_angles(name: str, formula: Callable[..., np.ndarray], angles: int) -> Iterator[str]:
    """Kernel of a formula, and kernel of the derivatives of its results, weighted, by the angles.

    Args:
        name: of the kernel; its adjoint is `<name>_adjoint`.
        formula: of the cosines and sines of the angles, arrays of expressions.
        angles: their number.
    """
    graph = Graph()
    cosine, sine = graph.inputs("cosine", angles), graph.inputs("sine", angles)
    values = formula(cosine, sine)
    reads = entries("cosine", cosine, "row") | entries("sine", sine, "row")
    writes = [Write(Place("result", i, "row"), node) for i, node in enumerate(values)]
    yield kernel(name, ["cosine", "sine", "result"], reads, writes)
    weight = graph.inputs("weight", len(values))
    slopes = adjoint(list(values), list(weight), [*cosine, *sine])
    by_angle = cosine * slopes[angles:] - sine * slopes[:angles]
    yield kernel(
        f"{name}_adjoint",
        ["cosine", "sine", "weight", "by_angle"],
        reads | entries("weight", weight, "row"),
        [Write(Place("by_angle", i, "row"), node) for i, node in enumerate(by_angle)],
    )

"""Source of the compiled kernels, written from the formulas of a network's tree.

A kernel works on some tiles of LANES samples, laid out as in `rve.kernels.tile`. Its body is
straight-line code in one innermost loop of constant length, which is what the compiler turns into
full-width vector instructions. A derivative by an entry of a stiffness is that by one of the places
where it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, groupby

import numpy as np

from rve.kernels.graph import Expression, Graph, adjoint, statements
from rve.kernels.tile import ENTRIES, UPPER, symmetric, upper
from training.fused import formulas

LANES = 8  # of these tiles, which batches of 40 fill
KEPT = 18  # values of a block, from which its derivatives follow
ORTHOTROPIC = np.pad(np.ones((3, 3)), (0, 3)) + np.diag([0, 0, 0, 1, 1, 1])
_BY_COLUMNS = sorted(range(ENTRIES), key=lambda q: UPPER[q][::-1])

_HEADER = '''"""Written by training.fused.source from training.fused.formulas; not to be edited."""

from numba import njit

from rve.kernels.stack import align_stack

'''


def module() -> str:
    """Source of the module with all kernels."""
    return _HEADER + "\n\n".join(
        chain(
            _laminate(),
            [
                _turned("turned", np.ones((6, 6))),
                _turned("turned_orthotropic", ORTHOTROPIC),
                _torque(),
                _compared(),
                _mandel_rotation(),
            ],
            _of_angles("euler_rotation", _euler_rotation, 3),
            _of_angles("normal", formulas.normal, 2),
        )
    )


def _laminate() -> Iterator[str]:
    """Kernels of a block: its stiffness, with KEPT values for the adjoint; the adjoint."""
    graph = Graph()
    tiles, scalars = {"first": ENTRIES, "second": ENTRIES}, {"fraction": 1, "normal": 3}
    C1, C2 = (symmetric(graph.inputs(name, ENTRIES)) for name in tiles)
    (f1,), n = (graph.inputs(name, size) for name, size in scalars.items())
    C, P = formulas.laminate(C1, C2, f1, n)
    results = {"result": upper(C), "kept": P.ravel()}
    yield _kernel("laminate", results, scalars=scalars, tiles=tiles)
    P, W = graph.inputs("kept", 3, 6), symmetric(graph.inputs("weight", ENTRIES))
    by_C1, by_C2, by_f1, by_n = formulas.laminate_adjoint(C1, C2, f1, n, P, W)
    yield _kernel(
        "laminate_adjoint",
        {"by_first": upper(by_C1), "by_second": upper(by_C2)},
        scalars=scalars,
        tiles={**tiles, "kept": KEPT, "weight": ENTRIES},
        added={"by_fraction": [by_f1], "by_normal": by_n},
    )


def _turned(name: str, pattern: np.ndarray) -> str:
    """Kernel of a turned base material with zeros where the pattern (6, 6) has them."""
    graph = Graph()
    C = symmetric(graph.inputs("base", ENTRIES)) * pattern
    results = {"result": upper(formulas.turned(C, graph.inputs("rotation", 6, 6)))}
    return _kernel(name, results, scalars={"rotation": 36}, tiles={"base": ENTRIES})


def _torque() -> str:
    graph = Graph()
    tiles = {"stiffness": ENTRIES, "weight": ENTRIES}
    C, W = (symmetric(graph.inputs(name, ENTRIES)) for name in tiles)
    return _kernel("torque", {}, tiles=tiles, added={"by_turn": formulas.torque(C, W)})


def _compared() -> str:
    graph = Graph()
    tiles = {"result": ENTRIES, "target": ENTRIES, "scale": 1}
    C, target = (symmetric(graph.inputs(name, ENTRIES)) for name in ("result", "target"))
    error, half = formulas.compared(C, target, *graph.inputs("scale", 1))
    return _kernel("compared", {"error": [error], "by_result": upper(half)}, tiles=tiles)


def _mandel_rotation() -> str:
    R = formulas.mandel_rotation(Graph().inputs("rotation", 3, 3))
    return _kernel("mandel_rotation", {"result": list(R.ravel())}, scalars={"rotation": 9})


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
    cosine, sine = (graph.inputs(key, angles) for key in ("cosine", "sine"))
    results = formula(cosine, sine)
    scalars = {"cosine": angles, "sine": angles}
    yield _kernel(name, {"result": list(results)}, scalars=scalars)
    weights = graph.inputs("weight", len(results))
    slopes = adjoint(list(results), list(weights), [*cosine, *sine])
    by_angle = cosine * slopes[angles:] - sine * slopes[:angles]
    weighted = {**scalars, "weight": len(results)}
    yield _kernel(f"{name}_adjoint", {"by_angle": by_angle}, scalars=weighted)


def _kernel(
    name: str,
    results: Mapping[str, Sequence[Expression]],
    *,
    scalars: Mapping[str, int] | None = None,
    tiles: Mapping[str, int] | None = None,
    added: Mapping[str, Sequence[Expression]] | None = None,
) -> str:
    """Source of one kernel; its argument `one` is the number one in the precision to work in.

    It takes each of its arrays with the number of the row to work on, since rows that the caller
    cuts out would cost half as much as a tile; a kernel of tiles takes their number, too.

    Args:
        name: of the kernel.
        results: what it computes.
        scalars: names and lengths of the inputs that all samples share.
        tiles: names and numbers of entries of the inputs in tiles.
        added: what is added up over the tiles, lane by lane.
    """
    scalars, tiles, added = scalars or {}, tiles or {}, added or {}
    indent = "    "
    arrays = chain.from_iterable(
        (key, f"{key}_row") for key in (*scalars, *tiles, *results, *added)
    )
    parameters = ", ".join(["one", *(["count"] if tiles else []), *arrays])
    lines = ['@njit(fastmath={"contract"}, error_model="numpy")', f"def {name}({parameters}):"]

    def element(array: str, index: int) -> str:
        if not tiles or array in scalars:
            return f"{array}[{array}_row, {index}]"
        return f"{array}[{array}_row, {'' if array in added else 't, '}{index * LANES} + s]"

    def elements(sizes: Mapping[str, int]) -> dict[str, str]:
        return {f"{key}{i}": element(key, i) for key, size in sizes.items() for i in range(size)}

    if tiles:
        lines.append(f"{indent}align_stack()")
    lines += [f"{indent}{key} = {read}" for key, read in elements(scalars).items()]
    if tiles:
        lines += [f"{indent}for t in range(count):", f"{2 * indent}for s in range({LANES}):"]
        indent *= 3
    # Results of one size in turn, matrices by columns: what follows from the same values together.
    outputs: dict[str, Expression] = {}
    for size, group in groupby(results.items(), key=lambda result: len(result[1])):
        alike, order = list(group), _BY_COLUMNS if size == ENTRIES else range(size)
        outputs |= {f"{element(key, i)} =": r[i] for i in order for key, r in alike}
    for key, nodes in added.items():
        outputs |= {f"{element(key, i)} +=": node for i, node in enumerate(nodes)}
    body = statements(outputs, elements(tiles))
    return "\n".join([*lines, *(indent + line for line in body)]) + "\n"

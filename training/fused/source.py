"""Source of the compiled kernels, written from the formulas of a network's tree.

A kernel works on some tiles of LANES samples, laid out as in `rve.tile`. Its body is straight-line
code in one innermost loop of constant length, which is what the compiler turns into full-width
vector instructions. A derivative by an entry of a stiffness is that by one of the places where it
stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from rve.tile import ENTRIES, symmetric, upper
from training.fused import formulas
from training.fused.expression import Expression, Graph, adjoint, statements

LANES = 8  # of these tiles, which batches of 40 fill
KEPT = 18  # values of a block, from which its derivatives follow
ORTHOTROPIC = np.pad(np.ones((3, 3)), (0, 3)) + np.diag([0, 0, 0, 1, 1, 1])

_HEADER = '''"""Written by training.fused.source from training.fused.formulas; not to be edited."""

from numba import njit

from training.fused.stack import align_stack

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
                _mandel_rotation(),
            ],
            _with_adjoint("euler_rotation", _euler_rotation, {"cosine": 3, "sine": 3}),
            _with_adjoint("normal", formulas.normal, {"cosine": 2, "sine": 2}),
        )
    )


def _laminate() -> Iterator[str]:
    """Kernels of a block: its stiffness, with KEPT values for the adjoint; the adjoint."""
    graph = Graph()
    tiles, scalars = {"first": ENTRIES, "second": ENTRIES}, {"block": 4}
    C1, C2 = (symmetric(graph.inputs(name, ENTRIES)) for name in tiles)
    f1, *n = graph.inputs("block", 4)
    C, P = formulas.laminate(C1, C2, f1, n)
    results = {"result": list(upper(C)), "kept": list(P.ravel())}
    yield _kernel("laminate", tiles, scalars, results, {}, True)
    P, W = graph.inputs("kept", 3, 6), symmetric(graph.inputs("weight", ENTRIES))
    by_C1, by_C2, by_f1, by_n = formulas.laminate_adjoint(C1, C2, f1, n, P, W)
    assigned = {"by_first": list(upper(by_C1)), "by_second": list(upper(by_C2))}
    tiles = {**tiles, "kept": KEPT, "weight": ENTRIES}
    yield _kernel("laminate_adjoint", tiles, scalars, assigned, {"by_block": [by_f1, *by_n]}, True)


def _turned(name: str, pattern: np.ndarray) -> str:
    """Kernel of a turned base material with zeros where the pattern (6, 6) has them."""
    graph = Graph()
    C = symmetric(graph.inputs("base", ENTRIES)) * pattern
    R = graph.inputs("rotation", 6, 6)
    result = {"result": list(upper(formulas.turned(C, R)))}
    return _kernel(name, {"base": ENTRIES}, {"rotation": 36}, result, {}, True)


def _torque() -> str:
    graph = Graph()
    tiles = {"stiffness": ENTRIES, "weight": ENTRIES}
    C, W = (symmetric(graph.inputs(name, ENTRIES)) for name in tiles)
    return _kernel("torque", tiles, {}, {}, {"result": list(formulas.torque(C, W))}, True)


def _mandel_rotation() -> str:
    graph = Graph()
    R = formulas.mandel_rotation(graph.inputs("rotation", 3, 3))
    return _kernel("mandel_rotation", {}, {"rotation": 9}, {"result": list(R.ravel())}, {}, False)


def _euler_rotation(cosine, sine):
    return formulas.euler_rotation(cosine, sine).ravel()


def _with_adjoint(
    name: str, formula: Callable[..., np.ndarray], inputs: Mapping[str, int]
) -> Iterator[str]:
    """Kernel of a formula, and kernel of the derivatives of its results, weighted, by its inputs.

    Args:
        name: of the kernel; its adjoint is `<name>_adjoint`, whose derivatives are added to.
        formula: takes an array of expressions for each input, and returns an array of results.
        inputs: their lengths.
    """
    graph = Graph()
    arrays = {key: graph.inputs(key, size) for key, size in inputs.items()}
    results = formula(**arrays)
    yield _kernel(name, {}, inputs, {"result": list(results)}, {}, False)
    weights = graph.inputs("weight", len(results))
    derivatives = iter(adjoint(list(results), list(weights), list(chain(*arrays.values()))))
    added = {f"by_{key}": [next(derivatives) for _ in nodes] for key, nodes in arrays.items()}
    weighted = {**inputs, "weight": len(results)}
    yield _kernel(f"{name}_adjoint", {}, weighted, {}, added, False)


def _kernel(
    name: str,
    tiles: Mapping[str, int],
    scalars: Mapping[str, int],
    assigned: Mapping[str, Sequence[Expression]],
    added: Mapping[str, Sequence[Expression]],
    tiled: bool,
) -> str:
    """Source of one kernel; `one` is the number one in the precision to work in.

    A tiled kernel takes the number of tiles, and each of its arrays with the number of the row to
    work on, since rows that the caller cuts out would cost it half as much as a tile. What is added
    is added up over the tiles, lane by lane.
    """
    indent = "    "
    names = [*scalars, *tiles, *assigned, *added]
    parameters = chain.from_iterable((key, f"{key}_row") if tiled else (key,) for key in names)
    lines = [
        '@njit(fastmath=True, error_model="numpy")',
        f"def {name}({', '.join(['one', *(['count'] if tiled else []), *parameters])}):",
    ]

    def element(array: str, index: int) -> str:
        tile = "" if array in added else "t, "
        place = f"{array}_row, {tile}{index * LANES} + s" if tiled else f"{index}"
        return f"{array}[{place}]"

    if tiled:
        lines.append(f"{indent}align_stack()")
    for key, size in scalars.items():
        row = f"{key}_row, " if tiled else ""
        lines += [f"{indent}{key}{i} = {key}[{row}{i}]" for i in range(size)]
    if tiled:
        lines += [f"{indent}for t in range(count):", f"{2 * indent}for s in range({LANES}):"]
        indent *= 3
    for key, size in tiles.items():
        lines += [f"{indent}{key}{i} = {element(key, i)}" for i in range(size)]
    outputs = {
        f"{element(key, i)} {sign}": node
        for sign, arrays in (("=", assigned), ("+=", added))
        for key, nodes in arrays.items()
        for i, node in enumerate(nodes)
    }
    return "\n".join([*lines, *(indent + line for line in statements(outputs))]) + "\n"

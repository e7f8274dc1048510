"""Source of the compiled kernels, written from the formulas of a network's tree.

A kernel works on tiles of samples, see `rve.tile`. Its body is straight-line code in one innermost
loop of constant length, which is what the compiler turns into full-width vector instructions. A
derivative by an entry of a stiffness counts both places where it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from rve.tile import ENTRIES, LANES, UPPER
from training.fused import formulas
from training.fused.expression import Expression, Graph, adjoint, statements

_HEADER = '''"""Written by training.fused.source from training.fused.formulas; not to be edited."""

from numba import njit

'''


def module() -> str:
    """Source of the module with all kernels."""
    children = {"first": ENTRIES, "second": ENTRIES}
    return _HEADER + "\n\n".join(
        chain(
            _with_adjoint("laminate", _laminate, children, {"block": 4}),
            _turned_with_adjoint(),
            _with_adjoint("mandel_rotation", _mandel_rotation, {}, {"rotation": 9}),
            _with_adjoint("euler_rotation", _euler_rotation, {}, {"cosine": 3, "sine": 3}),
            _with_adjoint("normal", formulas.normal, {}, {"cosine": 2, "sine": 2}),
        )
    )


def _laminate(first, second, block):
    return _upper(formulas.laminate(_symmetric(first), _symmetric(second), block[0], block[1:]))


def _turned_with_adjoint() -> Iterator[str]:
    """Kernels of a turned base material; it is data itself, so that only its turning has slopes."""
    graph = Graph()
    base, weight = graph.inputs("base", ENTRIES), graph.inputs("weight", ENTRIES)
    rotation = graph.inputs("rotation", 36)
    C, R = _symmetric(base), rotation.reshape(6, 6)
    # An entry off the diagonal stands in two places, which share its weight.
    W = _symmetric(weight * np.array([1 if i == j else 0.5 for i, j in UPPER]))
    turned, slopes = _upper(formulas.turned(C, R)), formulas.turned_by_rotation(C, R, W)
    tiles, scalars = {"base": ENTRIES}, {"rotation": 36}
    yield _kernel("turned", tiles, scalars, {"result": list(turned)}, {}, True)
    tiles["weight"] = ENTRIES
    yield _kernel("turned_adjoint", tiles, scalars, {}, {"by_rotation": slopes.ravel()}, True)


def _mandel_rotation(rotation):
    return formulas.mandel_rotation(rotation.reshape(3, 3)).ravel()


def _euler_rotation(cosine, sine):
    return formulas.euler_rotation(cosine, sine).ravel()


def _symmetric(entries):
    matrix = np.empty((6, 6), dtype=object)
    for (i, j), entry in zip(UPPER, entries, strict=True):
        matrix[i, j] = matrix[j, i] = entry
    return matrix


def _upper(matrix):
    return np.array([matrix[i, j] for i, j in UPPER])


def _with_adjoint(
    name: str,
    formula: Callable[..., np.ndarray],
    tiles: Mapping[str, int],
    scalars: Mapping[str, int],
) -> Iterator[str]:
    """Kernel of a formula, and kernel of the derivatives of its results, weighted, by its inputs.

    Derivatives by tiles are assigned; those by scalars are added to, lane by lane.

    Args:
        name: of the kernel; its adjoint is `<name>_adjoint`.
        formula: takes an array of expressions for each input, and returns an array of results.
        tiles: inputs that differ from sample to sample, and their lengths.
        scalars: inputs that are the same for all samples.
    """
    graph = Graph()
    inputs = {key: graph.inputs(key, size) for key, size in {**tiles, **scalars}.items()}
    results = formula(**inputs)
    yield _kernel(name, tiles, scalars, {"result": list(results)}, {}, bool(tiles))
    weights = graph.inputs("weight", len(results))
    derivatives = iter(adjoint(list(results), list(weights), list(chain(*inputs.values()))))
    parts = {key: [next(derivatives) for _ in nodes] for key, nodes in inputs.items()}
    assigned, added = ({f"by_{key}": parts[key] for key in names} for names in (tiles, scalars))
    weighted = {**tiles, "weight": len(results)}
    yield _kernel(f"{name}_adjoint", weighted, scalars, assigned, added, bool(tiles))


def _kernel(
    name: str,
    tiles: Mapping[str, int],
    scalars: Mapping[str, int],
    assigned: Mapping[str, Sequence[Expression]],
    added: Mapping[str, Sequence[Expression]],
    tiled: bool,
) -> str:
    """Source of one kernel; `one` is the number one in the precision to work in."""
    indent = "    "
    lines = [
        '@njit(fastmath=True, error_model="numpy")',
        f"def {name}({', '.join(['one', *scalars, *tiles, *assigned, *added])}):",
    ]

    def element(array: str, index: int) -> str:
        return f"{array}[{index * LANES} + s]" if tiled else f"{array}[{index}]"

    lines += [
        f"{indent}{key}{i} = {key}[{i}]" for key, size in scalars.items() for i in range(size)
    ]
    if tiled:
        lines.append(f"{indent}for s in range({LANES}):")
        indent *= 2
    for key, size in tiles.items():
        lines += [f"{indent}{key}{i} = {element(key, i)}" for i in range(size)]
    outputs = {
        f"{element(key, i)} {sign}": node
        for sign, arrays in (("=", assigned), ("+=", added))
        for key, nodes in arrays.items()
        for i, node in enumerate(nodes)
    }
    return "\n".join([*lines, *(indent + line for line in statements(outputs))]) + "\n"

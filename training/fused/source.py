"""Source of the compiled kernels, written from the formulas of a network's tree.

A kernel works on tiles: LANES samples side by side, entry q of sample s at `tile[q * LANES + s]`.
Its body is straight-line code in one innermost loop of constant length, which is what the compiler
turns into full-width vector instructions. Stiffnesses are stored as the ENTRIES of their upper
triangle; a derivative by such an entry counts both places where it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from training.fused import formulas
from training.fused.expression import Expression, Graph, adjoint, statements

LANES = 16
UPPER = tuple((i, j) for i in range(6) for j in range(i, 6))
ENTRIES = len(UPPER)

_HEADER = '''"""Written by training.fused.source from training.fused.formulas; not to be edited."""

from numba import njit

'''


def module() -> str:
    """Source of the module with all kernels."""
    return _HEADER + "\n\n".join(
        chain(
            _with_adjoint("laminate", _laminate, {"first": 21, "second": 21}, {"block": 4}),
            # The base materials themselves are data.
            _with_adjoint("turned", _turned, {"base": 21}, {"rotation": 36}, fixed=("base",)),
            _with_adjoint("mandel_rotation", _mandel_rotation, {}, {"rotation": 9}),
            _with_adjoint("euler_rotation", _euler_rotation, {}, {"cosine": 3, "sine": 3}),
            _with_adjoint("normal", _normal, {}, {"cosine": 2, "sine": 2}),
        )
    )


def _laminate(first, second, block):
    return _upper(formulas.laminate(_symmetric(first), _symmetric(second), block[0], block[1:]))


def _turned(base, rotation):
    return _upper(formulas.turned(_symmetric(base), rotation.reshape(6, 6)))


def _mandel_rotation(rotation):
    return formulas.mandel_rotation(rotation.reshape(3, 3)).ravel()


def _euler_rotation(cosine, sine):
    return formulas.euler_rotation(cosine, sine).ravel()


def _normal(cosine, sine):
    return formulas.normal(cosine, sine)


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
    fixed: Sequence[str] = (),
) -> Iterator[str]:
    """Kernel of a formula, and kernel of the derivatives of its results, weighted, by its inputs.

    Derivatives by tiles are assigned; those by scalars are added to, lane by lane.

    Args:
        name: of the kernel; its adjoint is `<name>_adjoint`.
        formula: takes an array of expressions for each input, and returns an array of results.
        tiles: inputs that differ from sample to sample, and their lengths.
        scalars: inputs that are the same for all samples.
        fixed: inputs by which no derivative is wanted.
    """
    graph = Graph()
    inputs = {key: graph.inputs(key, size) for key, size in {**tiles, **scalars}.items()}
    results = formula(**inputs)
    yield _kernel(name, tiles, scalars, {"result": list(results)}, {}, bool(tiles))
    weights = graph.inputs("weight", len(results))
    derivatives = iter(adjoint(list(results), list(weights), list(chain(*inputs.values()))))
    parts = {key: [next(derivatives) for _ in nodes] for key, nodes in inputs.items()}
    assigned, added = (
        {f"by_{key}": parts[key] for key in names if key not in fixed} for names in (tiles, scalars)
    )
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

"""Tables that are looked up, against `np.interp`: values, slopes, and the code for any length."""

import numpy as np
import pytest
from c_laws import COMPILER
from compiled_c import run
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rve.kernels.c_source import function
from rve.kernels.derivatives import adjoint, directional
from rve.kernels.formula import Place, Recording, Write, entries, results
from rve.kernels.graph import Expression, Graph, evaluate
from rve.kernels.numba_source import HEADER, kernel, looked_up

Array = NDArray[np.float64]

LANES = 4
TILE = (0,) * LANES


@st.composite
def tables(draw: st.DrawFn) -> tuple[Array, Array]:
    """Points that rise, and values (n,)."""
    steps = draw(st.lists(st.floats(0.01, 1), min_size=0, max_size=20))
    points = draw(st.floats(-1, 1)) + np.cumsum([0, *steps])
    values = draw(st.lists(st.floats(-2, 2), min_size=len(points), max_size=len(points)))
    return points, np.array(values)


def places_to_look(points: Array) -> Array:
    """Before, at, between and beyond the points."""
    return np.concatenate([points, points[:-1] + 0.3 * np.diff(points), [points[0] - 1, 1e3]])


def rows(points: Array, values: Array) -> Array:
    """As `rve.kernels.functions.table_row` finds them, behind their number."""
    slopes = [0, *np.diff(values) / np.diff(points), 0]
    table = np.column_stack([[points[0], *points], [values[0], *values], slopes])
    return np.array([len(table), *table.ravel()])


def recorded(points: Array, values: Array) -> tuple[Expression, Expression, Expression]:
    """The number that is looked up, the value and the slope, of a table of constants."""
    (x,) = Graph().inputs("x", 1)
    value = np.interp(x, points, values)
    (slope,) = adjoint([value], [x.graph.constant(1)], [x])
    return x, value, slope


@given(tables())
def test_recorded_value_is_that_of_numpy(table: tuple[Array, Array]) -> None:
    _, value, _ = recorded(*table)
    for x in places_to_look(table[0]):
        (found,) = evaluate([value], {"x0": x})
        assert found == pytest.approx(np.interp(x, *table), rel=1e-13, abs=1e-14)


@given(tables())
def test_slope_is_that_of_the_line_which_begins_there(table: tuple[Array, Array]) -> None:
    x, value, slope = recorded(*table)
    (forward,) = directional([value], [x], [x.graph.constant(1)])
    points, values = table
    for number, at in enumerate(points):
        last = number + 1 == len(points)
        line = 0 if last else (values[number + 1] - values[number]) / (points[number + 1] - at)
        assert evaluate([slope, forward], {"x0": at}) == pytest.approx([line] * 2, rel=1e-12)
    assert evaluate([slope], {"x0": points[0] - 1}) == [0]


def nested(first: tuple[Array, Array], second: tuple[Array, Array]) -> tuple:
    """A table of a table, its slope and where the numbers of both stand."""
    graph = Graph()
    (x,) = graph.inputs("x", 1)
    inner = np.interp(x, *(np.array([graph.constant(v) for v in one]) for one in first))
    outer = x * np.interp(inner + 0.1, *second)
    (slope,) = adjoint([outer], [graph.constant(1)], [x])
    nodes = [node for node in graph.nodes if node.operation == "table"]
    blocks = [rows(*first), rows(*second)]
    reads = {node: Place("constants", number, "row") for number, node in enumerate(nodes)}
    constants = np.concatenate([[2, 2 + len(blocks[0])], *blocks])
    return x, [outer, slope], reads, constants


def expected(first: tuple[Array, Array], second: tuple[Array, Array], x: Array) -> Array:
    return x * np.interp(np.interp(x, *first) + 0.1, *second)


def test_compiled_tables_of_a_table() -> None:
    rng = np.random.default_rng(0)
    first, second = ((np.sort(rng.normal(size=n)), rng.normal(size=n)) for n in (9, 30))
    x, found, reads, constants = nested(first, second)
    reads = reads | entries("tile", [x])
    writes = results(y=found)
    loops = looked_up(writes, reads, 1)
    recording = Recording(["constants", "tile", "y"], reads, writes)
    text = kernel("formula", recording, *loops)
    scope: dict = {}
    exec(HEADER + text, scope)
    at = rng.normal(size=(2, LANES))
    tile, y = np.zeros((1, 2, (1 + sum(map(len, loops))) * LANES)), np.zeros((1, 2, 2 * LANES))
    tile[0, :, :LANES] = at
    scope["formula"]((TILE, 2, 1.0), (constants[None], 0), (tile, 0), (y, 0))
    assert y[0, :, :LANES] == pytest.approx(expected(first, second, at), rel=1e-12)
    step = 1e-7
    slope = expected(first, second, at + step) - expected(first, second, at - step)
    assert y[0, :, LANES:] == pytest.approx(slope / (2 * step), rel=1e-5, abs=1e-6)


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_tables_of_a_table_in_c() -> None:
    rng = np.random.default_rng(1)
    first, second = ((np.sort(rng.normal(size=n)), rng.normal(size=n)) for n in (1, 12))
    x, found, reads, constants = nested(first, second)
    writes = [Write(Place("y", number), node) for number, node in enumerate(found)]
    recording = Recording(["constants", "x", "y"], reads | entries("x", [x]), writes)
    source = function("A test.", "measure", recording)
    y = np.empty(2)
    for at in (*second[0][:3], -5.0, 5.0, 0.1):
        run(source, "measure", constants, np.array([at]), y)
        assert y[0] == pytest.approx(expected(first, second, at), rel=1e-12, abs=1e-14)


def test_points_without_values_are_refused() -> None:
    (x,) = Graph().inputs("x", 1)
    with pytest.raises(TypeError, match="as many points as values"):
        np.interp(x, [0.0, 1.0], [1.0])
    with pytest.raises(TypeError, match=r"cannot use np\.interp\(\.\.\., left\)"):
        np.interp(x, [0.0, 1.0], [1.0, 2.0], left=0.0)

"""Declared formulas: what is read and written, and where it stands."""

import numpy as np
import pytest

from rve.kernels.formula import SYMMETRIC, Formula, Place, formula
from rve.kernels.graph import evaluate
from rve.kernels.tile import UPPER, upper


@formula(
    reads={"matrix": SYMMETRIC, "vector": 6},
    shared={"factor": ()},
    results={"product": 6, "scaled": SYMMETRIC},
    sums={"work": ()},
)
def measured(matrix, vector, factor):
    """What a matrix does to a vector."""
    product = factor * (matrix @ vector)
    return product, factor * matrix, vector @ product


def matrix_and_vector() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(6, 6))
    return matrix + matrix.T, rng.normal(size=6)


def test_a_formula_is_the_function_of_numbers() -> None:
    matrix, vector = matrix_and_vector()
    product, _, work = measured(matrix, vector, 2.0)
    assert product == pytest.approx(2 * matrix @ vector)
    assert work == pytest.approx(2 * vector @ matrix @ vector)
    assert measured.__doc__ == "What a matrix does to a vector."


def test_a_recording_computes_the_same() -> None:
    matrix, vector = matrix_and_vector()
    arrays, reads, writes = measured.record()
    numbers = {"matrix": upper(matrix), "vector": vector, "factor": np.array([2.0])}
    inputs = {node.arguments[0]: numbers[at.array][at.entry] for node, at in reads.items()}
    values = evaluate([write.value for write in writes], inputs)
    found = {write.place: value for write, value in zip(writes, values, strict=True)}
    product, scaled, work = measured(matrix, vector, 2.0)
    assert list(arrays) == ["factor", "matrix", "vector", "product", "scaled", "work"]
    assert [found[Place("product", i)] for i in range(6)] == pytest.approx(product)
    assert [found[Place("scaled", i)] for i in range(21)] == pytest.approx(upper(scaled))
    assert found[Place("work", 0, "lane")] == pytest.approx(work)


def test_who_has_what_of_its_own() -> None:
    _, reads, writes = measured.record()
    assert {place.array: place.of for place in reads.values()} == {
        "matrix": "tile",
        "vector": "tile",
        "factor": "row",
    }
    assert {write.place.array for write in writes if write.added} == {"work"}


def test_matrices_are_written_by_columns() -> None:
    places = [write.place for write in measured.record().writes]
    columns = [UPPER[place.entry][1] for place in places if place.array == "scaled"]
    assert columns == sorted(columns)


def test_a_formula_of_shared_numbers_alone_writes_shared_ones() -> None:
    @formula(shared={"x": 3}, results={"y": 3})
    def doubled(x):
        return 2 * x

    assert {write.place.of for write in doubled.record().writes} == {"row"}


@pytest.mark.parametrize("sums", [{}, {"z": ()}])
def test_results_of_another_number_or_size_are_refused(sums: dict) -> None:
    wrong = Formula(lambda x: (x, x) if sums else x, {"x": 2}, {}, {"y": 3}, sums)
    with pytest.raises(TypeError, match="y has 2 entries, not 3"):
        wrong.record()

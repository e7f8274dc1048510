"""Measures of how the references depend on mesh and packing, on responses with known distances."""

import numpy as np
import pandas as pd
import pytest

from evaluation.measures.convergence import (
    STIFFNESS,
    Response,
    distance,
    largest_errors,
    mesh_errors,
    packing_scatter,
)

BASE = np.diag([3.0, 4.0, 0, 0, 0, 0])  # of norm five


def response(fibres: int, element_size: float, factor: float) -> Response:
    quantities = {STIFFNESS: factor * BASE, "11": factor**2 * BASE[:2]}
    return Response("composite_1", fibres, element_size, int(1 / element_size**2), quantities)


def test_distance_is_relative_to_the_reference() -> None:
    assert distance(1.5 * BASE, BASE) == pytest.approx(0.5)
    assert distance(BASE, 2 * BASE) == pytest.approx(0.5)


def test_meshes_are_measured_against_the_finest() -> None:
    meshes = [response(30, 0.02, 1.01), response(30, 0.01, 1.0), response(30, 0.04, 1.1)]
    found = mesh_errors(meshes)
    assert found["element_size"].unique().tolist() == [0.04, 0.02]
    errors = found.set_index(["element_size", "quantity"])["error"]
    assert errors[0.04, STIFFNESS] == pytest.approx(0.1)
    assert errors[0.02, "11"] == pytest.approx(1.01**2 - 1)


def test_packings_scatter_about_their_mean() -> None:
    """Factors 0.9 and 1.1 lie 10 % from their mean: with n - 1, a deviation of sqrt(2) 10 %."""
    packings = [response(10, 0.1, f) for f in (0.9, 1.1)]
    packings += [response(40, 0.05, f) for f in (1.25, 1.25)]
    found = packing_scatter(packings).set_index(["fibres", "quantity"])
    assert found.loc[(10, STIFFNESS), "scatter"] == pytest.approx(0.1 * np.sqrt(2))
    assert found.loc[(10, STIFFNESS), "bias"] == pytest.approx(0.2)
    assert found.loc[(40, STIFFNESS), ["scatter", "bias"]].tolist() == pytest.approx([0, 0])
    assert (found["packings"] == 2).all()


def test_the_largest_errors_are_those_of_the_cell_at_hand() -> None:
    mesh = mesh_errors([response(30, size, 1 + size) for size in (0.07, 0.035, 0.01)])
    packings = [response(30, 0.035, f) for f in (0.99, 1.01)] + [response(90, 0.02, 1.0)]
    found = largest_errors(mesh, packing_scatter(packings), element_size=0.034, fibres=28)
    found = found.set_index("measure")
    errors = mesh[mesh["element_size"] == 0.035].set_index("quantity")["error"]
    assert found.loc["error", "stiffness"] == pytest.approx(errors[STIFFNESS])
    assert found.loc["error", "largest"] == pytest.approx(errors["11"]) == errors.max()
    assert found.loc["error", ["composite", "quantity"]].tolist() == ["composite_1", "11"]
    assert found.loc["error", ["element_size", "elements"]].tolist() == [0.035, 816]
    assert found.loc["scatter", "stiffness"] == pytest.approx(0.01 * np.sqrt(2))
    assert found.loc["scatter", "largest"] == pytest.approx(0.02 * np.sqrt(2), rel=1e-3)
    assert found.loc["scatter", ["fibres", "packings"]].tolist() == [30, 2]
    assert found.loc["bias", "largest"] == pytest.approx(0.01**2)
    assert found.loc["bias", "largest_fibres"] == 90


def test_each_composite_is_measured_on_its_own() -> None:
    stiff = response(30, 0.02, 5.0)
    other = [Response("stiff", 30, size, 9, stiff.quantities) for size in (0.02, 0.01)]
    found = mesh_errors([response(30, 0.02, 1.1), response(30, 0.01, 1.0), *other])
    by_composite: pd.Series = found.groupby("composite")["error"].max()
    assert by_composite["stiff"] == 0
    assert by_composite["composite_1"] == pytest.approx(1.1**2 - 1)

"""Increments that were halved: results tell, since those of rate-dependent laws depend on it."""

import logging

import numpy as np
import pytest
from interpreted import PlainLaw
from networks import composite, distance, random_network

from evaluation.online import as_printed
from evaluation.online.ensemble import predict_ensemble
from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import SCHEMES, predict, predict_many
from rve.loads.load_path import LoadPath, piecewise_linear
from rve.materials.viscoplastic import Viscoplastic
from training.tree import prune

PLASTIC, GLASS = composite()
VISCOUS = Viscoplastic(3.8, 0.387, drag=0.003, n=3, rate=0.001, yield_stress=0.01, H=0.02)
TREE = prune(random_network("IMN", 4, np.random.default_rng(8), range(0, 16, 3)))
LOAD = {"eps_12": 0.06} | {f"eps_{c}": 0.0 for c in ("11", "22", "33", "23", "31")}
PATH = piecewise_linear([LOAD], 3, duration=6.0)
FEW = 5
"""Iterations, too few for the first increment."""

each_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def test_whole_increments_are_one_step_each(caplog: pytest.LogCaptureFixture) -> None:
    for scheme in SCHEMES:
        curve = predict(TREE, (VISCOUS, GLASS), PATH, scheme).curve
        assert curve.steps is not None
        assert curve.steps.tolist() == [0, 1, 1, 1]
    assert "halved" not in caplog.text


def test_a_halved_increment_says_in_how_many_steps_it_was_made(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The curve is that of a path whose increments end where the steps did."""
    with caplog.at_level(logging.WARNING):
        curve = predict(TREE, (VISCOUS, GLASS), PATH, max_iterations=FEW).curve
    assert curve.steps is not None
    halved = np.flatnonzero(curve.steps > 1)
    assert len(halved)
    assert f"{len(halved)} of 3 increments were halved, the first is number {halved[0]}" in (
        caplog.text
    )
    assert "use more increments, so that none is halved" in caplog.text
    whole = predict(TREE, (VISCOUS, GLASS), PATH).curve
    assert distance(curve.stress, whole.stress) > 1e-3
    steps = curve.steps[1]
    assert steps == 4  # a quarter each
    finer = PATH.targets[0] * np.arange(1, 5)[:, None] / 4
    path = LoadPath(np.ones(6, dtype=bool), finer, PATH.durations[0] / 4)
    again = predict(TREE, (VISCOUS, GLASS), path).curve
    assert distance(curve.stress[1], again.stress[-1]) < 1e-8


def test_laws_without_a_rate_need_no_remark(caplog: pytest.LogCaptureFixture) -> None:
    curve = predict(TREE, (PLASTIC, GLASS), PATH, max_iterations=FEW).curve
    assert curve.steps is not None
    assert curve.steps.max() > 1
    assert "halved" not in caplog.text
    assert VISCOUS.rate_dependent
    assert not PLASTIC.rate_dependent
    assert not GLASS.rate_dependent


def test_all_ways_through_a_path_count_alike() -> None:
    expected = predict(TREE, (VISCOUS, GLASS), PATH, max_iterations=FEW).curve
    (many,) = predict_many(TREE, (VISCOUS, GLASS), [PATH], max_iterations=FEW)
    assert np.array_equal(many.steps, expected.steps)
    law, rows = NetworkLaw(TREE, (VISCOUS, GLASS), max_iterations=FEW), [0.0]
    state = np.zeros((1, law.state_size))
    assert law.rate_dependent
    for target, duration in zip(PATH.targets, PATH.durations, strict=True):
        state = law.respond(target[None], state, duration).state
        rows.append(state[0, -1])
    assert rows == expected.steps.tolist()  # type: ignore[union-attr]


def test_the_schemes_as_printed_count_alike() -> None:
    plain = PlainLaw(PLASTIC), PlainLaw(GLASS)
    printed = as_printed.predict(TREE, plain, PATH, "newton", max_iterations=FEW).curve  # type: ignore[arg-type]
    compiled = predict(TREE, (PLASTIC, GLASS), PATH, "newton", max_iterations=FEW).curve
    assert np.array_equal(printed.steps, compiled.steps)
    assert compiled.steps is not None
    assert compiled.steps.max() > 1


def test_an_ensemble_tells_the_most_that_a_network_needed() -> None:
    other = prune(random_network("IMN", 3, np.random.default_rng(2)))
    (prediction,) = predict_ensemble([TREE, other], (VISCOUS, GLASS), [PATH], max_iterations=FEW)
    steps = [curve.steps for curve in prediction.curves]
    assert np.array_equal(prediction.mean.steps, np.maximum(*steps))

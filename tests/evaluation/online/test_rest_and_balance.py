"""When a step is in equilibrium: without load, for any contrast, in any unit, never by overflow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreted import PlainLaw
from networks import composite, distance, random_network
from properties import examples

from evaluation.online import as_printed
from evaluation.online.judgement import relative_change
from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import SCHEMES, predict, predict_many
from rve.errors import ConvergenceError
from rve.loads.load_path import LoadPath, piecewise_linear
from rve.mandel import COMPONENTS
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.law import Law
from rve.materials.stiffness import isotropic
from training.network import Kind
from training.tree import Tree, prune

MATRIX, FIBRE = composite()
GLASS = Elastic(isotropic(72.0, 0.22))
EPOXY = Elastic(isotropic(3.8, 0.387))
KINDS: list[Kind] = ["DMN", "IMN"]
TREE = prune(random_network("IMN", 4, np.random.default_rng(8), range(0, 16, 3)))

seeds = st.integers(0, 2**32 - 1)
ratios = st.floats(0, 0.49)
each_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def random_tree(kind: Kind, seed: int) -> Tree:
    """Of depth one to five."""
    rng = np.random.default_rng(seed)
    return prune(random_network(kind, int(rng.integers(1, 6)), rng))


def through_zero(load: str, largest: float, increments: int) -> LoadPath:
    """There, back to nothing, a hold there, to the other side, and back to nothing again."""
    return piecewise_linear([{load: largest * x} for x in (1, 0, 0, -1, 0)], increments)


@each_scheme
def test_unloaded_to_nothing(scheme: str) -> None:
    """The commonest test: there and back, elastic."""
    path = piecewise_linear([{"eps_11": 0.01}, {"eps_11": 0.0}], 4)
    curve = predict(TREE, (EPOXY, GLASS), path, scheme).curve  # type: ignore[arg-type]
    assert curve.iterations.tolist() == [0] + 8 * [2]
    assert np.abs(curve.stress[-1]).max() < 1e-15


@examples(60)
@given(
    st.sampled_from(KINDS),
    seeds,
    st.floats(-7, 7),
    st.tuples(ratios, ratios),
    st.sampled_from(COMPONENTS),
    st.booleans(),
    st.integers(1, 40),
)
def test_elastic_cycles_end_at_nothing_whatever_the_contrast(
    kind: Kind,
    seed: int,
    contrast: float,
    nu: tuple[float, float],
    load: str,
    stress: bool,
    increments: int,
) -> None:
    """Linear: two iterations an increment, the second to see that nothing moves any more."""
    tree, modulus = random_tree(kind, seed), 3.8 * 10**contrast
    laws = Elastic(isotropic(3.8, nu[0])), Elastic(isotropic(modulus, nu[1]))
    path = through_zero(f"eps_{load}", 0.01, increments)
    if stress:
        path = through_zero(f"sig_{load}", 1e-3 * min(3.8, modulus), increments)
    for scheme in SCHEMES:
        if (kind, scheme) == ("DMN", "newton"):
            continue
        curve = predict(tree, laws, path, scheme).curve
        for values in (curve.strain, curve.stress):
            # Rounding of the strains, times the contrast at most.
            assert np.abs(values[-1]).max() < 1e-8 * np.abs(values).max()
        assert curve.iterations.max() <= 2
        assert curve.steps is not None
        assert curve.steps[1:].max() == 1


@pytest.mark.parametrize("scheme", ["residual_stress", "fixed_point", "newton"])
def test_schemes_as_printed_end_at_nothing_in_as_many_iterations(
    scheme: as_printed.PrintedScheme,
) -> None:
    path = piecewise_linear([{"eps_22": 0.001 * x} for x in (1, 0, -1, 0)], 3)
    laws = EPOXY, Elastic(isotropic(1e-7, 0.3))
    expected = predict(TREE, laws, path, scheme).curve
    plain = PlainLaw(laws[0]), PlainLaw(laws[1])
    curve = as_printed.predict(TREE, plain, path, scheme).curve  # type: ignore[arg-type]
    assert np.array_equal(curve.iterations, expected.iterations)
    assert distance(curve.stress, expected.stress) < 1e-7
    assert np.array_equal(curve.steps, expected.steps)


@each_scheme
@pytest.mark.parametrize("fibre", [MATRIX, GLASS], ids=["one material", "two"])
def test_unloaded_after_yielding_and_held(scheme: str, fibre: Law) -> None:
    """No mean stress, and in one material no stress at all, but strain that stays."""
    points = [{"eps_11": 0.03}, {"sig_11": 0.0}, {"sig_11": 0.0}, {"eps_11": 0.0}, {"sig_11": 0.0}]
    curve = predict(TREE, (MATRIX, fibre), piecewise_linear(points, 4), scheme).curve  # type: ignore[arg-type]
    largest = np.abs(curve.stress).max()
    assert np.abs(curve.stress[8:13]).max() < 1e-8 * largest
    assert curve.strain[8, 0] > 1e-4
    assert curve.strain[8:13] == pytest.approx(np.tile(curve.strain[8], (5, 1)), abs=1e-9)


@examples(20)
@given(st.sampled_from(KINDS), seeds, st.integers(-40, 4), st.sampled_from(COMPONENTS))
def test_another_unit_of_stress_changes_nothing(
    kind: Kind, seed: int, exponent: int, load: str
) -> None:
    """By powers of two, which leave the digits: the same strains and iterations to the last bit."""
    tree, unit = random_tree(kind, seed), 2.0**exponent
    path = through_zero(f"eps_{load}", 0.02, 4)
    for scheme in SCHEMES:
        if (kind, scheme) == ("DMN", "newton"):
            continue
        one, other = (
            predict(
                tree,
                (
                    J2Plasticity(4.0 * x, 0.35, 0.03 * x, H=0.1 * x, Q=0.03 * x, b=100.0),
                    Elastic(GLASS.stiffness * x),
                ),
                path,
                scheme,
            )
            for x in (1.0, unit)
        )
        assert np.array_equal(one.curve.iterations, other.curve.iterations)
        assert np.array_equal(one.curve.strain, other.curve.strain)
        assert np.array_equal(one.curve.stress * unit, other.curve.stress)
        assert one.traction_defect == other.traction_defect


def test_a_law_at_a_point_has_no_path_but_its_state() -> None:
    """Unloaded in one step from any of 20 strains, soft pores; then held."""
    law = NetworkLaw(TREE, (EPOXY, Elastic(isotropic(1e-7, 0.3))))
    strain = 0.01 * np.random.default_rng(1).normal(size=(20, 6))
    loaded = law.respond(strain, np.zeros((20, law.state_size)))
    state = loaded.state
    for _ in range(3):
        answer = law.respond(np.zeros((20, 6)), state)
        state = answer.state
        assert np.abs(answer.stress).max() < 1e-12 * np.abs(loaded.stress).max()
        assert (state[:, -1] == 1).all()


@pytest.mark.filterwarnings("ignore::UserWarning")
@each_scheme
@pytest.mark.parametrize("matrix", [MATRIX, EPOXY], ids=["plastic", "elastic"])
def test_a_strain_whose_square_is_infinite_is_no_equilibrium(scheme: str, matrix: Law) -> None:
    path = LoadPath(np.ones(6, dtype=bool), np.full((1, 6), 1e160))
    with pytest.raises(
        ConvergenceError,
        match="or the square of one, is no finite number; use more increments or load less",
    ):
        predict(TREE, (matrix, GLASS), path, scheme)  # type: ignore[arg-type]
    with pytest.raises(ConvergenceError):
        predict_many(TREE, (matrix, GLASS), [path])
    law = NetworkLaw(TREE, (matrix, GLASS))
    with pytest.raises(ConvergenceError, match="point 1 of 2"):
        law.respond(np.array([np.zeros(6), path.targets[0]]), np.zeros((2, law.state_size)))


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("scheme", ["residual_stress", "fixed_point", "newton"])
def test_nor_is_it_to_the_schemes_as_printed(scheme: as_printed.PrintedScheme) -> None:
    path = LoadPath(np.ones(6, dtype=bool), np.full((1, 6), 1e160))
    plain = PlainLaw(EPOXY), PlainLaw(GLASS)
    with pytest.raises(ConvergenceError):
        as_printed.predict(TREE, plain, path, scheme)  # type: ignore[arg-type]


def test_strains_that_come_back_to_the_beginning_of_a_step_are_not_at_rest() -> None:
    """Their change is infinitely larger than their increment; it is no division by zero."""
    assert relative_change(1e-4, 0.0, 1.0, 1.0, 1.0) == np.inf
    assert relative_change(4e-4, 1e-4, 1.0, 1.0, 1.0) == 2
    assert relative_change(0.0, 0.0, 1.0, 0.0, 1.0) == 0
    assert np.isnan(relative_change(np.inf, 1.0, 1.0, 1.0, 1.0))

"""Arguments of the online functions that cannot be meant, and results that are not small."""

import logging
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from networks import composite, random_network

from evaluation.measures.trial import Case, predict_cases
from evaluation.online.ensemble import EnsembleLaw, predict_ensemble, spread_factor
from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import predict, predict_many
from rve.errors import InputError
from rve.loads.load_path import monotonic, piecewise_linear
from rve.materials.composite import LAWS as LAWS_BY_NAME
from rve.materials.composite import materials
from rve.materials.elastic import Elastic
from training.network import initialise
from training.store import load
from training.tree import prune

NETWORK = random_network("IMN", 2, np.random.default_rng(5))
TREE, LAWS = prune(NETWORK), composite()
PATH = monotonic("12", 0.01, 2, "stress")
SOON = "strains are not small from increment 4 of 4 on: they reach 12 %, and beyond 10 %"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scheme": "Newton"}, "scheme: expected one of residual_stress, newton, fixed_point, tr"),
        ({"scheme": "Newton"}, "got 'Newton'; did you mean 'newton'?"),
        ({"tree": "imn.npz"}, "network: expected a MaterialNetwork, as load(path) gives it, got a"),
        (
            {"materials": LAWS[:1]},
            "expected laws of matrix, fibre, got J2Plasticity;",
        ),
        (
            {"materials": (LAWS[0], {"law": "isotropic"})},
            "got J2Plasticity, dict; make them with materials(matrix, fibre) of rve.materials",
        ),
        (
            {"materials": {"matrix": {}, "fibre": {}}},
            "materials: expected laws of matrix, fibre, got dict, dict; make them with mat",
        ),
        (
            {"materials": (NetworkLaw(TREE, LAWS), LAWS[1])},
            "expected laws of matrix, fibre, got NetworkLaw, ",
        ),
        ({"path": [{"eps_11": 0.01}]}, "path: expected a LoadPath, as piecewise_linear gives it"),
        ({"tolerance": 0.0}, "tolerance: expected a number above 0, got 0"),
        ({"tolerance": "1e-8"}, "tolerance: expected a number above 0, got '1e-8'"),
        ({"max_iterations": 0}, "max_iterations: expected a whole number of at least 1, got 0"),
        (
            {"path": piecewise_linear([{"sig_22": -5}], 2)},
            "increment 2 of the path: sig_22 is -5 GPa, which would strain the composite by more",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, Any], message: str) -> None:
    arguments = {"tree": TREE, "materials": LAWS, "path": PATH} | given
    with pytest.raises(InputError, match=re.escape(message)):
        predict(**arguments)
    if "path" in given:
        with pytest.raises(InputError, match=re.escape(message)):
            predict_many(TREE, LAWS, [PATH, given["path"]])
    if "materials" in given:
        with pytest.raises(InputError, match=re.escape(message)):
            predict_many(TREE, given["materials"], [PATH])
        with pytest.raises(InputError, match=re.escape(message)):
            NetworkLaw(TREE, given["materials"])
    if "tree" in given:
        with pytest.raises(InputError, match=re.escape(message)):
            NetworkLaw(given["tree"], LAWS)
        with pytest.raises(InputError, match=re.escape(message)):
            predict_ensemble([given["tree"]] * 2, LAWS, [PATH])


@pytest.mark.parametrize(
    ("mistaken", "message"),
    [
        (lambda: monotonic("12", 0.01, 2, "Strain"), "got 'Strain'; did you mean 'strain'?"),
        (lambda: monotonic("12", 1.0, 2, "strain"), "it is a fraction, and 1 % are 0.01"),
        (lambda: piecewise_linear([{"EPS_11": 0.01}], 2), "did you mean eps_11?"),
        (lambda: piecewise_linear([{"sig_11": 30}], 2), "30 MPa are 0.03 GPa"),
        (lambda: LAWS_BY_NAME["J2"](3.2, 0.35, 0.03), "law: expected one of"),
        (lambda: LAWS_BY_NAME["J2"](3.2, 0.35, 0.03), "got 'J2'; did you mean 'j2'?"),
        (lambda: LAWS_BY_NAME["j2"](3200, 0.35, 0.03), "3200 MPa are 3.2 GPa"),
        (lambda: LAWS_BY_NAME["j2"](3.2, 0.35, Yield_Stress=0.03), "did you mean yield_stress?"),
        (lambda: materials(*LAWS), "matrix: expected a dict of constants, as {'law': 'j2', ...}"),
        (lambda: materials("j2", {}), "matrix: expected a dict of constants"),
        (lambda: initialise("imn", 2, np.random.default_rng()), "did you mean 'IMN'?"),
        (lambda: predict_many(TREE, LAWS, PATH), "paths: expected a list of load paths, got a Lo"),
        (lambda: predict_ensemble(NETWORK, LAWS, [PATH]), "list of two or more networks, got a M"),
        (lambda: spread_factor([TREE, TREE], None), "networks: expected a MaterialNetwork, as l"),
        (lambda: spread_factor([NETWORK] * 2, "m.npz"), "held_out: expected a Moments, as load_mo"),
        (lambda: load("nowhere.npz"), "nowhere.npz: expected the .npz file of a trained network"),
        (lambda: NetworkLaw(TREE, LAWS).respond(np.zeros(6), np.zeros(3)), "expected strain (n"),
        (lambda: Elastic(np.eye(3)), "stiffness: expected the shape (6, 6), got (3, 3)"),
    ],
)  # fmt: skip
def test_mistakes_of_python_are_told_as_those_of_a_configuration(
    mistaken: Callable[[], Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        mistaken()


def test_a_network_is_as_good_as_its_active_part() -> None:
    for one, other in (
        [predict(net, LAWS, PATH).curve.stress for net in (NETWORK, TREE)],
        [predict_many(net, LAWS, [PATH])[0].stress for net in (NETWORK, TREE)],
        [NetworkLaw(net, LAWS).stiffness for net in (NETWORK, TREE)],
        [EnsembleLaw([net, TREE], LAWS).stiffness for net in (NETWORK, TREE)],
        [predict_ensemble([net, TREE], LAWS, [PATH])[0].mean.stress for net in (NETWORK, TREE)],
    ):
        assert np.array_equal(one, other)


def test_constants_that_declare_a_law_are_as_good_as_the_law() -> None:
    declared = LAWS_BY_NAME["isotropic"](72, 0.22)
    pairs = (LAWS[0], declared), (LAWS[0], declared.law())
    one, other = (predict(TREE, pair, PATH).curve for pair in pairs)
    assert np.array_equal(one.stress, other.stress)
    many = [predict_many(TREE, pair, [PATH])[0].stress for pair in pairs]
    assert np.array_equal(*many)
    assert np.array_equal(*(NetworkLaw(TREE, pair).stiffness for pair in pairs))


def test_predictions_warn_of_large_strains() -> None:
    path = monotonic("22", 0.12, 4, "strain")
    with pytest.warns(UserWarning, match=re.escape(SOON)) as said:
        curve = predict(TREE, LAWS, path).curve
        predict_many(TREE, LAWS, [PATH, path])
    assert [warning.filename for warning in said] == [__file__] * 2
    assert curve.strain[-1, 1] == pytest.approx(0.12)


def test_many_paths_are_one_warning() -> None:
    loads = ("11", "22", "33", "12")
    paths = [monotonic(load, 0.12 + 0.3 * (load == "12"), 4, "strain") for load in loads]
    with pytest.warns(UserWarning, match="not small") as said:
        predict_many(TREE, LAWS, [PATH, *paths])
    (warning,) = said
    assert str(warning.message).startswith(f"4 of 5 paths; number 2: {SOON}")
    assert warning.filename == __file__


def test_the_log_of_a_trial_names_the_load_of_large_strains(
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = monotonic("22", 0.12, 4, "strain")
    with pytest.warns(UserWarning, match="not small"):
        curve = predict(TREE, LAWS, path).curve
    cases = [Case("glass", "strain", load, LAWS, path, curve) for load in ("22", "again")]
    with caplog.at_level(logging.WARNING):
        rows, _ = predict_cases("net", NETWORK, cases, ["tree_newton"], 1e-8, 50)
    assert (rows["status"] == "ok").all()
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith(f"glass, strain, tree_newton, 22: {SOON}")
    assert second.startswith(f"glass, strain, tree_newton, again: {SOON}")

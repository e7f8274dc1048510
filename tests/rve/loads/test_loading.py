"""Load paths: mixed control, bisection, and the files of the curves that follow from them."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from properties import examples

from rve.errors import ConvergenceError, InputError
from rve.loads.curve import Curve, read_curve, to_frame, write_curve
from rve.loads.load_path import (
    Control,
    LoadPath,
    Target,
    follow,
    monotonic,
    piecewise_linear,
)
from rve.mandel import COMPONENTS

Array = NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)
masks = st.lists(st.booleans(), min_size=6, max_size=6).map(np.array)


@given(seeds, masks)
def test_strain_step_solves_the_linearised_mixed_problem(seed: int, controlled: Array) -> None:
    """Strains on target where they are controlled, and elsewhere sigma + C d eps on target."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(6, 6))
    tangent = factor @ factor.T + np.eye(6)
    target, stress, strain = rng.normal(size=(3, 6))
    step = Target(controlled, target, target).strain_step(tangent, stress, strain)
    assert (strain + step)[controlled] == pytest.approx(target[controlled], abs=1e-12)
    reached = stress + tangent @ step
    assert reached[~controlled] == pytest.approx(target[~controlled], abs=1e-10)


def test_piecewise_linear_path_goes_straight_from_point_to_point() -> None:
    points = [{"eps_12": 0.02, "sig_33": 0.0}, {"eps_12": -0.01, "sig_33": 0.3}]
    path = piecewise_linear(points, 4)
    assert path.strain_controlled.tolist() == [[False] * 5 + [True]] * 8
    shear = np.sqrt(2) * path.targets[:, 5]
    assert shear == pytest.approx([0.005, 0.01, 0.015, 0.02, 0.0125, 0.005, -0.0025, -0.01])
    assert path.targets[:, 2] == pytest.approx([0, 0, 0, 0, 0.075, 0.15, 0.225, 0.3])
    assert not path.targets[:, [0, 1, 3, 4]].any()


@pytest.mark.parametrize("load", COMPONENTS)
@pytest.mark.parametrize("control", ["stress", "strain"])
def test_monotonic_path_strains_one_component_in_equal_increments(
    load: str, control: Control
) -> None:
    """The amplitude is an engineering strain: gamma / sqrt(2) is its Mandel component."""
    path = monotonic(load, 0.04, 8, control)
    place = ("11", "22", "33", "23", "31", "12").index(load)
    end = 0.04 if place < 3 else 0.04 / np.sqrt(2)
    expected = np.zeros((8, 6))
    expected[:, place] = end * np.arange(1, 9) / 8
    assert path.targets == pytest.approx(expected, rel=1e-14)
    assert path.strain_controlled[:, place].all()
    others = np.delete(path.strain_controlled, place, axis=1)
    assert (others == (control == "strain")).all()


@dataclass(frozen=True)
class Step:
    """One step that the solver below made: where it ended, and how much of an increment it was."""

    target: Array
    step: float
    last: "Step | None"


def timid(largest: float):
    """A solver that fails for steps longer than a part of an increment."""

    def solve(target: Target, last: Step, step: float, duration: float) -> Step:
        if step > largest:
            raise ConvergenceError(f"a step of {step:g} is too long")
        return Step(target.value, step, last)

    return solve


def unread(state: object) -> tuple[Array, Array]:
    """Strain and stress of a state whose control never changes."""
    return np.full(6, np.nan), np.full(6, np.nan)


def made(step: Step) -> list[Step]:
    """All steps up to one, the start left out."""
    steps: list[Step] = []
    while step.last is not None:
        steps.insert(0, step)
        step = step.last
    return steps


START = Step(np.zeros(6), 1.0, None)
RANDOM_PATH = LoadPath(np.ones(6, dtype=bool), np.random.default_rng(4).normal(size=(5, 6)))


@examples(20)
@given(st.floats(2.0**-8, 1))
def test_bisection_reaches_every_target(largest: float) -> None:
    """Targets to the last digits, in steps that are halved until they are short enough."""
    ends = list(follow(RANDOM_PATH, START, unread, timid(largest)))
    assert len(ends) == 5
    for end, target in zip(ends, RANDOM_PATH.targets, strict=True):
        assert end.target == pytest.approx(target, rel=1e-14)
    steps = made(ends[-1])
    expected = 2.0 ** np.floor(np.log2(largest))
    assert {step.step for step in steps} == {expected}
    assert len(steps) == 5 / expected


def test_bisected_steps_lie_on_the_straight_line_to_the_target() -> None:
    """A limit of 0.3 makes four steps an increment, of a quarter of its length each."""
    ends = list(follow(RANDOM_PATH, START, unread, timid(0.3)))
    reached = np.array([START.target, *(step.target for step in made(ends[-1]))])
    corners = np.vstack([np.zeros(6), RANDOM_PATH.targets])
    quarters = np.arange(0, 5.001, 0.25)
    expected = np.array([np.interp(quarters, np.arange(6), c) for c in corners.T]).T
    assert reached == pytest.approx(expected, abs=1e-14)


def test_bisection_continues_from_the_last_converged_step() -> None:
    """Half an increment is made, then a quarter fails: what was reached is kept."""

    def solve(target: Target, last: Step, step: float, duration: float) -> Step:
        too_long = 0.5 if last.last is None else 0.125
        return timid(too_long)(target, last, step, duration)

    path = LoadPath(np.ones(6, dtype=bool), np.ones((1, 6)))
    (end,) = follow(path, START, unread, solve)
    assert [step.step for step in made(end)] == [0.5, 0.125, 0.125, 0.125, 0.125]


def test_every_increment_starts_with_a_whole_step() -> None:
    attempts = []

    def solve(target: Target, last: Step, step: float, duration: float) -> Step:
        attempts.append(step)
        return timid(0.6)(target, last, step, duration)

    list(follow(LoadPath(np.ones(6, dtype=bool), np.eye(6)[:2]), START, unread, solve))
    assert attempts == [1.0, 0.5, 0.5] * 2


@pytest.mark.parametrize("largest", [1.0, 0.3])
def test_where_control_changes_the_line_begins_at_what_was_reached(largest: float) -> None:
    """A linear spring of stiffness 5: pulled to 0.02, to a stress of 0.04 and back to no strain."""
    reached: list[tuple[float, float]] = []

    def spring(target: Target, last: Array, step: float, duration: float) -> Array:
        if step > largest:
            raise ConvergenceError("too long")
        controlled = target.strain_controlled
        strain = np.where(controlled, target.value, target.value / 5)
        gone = strain - last if controlled[0] else 5 * (strain - last)
        assert target.change[0] == pytest.approx(gone[0])
        reached.append((strain[0], target.value[0]))
        return strain

    path = piecewise_linear([{"eps_11": 0.02}, {"sig_11": 0.04}, {"eps_11": 0.0}], 2)
    ends = list(follow(path, np.zeros(6), lambda strain: (strain, 5 * strain), spring))
    assert np.array(ends)[:, 0] == pytest.approx([0.01, 0.02, 0.014, 0.008, 0.004, 0.0])
    steps = 1 if largest == 1 else 4
    assert len(reached) == 6 * steps
    corners = [0, 0.02, 0.008, 0]
    line = np.interp(np.arange(1, 6 * steps + 1) / (2 * steps), range(4), corners)
    assert [strain for strain, _ in reached] == pytest.approx(line)
    stresses = [value for _, value in reached][2 * steps : 4 * steps]
    assert stresses == pytest.approx(np.linspace(0.1, 0.04, 2 * steps + 1)[1:])


def test_targets_that_are_not_known_before_are_nan() -> None:
    path = piecewise_linear([{"eps_11": 0.02}, {"sig_11": 0.04}], 3)
    assert path.targets[:3, 0] == pytest.approx(np.array([1, 2, 3]) * 0.02 / 3)
    assert np.isnan(path.targets[3:5, 0]).all()
    assert path.targets[5, 0] == 0.04
    assert not path.targets[:, 1:].any()
    ends, shares = path.ends_and_shares()
    assert ends[3:, 0].tolist() == [0.04] * 3
    assert shares[:, 0] == pytest.approx([1, 1, 1, 1 / 3, 1 / 2, 1])
    assert (shares[:, 1:] == 1).all()


def test_bisection_gives_up_with_increment_and_reason() -> None:
    solved = follow(RANDOM_PATH, START, unread, timid(2.0**-9))
    message = "increment 1 of 5 failed after 8 bisections: a step of 0.00390625 is too long"
    with pytest.raises(ConvergenceError, match=message):
        list(solved)


def test_converged_increments_are_kept_when_a_later_one_fails() -> None:
    third = RANDOM_PATH.targets[2]

    def solve(target: Target, last: Step, step: float, duration: float) -> Step:
        if np.allclose(target.value, third):
            raise ConvergenceError("snapped")
        return Step(target.value, step, last)

    solved = follow(RANDOM_PATH, START, unread, solve)
    assert [next(solved).target[0], next(solved).target[0]] == pytest.approx(
        RANDOM_PATH.targets[:2, 0]
    )
    with pytest.raises(ConvergenceError, match=r"increment 3 of 5 failed .*: snapped"):
        next(solved)


def test_other_errors_are_not_taken_for_a_step_too_long() -> None:
    def solve(target: Target, last: Step, step: float, duration: float) -> Step:
        raise InputError("not a matter of the step")

    with pytest.raises(InputError, match="not a matter of the step"):
        list(follow(RANDOM_PATH, START, unread, solve))


@pytest.fixture
def curve() -> Curve:
    rng = np.random.default_rng(6)
    strain, stress = rng.normal(size=(2, 4, 6))
    time = np.array([0, 0.1, 60, 90.25])
    return Curve(strain, stress, time, np.array([0, 3, 2, 4]), np.array([0, 1, 2, 1]))


def test_curve_file_returns_what_was_written(curve: Curve, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "curve.csv"
    write_curve(curve, path)
    again = read_curve(path)
    assert again.strain == pytest.approx(curve.strain, rel=1e-14)
    assert again.stress == pytest.approx(curve.stress, rel=1e-14)
    assert np.array_equal(again.iterations, curve.iterations)
    assert np.array_equal(again.steps, curve.steps)
    assert np.array_equal(again.time, curve.time)
    assert [file.name for file in path.parent.iterdir()] == ["curve.csv"]


def test_curve_file_of_an_earlier_version_is_refused(curve: Curve, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    to_frame(curve).drop(columns="time").to_csv(path, index=False)
    message = r"curve\.csv: .*: it has no column time; if an earlier version wrote it, delete it"
    with pytest.raises(InputError, match=message):
        read_curve(path)


def test_curve_table_holds_engineering_values(curve: Curve) -> None:
    """gamma = sqrt(2) eps and tau = sigma / sqrt(2) of the Mandel components."""
    table = to_frame(curve)
    assert table["increment"].tolist() == [0, 1, 2, 3]
    assert table["time"].tolist() == [0, 0.1, 60, 90.25]
    assert table["eps_22"].to_numpy() == pytest.approx(curve.strain[:, 1])
    assert table["eps_12"].to_numpy() == pytest.approx(curve.strain[:, 5] * np.sqrt(2))
    assert table["sig_22"].to_numpy() == pytest.approx(curve.stress[:, 1])
    assert table["sig_23"].to_numpy() == pytest.approx(curve.stress[:, 3] / np.sqrt(2))


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        ("sig_31", "sigma_31", "not the table of a stress-strain curve"),
        (r"\n1,[^,]*", "\n1,steel", "not the table of a stress-strain curve"),
        (r"\n1,[^,]*", "\n1,nan", "holds a time, strain or stress that is not finite"),
        (r"(?s).*", "", "not the table of a stress-strain curve"),
    ],
    ids=["column missing", "no number", "nan", "empty"],
)
def test_malformed_curve_is_refused(
    curve: Curve, tmp_path: Path, pattern: str, replacement: str, message: str
) -> None:
    path = tmp_path / "curve.csv"
    write_curve(curve, path)
    path.write_text(re.sub(pattern, replacement, path.read_text(), count=1))
    with pytest.raises(InputError, match=rf"curve\.csv: {message}"):
        read_curve(path)


def test_singular_matrix_is_a_step_that_did_not_converge() -> None:
    """Perfect plasticity at its limit: halved, then given up with the increment's number."""

    def singular(*_: object) -> Array:
        return np.linalg.solve(np.zeros((2, 2)), np.zeros(2))

    with pytest.raises(ConvergenceError, match=r"increment 1 of 3 .* Singular matrix; use more"):
        list(follow(monotonic("12", 0.1, 3, "stress"), np.zeros(2), unread, singular))


def test_times_of_a_path_add_up_its_durations() -> None:
    path = piecewise_linear([{"eps_12": 0.02}, {"eps_12": 0.0}], 2, duration=[1, 60])
    assert path.times.tolist() == [0, 0.5, 1, 31, 61]


@pytest.mark.parametrize(
    ("points", "duration", "straight"),
    [
        ([{"eps_12": 0.02}], 1.0, True),
        ([{"eps_12": 0.01, "sig_22": 0.1}, {"eps_12": 0.03, "sig_22": 0.3}], [5, 10], True),
        ([{"eps_12": 0.01}, {"eps_12": 0.02}], [1, 10], False),
        ([{"eps_12": 0.02}, {"eps_12": 0.02}], 1.0, False),
        ([{"eps_12": 0.02}, {"eps_12": -0.02}], 1.0, False),
        ([{"eps_12": 0.02}, {"sig_12": 0.0}], 1.0, False),
        ([{"eps_12": 0.01, "sig_22": 0.0}, {"eps_12": 0.02, "sig_22": 0.1}], 1.0, False),
    ],
    ids=["one segment", "measured", "rate", "hold", "turn", "control", "corner"],
)
def test_a_straight_path_has_no_turn_hold_or_jump_of_its_rate(
    points: list[dict[str, float]], duration: float | list[float], straight: bool
) -> None:
    assert piecewise_linear(points, 7, duration).straight is straight


def test_the_beginning_of_a_path_is_what_comes_before_the_rest() -> None:
    path = monotonic("12", 0.02, 5, "stress")
    begun = path.beginning(2)
    assert np.array_equal(begun.targets, path.targets[:2])
    assert np.array_equal(begun.strain_controlled, path.strain_controlled[:2])
    assert np.array_equal(begun.durations, path.durations[:2])
    assert np.array_equal(path.beginning(9).targets, path.targets)

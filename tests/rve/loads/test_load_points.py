"""Load points: what they may name, what is asked about, and what is read from tables."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rve.errors import InputError
from rve.loads.load_path import monotonic, piecewise_linear
from rve.loads.load_points import NAMES, hint
from rve.loads.load_table import LoadTable, read_load
from rve.mandel import COMPONENTS


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "history.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("number", [0, 1])
def test_points_of_a_table_without_times_have_no_durations(tmp_path: Path, number: int) -> None:
    text = f"eps_11,sig_22\n0.01,0\n{-0.01 * number},0.02\n"
    points = [{"eps_11": 0.01, "sig_22": 0.0}, {"eps_11": -0.01 * number, "sig_22": 0.02}]
    assert read_load(written(tmp_path, text)) == LoadTable(points, 1, None)


@pytest.mark.parametrize(
    ("head", "scale"),
    [
        ("Time", 1),
        ("time [s]", 1),
        ("t", 1),
        ("T (sec)", 1),
        ("time / min", 60),
        ("t [hours]", 3600),
        ("Time_ms", 1e-3),
    ],
)
def test_times_become_durations(tmp_path: Path, head: str, scale: float) -> None:
    """The row of zeros is the start, whatever the clock shows there."""
    for start in (0, 7):
        times = np.array([0, 1, 1001, 1002]) + start
        rows = zip(times, (0, 0.01, 0.01, 0), strict=True)
        text = "\n".join([f"{head},eps_22", *(f"{time},{strain}" for time, strain in rows)])
        points, first, durations = read_load(written(tmp_path, text))
        assert points == [{"eps_22": 0.01}, {"eps_22": 0.01}, {"eps_22": 0.0}]
        assert first == 2
        assert durations == pytest.approx([scale, 1000 * scale, scale])


def test_without_a_row_of_zeros_time_counts_from_zero(tmp_path: Path) -> None:
    text = "Time,eps_22\n2,0.01\n5,0.02\n"
    points, first, durations = read_load(written(tmp_path, text))
    assert (points, first, durations) == ([{"eps_22": 0.01}, {"eps_22": 0.02}], 1, [2.0, 3.0])


def test_units_in_heads_are_converted(tmp_path: Path) -> None:
    """From a spreadsheet of the continent: Latin-1, semicolons, decimal commas, empty cells."""
    text = "Nr;t [min];eps_11 [%];sig_11 [MPa];sig_22 [N/mm²]\n1;0,5;1,5;;-20\n2;1;;0;-20\n"
    points, _, durations = read_load(written(tmp_path, text, "latin-1"))
    first, second = points
    assert first == {"eps_11": pytest.approx(0.015), "sig_22": pytest.approx(-0.02)}
    assert second == {"sig_11": 0.0, "sig_22": pytest.approx(-0.02)}
    assert durations == [30.0, 30.0]


def test_numbers_of_rows_are_left_out_where_the_head_says_so(tmp_path: Path) -> None:
    """As pandas writes them without a head, with the mark of a spreadsheet's UTF-8."""
    for head in ("", "Row", "increment"):
        text = f"\ufeff{head}, eps_11\n0,0.01\n\n1,0.02\n"
        assert read_load(written(tmp_path, text)).points == [{"eps_11": 0.01}, {"eps_11": 0.02}]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("eps_11,eps_22\n0.01,0.01\n0.02,\n", "point 2 names neither eps_22 nor sig_22"),
        ("eps_11\nmuch\n", "row 1, eps_11: expected a number, got much"),
        (
            "eps_11,eps_11 [%]\n0.01,0.02\n",
            "columns eps_11 and eps_11 both are eps_11; keep one",
        ),
        ("", "is empty; expected a head of names and rows of numbers"),
        ("0.01,0.02\n", "its first line holds numbers; expected the names of the columns, such as"),
        ("force\n0.01\n", "unknown column force; expected one of time, eps_11, "),
        ("temp,eps_11\n20,0.01\n", "unknown column temp; expected one of time, eps_11, "),
        ("zeit,eps_11\n1,0.01\n", "unknown column zeit; expected one of time, eps_11, "),
        ("step time [min],eps_11\n1,0.01\n", "column step time; expected one of time, eps_11, "),
        ("eps_13\n0.01\n", "unknown column eps_13; did you mean eps_31?"),
        ("minutes,eps_11\n1,0.01\n", "unknown column minutes; expected one of time, eps"),
        ("sig_22 [%]\n0.01\n", "column sig_22: its unit % is none of GPa, "),
        ("eps_22 [mm]\n0.01\n", "column eps_22: its unit mm is none of -, "),
        ("time [mm],eps_22\n1,0.01\n", "column time: its unit mm is none of s, "),
        ("eps_11,sig_11\n0.01,0\n", "point 1: both eps_11 and sig_11 are given; keep one"),
        ("eps_11\n", "expected at least one point with a strain or a stress"),
        ("eps_11\n0\n", "expected at least one point with a strain or a stress"),
        ("eps_11\nnan\n", "history.csv: row 1, eps_11: expected a number, got nan; leave a cell"),
        ("eps_11\n0.1\nNaN\n", "history.csv: row 2, eps_11: expected a number, got NaN; leave a"),
        (
            "eps_11\ninf\n",
            "of point 1: expected a number of at least -0.5 and at most 0.5, got inf",
        ),
        ("t,eps_11\n0,0\n2,0.01\n2,0.02\n", "row 3, t: expected more than the 2 s of the row befo"),
        ("t,eps_11\n0,0\n2,0.01\n1,0.02\n", "row 3, t: expected more than the 2 s of the row befo"),
        (
            "t,eps_11\n0,0\n,0.01\n",
            "row 2, t: expected more than the 0 s of the row before, got na",
        ),
        (
            "t,eps_11\n0,0.01\n",
            "row 1, t: expected more than the 0 s of the row before, got 0; a path begins unloaded",
        ),
    ],
)
def test_a_table_that_does_not_say_what_it_means_is_refused(
    tmp_path: Path, table: str, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        piecewise_linear(read_load(written(tmp_path, table)).points, 3)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("eps_13", "; did you mean eps_31?"),
        ("eps_21", "; did you mean eps_12?"),
        ("Eps_32", "; did you mean eps_23?"),
        ("eps11", "; did you mean eps_11?"),
        ("sigma_xx", "; did you mean sig_11?"),
        ("tau_zy", "; did you mean sig_23?"),
        ("gamma_12", "; did you mean eps_12? eps_12 is the engineering shear strain gamma_12"),
        ("gamma_13", "; did you mean eps_31? eps_31 is the engineering shear strain gamma_31"),
        ("esp_11", "; did you mean eps_11?"),
        ("time", "; the seconds of each segment are the `duration` of the path"),
        ("force", f"; expected one of {', '.join(NAMES)}"),
    ],
)
def test_what_was_meant_is_said(name: str, said: str) -> None:
    assert hint(name) == said
    with pytest.raises(InputError, match=re.escape(f"unknown component {name}{said}")):
        piecewise_linear([{name: 0.01}], 3)


@given(st.sampled_from(NAMES))
def test_no_name_of_a_component_is_one_of_another(name: str) -> None:
    """What is known is never taken for something else: its hint is itself."""
    assert hint(name).startswith(f"; did you mean {name}?")


@pytest.mark.parametrize(
    ("points", "increments", "duration", "message"),
    [
        ([{"eps_11": 4}], 5, 1.0, "at most 0.5, got 4; it is a fraction, and 4 % are 0.04"),
        ([{"eps_11": -4.0}], 5, 1.0, "and -4 % are -0.04"),
        ([{"sig_11": 30}], 5, 1.0, "30 MPa are 0.03 GPa"),
        (
            [{"eps_11": "0.01"}],
            5,
            1.0,
            "eps_11 of point 1: expected a number of at least",
        ),
        (
            [{"eps_11": True}],
            5,
            1.0,
            "and at most 0.5, got True",
        ),
        ({"eps_11": 0.01}, 5, 1.0, "expected a list of points, each such as {'eps_11': 0.01}"),
        ([0.01], 5, 1.0, "expected a list of points, each such as {'eps_11': 0.01}, got [0.01]"),
        ([], 5, 1.0, "expected at least one point with a strain or a stress"),
        ([{"eps_11": 0.01}], 0, 1.0, "increments: expected a whole number of at least 1, got 0"),
        ([{"eps_11": 0.01}], 2.5, 1.0, "increments: expected a whole number of at least 1"),
        ([{"eps_11": 0.01}], 5, 0.0, "duration: expected a number above 0, got 0"),
        ([{"eps_11": 0.01}], 5, "1 s", "duration: expected a number above 0, got '1 s'"),
        ([{"eps_11": 0.01}], 5, [1, 2], "expected one duration, or one for each of the 1 segments"),
        (
            [{"eps_11": 0.01, "sig_22": 0}, {"eps_11": 0.01}],
            5,
            1.0,
            "point 2 names neither eps_22 nor sig_22, but another does; each has to name the same",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_python(
    points: list, increments: int, duration: float, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        piecewise_linear(points, increments, duration)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("11", 0.01, 5, "Strain"), "control: expected one of stress, strain, got 'Strain'; did"),
        (("11", 0.01, 5, None), "control: expected one of stress, strain, got None"),
        (("13", 0.01, 5, "stress"), f"load: expected one of {', '.join(COMPONENTS)}, got '13'"),
        ((12, 0.01, 5, "stress"), "got 12; did you mean '12'?"),
        (("11", 4, 5, "stress"), "at most 0.5, got 4"),
        (("11", "large", 5, "stress"), "and at most 0.5, got 'large'"),
    ],
)
def test_wrong_arguments_of_monotonic_are_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        monotonic(*arguments)

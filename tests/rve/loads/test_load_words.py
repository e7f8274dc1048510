"""Load points from words of a command line."""

import re

import pytest

from rve.errors import InputError
from rve.loads.load_words import read_point


@pytest.mark.parametrize(
    ("words", "point"),
    [
        (["12=0.03"], {"eps_12": 0.03}),
        (["12=3%", "22=-20 MPa"], {"eps_12": 0.03, "sig_22": -0.02}),
        (["eps_33=5e-3", "sig_11=.1"], {"eps_33": 0.005, "sig_11": 0.1}),
        (["31 = 2000 µε"], {"eps_31": 0.002}),
    ],
)
def test_words_with_and_without_units(words: list[str], point: dict[str, float]) -> None:
    assert read_point(words) == pytest.approx(point, rel=1e-15)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("12", "12: expected a component and its value, such as 12=0.03, 12=3% or sig_22=-20MPa"),
        ("12=0,03", "12=0,03: expected a component and its value"),
        ("12=nan", "12=nan: expected a component"),
        ("21=3%", "unknown component eps_21; did you mean eps_12?"),
        ("EPS_12=3%", "unknown component EPS_12; did you mean eps_12?"),
        ("eps_12=3MPa", "its unit MPa is none of -, 1,"),
        ("sig_12=3%", "its unit % is none of GPa"),
    ],
)
def test_words_that_are_none(word: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        read_point([word])
    with pytest.raises(InputError, match="eps_11 stands twice in one point"):
        read_point(["11=1%", "eps_11=1%"])

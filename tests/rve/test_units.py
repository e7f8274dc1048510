"""Units of users' numbers: what one that is too large may have meant."""

import pytest

from rve.units import other_unit


@pytest.mark.parametrize(
    ("value", "most", "base", "words"),
    [
        (30, 5, "GPa", "; its unit is GPa, and 30 MPa are 0.03 GPa"),
        (-30, 5, "GPa", "; its unit is GPa, and -30 MPa are -0.03 GPa"),
        (3e7, 5, "GPa", "; its unit is GPa, and 3e+07 Pa are 0.03 GPa"),
        (-3e7, 5, "GPa", "; its unit is GPa, and -3e+07 Pa are -0.03 GPa"),
        (-3e12, 5, "GPa", "; its unit is GPa"),
        (-4, 0.5, "-", "; it is a fraction, and -4 % are -0.04"),
        (400, 0.5, "-", ""),
        (-400, 0.5, "-", ""),
        (30, 5, "1/s", ""),
    ],
)
def test_a_number_that_is_too_large_may_have_another_unit(
    value: float, most: float, base: str, words: str
) -> None:
    """The same below zero: a compression in Pa is no compression in MPa."""
    assert other_unit(value, most, base) == words

"""What is said of a law of one's own whose formulas or whose class cannot be used."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from softening import Softening

from rve.errors import InputError
from rve.materials.equations import parameter
from rve.materials.point_functions import law_source


def law(formula: Callable) -> Softening:
    """A law with this flow stress."""

    @dataclass(frozen=True)
    class Own(Softening):
        def flow_stress(self, p):
            return formula(self, p)

    return Own(3.0, 0.35, 0.03, 1.0)


FORMULAS: dict[str, tuple[Callable, str]] = {
    "math": (lambda self, p: self.start * math.exp(-p), r"math\.exp .*np\.exp"),
    "float": (lambda self, p: float(p), r"want a Python number"),
    "numpy": (lambda self, p: np.tan(p), r"cannot use np\.tan; it may use .*np\.sqrt, np\.exp"),
    "function": (lambda self, p: np.clip(p, 0, 1), r"cannot use np\.clip.*np\.minimum"),
    "array": (lambda self, p: np.tan(np.array([p, p]))[0], r"tan"),
    "if": (lambda self, p: p if p > 0 else 0, r"cannot branch on a value; choose with np\.where"),
    "interp": (lambda self, p: np.interp(p, [0, 1], [0, 1], 0.1), r"np\.interp\(x, xp, fp\)"),
    "state": (lambda self, p: np.interp(0.1, [p, 1], [0, 1]), r"table .* depends on the step"),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_that_cannot_be_recorded(name: str) -> None:
    """The message names the law, the line, what is wrong and what to take instead."""
    formula, words = FORMULAS[name]
    with pytest.raises(InputError, match=words) as error:
        law_source(law(formula))
    message = str(error.value)
    assert message.startswith("Own")
    assert "docs/kernels.md lists what a formula may use" in message
    if name != "state":
        assert __file__ in message and "lambda self, p:" in message


@pytest.mark.parametrize("given", [{"limit": 1.0}, {}])
def test_a_forgotten_decorator(given: dict[str, Any]) -> None:
    class Forgotten(Softening):
        limit: float = parameter("a constant", "-")

    with pytest.raises(InputError, match=r"Forgotten: limit: .* @dataclass\(frozen=True\)"):
        Forgotten(3.0, 0.35, 0.03, 1.0, **given)
    with pytest.raises(InputError, match=r"@dataclass"):
        Forgotten.parameters()


def test_a_class_without_constants_of_its_own_needs_no_decorator() -> None:
    class Plain(Softening):
        def flow_stress(self, p):
            return self.start

    assert Plain(3.0, 0.35, 0.03, 1.0).start == 0.03


def test_a_table_in_a_formula_is_looked_up() -> None:
    """`np.interp` of numbers that stand in the formula; a flow stress beside other terms."""
    points, values = np.array([0.0, 0.01, 0.05]), np.array([0.03, 0.05, 0.06])
    own = law(lambda self, p: np.interp(p, points, values) + self.b * p)
    shear = np.array([[0, 0, 0, 0, 0, 0.05]])
    answer = own.respond(shear, np.zeros((1, 7)))
    p = answer.state[0, 6]
    q = np.sqrt(3 / 2) * answer.stress[0, 5]
    assert p > 0.01
    assert q == pytest.approx(np.interp(p, points, values) + p, rel=1e-11)

"""Constants in other units or orders are noticed by what the phase would bear."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from softening import softening

from rve.errors import DoubtfulConstants, InputError
from rve.materials.composite import LAWS, declared, materials
from rve.materials.equations import parameter
from rve.materials.isotropic import IsotropicLaw

EPOXY = {"youngs_modulus": 3.8, "poisson_ratio": 0.387}
STEEL = {"youngs_modulus": 190, "poisson_ratio": 0.3}

REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"law": "j2", **EPOXY, "yield_stress": 3, "H": 100},
        "check units and order: youngs_",
    ),
    (
        {"law": "armstrong_frederick", **EPOXY, "yield_stress": 0.03, "backstresses": [[50, 2]]},
        "b [-], backstresses [GPa, -]; a phase that stays elastic",
    ),
]
"""More of them stand in tests/helpers/messages.txt."""


@pytest.mark.parametrize(("constants", "words"), REFUSED)
def test_what_no_solid_bears_is_refused_with_the_units_to_check(
    constants: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        declared("j2", **constants)
    assert words in str(caught.value)


REAL: dict[str, dict[str, Any]] = {
    "composite 1": {**EPOXY, "yield_stress": 0.01, "H": 0.1, "Q": 0.03, "b": 100},
    "composite 2": {
        "youngs_modulus": 2.1,
        "poisson_ratio": 0.3,
        "yield_stress": 0.029,
        "H": 0.05,
        "Q": 0.02,
        "b": 150,
    },
    "titanium": {
        "youngs_modulus": 110,
        "poisson_ratio": 0.33,
        "yield_stress": 0.8,
        "H": 1.5,
        "Q": 0.2,
        "b": 50,
    },
    "maraging steel": {**STEEL, "yield_stress": 2.4, "H": 2},
    "piano wire": {**STEEL, "yield_stress": 3.5},
    "annealed copper": {"youngs_modulus": 120, "poisson_ratio": 0.34, "yield_stress": 0.033},
    "polyethylene": {"youngs_modulus": 0.2, "poisson_ratio": 0.45, "yield_stress": 0.009},
    "316 steel, Chaboche": {
        "law": "armstrong_frederick",
        **STEEL,
        "yield_stress": 0.13,
        "Q": 0.06,
        "b": 8,
        "backstresses": [[400, 5000], [162.4, 2800], [60, 400], [5, 0]],
    },
    "1018 steel, Bari & Hassan": {
        "law": "armstrong_frederick",
        "youngs_modulus": 181.3,
        "poisson_ratio": 0.302,
        "yield_stress": 0.13,
        "backstresses": [[413.7, 20000], [22.26, 400], [3.137, 11]],
    },
    "concrete": {
        "law": "drucker_prager_strengths",
        "youngs_modulus": 30,
        "poisson_ratio": 0.2,
        "tensile_strength": 0.003,
        "compressive_strength": 0.04,
    },
    "alumina": {"youngs_modulus": 380, "poisson_ratio": 0.22, "yield_stress": 4},
}
"""Moduli, strengths and hardening of real materials, GPa."""


@pytest.mark.parametrize("name", REAL)
def test_real_materials_are_taken_without_a_remark(name: str) -> None:
    with warnings.catch_warnings(action="error"):
        assert declared("j2", **REAL[name]).warning() is None


def test_doubtful_constants_are_one_warning() -> None:
    """Of a constructor and of `materials` alike."""
    constants = {**EPOXY, "yield_stress": 0.3}
    fibre = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
    for make in (lambda: LAWS["j2"](**constants), lambda: materials(constants, fibre)):
        with pytest.warns(DoubtfulConstants, match=r"^j2: at yield it bears 0\.3 GPa") as said:
            make()
        assert len(said) == 1


def test_constants_that_are_only_tried_bring_no_warning(tmp_path: Path) -> None:
    """Readings of what is refused; the other order of a file without head."""
    with warnings.catch_warnings(action="error"):
        for constants, _ in REFUSED:
            with pytest.raises(InputError):
                declared("j2", **constants)
        file = tmp_path / "chaboche.csv"
        file.write_text("2,50\n")  # exchanged it would bear 2.5 GPa, much for this modulus
        steel = {**STEEL, "youngs_modulus": 45, "yield_stress": 0.1}
        with pytest.raises(InputError, match="without a head"):
            declared("armstrong_frederick", **steel, backstresses=file)
    exchanged = {**steel, "backstresses": [[50, 2]]}
    with pytest.warns(DoubtfulConstants, match="it bears 2.48 GPa"):
        declared("armstrong_frederick", **exchanged)


def test_a_law_that_softens_to_nothing_is_not_weak() -> None:
    with warnings.catch_warnings(action="error"):
        softening(0.9)


def test_what_is_little_for_a_solid_is_a_remark() -> None:
    polymer = {"youngs_modulus": 1500, "poisson_ratio": 0.4, "yield_stress": 0.03}
    with pytest.warns(DoubtfulConstants, match="2e-05 of its youngs_modulus, little for a solid"):
        declared("j2", **polymer)


def test_a_law_that_does_not_say_what_it_bears_is_taken() -> None:
    @dataclass(frozen=True)
    class Rubber(IsotropicLaw):
        name = "rubber"
        limit: float = parameter("limit", "GPa", above=0)

        def update(self, step: Any, x: Any) -> Any:
            return step.strain, {}

    assert Rubber(0.01, 0.49, 5.0).warning() is None


@pytest.mark.parametrize("law", ["armstrong_frederick", "viscoplastic", "drucker_prager"])
def test_the_stress_that_is_looked_at_is_what_the_law_bears(law: str) -> None:
    """Pulled or pressed slowly to a plastic strain, in small steps."""
    constants: dict[str, Any] = {
        "armstrong_frederick": {"yield_stress": 0.03, "H": 0.1, "Q": 0.02, "b": 60},
        "viscoplastic": {"yield_stress": 0.03, "H": 0.1, "drag": 0.01, "n": 1, "rate": 1e6},
        "drucker_prager": {"cohesion": 0.03, "friction_angle": 20, "hardening_modulus": 0.1},
    }[law]
    if law == "armstrong_frederick":
        constants["backstresses"] = [[2, 60], [0.3, 0]]
    material = declared("j2", law=law, **EPOXY, **constants).law()
    strain, state, sign = np.zeros(6), np.zeros((1, material.state_size)), -1.0
    free = np.arange(1, 6)
    for axial in np.linspace(0, 0.06, 601)[1:]:
        strain[0] = sign * axial
        for _ in range(20):
            response = material.respond(strain[None], state)
            if np.abs(response.stress[0, free]).max() < 1e-12:
                break
            strain[free] -= np.linalg.solve(
                response.tangent[0][np.ix_(free, free)], response.stress[0, free]
            )
        state = response.state
    p, stress = state[0, 6], sign * response.stress[0, 0]
    assert p > 0.03
    assert stress == pytest.approx(material.uniaxial_stress(p), rel=2e-3)

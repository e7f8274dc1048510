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

REFUSED = {
    "yield stress and H in MPa": (
        {"law": "j2", **EPOXY, "yield_stress": 3, "H": 100},
        "at yield it bears 3 GPa, 0.79 of its youngs_modulus; no solid that yields bears a "
        "tenth of it; yield_stress looks like MPa: 3 MPa are 0.003 GPa, H looks like MPa: "
        "100 MPa are 0.1 GPa",
    ),
    "H in MPa": (
        {"law": "j2", **EPOXY, "yield_stress": 0.03, "H": 100},
        "at a plastic strain of 5 % it bears 5.03 GPa, 1.3 of its youngs_modulus; no solid that "
        "yields bears a tenth of it; H looks like MPa: 100 MPa are 0.1 GPa",
    ),
    "Q in MPa": ({"law": "j2", **EPOXY, "yield_stress": 0.03, "Q": 3, "b": 80}, "Q looks like MPa"),
    "a viscous law": (
        {"law": "viscoplastic", **EPOXY, "drag": 0.1, "n": 5, "rate": 1, "yield_stress": 0.6},
        "yield_stress looks like MPa: 0.6 MPa are 0.0006 GPa",
    ),
    "power laws": ({"law": "swift", **EPOXY, "A": 2, "e0": 0.01, "n": 0.1}, "A looks like MPa"),
    "cohesion": (
        {"law": "drucker_prager", **EPOXY, "cohesion": 3, "friction_angle": 20},
        "cohesion looks like MPa: 3 MPa are 0.003 GPa",
    ),
    "a table in MPa": (
        {"law": "j2_table", **EPOXY, "table": [[0, 3], [0.01, 5]]},
        "table looks like plastic strain [-], flow stress [MPa], which is "
        "[[0, 0.003], [0.01, 0.005]] here",
    ),
    "backstresses in MPa": (
        {"law": "armstrong_frederick", **EPOXY, "yield_stress": 0.03, "backstresses": [[2e3, 50]]},
        "backstresses looks like C [MPa], gamma [-], which is [[2, 50]] here",
    ),
    "backstresses exchanged": (
        {"law": "armstrong_frederick", **EPOXY, "yield_stress": 0.03, "backstresses": [[50, 2]]},
        "or backstresses looks like gamma [-], C [GPa], which is [[2, 50]] here",
    ),
    "a fit of steel in MPa": (
        {
            "law": "armstrong_frederick",
            **STEEL,
            "yield_stress": 0.12,
            "backstresses": [[162400, 2800], [60000, 400], [2000, 0]],
        },
        "backstresses looks like C [MPa], gamma [-], which is [[162.4, 2800], [60, 400], [2, 0]]",
    ),
    "a fit without head, exchanged and in MPa": (
        {
            "law": "armstrong_frederick",
            **EPOXY,
            "yield_stress": 0.02,
            "backstresses": [[100, 2000]],
        },
        "a backstress has the modulus C = 100 GPa, 26 times the youngs_modulus; fits of materials "
        "have less than 3 times; backstresses looks like gamma [-], C [MPa], which is [[2, 100]] "
        "here",
    ),
    "an elastic phase": (
        {"law": "j2", **EPOXY, "yield_stress": 5},
        "; a phase that stays elastic has the law isotropic",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_solid_bears_is_refused_with_what_was_meant(case: str) -> None:
    """In Python, as in YAML (tests/workflow/test_config_laws.py)."""
    constants, words = REFUSED[case]
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


DOUBTFUL: dict[str, tuple[dict[str, Any], str]] = {
    "much": (
        {"law": "j2", **EPOXY, "yield_stress": 0.3},
        "j2: at yield it bears 0.3 GPa, 0.079 of its youngs_modulus, much for a solid; check the "
        "units",
    ),
    "drag in MPa": (
        {"law": "viscoplastic", **EPOXY, "drag": 5, "n": 5, "rate": 1e-3},
        "viscoplastic: at the rate 0.001 1/s it bears 5 GPa, much for its youngs_modulus; check "
        "the units",
    ),
    "per cent": (
        {"law": "j2_table", **EPOXY, "table": [[0, 0.03], [0.05, 0.04], [0.5, 0.05]]},
        "j2_table: table: its plastic strain begins with a step of 0.05 and reaches 0.5, that is "
        "50 %; it is a fraction: if per cent is meant, 0.5 % are 0.005",
    ),
    "a long table": (
        {"law": "j2_table", **EPOXY, "table": [[0, 0.03], [0.01, 0.04], [0.1, 0.05]]},
        "j2_table: table: its plastic strain begins with a step of 0.01 and reaches 0.1, that is "
        "10 %; it is a fraction: if per cent is meant, 0.1 % are 0.001",
    ),
    "a steep backstress": (
        {"law": "armstrong_frederick", **EPOXY, "yield_stress": 0.03, "backstresses": [[19, 500]]},
        "armstrong_frederick: a backstress has the modulus C = 19 GPa, 5 times the "
        "youngs_modulus; fits of materials have less than 3 times; check units and order",
    ),
    "a steel exchanged and in MPa": (
        {"law": "armstrong_frederick", **STEEL, "yield_stress": 0.1, "backstresses": [[400, 6e4]]},
        "armstrong_frederick: backstresses: backstress 1 grows to C / gamma = 0.0067 GPa alone, "
        "4e-05 of the youngs_modulus; check units and order: C in GPa, then gamma",
    ),
    "an axis": (
        {
            "law": "orthotropic",
            **dict(zip(("E11", "E22", "E33"), (245.0, 19.8, 19.8), strict=True)),
            **dict.fromkeys(("G12", "G13", "G23"), 29.2),
            **dict.fromkeys(("nu12", "nu13", "nu23"), 0.2),
        },
        "orthotropic: E11 is 12.4 times E33; axis 3 runs along the fibres here, tables in the "
        "literature often have axis 1 there",
    ),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_doubtful_constants_are_one_warning(case: str) -> None:
    """Of a constructor and of `materials` alike."""
    constants, words = DOUBTFUL[case]
    own = {key: value for key, value in constants.items() if key != "law"}
    fibre = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
    for make in (lambda: LAWS[constants["law"]](**own), lambda: materials(constants, fibre)):
        with warnings.catch_warnings(record=True, action="always") as said:
            make()
        assert [(one.category, str(one.message)) for one in said] == [(DoubtfulConstants, words)]


def test_constants_that_are_only_tried_bring_no_warning(tmp_path: Path) -> None:
    """Readings of what is refused; the other order of a file without head."""
    with warnings.catch_warnings(action="error"):
        for constants, _ in REFUSED.values():
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


@pytest.mark.parametrize(
    ("constants", "words"),
    [
        (
            {"law": "isotropic", "youngs_modulus": 3200, "poisson_ratio": 0.3},
            "3200 MPa are 3.2 GPa",
        ),
        ({**EPOXY, "yield_stress": 30}, "its unit is GPa, and 30 MPa are 0.03 GPa"),
        ({**EPOXY, "yield_stress": 3e7}, "its unit is GPa, and 3e+07 Pa are 0.03 GPa"),
    ],
)
def test_no_material_has_more(constants: dict[str, Any], words: str) -> None:
    with pytest.raises(
        InputError, match="expected at most .* GPa, got .*" + words.replace("+", r"\+")
    ):
        declared("j2", **constants)


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

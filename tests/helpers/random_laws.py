"""Laws with random constants, for properties."""

from hypothesis import strategies as st

from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.drucker_prager import DruckerPrager, MeasuredDruckerPrager
from rve.materials.hardening_table import HardeningTable
from rve.materials.j2 import J2Plasticity
from rve.materials.power_laws import Ludwik, Swift
from rve.materials.viscoplastic import Viscoplastic

MODULI = {"youngs_modulus": st.floats(5, 200), "poisson_ratio": st.floats(-0.3, 0.45)}
STRESS = st.floats(0.001, 0.05)
CONSTANTS = {
    J2Plasticity: {"yield_stress": STRESS, "H": STRESS, "Q": STRESS, "b": st.floats(1, 200)},
    HardeningTable: {
        "table": st.tuples(STRESS, STRESS, STRESS).map(
            lambda s: ((0.0, s[0]), (0.004, s[0] + s[1]), (0.02, s[0] + s[1] + s[2]))
        )
    },
    Swift: {"A": STRESS, "e0": st.floats(1e-4, 0.01), "n": st.floats(0.05, 1)},
    Ludwik: {"yield_stress": STRESS, "A": STRESS, "n": st.floats(0.2, 1)},
    ArmstrongFrederick: {
        "yield_stress": STRESS,
        "H": STRESS,
        "Q": STRESS,
        "b": st.floats(1, 200),
        "backstresses": st.tuples(st.floats(0.1, 2), st.floats(1, 300)).map(
            lambda b: (b, (0.5, 0.0), (b[0], 10.0), (b[0], 40.0))
        ),
    },
    Viscoplastic: {
        "drag": STRESS,
        "n": st.floats(1, 30),
        "rate": st.floats(1e-4, 1),
        "yield_stress": st.floats(0, 0.01),
        "H": STRESS,
    },
    DruckerPrager: {
        "cohesion": STRESS,
        "friction_angle": st.floats(5, 60),
        "hardening_modulus": STRESS,
    },
    MeasuredDruckerPrager: {
        "tensile_strength": STRESS,
        "compressive_strength": st.floats(0.051, 0.2),
        "hardening_modulus": STRESS,
    },
}
laws = st.one_of(*(st.builds(law, **MODULI, **constants) for law, constants in CONSTANTS.items()))
examples_of = {
    J2Plasticity: J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80),
    HardeningTable: HardeningTable(3.2, 0.35, ((0.0, 0.03), (0.004, 0.05), (0.02, 0.06))),
    Swift: Swift(3.2, 0.35, A=0.1, e0=0.002, n=0.2),
    Ludwik: Ludwik(3.2, 0.35, yield_stress=0.03, A=0.1, n=0.5),
    ArmstrongFrederick: ArmstrongFrederick(
        3.2,
        0.35,
        0.03,
        H=0.1,
        Q=0.02,
        b=30,
        backstresses=((2.0, 50.0), (0.5, 0.0), (1.0, 10.0), (1.0, 40.0)),
    ),
    Viscoplastic: Viscoplastic(3.2, 0.35, drag=0.05, n=5, rate=0.1, yield_stress=0.03, H=0.1),
    DruckerPrager: DruckerPrager(3.2, 0.35, 0.03, friction_angle=20, hardening_modulus=0.1),
    MeasuredDruckerPrager: MeasuredDruckerPrager(3.2, 0.35, 0.03, 0.05, hardening_modulus=0.1),
}
"""One of each law, of the shapes of the random ones."""

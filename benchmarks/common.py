"""What the benchmarks share."""

from collections.abc import Callable

from rve.composite import materials

Record = Callable[..., None]

# With the hardening that config.yaml assumes.
COMPOSITE_1 = materials(
    matrix={
        "youngs_modulus": 3.8,
        "poisson_ratio": 0.387,
        "yield_stress": 0.01,
        "hardening": {"H": 0.1, "Q": 0.03, "b": 100},
    },
    fibre={
        "E11": 19.8,
        "E22": 19.8,
        "E33": 245,
        "G12": 5.9,
        "G13": 29.2,
        "G23": 29.2,
        "nu12": 0.67,
        "nu13": 0.02,
        "nu23": 0.02,
    },
)

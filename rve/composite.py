"""The two base materials of a composite from its constants, Tables 1 and 2."""

from collections.abc import Mapping
from typing import Any

from rve.elasticity import Elastic
from rve.material import Material
from rve.plasticity import J2Plasticity
from rve.stiffness import orthotropic


def materials(matrix: Mapping[str, Any], fibre: Mapping[str, float]) -> tuple[Material, Material]:
    """Laws of p1, the elastoplastic matrix, and p2, the elastic fibre.

    Args:
        matrix: youngs_modulus, poisson_ratio, yield_stress and hardening with H, Q, b; GPa.
        fibre: E11 .. nu23 as in `rve.stiffness.orthotropic`; GPa.

    Raises:
        InputError: a constant is not admissible.
    """
    constants = {**matrix, **matrix["hardening"]}
    del constants["hardening"]
    return J2Plasticity(**constants), Elastic(orthotropic(**fibre))

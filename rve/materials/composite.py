"""The two base materials of a composite from its constants, Tables 1 and 2."""

from collections.abc import Mapping
from typing import Any

from rve.materials.drucker_prager import DruckerPrager
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.law import Law
from rve.materials.stiffness import orthotropic

LAWS: dict[str, type[J2Plasticity] | type[DruckerPrager]] = {
    "j2": J2Plasticity,
    "drucker_prager": DruckerPrager,
}
"""Name in the configuration -> law of the matrix."""


def materials(matrix: Mapping[str, Any], fibre: Mapping[str, float]) -> tuple[Law, Law]:
    """Laws of p1, the elastoplastic matrix, and p2, the elastic fibre.

    Args:
        matrix: `law`, one of LAWS and j2 if left out, and the constants of that law as its
            attributes are named, those of the hardening in a mapping `hardening`; GPa, degrees.
            None stands for what is left out.
        fibre: E11 .. nu23 as in `rve.materials.stiffness.orthotropic`; GPa.

    Raises:
        InputError: a constant is not admissible.
    """
    given = {**matrix, **(matrix.get("hardening") or {})}
    constants = {
        key: value
        for key, value in given.items()
        if key not in ("law", "hardening") and value is not None
    }
    return LAWS[matrix.get("law", "j2")](**constants), Elastic(orthotropic(**fibre))

"""J2 plasticity with the power laws of Ludwik and Swift."""

from dataclasses import dataclass

from rve.materials.equations import parameter, strength
from rve.materials.j2 import IsotropicHardening


@dataclass(frozen=True)
class Ludwik(IsotropicHardening):
    r"""Power law with yield stress: metals.

    $\sigma_y = \sigma_0 + A p^n$

    Source: Ludwik, Elemente der technologischen Mechanik (1909).
    """

    name = "ludwik"
    yield_stress: float = strength("initial yield stress")
    A: float = strength("strength coefficient", above=None, at_least=0)
    n: float = parameter("hardening exponent", "-", above=0, at_most=1)

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        return self.yield_stress + self.A * p**self.n


@dataclass(frozen=True)
class Swift(IsotropicHardening):
    r"""Power law with prestrain: sheet metals.

    $\sigma_y = A (e_0 + p)^n$

    Source: Swift, J. Mech. Phys. Solids 1 (1952) 1.
    """

    name = "swift"
    A: float = strength("strength coefficient")
    e0: float = parameter("prestrain", "-", above=0, strain=True)
    n: float = parameter("hardening exponent", "-", at_least=0, at_most=1)

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        return self.A * (self.e0 + p) ** self.n

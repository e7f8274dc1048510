"""A file of laws, as a user would write it."""

LINEAR = """
from dataclasses import dataclass
from rve.materials import IsotropicHardening, parameter

@dataclass(frozen=True)
class Linear(IsotropicHardening):
    name = "linear"
    start: float = parameter("stress at first yield", "GPa", above=0)
    slope: float = parameter("its growth with the plastic strain", "GPa", at_least=0)

    def flow_stress(self, p):
        return self.start + self.slope * p
"""

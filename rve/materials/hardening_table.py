"""J2 plasticity whose flow stress is a table of plastic strain and stress."""

from dataclasses import dataclass

import numpy as np

from rve.materials.j2 import IsotropicHardening
from rve.materials.law import table
from rve.materials.parameter import STRENGTH, Column, Table

_LONG, _COARSE = 0.5, 0.1
"""Last strain and first step of a table that are long for a curve in fractions."""


@dataclass(frozen=True)
class HardeningTable(IsotropicHardening):
    """Straight lines between the points of the table; beyond the last, the flow stress stays."""

    name = "j2_table"
    table: Table = table(
        "flow stress at plastic strains, the first at 0; the stress never falls",
        Column(
            "accumulated plastic strain",
            "-",
            name="plastic strain",
            synonyms=("strain", "peeq", "p", "eps_p", "eps_pl", "ε_p", "ε"),
            at_least=0,
            most=1,
            first=0,
            order="rises",
        ),
        Column(
            "flow stress at this strain",
            "GPa",
            name="flow stress",
            synonyms=("stress", "yield stress", "mises", "sigma", "sigma_y", "σ", "σ_y"),
            above=0,
            most=STRENGTH,
            order="never falls",
        ),
        start="the first row is the first yield, and plastic strain is strain less flow stress "
        "over Young's modulus",
    )

    def warning(self):
        """Point at strains that may be in per cent."""
        strains = [strain for strain, _ in self.table]
        if strains[-1] > _LONG or strains[1:2] > [_COARSE]:
            return (
                f"table: the first step of plastic strain is {strains[1]:g} and the last value "
                f"{strains[-1]:g}, that is {100 * strains[-1]:g} %; they are fractions"
            )
        return super().warning()

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        points, stresses = np.transpose(self.table)
        return np.interp(p, points, stresses)

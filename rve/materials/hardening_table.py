"""J2 plasticity whose flow stress is a table of plastic strain and stress."""

from dataclasses import dataclass

import numpy as np

from rve.errors import InputError
from rve.materials.j2 import IsotropicHardening
from rve.materials.law import Table, parameter


@dataclass(frozen=True)
class HardeningTable(IsotropicHardening):
    """Straight lines between the points of the table; beyond the last, the flow stress stays."""

    name = "j2_table"
    table: Table = parameter(
        "flow stress at plastic strains, the first at 0; the stress never falls",
        "-, GPa",
        columns=("plastic strain", "flow stress"),
        at_least=0,
    )

    def check(self):
        """Refuse a table that starts elsewhere, goes back, softens or has no yield stress."""
        p, stress = np.transpose(self.table)
        if p[0] != 0 or stress[0] <= 0:
            raise InputError("table: expected a positive flow stress at plastic strain 0")
        if len(p) > 1 and not ((np.diff(p) > 0).all() and (np.diff(stress) >= 0).all()):
            raise InputError(
                "table: expected plastic strains that rise and stresses that never fall"
            )

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        points, stresses = np.transpose(self.table)
        return np.interp(p, points, stresses)

"""J2 plasticity whose flow stress is a table of plastic strain and stress."""

from dataclasses import dataclass

import numpy as np

from rve.materials.declaration import STRENGTH, Column, Table
from rve.materials.equations import table
from rve.materials.j2 import IsotropicHardening

_LARGEST = 0.5
"""Last strain of a table; strains are small, so that a longer one is in per cent nearly always."""

_LONG, _COARSE = 0.1, 0.05
"""Last strain and first step from which on a remark asks whether a table is in per cent."""


@dataclass(frozen=True)
class HardeningTable(IsotropicHardening):
    r"""Hardening by a table, constant beyond its last row: a measured curve.

    $\sigma_y = \sigma_i + (\sigma_{i+1} - \sigma_i) (p - p_i) / (p_{i+1} - p_i)$

    Source: Simo & Hughes, Computational Inelasticity (1998), Section 3.3.
    """

    name = "j2_table"
    table: Table = table(
        "flow stress at plastic strains, the first at 0; the stress never falls",
        Column(
            "accumulated plastic strain",
            "-",
            name="plastic strain",
            synonyms=("strain", "peeq", "p", "eps_p", "eps_pl", "ε_p", "ε"),
            at_least=0,
            most=_LARGEST,
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
        beyond="plastic strains are fractions, 1 % are 0.01, and they are small here: a table of "
        f"larger ones has to end at {_LARGEST:g}",
    )

    def warning(self):
        """Point at strains that may be in per cent, too."""
        strains = [strain for strain, _ in self.table]
        if strains[-1] >= _LONG or strains[1:2] >= [_COARSE]:
            return (
                f"table: its plastic strain begins with a step of {strains[1]:g} and reaches "
                f"{strains[-1]:g}, that is {100 * strains[-1]:g} %; it is a fraction: if per cent "
                f"is meant, {strains[-1]:g} % are {strains[-1] / 100:g}"
            )
        return super().warning()

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        points, stresses = np.transpose(self.table)
        return np.interp(p, points, stresses)

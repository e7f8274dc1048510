"""J2 plasticity whose flow stress is a table of plastic strain and stress."""

from dataclasses import dataclass

import numpy as np

from rve.errors import InputError
from rve.materials.declaration import STRENGTH, Column, Table
from rve.materials.equations import table
from rve.materials.j2 import IsotropicHardening

_LARGEST = 0.5
"""Last strain of a table; strains are small, so that a longer one is in per cent nearly always."""

_LONG, _COARSE, _SHORT = 0.1, 0.05, 0.001
"""Last strain and first step from which on a remark asks whether a table is in per cent, and a last
strain, half that of a proof stress, up to which it asks whether a table is no longer."""


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
            "plastic strain",
            "-",
            synonyms=("peeq", "p", "eps_p", "eps_pl", "ε_p"),
            total=("total strain", "eps_tot", "eps_total", "ε_tot"),
            unclear=("strain", "eps", "ε", "true strain", "engineering strain"),
            at_least=0,
            most=_LARGEST,
            strain=True,
        ),
        Column(
            "flow stress",
            "GPa",
            synonyms=("stress", "yield stress", "mises", "sigma", "sigma_y", "σ", "σ_y"),
            above=0,
            most=STRENGTH,
        ),
    )

    def check(self):
        """Refuse plastic strains that do not rise from zero, and stresses that fall."""
        strains, stresses = np.transpose(self.table)
        wrong = (np.diff(strains, prepend=-1) <= 0) | (np.diff(stresses, prepend=0) < 0)
        wrong[0] = strains[0] != 0
        if wrong.any():
            row = int(wrong.argmax())
            raise InputError(
                f"table: row {row + 1}: expected plastic strains that rise from 0, the first "
                "yield, and flow stresses that never fall, got plastic strain "
                f"{strains[row]:g} and flow stress {stresses[row]:g} GPa; of rows before first "
                "yield keep the last alone, at 0, and end at the largest stress; a curve over the "
                "total strain is a CSV file with the head total strain"
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
        if 0 < strains[-1] < _SHORT:
            return (
                f"table: it ends at a plastic strain of {strains[-1]:g}, that is "
                f"{100 * strains[-1]:g} %, and beyond it the flow stress is constant; check units"
            )
        return super().warning()

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        points, stresses = np.transpose(self.table)
        return np.interp(p, points, stresses)

"""Elastic phases by their engineering constants, as people publish them."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from rve.errors import InputError
from rve.materials.elastic import Elastic
from rve.materials.equations import Declared, modulus, parameter
from rve.materials.stiffness import (
    is_positive_definite,
    isotropic_formula,
    orthotropic_compliance,
    orthotropic_formula,
)

_STIFF_ACROSS = 3.0  # E11 or E22 over E33 that suggests mixed-up axes


@dataclass(frozen=True)
class Isotropic(Declared):
    r"""Isotropic elasticity: glass fibres, elastic resins.

    $\sigma = K \mathrm{tr}(\varepsilon) I + 2 G \mathrm{dev}(\varepsilon)$

    Source: Hooke's law.
    """

    name = "isotropic"
    youngs_modulus: float = modulus("Young's modulus")
    poisson_ratio: float = parameter("Poisson's ratio", "-", above=-1, below=0.5)

    def law(self) -> Elastic:
        """Hooke's law of these constants."""
        return Elastic.of(self, isotropic_formula(self.youngs_modulus, self.poisson_ratio))


class Anisotropic(Declared):
    """Constants of an orthotropic phase, whose compliance has to be positive definite."""

    @property
    @abstractmethod
    def orthotropic(self) -> tuple[Any, Any, Any]:
        """The moduli and ratios of `orthotropic_compliance`."""

    def law(self) -> Elastic:
        """Hooke's law of these constants."""
        return Elastic.of(self, orthotropic_formula(*self.orthotropic))

    def check(self) -> None:
        """Refuse constants whose stiffness is not positive definite."""
        if not is_positive_definite(orthotropic_compliance(*self.orthotropic)):
            ratios = [key.name for key, said in self.parameters().items() if said.unit == "-"]
            shown = ", ".join(f"{name} = {getattr(self, name):g}" for name in ratios)
            raise InputError(
                f"expected a positive definite compliance, but {shown} are too large for these "
                "moduli; the contraction nu_ij along j under stress along i has to be below "
                "sqrt(E_i / E_j), and lower if other ratios are large, too"
            )


@dataclass(frozen=True)
class TransverselyIsotropic(Anisotropic):
    r"""Elasticity with one stiff axis, axis 3: carbon fibres.

    $\varepsilon = S \sigma$, $S_{33} = 1 / E_3$, $S_{13} = S_{23} = -\nu_{31} / E_3$

    Source: Hooke's law.
    """

    name = "transversely_isotropic"
    axial_modulus: float = modulus("Young's modulus along the fibre")
    transverse_modulus: float = modulus("Young's modulus across the fibre")
    axial_shear_modulus: float = modulus("shear modulus along the fibre")
    axial_poisson_ratio: float = parameter(
        "Poisson's ratio, contraction across when pulled along the fibre", "-"
    )
    transverse_poisson_ratio: float = parameter(
        "Poisson's ratio within the plane across the fibre", "-", above=-1, below=1
    )

    @property
    def orthotropic(self) -> tuple[Any, Any, Any]:
        """The moduli and ratios of `orthotropic_compliance`."""
        E, nu = self.transverse_modulus, self.transverse_poisson_ratio
        across = self.axial_poisson_ratio * E / self.axial_modulus
        G = self.axial_shear_modulus
        return (
            np.array([E, E, self.axial_modulus]),
            np.array([G, G, E / (2 * (1 + nu))]),
            np.array([across, across, nu]),
        )


@dataclass(frozen=True)
class Orthotropic(Anisotropic):
    r"""Elasticity with three axes: fibres of the paper, Table 2.

    $\varepsilon = S \sigma$, $S_{ii} = 1 / E_{ii}$, $S_{ij} = -\nu_{ij} / E_{ii}$

    Here $\nu_{ij}$ is the contraction along j when pulled along i.

    Source: Hooke's law.
    """

    name = "orthotropic"
    E11: float = modulus("Young's modulus along axis 1")
    E22: float = modulus("Young's modulus along axis 2")
    E33: float = modulus("Young's modulus along axis 3, the fibre's own")
    G12: float = modulus("shear modulus of the plane 12")
    G13: float = modulus("shear modulus of the plane 13")
    G23: float = modulus("shear modulus of the plane 23")
    nu12: float = parameter("Poisson's ratio, contraction along 2 when pulled along 1", "-")
    nu13: float = parameter("Poisson's ratio, contraction along 3 when pulled along 1", "-")
    nu23: float = parameter("Poisson's ratio, contraction along 3 when pulled along 2", "-")

    @property
    def orthotropic(self) -> tuple[Any, Any, Any]:
        """The moduli and ratios of `orthotropic_compliance`."""
        E = np.array([self.E11, self.E22, self.E33])
        G = np.array([self.G23, self.G13, self.G12])
        return E, G, np.array([self.nu23, self.nu13, self.nu12])

    def warning(self) -> str | None:
        """Point at a fibre whose stiff axis is not the one that runs along it."""
        stiffest, axis = max((self.E11, "E11"), (self.E22, "E22"))
        if stiffest < _STIFF_ACROSS * self.E33:
            return None
        return (
            f"{axis} is {stiffest / self.E33:.3g} times E33; axis 3 runs along the fibres here, "
            "tables in the literature often have axis 1 there"
        )

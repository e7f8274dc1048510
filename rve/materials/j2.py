r"""J2 plasticity with isotropic hardening, by backward Euler.

Simo & Hughes, Computational Inelasticity (1998), Section 3.3. The material flows along the
deviator $s$ of its stress, and only so much that its equivalent stress
$q = \sqrt{3/2} \lVert s \rVert$ equals the flow stress $\sigma_y(p)$, with $p$ the accumulated
plastic strain.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from rve.mandel import IDENTITY
from rve.materials.declaration import STRENGTH
from rve.materials.equations import hardening, parameter, strength
from rve.materials.isotropic import IsotropicLaw, deviator, direction, norm


@dataclass(frozen=True)
class IsotropicHardening(IsotropicLaw):
    """J2 plasticity with any flow stress of the plastic strain.

    Example:
        A material whose flow stress saturates (Voce):

        >>> from dataclasses import dataclass
        >>> import numpy as np
        >>> from rve.loads import monotonic
        >>> from rve.materials import IsotropicHardening, parameter
        >>> @dataclass(frozen=True)
        ... class Voce(IsotropicHardening):
        ...     start: float = parameter("flow stress at first yield", "GPa", above=0)
        ...     limit: float = parameter("flow stress in the end", "GPa", above=0)
        ...     p0: float = parameter("plastic strain that takes 63 % of the way", "-", above=0)
        ...
        ...     def flow_stress(self, p):
        ...         return self.limit - (self.limit - self.start) * np.exp(-p / self.p0)
        >>> epoxy = Voce(youngs_modulus=3.8, poisson_ratio=0.387, start=0.01, limit=0.05, p0=0.01)
        >>> strain, stress, *_ = vars(epoxy.curve(monotonic("11", 0.03, 10, "stress"))).values()
        >>> p = strain[-1, 0] - stress[-1, 0] / 3.8
        >>> round(float(stress[-1, 0] / epoxy.flow_stress(p)), 9)
        1.0
    """

    state = {"plastic_strain": 6, "p": 1}

    @abstractmethod
    def flow_stress(self, p):
        """sigma_y(p), GPa."""

    def uniaxial_stress(self, p):
        """Uniaxial stress after the plastic strain p, GPa."""
        return self.flow_stress(p)

    def trial(self, step):
        """Deviatoric stress (6,) if the step were elastic, GPa."""
        return 2 * self.G * deviator(step.strain - step.old.plastic_strain)

    def balance(self, step, dp):
        """Equivalent stress q and flow stress after the plastic strain has grown by dp."""
        q = np.sqrt(3 / 2) * norm(self.trial(step))
        return q - 3 * self.G * dp, self.flow_stress(step.old.p + dp)

    def bound(self, step):
        """The growth that would leave no deviatoric stress."""
        return np.sqrt(3 / 2) * norm(self.trial(step)) / (3 * self.G)

    def update(self, step, dp):
        """Stress (6,), GPa; plastic strain and p."""
        s = self.trial(step)
        flow = np.sqrt(3 / 2) * dp * direction(s)
        stress = self.K * step.strain[:3].sum() * IDENTITY + s - 2 * self.G * flow
        return stress, {"plastic_strain": step.old.plastic_strain + flow, "p": step.old.p + dp}


@dataclass(frozen=True)
class J2Plasticity(IsotropicHardening):
    r"""Linear and saturating hardening: metals, the paper's matrices.

    $\sigma_y = \sigma_0 + H p + Q (1 - e^{-b p})$

    Source: Simo & Hughes, Computational Inelasticity (1998), Section 3.3.

    Example:
        Under simple shear it flows at tau = yield_stress / sqrt(3), and Mandel's shear stress is
        sqrt(2) tau:

        >>> import numpy as np
        >>> from rve.materials import J2Plasticity
        >>> alloy = J2Plasticity(youngs_modulus=70.0, poisson_ratio=0.33, yield_stress=0.3)
        >>> shear = np.array([[0, 0, 0, 0, 0, 0.05]])
        >>> stress, state, tangent = alloy.respond(shear, np.zeros((1, alloy.state_size)))
        >>> round(float(stress[0, 5] * np.sqrt(3 / 2)), 9)
        0.3
    """

    name = "j2"
    yield_stress: float = strength("initial yield stress")
    H: float = hardening("linear hardening modulus")
    Q: float = hardening("saturation stress of the hardening", most=STRENGTH)
    b: float = parameter("rate of the saturation", "-", default=0.0, at_least=0)

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        return self.yield_stress + self.H * p + self.Q * (1 - np.exp(-self.b * p))

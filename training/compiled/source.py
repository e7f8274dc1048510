"""Source of the compiled kernels of training, written from the formulas of a network's tree.

An entry of a symmetric stiffness stands in two places; a derivative is that by one of them.
"""

import numpy as np

from rve.kernels.derivatives import adjoint
from rve.kernels.formula import SYMMETRIC, Formula, formula
from rve.kernels.numba_source import HEADER, kernel
from rve.linear_matching import deviator_norm, shear_factor, softened
from rve.mandel import DEVIATORIC_PROJECTION
from training.compiled import formulas

KEPT = 18  # values of a block, from which its derivatives follow
ORTHOTROPIC = np.pad(np.ones((3, 3)), (0, 3)) + np.diag([0, 0, 0, 1, 1, 1])


@formula(reads={"C": SYMMETRIC}, shared={"R": (6, 6)}, results={"turned": SYMMETRIC})
def _turned_orthotropic(C, R):
    return formulas.turned(C * ORTHOTROPIC, R)


@formula(reads={"P": (3, 6), "E": 6}, shared={"f1": (), "n": 3}, results={"E1": 6, "E2": 6})
def _strains(P, E, f1, n):
    return formulas.childrens_strains(f1, n, P @ E, E)


@formula(reads={"strain": 6}, results={"norm": ()})
def _norm(strain):
    return deviator_norm(strain)


@formula(reads={"strain": 6, "weight": ()}, results={"by_strain": 6})
def _norm_adjoint(strain, weight):
    return adjoint([deviator_norm(strain)], [weight], list(strain))


@formula(reads={"norm": (), "mean": ()}, results={"factor": ()})
def _factor(norm, mean):
    return shear_factor(norm, mean)


@formula(
    reads={"norm": (), "mean": (), "weight": ()}, results={"by_norm": ()}, sums={"by_mean": ()}
)
def _factor_adjoint(norm, mean, weight):
    return adjoint([shear_factor(norm, mean)], [weight], [norm, mean])


@formula(reads={"C": SYMMETRIC, "factor": ()}, results={"softened": SYMMETRIC})
def _softened(C, factor):
    return softened(C[None], np.array([factor]))[0]


@formula(reads={"C": SYMMETRIC, "W": SYMMETRIC}, results={"by_factor": ()})
def _softened_adjoint(C, W):
    return formulas.contracted(W, C[5, 5] * DEVIATORIC_PROJECTION)


def _by_angles(of: Formula, angles: int) -> Formula:
    """Derivatives of a formula of cosines and sines, its results weighted, by the angles."""
    (weights,) = of.results.values()

    @formula(shared={"cosine": angles, "sine": angles, "W": weights}, results={"by_angle": angles})
    def by_angle(cosine, sine, W):
        slopes = adjoint(list(of(cosine, sine).ravel()), list(W.ravel()), [*cosine, *sine])
        return cosine * slopes[angles:] - sine * slopes[:angles]

    return by_angle


KERNELS = {
    "laminate": formulas.laminate,
    "laminate_adjoint": formulas.laminate_adjoint,
    "turned": formulas.turned,
    "turned_orthotropic": _turned_orthotropic,
    "torque": formulas.torque,
    "compared": formulas.compared,
    "mandel_rotation": formulas.mandel_rotation,
    "strains": _strains,
    "strains_adjoint": formulas.strains_adjoint,
    "strained_adjoint": formulas.strained_adjoint,
    "norm": _norm,
    "norm_adjoint": _norm_adjoint,
    "factor": _factor,
    "factor_adjoint": _factor_adjoint,
    "softened": _softened,
    "softened_adjoint": _softened_adjoint,
    "euler_rotation": formulas.euler_rotation,
    "euler_rotation_adjoint": _by_angles(formulas.euler_rotation, 3),
    "normal": formulas.normal,
    "normal_adjoint": _by_angles(formulas.normal, 2),
}


def module() -> str:
    """Source of the module with all kernels."""
    return "\n\n".join([HEADER, *(kernel(name, one.record()) for name, one in KERNELS.items())])

"""The compiled kernels of training, and the library that they and their loops make.

An entry of a symmetric stiffness stands in two places; a derivative is that by one of them.
"""

import numpy as np

from rve import linear_matching, mandel
from rve.kernels.build import Library
from rve.kernels.derivatives import adjoint
from rve.kernels.formula import SYMMETRIC, Formula, formula
from rve.kernels.numba_source import BORROWING
from rve.linear_matching import deviator_norm, shear_factor
from rve.mandel import DEVIATORIC_PROJECTION, interface_matrix, rotation_matrix
from training import hollow, network, point
from training import laminate as block
from training.compiled import adjoints
from training.point import contract

ORTHOTROPIC = np.pad(np.ones((3, 3)), (0, 3)) + np.diag([0, 0, 0, 1, 1, 1])


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC},
    shared={"f1": (), "n": 3},
    results={"C": SYMMETRIC, "P": (3, 6)},
)
def _laminate(C1, C2, f1, n):
    return block.laminate(C1, C2, f1, interface_matrix(n), point)


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC},
    shared={"f1": (), "n": 3},
    results={"C": SYMMETRIC, "P": (3, 6)},
)
def _hollow_laminate(C1, C2, f1, n):
    return block.laminate(C1, C2, f1, interface_matrix(n), hollow)


@formula(reads={"C": SYMMETRIC}, shared={"R": (6, 6)}, results={"turned": SYMMETRIC})
def _turned(C, R):
    return mandel.turned(C, R)


@formula(reads={"C": SYMMETRIC}, shared={"R": (6, 6)}, results={"turned": SYMMETRIC})
def _turned_orthotropic(C, R):
    return mandel.turned(C * ORTHOTROPIC, R)


@formula(reads={"P": (3, 6), "E": 6}, shared={"f1": (), "n": 3}, results={"E1": 6, "E2": 6})
def _strains(P, E, f1, n):
    b = P @ E
    return block.childrens_strains(E, f1, interface_matrix(n) @ b)


@formula(shared={"Q": (3, 3)}, results={"R": (6, 6)})
def _mandel_rotation(Q):
    return rotation_matrix(Q)


@formula(shared={"cosine": 3, "sine": 3}, results={"R": (3, 3)})
def _euler_rotation(cosine, sine):
    return network.euler_rotation(cosine[None], sine[None])[0]


@formula(shared={"cosine": 2, "sine": 2}, results={"n": 3})
def _normal(cosine, sine):
    return network.interface_normal(cosine[None], sine[None])[0]


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
    return linear_matching.softened(C[None], np.array([factor]))[0]


@formula(reads={"C": SYMMETRIC, "W": SYMMETRIC}, results={"by_factor": ()})
def _softened_adjoint(C, W):
    return contract(W, C[5, 5] * DEVIATORIC_PROJECTION)


def _by_angles(of: Formula, angles: int) -> Formula:
    """Derivatives of a formula of cosines and sines, its results weighted, by the angles."""
    (weights,) = of.results.values()

    @formula(shared={"cosine": angles, "sine": angles, "W": weights}, results={"by_angle": angles})
    def by_angle(cosine, sine, W):
        slopes = adjoint(list(of(cosine, sine).ravel()), list(W.ravel()), [*cosine, *sine])
        return cosine * slopes[angles:] - sine * slopes[:angles]

    return by_angle


LIBRARY = Library(
    name="training",
    message="compiling the training kernels, once on this machine: about a minute",
    rehearsal="training.compiled.rehearsal",
    apart=("rve.dataset.dataset",),
)
compiled = LIBRARY.compiled()
borrowing = LIBRARY.compiled(**BORROWING)
inlined = LIBRARY.compiled(**BORROWING, inline="always")

laminate = LIBRARY.kernel("laminate", _laminate)
hollow_laminate = LIBRARY.kernel("hollow_laminate", _hollow_laminate)
laminate_adjoint = LIBRARY.kernel("laminate_adjoint", adjoints.laminate_adjoint)
turned = LIBRARY.kernel("turned", _turned)
turned_orthotropic = LIBRARY.kernel("turned_orthotropic", _turned_orthotropic)
torque = LIBRARY.kernel("torque", adjoints.torque)
compare = LIBRARY.kernel("compare", adjoints.compare)
mandel_rotation = LIBRARY.kernel("mandel_rotation", _mandel_rotation)
strains = LIBRARY.kernel("strains", _strains)
strains_adjoint = LIBRARY.kernel("strains_adjoint", adjoints.strains_adjoint)
hollow_strains_adjoint = LIBRARY.kernel("hollow_strains_adjoint", adjoints.hollow_strains_adjoint)
laminate_strains_adjoint = LIBRARY.kernel(
    "laminate_strains_adjoint", adjoints.laminate_strains_adjoint
)
norm = LIBRARY.kernel("norm", _norm)
norm_adjoint = LIBRARY.kernel("norm_adjoint", _norm_adjoint)
factor = LIBRARY.kernel("factor", _factor)
factor_adjoint = LIBRARY.kernel("factor_adjoint", _factor_adjoint)
softened = LIBRARY.kernel("softened", _softened)
softened_adjoint = LIBRARY.kernel("softened_adjoint", _softened_adjoint)
euler_rotation = LIBRARY.kernel("euler_rotation", _euler_rotation)
euler_rotation_adjoint = LIBRARY.kernel("euler_rotation_adjoint", _by_angles(_euler_rotation, 3))
normal = LIBRARY.kernel("normal", _normal)
normal_adjoint = LIBRARY.kernel("normal_adjoint", _by_angles(_normal, 2))

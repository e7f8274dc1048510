"""Second-order tensors as Mandel 6-vectors, in the order 11, 22, 33, 23, 31, 12.

Shear components carry a factor sqrt(2), so that the double contraction is the dot product, a
rotation is an orthogonal 6x6 matrix and the Frobenius norm is the Euclidean one. Engineering shear
strains (gamma = 2 epsilon) appear only in configuration, tables and plots. Every function accepts
numpy arrays, of numbers or of expressions to be recorded, and torch tensors.
"""

import numpy as np
from array_api_compat import array_namespace

COMPONENTS = ("11", "22", "33", "23", "31", "12")

_S = np.sqrt(0.5)

# BASIS[I] is the symmetric tensor of unit norm that belongs to the I-th Mandel component.
BASIS = np.array(
    [
        [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 0], [0, 0, 1]],
        [[0, 0, 0], [0, 0, _S], [0, _S, 0]],
        [[0, 0, _S], [0, 0, 0], [_S, 0, 0]],
        [[0, _S, 0], [_S, 0, 0], [0, 0, 0]],
    ]
)

IDENTITY = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
DEVIATORIC_PROJECTION = np.eye(6) - np.outer(IDENTITY, IDENTITY) / 3

_ENGINEERING_STRAIN = np.array([1.0, 1.0, 1.0, np.sqrt(2), np.sqrt(2), np.sqrt(2)])
_ENGINEERING_STRESS = np.array([1.0, 1.0, 1.0, _S, _S, _S])


def from_tensor(tensor):
    """Mandel vector (..., 6) of a symmetric tensor (..., 3, 3)."""
    xp = array_namespace(tensor)
    return xp.einsum("...ij,Iij->...I", tensor, xp.asarray(BASIS, dtype=tensor.dtype))


def to_tensor(vector):
    """Symmetric tensor (..., 3, 3) of a Mandel vector (..., 6)."""
    xp = array_namespace(vector)
    return xp.einsum("...I,Iij->...ij", vector, xp.asarray(BASIS, dtype=vector.dtype))


def rotation_matrix(rotation):
    """Mandel form (..., 6, 6), orthogonal, of a rotation Q (..., 3, 3): a -> Q a Q^T."""
    xp = array_namespace(rotation)
    basis = xp.asarray(BASIS, dtype=rotation.dtype)
    rotated = xp.einsum("Jlk,...ik,...jl->...Jij", basis, rotation, rotation)
    return xp.einsum("Iij,...Jij->...IJ", basis, rotated)


def turned(stiffness, rotation):
    """Stiffness R C R^T (..., 6, 6) of a material under a rotation R (..., 6, 6) in Mandel form."""
    return rotation @ stiffness @ rotation.mT


def interface_matrix(normal):
    """Orientation matrix H (..., 6, 3) of the unit normal n (..., 3), Eq. 18 in Mandel form.

    ``H b`` is the symmetric part of the dyad of b and n; ``H^T sigma`` is the traction on n.
    """
    xp = array_namespace(normal)
    basis = xp.asarray(BASIS, dtype=normal.dtype)
    return xp.einsum("Iij,...j->...Ii", basis, normal)


def engineering_strain(strain):
    """Strain (..., 6) with shear components gamma = 2 epsilon, from Mandel form."""
    return strain * _ENGINEERING_STRAIN


def engineering_stress(stress):
    """Stress (..., 6) with its plain shear components, from Mandel form; same unit."""
    return stress * _ENGINEERING_STRESS


def from_engineering_strain(strain):
    """Mandel strain (..., 6) from a strain whose shear components are gamma = 2 epsilon."""
    return strain / _ENGINEERING_STRAIN


def from_engineering_stress(stress):
    """Mandel stress (..., 6) from a stress with plain shear components; same unit."""
    return stress / _ENGINEERING_STRESS

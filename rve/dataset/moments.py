"""The first moment of the strain in a phase that yields: how homogeneous the strain is.

The stiffness of a composite fixes the second moments of the strains in its phases: they are its
derivatives by the moduli of the phases. The stress at which a phase yields follows from the
dissipation, which depends on the first moment: strains with the same second moment that are less
homogeneous dissipate less. Networks of equal stiffness differ in the first moment. That of a linear
solution is a first approximation; those of the following solutions by linear matching, see
`rve.linear_matching`, show how the strain localises.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from array_api_compat import array_namespace

from rve.arrays import Array, Integers
from rve.dataset.dataset import Dataset, checked
from rve.errors import InputError
from rve.files import reading_arrays, write_arrays
from rve.linear_matching import deviator_norm

STEPS = 3
"""Number of linear solutions; in the first one the phase is homogeneous."""

SMALLEST_SHARE = 0.1
"""Least share of the strain energy; below it the other phase carries the load."""


@dataclass(frozen=True)
class Moments:
    """First moments of the strain in a phase that yields, of n samples.

    Attributes:
        samples: the phases' stiffnesses, and the cell's.
        flowing: the phase, 0 for p1, the matrix, and 1 for p2, the fibre.
        values: `mean_deviator` (n, 6, STEPS) of the phase under each of `uniaxial_strains`.
        shares: share (n, 6) of the phase in the strain energy there, at first; zero where it is
            below SMALLEST_SHARE.

    Example:
        The phase deforms evenly in one sample; under two of the six loads it carries the load:

        >>> import numpy as np
        >>> from rve.dataset import Dataset, Moments
        >>> samples = Dataset(*(c * np.eye(6)[None] for c in (1.0, 3.0, 1.8)))
        >>> shares = np.array([[0.4, 0, 0, 0.3, 0, 0]])
        >>> Moments(samples, 0, np.ones((1, 6, 3)), shares).pairs.tolist()
        [[0, 0], [0, 3]]
    """

    samples: Dataset
    flowing: int
    values: Array
    shares: Array

    @property
    def pairs(self) -> Integers:
        """Pairs (p, 2) of a sample and a load whose share is not zero."""
        return np.argwhere(self.shares)

    def first(self, samples: int) -> "Moments":
        """The first samples, a smaller set of the same sequence."""
        return Moments(
            self.samples.first(samples), self.flowing, self.values[:samples], self.shares[:samples]
        )


def save(moments: Moments, path: Path | str) -> None:
    """Write moments to an .npz file."""
    arrays = vars(moments.samples) | vars(moments)
    arrays.pop("samples")
    write_arrays(path, **arrays)


def load_moments(path: Path | str) -> Moments:
    """Read moments from an .npz file, as `dataset/moments_validation.npz` of a study.

    Raises:
        InputError: the file is none of moments, or they are not positive and finite.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.dataset import Dataset, load_moments
        >>> from rve.dataset.moments import Moments, save
        >>> samples = Dataset(*(c * np.eye(6)[None] for c in (1.0, 3.0, 1.8)))
        >>> moments = Moments(samples, 0, values=np.ones((1, 6, 3)), shares=np.ones((1, 6)))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(moments, Path(folder) / "moments.npz")
        ...     load_moments(f"{folder}/moments.npz").pairs.shape
        (6, 2)
    """
    with reading_arrays(path, "moments of strain, delete it and run again") as file:
        samples = Dataset(file["p1"], file["p2"], file["rve"])
        moments = Moments(samples, int(file["flowing"]), file["values"], file["shares"])
    checked(samples, f"{path}: ")
    for name, shape, least in (("values", (6, STEPS), 1e-300), ("shares", (6,), 0)):
        array = getattr(moments, name)
        if array.shape != (len(samples), *shape) or not (
            np.isfinite(array).all() and array.min() >= least
        ):
            raise InputError(f"{path}: the {name} are not positive numbers {('samples', *shape)}")
    return moments


def uniaxial_strains(stiffness):
    """Strains (s, 6, 6) under a stress in one component each, which itself is strained by 1.

    The stiffness is (s, 6, 6); the second axis of the strains is that of the loads.
    """
    xp = array_namespace(stiffness)
    compliance = xp.linalg.inv(stiffness)
    return compliance / xp.linalg.diagonal(compliance)[..., :, None]


def mean_deviator(strains, weights):
    """Mean (...) of the norms of the deviators of n strains (n, ..., 6) of these weights (n,)."""
    xp = array_namespace(strains)
    return xp.tensordot(weights / weights.sum(), deviator_norm(strains), axes=1)

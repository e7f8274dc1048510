"""The first moments of the strain in the phases that yield: how homogeneous the strain is.

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
from rve.dataset.dataset import Dataset, arrays_of, checked, of_arrays, read_arrays
from rve.errors import InputError
from rve.files import reading_arrays, write_arrays
from rve.linear_matching import deviator_norm

STEPS = 3
"""Number of linear solutions; in the first one the phase is homogeneous."""

SMALLEST_SHARE = 0.1
"""Least share of the strain energy; below it the other phase carries the load."""


@dataclass(frozen=True)
class Moments:
    """First moments of the strain in f phases that yield, of n samples.

    Attributes:
        samples: the phases' stiffnesses, and the cell's.
        flowing: numbers of the phases that yield; 0 is p1, the matrix.
        values: `mean_deviator` (n, f, 6, STEPS) of each under each of `uniaxial_strains`.
        shares: share (n, f, 6) of each in the strain energy there, at first; zero where it is
            below SMALLEST_SHARE.

    Example:
        The phase deforms evenly in one sample; under two of the six loads it carries the load:

        >>> import numpy as np
        >>> from rve.dataset import Dataset, Moments
        >>> samples = Dataset(np.array([[np.eye(6), 3 * np.eye(6)]]), 1.8 * np.eye(6)[None])
        >>> shares = np.array([[[0.4, 0, 0, 0.3, 0, 0]]])
        >>> Moments(samples, (0,), np.ones((1, 1, 6, 3)), shares).pairs.tolist()
        [[0, 0], [0, 3]]
    """

    samples: Dataset
    flowing: tuple[int, ...]
    values: Array
    shares: Array

    @property
    def pairs(self) -> Integers:
        """Pairs (p, 2) of a sample and a load under which a phase has a share."""
        return np.argwhere(self.shares.any(axis=1))

    def first(self, samples: int) -> "Moments":
        """The first samples, a smaller set of the same sequence."""
        return Moments(
            self.samples.first(samples), self.flowing, self.values[:samples], self.shares[:samples]
        )


def save(moments: Moments, path: Path | str) -> None:
    """Write moments to an .npz file."""
    own = {key: value for key, value in vars(moments).items() if key != "samples"}
    write_arrays(path, **arrays_of(moments.samples), **own)


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
        >>> samples = Dataset(np.array([[np.eye(6), 3 * np.eye(6)]]), 1.8 * np.eye(6)[None])
        >>> moments = Moments(samples, (0,), np.ones((1, 1, 6, 3)), shares=np.ones((1, 1, 6)))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(moments, Path(folder) / "moments.npz")
        ...     load_moments(f"{folder}/moments.npz").pairs.shape
        (6, 2)
    """
    with reading_arrays(path, "moments of strain, delete it and run again") as file:
        arrays = read_arrays(file)
        flowing, values, shares = (file[name] for name in ("flowing", "values", "shares"))
        if not flowing.ndim:  # of one phase, as files of earlier versions are
            flowing, values, shares = flowing[None], values[:, None], shares[:, None]
    samples = checked(of_arrays(arrays, f"{path}: "), f"{path}: ")
    moments = Moments(samples, tuple(flowing.tolist()), values, shares)
    count = len(flowing)
    for name, shape, least in (("values", (count, 6, STEPS), 1e-300), ("shares", (count, 6), 0)):
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

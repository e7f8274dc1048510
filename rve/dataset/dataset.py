"""Linear-elastic training data: phases of a cell, and its homogenised stiffness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rve.arrays import Array, Booleans
from rve.dataset.bounds import find_conflict, isotropic_in_engineering_notation, likely_cause
from rve.errors import InputError
from rve.files import reading_arrays, write_arrays
from rve.materials.stiffness import is_positive_definite


@dataclass(frozen=True)
class Dataset:
    """Stiffness, GPa, Mandel, of n samples: of p phases (n, p, 6, 6), and of the cell (n, 6, 6).

    The phases stand in the order of the cell's, p1, the matrix, first; that of a void is zero.

    Example:
        >>> import numpy as np
        >>> from rve.dataset import Dataset
        >>> phases = np.tile([np.eye(6), 3 * np.eye(6)], (8, 1, 1, 1))
        >>> dataset = Dataset(phases, rve=phases.mean(axis=1))
        >>> len(dataset), len(dataset.first(5))
        (8, 5)
    """

    phases: Array
    rve: Array

    def __len__(self) -> int:
        return len(self.rve)

    def first(self, samples: int) -> "Dataset":
        """The first samples, a smaller dataset of the same sequence."""
        return Dataset(*(array[:samples] for array in vars(self).values()))


def join(shards: Sequence[Dataset]) -> Dataset:
    """One dataset from its consecutive parts."""
    arrays = zip(*(vars(shard).values() for shard in shards), strict=True)
    return Dataset(*map(np.concatenate, arrays))


def save(dataset: Dataset, path: Path | str) -> None:
    """Write a dataset to an .npz file.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.dataset import Dataset, load, save
        >>> phases = np.array([[np.eye(6), 3 * np.eye(6)]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(Dataset(phases, rve=phases.mean(axis=1)), Path(folder) / "training.npz")
        ...     len(load(Path(folder) / "training.npz"))
        1
    """
    write_arrays(path, **arrays_of(dataset))


def load(path: Path | str) -> Dataset:
    """Read a dataset from an .npz file.

    Raises:
        InputError: the file cannot be read, lacks an array, or does not pass `checked`; a sample
            leaves the bounds of Voigt and Reuss at any volume fractions, or the phases are in
            engineering instead of Mandel notation.

    Example:
        A cell that is stiffer than Voigt's bound of its phases is refused:

        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.dataset import Dataset, load, save
        >>> phases = np.array([[np.eye(6), 3 * np.eye(6)]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(Dataset(phases, rve=1.1 * phases[:, 1]), Path(folder) / "training.npz")
        ...     load(Path(folder) / "training.npz")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        rve.errors.InputError: ...
    """
    with reading_arrays(path, "a dataset with the arrays p1, p2, rve") as file:
        arrays = read_arrays(file)
    dataset = of_arrays(arrays, f"{path}: ")
    stiffnesses = checked(dataset, f"{path}: ").phases, dataset.rve
    # The bounds hold for phases in the axes of the samples, without a rotation.
    if conflict := find_conflict(*stiffnesses):
        raise InputError(
            f"{path}: {conflict}{likely_cause(*stiffnesses)}; expected GPa and Mandel notation"
        )
    for name, stiffness in list(arrays.items())[:-1]:
        if stiffness.any() and isotropic_in_engineering_notation(stiffness):
            raise InputError(
                f"{path}: {name} looks like engineering notation, in which its samples are "
                "isotropic; expected Mandel notation: C44 = C11 - C12"
            )
    return dataset


def arrays_of(dataset: Dataset) -> dict[str, Array]:
    """The arrays of a file: p1, p2 and so on of the phases, and rve, each (n, 6, 6)."""
    phases = np.moveaxis(dataset.phases, 1, 0) if dataset.phases.ndim > 1 else dataset.phases
    return {f"p{number}": one for number, one in enumerate(phases, start=1)} | {"rve": dataset.rve}


def read_arrays(file: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays of an open file, see `arrays_of`; a KeyError if a phase or the cell lacks."""
    names = ["p1", "p2"]
    while (following := f"p{len(names) + 1}") in file:
        names.append(following)
    return {name: file[name] for name in [*names, "rve"]}


def of_arrays(arrays: Mapping[str, Array], where: str = "") -> Dataset:
    """The dataset of `arrays_of`; messages begin with `where`.

    Raises:
        InputError: an array has the wrong shape or type, or a value that is not finite.
    """
    samples = arrays["rve"].shape[:1]
    for name, array in arrays.items():
        if array.shape != (*samples, 6, 6) or not array.size:
            raise InputError(
                f"{where}{name} has the shape {array.shape}, expected (samples, 6, 6) with the "
                f"same number of samples in {', '.join(arrays)}"
            )
        if array.dtype != np.float64:
            raise InputError(f"{where}{name} holds {array.dtype}, expected float64")
        if not np.isfinite(array).all():
            raise InputError(f"{where}{name} holds a value that is not finite")
    *phases, rve = arrays.values()
    return Dataset(np.stack(phases, axis=1), rve)


def checked(dataset: Dataset, where: str = "") -> Dataset:
    """The dataset, if it can be trained on; messages begin with `where`.

    The last phase is a void if it is zero in all samples.

    Raises:
        InputError: an array has the wrong shape or type, a value that is not finite or a
            stiffness that is not symmetric positive definite, and is not of a void.

    Example:
        >>> import numpy as np
        >>> from rve.dataset import Dataset, checked
        >>> unit = np.eye(6)[None]
        >>> checked(Dataset(np.stack([unit, unit], axis=1), -unit))
        Traceback (most recent call last):
        rve.errors.InputError: rve[0] is not a symmetric positive definite stiffness
    """
    arrays = arrays_of(dataset)
    of_arrays(arrays, where)
    if dataset.phases.shape[1] > 1 and not dataset.phases[:, -1].any():
        del arrays[f"p{dataset.phases.shape[1]}"]
    for name, array in arrays.items():
        refused = np.flatnonzero(~(_symmetric(array) & is_positive_definite(array)))
        if len(refused):
            raise InputError(
                f"{where}{name}[{refused[0]}] is not a symmetric positive definite stiffness"
            )
    return dataset


def _symmetric(stiffness: Array) -> Booleans:
    """Whether stiffnesses (n, 6, 6) are symmetric but for rounding, which the diagonal scales."""
    size = np.sqrt(np.abs(np.einsum("nii->ni", stiffness)))
    skew = np.abs(stiffness - stiffness.mT)
    return (skew <= 1e-10 * size[:, :, None] * size[:, None, :]).all(axis=(1, 2))

"""Random pairs of orthotropic phases for linear-elastic training (Liu & Wu 2019, paper's [48])."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.mandel import DEVIATORIC_PROJECTION
from rve.materials.stiffness import is_positive_definite, orthotropic_compliance

if TYPE_CHECKING:
    from scipy.stats.qmc import Sobol

Range = tuple[float, float]

# Per phase three Young's moduli, three shear ratios and three Poisson ratios; one contrast.
_DIMENSIONS = 2 * 9 + 1
_FLOW_DIMENSIONS = 2  # Poisson's ratio and shear modulus of the phase that yields
_MAX_BLOCKS = 64


@dataclass(frozen=True)
class SamplingRanges:
    """Ranges (low, high) of the random constants.

    Attributes:
        youngs_modulus: of the log-uniform E11, E22, E33 before they are scaled to a geometric
            mean of 1 GPa.
        contrast_decades: phase p2 is scaled by ten to the power of this.
        shear_ratio: G_ij over sqrt(E_i E_j).
        poisson_ratio: nu_ij times sqrt(E_j / E_i).

    Example:
        Ranges of a single value are the constants themselves, here of an isotropic phase and of one
        that is ten times as stiff:

        >>> from rve.dataset import SamplingRanges, sample_pairs
        >>> ranges = SamplingRanges((1, 1), (1, 1), (0.4, 0.4), poisson_ratio=(0.25, 0.25))
        >>> (p1, p2), *_ = sample_pairs(ranges, samples=2, seed=1, stream=0)
        >>> p1[:3, :3].round(3).tolist()
        [[1.2, 0.4, 0.4], [0.4, 1.2, 0.4], [0.4, 0.4, 1.2]]
        >>> round(float(p2[5, 5] / p1[5, 5]), 12)
        10.0
    """

    youngs_modulus: Range
    contrast_decades: Range
    shear_ratio: Range
    poisson_ratio: Range


def sample_pairs(ranges: SamplingRanges, samples: int, seed: int, stream: int) -> Array:
    """Stiffnesses (samples, 2, 6, 6) in GPa of the phases p1 and p2.

    The points form a scrambled Sobol sequence: fewer samples are the first of more. Pairs with a
    phase that is not positive definite are left out.

    Args:
        ranges: of the constants.
        samples: number of pairs.
        seed: of the study's dataset.
        stream: which of several independent sequences, e.g. training and validation.

    Raises:
        InputError: hardly any pair is admissible.

    Example:
        >>> import numpy as np
        >>> from rve.dataset import SamplingRanges, sample_pairs
        >>> ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), poisson_ratio=(0, 0.5))
        >>> few, more = (sample_pairs(ranges, n, seed=1, stream=0) for n in (3, 10))
        >>> np.array_equal(few, more[:3]), bool((np.linalg.eigvalsh(more) > 0).all())
        (True, True)
    """
    engine = _sobol(_DIMENSIONS, seed, stream)
    block = int(np.ceil(np.log2(max(samples, 2))))
    pairs = _accepted(engine.random_base2(block), ranges)
    while len(pairs) < samples:
        if engine.num_generated >= _MAX_BLOCKS * 2**block:
            raise InputError(
                f"dataset.poisson_ratio: {list(ranges.poisson_ratio)} hardly ever gives a positive "
                "definite phase; lower its limits"
            )
        pairs = np.concatenate([pairs, _accepted(engine.random(2**block), ranges)])
    return pairs[:samples]


@dataclass(frozen=True)
class FlowingRanges:
    """Ranges (low, high) of the constants of pairs with a phase that yields.

    The tangent of a phase that yields keeps its bulk modulus and is soft in shear. Among
    orthotropic samples there are hardly any such pairs.

    Attributes:
        phase: the phase that yields, which is isotropic: matrix or fibre.
        poisson_ratio: of that phase, with a Young's modulus of 1 GPa, before it yields.
        shear_decades: its shear modulus is then scaled by ten to the power of this.
        contrast_decades: the other phase is scaled by ten to the power of this.
    """

    phase: Literal["matrix", "fibre"]
    poisson_ratio: Range
    shear_decades: Range
    contrast_decades: Range


def sample_flowing_pairs(
    ranges: SamplingRanges, flowing: FlowingRanges, samples: int, seed: int, stream: int
) -> Array:
    """Stiffnesses (samples, 2, 6, 6) in GPa of the phases, one of which yields.

    The ranges are those of the phase that does not; the rest is as of `sample_pairs`.
    """
    other = replace(ranges, contrast_decades=flowing.contrast_decades)
    stiff = sample_pairs(other, samples, seed, stream)[:, 1]
    engine = _sobol(_FLOW_DIMENSIONS, seed, stream, _FLOW_DIMENSIONS)
    points = engine.random_base2(int(np.ceil(np.log2(max(samples, 2)))))[:samples]
    nu = _scaled(points[:, 0], flowing.poisson_ratio)
    K = 1 / (3 * (1 - 2 * nu))
    G = 10 ** _scaled(points[:, 1], flowing.shear_decades) / (2 * (1 + nu))
    K, G = K[:, None, None], G[:, None, None]
    soft = 3 * K * (np.eye(6) - DEVIATORIC_PROJECTION) + 2 * G * DEVIATORIC_PROJECTION
    return np.stack([soft, stiff] if flowing.phase == "matrix" else [stiff, soft], axis=1)


def decades_between(matrix: Array, fibre: Array) -> float:
    """Decades by which one stiffness (6, 6) exceeds another, as `contrast_decades` counts them.

    They are those of the geometric means of Young's moduli along the three axes.
    """
    moduli = 1 / np.diagonal(np.linalg.inv([matrix, fibre]), axis1=1, axis2=2)[:, :3]
    first, second = np.log10(moduli).mean(axis=1)
    return float(second - first)


def _sobol(dimensions: int, *seeds: int) -> "Sobol":
    from scipy.stats.qmc import Sobol  # Half a second, and the plan of a study does without.

    return Sobol(dimensions, rng=np.random.default_rng(seeds))


def _scaled(unit: Array, limits: Range) -> Array:
    return limits[0] + unit * (limits[1] - limits[0])


def _accepted(points: Array, ranges: SamplingRanges) -> Array:
    """Stiffness pairs (k, 2, 6, 6) of those points (n, 19) that give admissible phases."""
    phases = points[:, 1:].reshape(-1, 2, 3, 3)
    low, high = np.log(ranges.youngs_modulus)
    moduli = np.exp(_scaled(phases[:, :, 0], (low, high)))
    moduli /= np.prod(moduli, axis=-1, keepdims=True) ** (1 / 3)
    moduli[:, 1] *= 10 ** _scaled(points[:, :1], ranges.contrast_decades)

    first, second = moduli[..., [1, 0, 0]], moduli[..., [2, 2, 1]]
    shear = _scaled(phases[:, :, 1], ranges.shear_ratio) * np.sqrt(first * second)
    poisson = _scaled(phases[:, :, 2], ranges.poisson_ratio) * np.sqrt(first / second)
    compliance = orthotropic_compliance(moduli, shear, poisson)
    return np.linalg.inv(compliance[is_positive_definite(compliance).all(axis=1)])

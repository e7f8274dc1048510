"""Random orthotropic phases for linear-elastic training, after Liu & Wu 2019, the paper's [48].

They draw the contrast of two phases log-uniformly within limits, here three decades in either
direction. With more phases the contrast of every pair stays within these three decades: the
logarithms of the phases' scales, relative to the matrix, are uniform over the points where it does,
for three phases over a hexagon. So no phase is distinguished, and two phases are as before. If each
phase were drawn on its own, relative to the matrix, two others could differ by six decades. Then
the softest of them is a void to the others or the stiffest is rigid: a fibre is not felt in a coat
that is softer by six decades. Of asymmetric limits, which hold relative to the matrix, the larger
one limits the contrast of two other phases. A void has no stiffness and takes no draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.mandel import DEVIATORIC_PROJECTION
from rve.materials.stiffness import is_positive_definite, orthotropic_compliance
from rve.microstructure.phases import VOID

if TYPE_CHECKING:
    from scipy.stats.qmc import Sobol

Range = tuple[float, float]

_CONSTANTS = 9  # of a phase: three Young's moduli, three shear ratios and three Poisson ratios
_FLOW_DIMENSIONS = 2  # Poisson's ratio and shear modulus of a phase that yields
_MAX_BLOCKS = 64


@dataclass(frozen=True)
class SamplingRanges:
    """Ranges (low, high) of the random constants.

    Attributes:
        youngs_modulus: of the log-uniform E11, E22, E33 before they are scaled to a geometric
            mean of 1 GPa.
        contrast_decades: each phase but the matrix is scaled by ten to the power of this; no two of
            them differ by more decades than one of them and the matrix may.
        shear_ratio: G_ij over sqrt(E_i E_j).
        poisson_ratio: nu_ij times sqrt(E_j / E_i).

    Example:
        Ranges of a single value are the constants themselves, here of an isotropic phase and of one
        that is ten times as stiff:

        >>> from rve.dataset import SamplingRanges, sample_phases
        >>> ranges = SamplingRanges((1, 1), (1, 1), (0.4, 0.4), poisson_ratio=(0.25, 0.25))
        >>> (p1, p2), *_ = sample_phases(ranges, ("matrix", "fibre"), samples=2, seed=1, stream=0)
        >>> p1[:3, :3].round(3).tolist()
        [[1.2, 0.4, 0.4], [0.4, 1.2, 0.4], [0.4, 0.4, 1.2]]
        >>> round(float(p2[5, 5] / p1[5, 5]), 12)
        10.0
    """

    youngs_modulus: Range
    contrast_decades: Range
    shear_ratio: Range
    poisson_ratio: Range


def sample_phases(
    ranges: SamplingRanges, phases: Sequence[str], samples: int, seed: int, stream: int
) -> Array:
    """Stiffnesses (samples, p, 6, 6) in GPa of the p phases, zero of a void.

    The points form a scrambled Sobol sequence: fewer samples are the first of more. Samples with a
    phase that is not positive definite, or phases that contrast too much, are left out.

    Args:
        ranges: of the constants.
        phases: their names, the matrix first and the void last.
        samples: their number.
        seed: of the study's dataset.
        stream: which of several independent sequences, e.g. training and validation.

    Raises:
        InputError: hardly any sample is admissible.

    Example:
        >>> import numpy as np
        >>> from rve.dataset import SamplingRanges, sample_phases
        >>> ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), poisson_ratio=(0, 0.5))
        >>> phases = ("matrix", "fibre", "interphase", "void")
        >>> few, more = (sample_phases(ranges, phases, n, seed=1, stream=0) for n in (3, 10))
        >>> np.array_equal(few, more[:3]), bool((np.linalg.eigvalsh(more[:, :3]) > 0).all())
        (True, True)
        >>> bool(more[:, 3].any())
        False
    """
    solid = sum(name != VOID for name in phases)
    engine = _sobol((_CONSTANTS + 1) * solid - 1, seed, stream)
    block = int(np.ceil(np.log2(max(samples, 2))))
    found = _accepted(engine.random_base2(block), ranges, solid)
    while len(found) < samples:
        if engine.num_generated >= _MAX_BLOCKS * 2**block:
            raise InputError(
                f"dataset.poisson_ratio: {list(ranges.poisson_ratio)} hardly ever gives a positive "
                "definite phase; lower its limits"
            )
        found = np.concatenate([found, _accepted(engine.random(2**block), ranges, solid)])
    return np.pad(found[:samples], [(0, 0), (0, len(phases) - solid), (0, 0), (0, 0)])


@dataclass(frozen=True)
class FlowingRanges:
    """Ranges (low, high) of the constants of samples with phases that yield.

    The tangent of a phase that yields keeps its bulk modulus and is soft in shear. Among
    orthotropic samples there are hardly any such phases.

    Attributes:
        phases: those that yield, which are isotropic; each has its own draws.
        poisson_ratio: of these phases, with a Young's modulus of 1 GPa, before they yield.
        shear_decades: their shear moduli are then scaled by ten to the power of this.
        contrast_decades: the other phases are scaled by ten to the power of this.
    """

    phases: tuple[str, ...]
    poisson_ratio: Range
    shear_decades: Range
    contrast_decades: Range


def sample_flowing(
    ranges: SamplingRanges,
    flowing: FlowingRanges,
    phases: Sequence[str],
    samples: int,
    seed: int,
    stream: int,
) -> Array:
    """Stiffnesses (samples, p, 6, 6) in GPa of the p phases, some of which yield.

    The ranges are those of the phases that do not; the rest is as of `sample_phases`.
    """
    other = replace(ranges, contrast_decades=flowing.contrast_decades)
    yields = np.isin(phases, flowing.phases)
    rest = [name for name in phases if name not in flowing.phases]
    stiffnesses = np.empty((samples, len(phases), 6, 6))
    # Of this sequence the first phase, with 1 GPa, stands for those that yield.
    stiffnesses[:, ~yields] = sample_phases(other, ["", *rest], samples, seed, stream)[:, 1:]
    engine = _sobol(_FLOW_DIMENSIONS * yields.sum(), seed, stream, _FLOW_DIMENSIONS)
    points = engine.random_base2(int(np.ceil(np.log2(max(samples, 2)))))[:samples]
    points = points.reshape(samples, -1, _FLOW_DIMENSIONS)
    nu = _scaled(points[..., 0], flowing.poisson_ratio)
    K = 1 / (3 * (1 - 2 * nu))
    G = 10 ** _scaled(points[..., 1], flowing.shear_decades) / (2 * (1 + nu))
    K, G = K[..., None, None], G[..., None, None]
    stiffnesses[:, yields] = (
        3 * K * (np.eye(6) - DEVIATORIC_PROJECTION) + 2 * G * DEVIATORIC_PROJECTION
    )
    return stiffnesses


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


def _accepted(points: Array, ranges: SamplingRanges, count: int) -> Array:
    """Stiffnesses (k, count, 6, 6) of the admissible ones of points (n, 10 count - 1)."""
    decades = np.zeros((len(points), count))
    decades[:, 1:] = _scaled(points[:, : count - 1], ranges.contrast_decades)
    between = np.abs(decades[:, 1:, None] - decades[:, None, 1:])
    near = (between <= np.abs(ranges.contrast_decades).max()).all(axis=(1, 2))
    phases = points[near, count - 1 :].reshape(-1, count, 3, 3)
    low, high = np.log(ranges.youngs_modulus)
    moduli = np.exp(_scaled(phases[:, :, 0], (low, high)))
    moduli /= np.prod(moduli, axis=-1, keepdims=True) ** (1 / 3)
    moduli *= 10 ** decades[near, :, None]

    first, second = moduli[..., [1, 0, 0]], moduli[..., [2, 2, 1]]
    shear = _scaled(phases[:, :, 1], ranges.shear_ratio) * np.sqrt(first * second)
    poisson = _scaled(phases[:, :, 2], ranges.poisson_ratio) * np.sqrt(first / second)
    compliance = orthotropic_compliance(moduli, shear, poisson)
    return np.linalg.inv(compliance[is_positive_definite(compliance).all(axis=1)])

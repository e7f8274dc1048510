"""The fused backend: a network in training whose epochs run in compiled code."""

from dataclasses import replace

import numpy as np

from rve.arrays import Array, Integers
from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments
from rve.kernels.tile import UPPER
from training.compiled import flow_loops, loops
from training.compiled.flow import memory, pairs_of
from training.compiled.kernels import ORTHOTROPIC
from training.compiled.rehearsal import load
from training.compiled.structure import Parameters, structure
from training.compiled.workspace import TILE, group_size, lanes, workspace
from training.loss import LossName, metric
from training.network import MaterialNetwork
from training.specification import Settings


class FusedBackend:
    """Steps and measures of a network; see `training.backend.Backend`."""

    def __init__(
        self,
        network: MaterialNetwork,
        training: Dataset,
        validation: Dataset,
        settings: Settings,
        moments: Moments | None = None,
        prune: bool = True,
    ) -> None:
        """Start from a network with numpy parameters, which is left as it is."""
        load(settings.precision)
        precision, loss = np.dtype(settings.precision), settings.loss
        self._tile = (0,) * lanes(precision)
        self.network = replace(network, z=network.z.copy(), angles=network.angles.copy())
        self._training, weighed = (
            _packed(data, loss, precision) for data in (training, validation)
        )
        self._measured_training, self._measured_validation = (
            _packed(data, "frobenius", precision) for data in (training, validation)
        )
        self._weighed, self._nothing = weighed[: 0 if loss == "frobenius" else None], weighed[:0]
        data = [training, validation, *([moments.samples] if moments else [])]
        self._orthotropic = all(map(orthotropic, data))
        self._hollow = not all(one.phases.any(axis=(0, 2, 3)).all() for one in data)
        # Floats: for integers numba would compile other code, which rounds differently.
        of_phases = np.array(settings.weights_of_phases)
        self._penalty = float(settings.eta), float(settings.xi), of_phases
        self._prune = prune
        self.restart()
        self._pairs = pairs_of(moments) if moments else None
        self._flowing = moments.flowing if moments else ()
        self._cut()
        self._provide(len(training))

    def restart(self) -> None:
        """Reset the state of Adam, as before its first step."""
        self._averages = tuple(
            (np.zeros_like(values), np.zeros_like(values))
            for values in (self.network.z[:, None], self.network.angles)
        )
        self._count = 0

    def move(self, by_z: Array, by_angles: Array, learning_rate: float) -> None:
        """One step of Adam with these derivatives."""
        self._count += 1
        slopes = np.ascontiguousarray(by_z), np.ascontiguousarray(by_angles)
        loops.move(self._parameters, slopes, learning_rate, self._count, self._averages)
        if not (self.network.z[self._parameters.structure.base] > 0).all():
            self._cut()

    def gradient(self, samples: Integers) -> tuple[Array, Array]:
        """Derivatives of the loss of some training samples by z and by the angles."""
        slopes = np.empty_like(self.network.z), np.empty_like(self.network.angles)
        found = self._workspace, self._penalty, slopes
        loops.slopes(self._tile, self._parameters, self._training, samples, *found)
        return slopes

    def gradient_of_moments(self, pairs: Integers) -> tuple[Array, Array]:
        """Derivatives of the mean square error of the moments of some pairs, see `Moments`."""
        assert self._pairs is not None
        slopes = np.empty_like(self.network.z), np.empty_like(self.network.angles)
        double, own = self._of_moments
        flow_loops.moments_slopes(TILE, self._parameters, self._pairs, pairs, double, own, slopes)
        return slopes

    def _cut(self) -> None:
        """Cut out what died."""
        alive = self.network.z > 0 if self._prune else np.ones(len(self.network.z), dtype=bool)
        active = structure(self.network, alive, self._orthotropic, self._hollow)
        self._parameters = Parameters(self.network.z, self.network.angles, active)
        if self._pairs:
            double = workspace(active, np.float64, 1)
            self._of_moments = double, memory(active, self._flowing)

    def _provide(self, samples: int) -> None:
        """Provide memory for batches of so many samples."""
        self._workspace = workspace(
            self._parameters.structure, self._training.dtype, group_size(samples, len(self._tile))
        )

    def step(self, order: Integers, batch_size: int, learning_rate: float) -> None:
        """Adam's steps over the training samples in this order."""
        if group_size(batch_size, len(self._tile)) != self._workspace.tiles.shape[1]:
            self._provide(batch_size)
        done, rate, of_loss = 0, float(learning_rate), (self._workspace, self._penalty)
        while done < len(order) and len(self._parameters.structure.base):
            batches, adam = (order, done, batch_size), (rate, self._count, self._averages)
            done, self._count = loops.run_steps(
                self._tile, self._parameters, self._training, batches, *of_loss, adam
            )
            if not (self.network.z[self._parameters.structure.base] > 0).all():
                self._cut()

    def validate(self) -> tuple[float, float]:
        """Loss on the validation samples, and e_C on them."""
        return self._measure(self._measured_validation, self._weighed)

    def training_error(self) -> float:
        """e_C on the training samples."""
        return self._measure(self._measured_training, self._nothing)[1]

    def _measure(self, samples: Array, weighed: Array) -> tuple[float, float]:
        """Loss on samples, and e_C on them, see `training.compiled.loops.measure`."""
        return loops.measure(
            self._tile, self._parameters, samples, weighed, self._workspace, self._penalty
        )


def orthotropic(data: Dataset) -> bool:
    """Whether all phases are orthotropic in the cell's axes; their rotation is cheaper then."""
    return not data.phases[:, :, ORTHOTROPIC == 0].any()


def _packed(data: Dataset, loss: LossName, precision: np.dtype) -> Array:
    """Rows of a sample's entries of the phases, the cell and the metric of its error."""
    i, j = np.transpose(UPPER)
    matrices = [*np.moveaxis(data.phases, 1, 0), data.rve, metric(data.rve, loss)]
    entries = [matrix[:, i, j] for matrix in matrices]
    return np.ascontiguousarray(np.column_stack(entries), dtype=precision)

"""The networks of a study: each sweep is the product of its values, equal networks are one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import product
from typing import Any

from rve.materials.composite import materials
from workflow.study.config.model import Study, Sweep
from workflow.study.config.phases import without_warnings
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.types import PHASES, Initialisation, Kind, LossName

_OF_TRAINING = "epochs", "learning_rate"


@dataclass(frozen=True)
class Network:
    """One network to train: its architecture, data, loss weights and initialisation.

    Epochs and learning rate are None where they are those of `training`.
    """

    kind: Kind
    layers: int
    samples: int
    batch_size: int
    eta: float
    xi: float
    initialisation: Initialisation
    loss: LossName
    flowing_samples: int
    moments: int
    epochs: int | None
    learning_rate: float | None
    seed: int

    @property
    def id(self) -> str:
        """The stable name of the network in files, as `imn_d7_n400_b40_eta1_xi1_s00`.

        What differs from the paper stands before the seed, as `_flowing200_coated_energy`.
        """
        eta = self.eta + 0.0  # -0.0 is the same weight as 0.0
        beyond = f"_flowing{self.flowing_samples}" if self.flowing_samples else ""
        beyond += f"_moments{self.moments}" if self.moments else ""
        beyond += f"_{self.initialisation}" if self.initialisation != "random" else ""
        beyond += f"_{self.loss}" if self.loss != "frobenius" else ""
        beyond += f"_e{self.epochs}" if self.epochs else ""
        beyond += f"_r{self.learning_rate:g}" if self.learning_rate else ""
        return (
            f"{self.kind.lower()}_d{self.layers}_n{self.samples}_b{self.batch_size}"
            f"_eta{eta:g}_xi{self.xi:g}{beyond}_s{self.seed:02d}"
        )


@cache
def networks(study: Study) -> Mapping[str, Network]:
    """Every network of the study by its id, in the order of the configuration.

    Raises:
        ConfigError: two different networks have the same id.
    """
    found: dict[str, Network] = {}
    clashes: list[Problem] = []
    for name, sweep in study.sweeps.items():
        for network in _combinations(sweep, study):
            first = found.setdefault(network.id, network)
            if first != network:
                clashes.append(Problem(f"sweeps.{name}", _clash(first, network)))
    if clashes:
        raise ConfigError(dict.fromkeys(clashes))  # the same for every seed: said once
    return found


@cache
def members(study: Study) -> Mapping[str, list[str]]:
    """The ids of the networks of each sweep."""
    return {
        name: [network.id for network in _combinations(sweep, study)]
        for name, sweep in study.sweeps.items()
    }


def _combinations(sweep: Sweep, study: Study) -> Iterator[Network]:
    names = [field.name for field in fields(Network) if field.name != "seed"]
    values = [getattr(sweep, name) or (getattr(study.network, name, None),) for name in names]
    for combination in product(*values, range(sweep.seeds or study.network.seeds)):
        network = Network(*combination)
        own: dict[str, Any] = {
            name: None
            for name in _OF_TRAINING
            if getattr(network, name) == getattr(study.training, name)
        }
        if network.xi == "auto":
            own["xi"] = 2**network.layers / 4
        yield replace(network, **own)


def _clash(first: Network, second: Network) -> str:
    return (
        f"{_weights(first)} and {_weights(second)} give one network id; use values that differ "
        "in their first six digits"
    )


def _weights(network: Network) -> str:
    rate = f", learning rate {network.learning_rate!r}" if network.learning_rate else ""
    return f"eta {network.eta!r}, xi {network.xi!r}{rate}"


@without_warnings()
def flowing_phase(study: Study) -> str:
    """The phase that yields in the `flowing_samples` of the study.

    Raises:
        ConfigError: samples need one, and it is the matrix of some composites and the fibre of
            others.
    """
    if study.dataset.flowing.phase != "auto":
        return study.dataset.flowing.phase
    flowing: dict[str, str] = {}
    for name, composite in study.composites.items():
        for phase, law in zip(PHASES, materials(**composite.model_dump()), strict=True):
            if law.state_size:
                flowing.setdefault(phase, name)
    if len(flowing) > 1 and any(network.flowing_samples for network in networks(study).values()):
        where = " and ".join(f"the {phase} in {name}" for phase, name in flowing.items())
        problem = f"auto cannot choose it, because {where} yields; expected matrix or fibre"
        raise ConfigError([Problem("dataset.flowing.phase", problem)])
    return next(iter(flowing), "matrix")

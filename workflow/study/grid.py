"""The networks of a study: each sweep is the product of its values, equal networks are one."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product

from workflow.study.model import NetworkDefaults, Study, Sweep
from workflow.study.types import Initialisation, Kind, LossName
from workflow.study.validation import ConfigError, Problem


@dataclass(frozen=True)
class Network:
    """One network to train: its architecture, data, loss weights and initialisation."""

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
        return (
            f"{self.kind.lower()}_d{self.layers}_n{self.samples}_b{self.batch_size}"
            f"_eta{eta:g}_xi{self.xi:g}{beyond}_s{self.seed:02d}"
        )


def networks(study: Study) -> dict[str, Network]:
    """Every network of the study by its id, in the order of the configuration.

    Raises:
        ConfigError: two different networks have the same id.
    """
    found: dict[str, Network] = {}
    clashes: list[Problem] = []
    for name, sweep in study.sweeps.items():
        for network in _combinations(sweep, study.network):
            first = found.setdefault(network.id, network)
            if first != network:
                clashes.append(Problem(f"sweeps.{name}", _clash(first, network)))
    if clashes:
        raise ConfigError(dict.fromkeys(clashes))  # the same for every seed: said once
    return found


def members(study: Study) -> dict[str, list[str]]:
    """The ids of the networks of each sweep."""
    return {
        name: [network.id for network in _combinations(sweep, study.network)]
        for name, sweep in study.sweeps.items()
    }


def _combinations(sweep: Sweep, default: NetworkDefaults) -> Iterator[Network]:
    names = [field.name for field in fields(Network) if field.name != "seed"]
    values = [getattr(sweep, name) or (getattr(default, name),) for name in names]
    for combination in product(*values, range(sweep.seeds or default.seeds)):
        yield Network(*combination)


def _clash(first: Network, second: Network) -> str:
    return (
        f"eta {first.eta!r}, xi {first.xi!r} and eta {second.eta!r}, xi {second.xi!r} "
        "give one network id; use values that differ in their first six digits"
    )

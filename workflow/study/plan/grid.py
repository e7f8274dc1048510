"""The networks of a study: each sweep is the product of its values, equal networks are one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from rve.materials.composite import DEFAULTS, materials
from training.specification import CONFIGURATION, Network
from workflow.study.config.model import Study, Sweep
from workflow.study.config.phases import without_warnings
from workflow.study.config.problem import ConfigError, Problem


@cache
def networks(study: Study) -> Mapping[str, Network]:
    """Every network of the study by its id, in the order of the configuration.

    A `ConfigError` refuses different networks with the same id.
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
    values = [
        getattr(sweep, name) or (getattr(study.network, name, None),) for name in CONFIGURATION
    ]
    for combination in product(*values, range(sweep.seeds or study.network.seeds)):
        network = Network(*combination)
        own: dict[str, Any] = {
            name: None
            for name in CONFIGURATION
            if getattr(network, name) == getattr(study.training, name, ...)
        }
        if network.xi == "auto":
            own["xi"] = 2**network.layers / 4
        yield replace(network, **own)


def _clash(first: Network, second: Network) -> str:
    differ = [key for key in CONFIGURATION if getattr(first, key) != getattr(second, key)]
    values = [
        ", ".join(f"{key} {getattr(one, key)!r}" for key in differ) for one in (first, second)
    ]
    different = "use values that differ in their first six digits"
    return f"{' and '.join(values)} give one network id; {different}"


@without_warnings()
def yielding(study: Study) -> dict[str, str]:
    """The phases that yield, each with the first composite in which it does."""
    found: dict[str, str] = {}
    for name, composite in study.composites.items():
        for phase, law in zip(DEFAULTS, materials(**composite.laws), strict=True):
            if law.state_size:
                found.setdefault(phase, name)
    return found


def flowing_phase(study: Study) -> str:
    """The phase that yields in the `flowing_samples` of the study.

    A `ConfigError` says if samples need one, and it is not the same in all composites.
    """
    if study.dataset.flowing.phase != "auto":
        return study.dataset.flowing.phase
    flowing = yielding(study)
    if len(flowing) > 1 and any(network.flowing_samples for network in networks(study).values()):
        where = " and ".join(f"the {phase} in {name}" for phase, name in flowing.items())
        problem = f"auto cannot choose it, because {where} yields; expected matrix or fibre"
        raise ConfigError([Problem("dataset.flowing.phase", problem)])
    return next(iter(flowing), "matrix")

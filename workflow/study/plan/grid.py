"""The networks of a study: each sweep is the product of its values, equal networks are one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from rve.materials.composite import materials
from rve.microstructure.phases import ordered
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
def yielding(study: Study) -> dict[str, tuple[str, ...]]:
    """The composites with laws that yield, each with the phases of these laws."""
    found: dict[str, tuple[str, ...]] = {}
    for name, composite in study.composites.items():
        phases = composite.laws
        laws = zip(ordered(phases), materials(**phases), strict=True)
        if yields := tuple(phase for phase, law in laws if law.state_size):
            found[name] = yields
    return found


def flowing_phases(study: Study) -> tuple[str, ...]:
    """The phases that yield in the `flowing_samples` of the study.

    A `ConfigError` says if samples need them, and they are not the same in all composites, or no
    composite has one that is chosen.
    """
    chosen, problem = study.dataset.flowing.phase, ""
    known = ordered(phase for one in study.composites.values() for phase in one.laws)
    if chosen != ("auto",):
        if unknown := [phase for phase in chosen if phase not in known]:
            problem = f"no composite has {', '.join(unknown)}"
    else:
        first: dict[tuple[str, ...], str] = {}
        for name, phases in yielding(study).items():
            first.setdefault(phases, name)
        chosen = next(iter(first), ("matrix",))
        if len(first) > 1 and any(network.flowing_samples for network in networks(study).values()):
            where = [f"the {' and '.join(of)} in {name}" for of, name in first.items()]
            problem = f"auto cannot choose it, because {' and '.join(where)} yields"
    if problem:
        expected = f"expected one or more of {', '.join(known)}"
        raise ConfigError([Problem("dataset.flowing.phase", f"{problem}; {expected}")])
    return ordered(chosen)

"""Which networks the figures hold against each other, from what the sweeps vary."""

from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import Literal, TypeVar

from evaluation.measures.comparisons import Comparisons, Paths, StudySettings
from training.specification import CONFIGURATION, Network, parameter_names
from workflow.study.config.model import Study
from workflow.study.plan.grid import members, networks

Groups = dict[str, list[str]]
"""Label of a curve -> ids of its networks, which differ in their seed alone."""

Label = TypeVar("Label", bound=Hashable)

_TAUGHT = set(parameter_names("recipe"))
"""What a recipe beyond the paper may change beside the schedule."""

_SIZE = {"kind", "layers", "xi"}
"""What differs between networks of one recipe, xi with the layers alone."""


def settings(study: Study, paths: Paths | None = None) -> StudySettings:
    """What figures, findings and the report know of a study beside its tables.

    Figures alone need to know what of its own load paths they show.
    """
    rve, compared, grid = study.rve, comparisons(study), networks(study)
    return StudySettings(
        control=study.online.controls[0],
        composite=study.timing.composite if study.timing else next(iter(study.composites)),
        schemes={str(kind): names for kind, names in study.online.schemes.items()},
        looks=study.findings.looks,
        comparisons=compared,
        networks=bool(study.sweeps),
        samples=sorted({grid[id].samples for id in compared.batch_networks}),
        composites=list(study.composites),
        packed=rve.mesh is None,
        paths=paths or {},
        convergence=(rve.element_size, rve.fibres) if study.convergence else None,
    )


@cache
def comparisons(study: Study) -> Comparisons:
    """All comparisons of a study; those over eta, xi and depth have all networks that it has.

    Networks of another study were compared there.
    """
    if study.networks_of:
        return Comparisons()
    grid, recipes = networks(study), _recipes(study)
    eta, xi, depth = (_of_first_sweep(study, over) for over in ("eta", "xi", "depth"))
    kinds = _grouped(depth, lambda id: grid[id].kind)
    return Comparisons(
        batches={
            name: _labelled(study, name)
            for name, some in varied(study).items()
            if "batch_size" in some
        },
        eta=eta,
        xi=xi,
        depth={kind: _grouped(ids, lambda id: grid[id].layers) for kind, ids in kinds.items()},
        recipes=recipes,
        pictured=_pictured(study, recipes),
        ablation=_ablation(study),
    )


def averaged(study: Study) -> Groups:
    """Recipe, or configuration in a study that compares nothing -> ids of networks to average."""
    return _recipes(study) if comparisons(study) else configurations(study)


@cache
def varied(study: Study) -> Groups:
    """Sweep -> the parameters that it varies, the seed aside."""
    grid = networks(study)
    return {
        name: [key for key in CONFIGURATION if len({getattr(grid[id], key) for id in ids}) > 1]
        for name, ids in members(study).items()
    }


def first_sweep(study: Study, over: Literal["eta", "xi", "depth"]) -> str | None:
    """The first sweep that varies eta or xi alone, or both kinds and several depths."""
    for name, some in varied(study).items():
        if {"kind", "layers"} <= set(some) if over == "depth" else some == [over]:
            return name
    return None


def _of_first_sweep(study: Study, over: Literal["eta", "xi", "depth"]) -> list[str]:
    """Its configurations with all their networks, also those that other sweeps add."""
    first = first_sweep(study, over)
    names = dict.fromkeys(map(_configuration, members(study)[first] if first else ()))
    return [id for name in names for id in configurations(study)[name]]


def _labelled(study: Study, sweep: str) -> Groups:
    """Networks of a sweep by the parameters that it varies."""

    def label(id: str) -> str:
        values = vars(networks(study)[id])
        return ", ".join(f"{key.replace('_', ' ')} {values[key]}" for key in varied(study)[sweep])

    return _grouped(members(study)[sweep], label)


def _recipes(study: Study) -> Groups:
    """Sweep -> ids, for sweeps of one recipe each, if these start their trainings differently.

    A sweep has one recipe if it varies the kind and the depth alone, and xi with the depth.
    """
    grid, found = networks(study), Groups()
    for name, ids in members(study).items():
        targets = {(grid[id].layers, grid[id].xi) for id in ids}
        one_each = len(targets) == len({layers for layers, _ in targets})
        if one_each and _SIZE.issuperset(varied(study)[name]):
            found[name] = ids
    return found if len({grid[ids[0]].initialisation for ids in found.values()}) > 1 else {}


def _pictured(study: Study, recipes: Groups) -> Groups:
    """Recipe -> ids, of the kind and the greatest depth that all recipes have: IMN if they do."""

    def size(id: str) -> tuple[bool, int]:
        return networks(study)[id].kind == "IMN", networks(study)[id].layers

    sizes = [set(map(size, ids)) for ids in recipes.values()]
    if not (shared := set.intersection(*sizes) if sizes else set()):
        return {}
    return {
        name.replace("_", " "): [id for id in ids if size(id) == max(shared)]
        for name, ids in recipes.items()
    }


def _ablation(study: Study) -> Groups:
    """Label -> ids, for sweeps that vary several of what makes a recipe, and nothing else."""
    grid = networks(study)
    sweeps = [
        name for name, some in varied(study).items() if len(some) > 1 and _TAUGHT.issuperset(some)
    ]
    groups = _grouped(
        (id for name in sweeps for id in members(study)[name]), lambda id: _ingredients(grid[id])
    )
    return dict(sorted(groups.items(), key=lambda group: _order(grid[group[1][0]])))


def _ingredients(network: Network) -> str:
    """The start, the norm and the data of a training, as `random, Frobenius, orthotropic`."""
    data = "with moments" if network.moments else "flowing" if network.flowing_samples else ""
    loss = network.loss.capitalize() if network.loss == "frobenius" else network.loss
    return ", ".join([network.initialisation, loss, data or "orthotropic"])


def _order(network: Network) -> tuple[bool, bool, int, int]:
    """The paper's ingredients first."""
    beyond = network.initialisation != "random", network.loss != "frobenius"
    return *beyond, network.flowing_samples, network.moments


@cache
def configurations(study: Study) -> Groups:
    """Name of a configuration -> ids of its networks, which differ in their seed alone."""
    return _grouped(networks(study), _configuration)


def _configuration(network: str) -> str:
    """Name of the configuration of a network: its own without the seed."""
    return network.rsplit("_s", 1)[0]


def timed_networks(study: Study) -> Groups:
    """Kind and depth, as imn_d7 -> ids to time, the first ones of each configuration."""
    grid, first = networks(study), slice(study.timing.networks if study.timing else 0)
    ids = [id for some in configurations(study).values() for id in some[first]]
    return _grouped(ids, lambda id: f"{grid[id].kind.lower()}_d{grid[id].layers}")


def _grouped(ids: Iterable[str], label: Callable[[str], Label]) -> dict[Label, list[str]]:
    groups: dict[Label, list[str]] = {}
    for id in ids:
        groups.setdefault(label(id), []).append(id)
    return groups

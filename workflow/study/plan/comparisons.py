"""Which networks the figures hold against each other, from what the sweeps vary."""

from functools import cache
from typing import Literal

from evaluation.measures.comparisons import Comparisons, StudySettings
from training.specification import CONFIGURATION, Network, parameter_names
from workflow.study.config.model import Study
from workflow.study.plan.grid import members, networks

Groups = dict[str, list[str]]
"""Label of a curve -> ids of its networks, which differ in their seed alone."""

_TAUGHT = set(parameter_names("recipe"))
"""What a recipe beyond the paper may change beside the schedule."""

_SIZE = ("kind", "layers", "xi")
"""What differs between networks of one recipe, xi with the layers alone."""


def settings(study: Study, paths: Groups | None = None) -> StudySettings:
    """What figures, findings and the report know of a study beside its tables.

    Figures alone need the components that its own load paths prescribe.
    """
    rve, batches = study.rve, batch_comparisons(study)
    samples = {networks(study)[id].samples for sweep in batches for id in members(study)[sweep]}
    return StudySettings(
        control=study.online.controls[0],
        composite=study.timing.composite,
        schemes={str(kind): names for kind, names in study.online.schemes.items()},
        looks=study.findings.looks,
        comparisons=comparisons(study),
        networks=bool(study.sweeps),
        samples=sorted(samples),
        composites=list(study.composites),
        packed=rve.mesh is None,
        paths=paths or {},
        convergence=(rve.element_size, rve.fibres) if study.convergence else None,
    )


@cache
def comparisons(study: Study) -> Comparisons:
    """All comparisons of a study."""
    return Comparisons(
        batches=batch_comparisons(study),
        eta=value_comparison(study, "eta"),
        xi=value_comparison(study, "xi"),
        depth=depth_comparison(study),
        recipes=recipe_comparison(study),
        pictured=pictured_recipes(study),
        ablation=ablation(study),
    )


@cache
def batch_comparisons(study: Study) -> dict[str, Groups]:
    """Sweep -> groups, for the sweeps over batch sizes (Figs. 7-11, A.18-B.23)."""
    return {
        sweep: _labelled(study, sweep)
        for sweep, values in study.sweeps.items()
        if len(values.batch_size or ()) > 1
    }


@cache
def value_sweep(study: Study, field: Literal["eta", "xi"]) -> str | None:
    """The first sweep that varies this parameter alone (Figs. 12, 13)."""
    found = (name for name in study.sweeps if _varied(study, name) == [field])
    return next(found, None)


@cache
def depth_sweep(study: Study) -> str | None:
    """The first sweep over both kinds and several depths (Figs. 14-17)."""
    sweeps = study.sweeps.items()
    found = (name for name, one in sweeps if min(len(one.layers or ()), len(one.kind or ())) > 1)
    return next(found, None)


def value_comparison(study: Study, field: Literal["eta", "xi"]) -> list[str]:
    """Ids of all networks that the study has of the configurations of `value_sweep`."""
    return _of_configurations(study, value_sweep(study, field))


@cache
def depth_comparison(study: Study) -> dict[str, dict[int, list[str]]]:
    """Kind -> layers -> ids of all networks of the configurations of `depth_sweep`."""
    grid = networks(study)
    found: dict[str, dict[int, list[str]]] = {}
    for id in _of_configurations(study, depth_sweep(study)):
        found.setdefault(grid[id].kind, {}).setdefault(grid[id].layers, []).append(id)
    return found


@cache
def _of_configurations(study: Study, sweep: str | None) -> list[str]:
    """A sweep's configurations with all their networks, also those that other sweeps add."""
    if sweep is None:
        return []
    names = dict.fromkeys(configuration_of(id) for id in members(study)[sweep])
    return [id for name in names for id in configurations(study)[name]]


def configuration_of(network: str) -> str:
    """Name of the configuration of a network: its own without the seed."""
    return network.rsplit("_s", 1)[0]


@cache
def recipe_comparison(study: Study) -> Groups:
    """Sweep -> ids, for sweeps of one recipe each, if these start their trainings differently.

    A sweep has one recipe if it varies the kind and the depth alone, and xi with the depth.
    """
    grid = networks(study)
    found: Groups = {}
    starts = set()
    for name, ids in members(study).items():
        targets = {(grid[id].layers, grid[id].xi) for id in ids}
        one_each = len(targets) == len({layers for layers, _ in targets})
        if one_each and set(_varied(study, name)) <= set(_SIZE):
            found[name] = ids
            starts.add(grid[ids[0]].initialisation)
    return found if len(starts) > 1 else {}


def pictured_recipes(study: Study) -> Groups:
    """Recipe -> ids, of the kind and the greatest depth that all recipes have: IMN if they do."""
    grid = networks(study)
    recipes = recipe_comparison(study)
    if not recipes:
        return {}
    sizes = set.intersection(
        *({(grid[id].kind, grid[id].layers) for id in ids} for ids in recipes.values())
    )
    chosen = max(sizes, key=lambda size: (size[0] == "IMN", size[1]), default=None)
    return {
        name.replace("_", " "): [id for id in ids if (grid[id].kind, grid[id].layers) == chosen]
        for name, ids in recipes.items()
        if chosen
    }


def ablation(study: Study) -> Groups:
    """Label -> ids, for sweeps that vary several of what makes a recipe, and nothing else."""
    grid = networks(study)
    groups: Groups = {}
    for name, ids in members(study).items():
        varied = _varied(study, name)
        if len(varied) > 1 and set(varied) <= _TAUGHT:
            for id in ids:
                groups.setdefault(_ingredients(grid[id]), []).append(id)
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
def configurations(study: Study) -> dict[str, list[str]]:
    """Name of a configuration -> ids of its networks, which differ in their seed alone."""
    found: dict[str, list[str]] = {}
    for id in networks(study):
        found.setdefault(configuration_of(id), []).append(id)
    return found


def timed_networks(study: Study) -> dict[str, list[str]]:
    """Kind and depth, as imn_d7 -> ids to time, the first ones of each configuration."""
    grid, found = networks(study), dict[str, list[str]]()
    for ids in configurations(study).values():
        size = f"{grid[ids[0]].kind.lower()}_d{grid[ids[0]].layers}"
        found.setdefault(size, []).extend(ids[: study.timing.networks])
    return found


def _labelled(study: Study, sweep: str) -> Groups:
    """Networks of a sweep by the parameters that it varies, the seed aside."""
    varied, groups = _varied(study, sweep), dict[str, list[str]]()
    for id in members(study)[sweep]:
        values = vars(networks(study)[id])
        label = ", ".join(f"{field.replace('_', ' ')} {values[field]}" for field in varied)
        groups.setdefault(label, []).append(id)
    return groups


def _varied(study: Study, sweep: str) -> list[str]:
    found = [networks(study)[id] for id in members(study)[sweep]]
    return [field for field in CONFIGURATION if len({getattr(one, field) for one in found}) > 1]

"""Which networks the figures hold against each other, from what the sweeps vary."""

from dataclasses import asdict, fields
from typing import Any, Literal

from workflow.study.grid import Network, members, networks
from workflow.study.model import Study

Groups = dict[str, list[str]]
"""Label of a curve -> ids of its networks, which differ in their seed alone."""

_FIELDS = [one.name for one in fields(Network) if one.name != "seed"]
_PAPER_COMPOSITES = ("composite_1", "composite_2", "composite_3")
_PAPER_PREDICTIONS = (8, 18, 21)
"""First figure of the predicted stresses of the paper's first, second and third data size."""


def comparisons(study: Study) -> dict[str, Any]:
    """All comparisons, as `evaluation.measures.tables.Comparisons` takes them."""
    return {
        "batches": batch_comparisons(study),
        "eta": value_comparison(study, "eta"),
        "xi": value_comparison(study, "xi"),
        "depth": depth_comparison(study),
    }


def batch_comparisons(study: Study) -> dict[str, Groups]:
    """Sweep -> groups, for the sweeps over batch sizes (Figs. 7-11, A.18-B.23)."""
    return {
        sweep: _labelled(study, sweep)
        for sweep, values in study.sweeps.items()
        if len(values.batch_size or ()) > 1
    }


def value_comparison(study: Study, field: Literal["eta", "xi"]) -> list[str]:
    """Ids of the networks of the first sweep that varies this parameter alone (Figs. 12, 13)."""
    grid = networks(study)
    for ids in members(study).values():
        if _varied([asdict(grid[id]) for id in ids]) == [field]:
            return ids
    return []


def depth_comparison(study: Study) -> dict[str, dict[int, list[str]]]:
    """Kind -> layers -> ids, for the first sweep over both kinds and depths (Figs. 14-17)."""
    for name, sweep in study.sweeps.items():
        if len(sweep.layers or ()) > 1 and len(sweep.kind or ()) > 1:
            grid = networks(study)
            found: dict[str, dict[int, list[str]]] = {}
            for id in members(study)[name]:
                by_layers = found.setdefault(grid[id].kind, {})
                by_layers.setdefault(grid[id].layers, []).append(id)
            return found
    return {}


def configurations(study: Study) -> dict[str, list[str]]:
    """Name of a configuration -> ids of its networks, which differ in their seed alone."""
    found: dict[str, list[str]] = {}
    for id in networks(study):
        found.setdefault(id.rsplit("_s", 1)[0], []).append(id)
    return found


def figures(study: Study) -> list[str]:
    """Names of the figures that a study supports, in the order of the report."""
    names = ["fig05", "fig06"]
    if study.references.paths:
        names.append("paths")
    if study.convergence:
        names.append("convergence")
    if batch_comparisons(study):
        names += ["fig07", *predicted_stresses(study)]
    if depth_comparison(study):
        names.append("fig14")
    if study.sweeps:
        names.append("parity")
    return sorted([*names, *table_figures(study)], key=_place)


def table_figures(study: Study) -> list[str]:
    """Names of those that the tables of networks, predictions and timings alone make."""
    names = ["directions", "costs", "pareto"] if study.sweeps else []
    batches = batch_comparisons(study)
    if len({n for name in batches for n in study.sweeps[name].samples or (0,)}) > 1:
        names.append("fig11")
    if value_comparison(study, "eta"):
        names.append("fig12")
    if value_comparison(study, "xi"):
        names.append("fig13")
    if depth_comparison(study):
        schemes = study.online.schemes
        names += ["fig15"] if len(schemes["DMN"]) > 1 else []
        names += ["fig16"] if len(schemes["IMN"]) > 1 else []
        names.append("fig17")
    return names


def _place(figure: str) -> tuple[int, str]:
    """The paper's figures by their number, further stresses after them, then the others."""
    number = figure.removeprefix("fig")
    if number.isdecimal():
        return int(number), ""
    return (98 if figure.startswith("stresses_") else 99), ""


def predicted_stresses(study: Study) -> dict[str, tuple[str, str]]:
    """Figure -> sweep over batch sizes, and composite, of predicted stresses.

    They have the paper's numbers for the first three composites and sweeps: 8 to 10, 18 to 20
    (A.18 to A.20) and 21 to 23 (B.21 to B.23). Snakemake puts the composites that an overlay adds
    before the paper's, which keep their places here.
    """
    paper = [name for name in _PAPER_COMPOSITES if name in study.composites]
    composites = list(dict.fromkeys([*paper, *study.composites]))
    found = {}
    for place, sweep in enumerate(batch_comparisons(study)):
        for number, composite in enumerate(composites):
            name = f"stresses_{sweep}_{composite}"
            if place < len(_PAPER_PREDICTIONS) and number < len(_PAPER_COMPOSITES):
                name = f"fig{_PAPER_PREDICTIONS[place] + number:02d}"
            found[name] = (sweep, composite)
    return found


def _labelled(study: Study, sweep: str) -> Groups:
    """Networks of a sweep by the parameters that it varies, the seed aside."""
    grid = networks(study)
    fields = {id: asdict(grid[id]) for id in members(study)[sweep]}
    varied = _varied(list(fields.values()))
    groups: Groups = {}
    for id, values in fields.items():
        label = ", ".join(f"{field.replace('_', ' ')} {values[field]}" for field in varied)
        groups.setdefault(label, []).append(id)
    return groups


def _varied(networks: list[dict[str, Any]]) -> list[str]:
    return [field for field in _FIELDS if len({values[field] for values in networks}) > 1]

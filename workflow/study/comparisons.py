"""Which networks the figures hold against each other, from what the sweeps vary."""

from dataclasses import asdict

from workflow.study.grid import members, networks
from workflow.study.model import Study

Groups = dict[str, list[str]]
"""Label of a curve -> ids of its networks, which differ in their seed alone."""

_PAPER_COMPOSITES = ("composite_1", "composite_2", "composite_3")


def batch_comparisons(study: Study) -> dict[str, Groups]:
    """Sweep -> groups, for the sweeps over batch sizes (Figs. 7-10)."""
    return {
        sweep: groups
        for sweep, groups in _comparisons(study).items()
        if len(study.sweeps[sweep].batch_size or ()) > 1
    }


def depth_comparison(study: Study) -> dict[str, dict[int, list[str]]]:
    """Kind -> layers -> ids, for the first sweep over both kinds and several depths (Fig. 17)."""
    for name, sweep in study.sweeps.items():
        if len(sweep.layers or ()) > 1 and len(sweep.kind or ()) > 1:
            grid = networks(study)
            found: dict[str, dict[int, list[str]]] = {}
            for id in members(study)[name]:
                by_layers = found.setdefault(grid[id].kind, {})
                by_layers.setdefault(grid[id].layers, []).append(id)
            return found
    return {}


def figures(study: Study) -> list[str]:
    """Names of the figures that a study supports, the paper's in their order."""
    names = ["fig05", "fig06"]
    if study.references.paths:
        names.append("paths")
    if study.convergence:
        names.append("convergence")
    if batch_comparisons(study):
        names += ["fig07", *predicted_composites(study)]
    if depth_comparison(study):
        names.append("fig17")
    return names


def predicted_composites(study: Study) -> dict[str, str]:
    """Figure -> composite, for the predicted stresses.

    They are Figs. 8 to 10 for the first three composites, and fig08_<composite> for further ones.
    The paper's come first: Snakemake puts what an overlay adds before them.
    """
    paper = [name for name in _PAPER_COMPOSITES if name in study.composites]
    composites = list(dict.fromkeys([*paper, *study.composites]))
    found = dict(zip(("fig08", "fig09", "fig10"), composites, strict=False))
    return found | {f"fig08_{composite}": composite for composite in composites[3:]}


def _comparisons(study: Study) -> dict[str, Groups]:
    """Sweep -> groups labelled by the parameters that the sweep varies, the seed aside."""
    grid = networks(study)
    comparisons = {}
    for sweep, ids in members(study).items():
        fields = {id: asdict(grid[id]) for id in ids}
        varied = [
            field
            for field in ("kind", "layers", "samples", "batch_size", "eta", "xi")
            if len({values[field] for values in fields.values()}) > 1
        ]
        groups: Groups = {}
        for id, values in fields.items():
            label = ", ".join(f"{field.replace('_', ' ')} {values[field]}" for field in varied)
            groups.setdefault(label, []).append(id)
        comparisons[sweep] = groups
    return comparisons

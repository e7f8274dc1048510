"""What the report says below each figure."""

from collections.abc import Sequence

import pandas as pd

from evaluation.formatting import enumeration, spaced
from evaluation.measures.parity import paired_networks
from evaluation.measures.tables import Groups, StudyTables, of_networks
from training.specification import NETWORK, of_role

_BAND = (
    "A line is the mean over networks that differ in their random initialisation alone. Its band "
    "is one standard deviation to either side."
)
_DOTS = "A dot is one network."
_TIME = "time to follow all loads, alone on the machine and on one thread"
_ITERATIONS = "iterations per load increment"
_STOPPING = (
    "All schemes stop by the same rule. Schemes that end in equilibrium solve the same linearised "
    "problem, so they need equally many iterations on the same network."
)
_FINITE_ELEMENTS = (
    "Homogenised stress against strain, from the finite elements of the cell. Shear strains are "
    "engineering strains."
)
_CONVERGENCE = (
    "Above: one packing, meshed finer and finer. Shown is the relative distance from the finest "
    "mesh, of the homogenised stiffness (as in Eq. 33) and of the stresses along a load (as in "
    "Eq. 32). Below: the root mean square distance of single packings from the mean over all "
    "packings with as many fibres. Dotted: the cell of this study."
)
_MESH = (
    "(a) Fibres (blue) and matrix, with the curved quadratic elements. (b) Quality of the elements "
    "without their curvature: 4√3 times the area over the sum of the squared edges. It is 1 for an "
    "equilateral triangle and 0 for a flat one."
)
_PACKING = (
    " (c) Gap between each fibre and its nearest neighbour, also across the edges of the cell. (d) "
    "Ripley's function of the fibre centres as L(r) − r with L = √(K/π). It is zero for points "
    "without order, −r below the smallest distance of two centres, and positive where centres "
    "cluster."
)


def captions(tables: StudyTables | None, packed: bool, control: str) -> dict[str, str]:
    """Figure -> what it shows, of how many networks, and how it is read; stresses aside.

    Args:
        tables: of the study; None in one without networks.
        packed: whether the cell holds packed fibres, and is not a mesh of the user's.
        control: what the other five components are held at, `stress` or `strain`.
    """
    found = {
        "fig05": _MESH + _PACKING if packed else _MESH,
        "fig06": f"{_FINITE_ELEMENTS} Shown is the loaded component. {_loading(control)}",
        "paths": f"{_FINITE_ELEMENTS} Shown are the components that the path prescribes.",
        "convergence": _CONVERGENCE,
    }
    return found if tables is None else found | _of_networks(tables)


def stresses_caption(tables: StudyTables, sweep: str, composite: str) -> str:
    """What a figure of predicted stresses shows.

    Args:
        tables: of the study.
        sweep: over batch sizes, whose networks predict.
        composite: that they predict.
    """
    groups = tables.comparisons.batches[sweep]
    return (
        f"Stresses of {spaced(composite)}: predicted by the networks of the sweep {spaced(sweep)}, "
        f"and the reference (dashed). {_BAND} {_loading(tables.control)} "
        f"{_described(tables, groups)}{_unconverged(tables, composite, groups)}"
    )


def common_settings(training: pd.DataFrame) -> str:
    """What all networks of the study have in common."""
    found = [
        NETWORK[column].label.format(training[column].iloc[0])
        for column in of_role("data", "loss", "schedule")
        if len(set(training[column])) == 1
    ]
    return f"All networks: {', '.join(found)}." if found else ""


def _of_networks(tables: StudyTables) -> dict[str, str]:
    comparisons, timed = tables.comparisons, spaced(tables.composite)
    by_depth = {
        f"{kind}, {layers} layers": ids
        for kind, by_layers in comparisons.depth.items()
        for layers, ids in by_layers.items()
    }
    depth = _per_line(tables, by_depth)
    lost = _unconverged(tables, tables.composite, by_depth)
    of_timed = f"Predictions of {timed}: (a) e_σ of Eq. 32; (b) {_TIME}; (c) {_ITERATIONS};"
    nodes = "(d) base nodes of a weight above zero"
    per_node = "time (b) per iteration and active base node"
    every = _counts(tables, list(tables.training["network"]))
    schemes = f"{of_timed} (d) {per_node}. {_BAND} {_DOTS} {_STOPPING} {depth}{lost}"
    recipes = _counts(tables, [id for ids in comparisons.recipes.values() for id in ids])
    sweeps = " ".join(
        f"{spaced(sweep)}: {_described(tables, groups)}"
        for sweep, groups in comparisons.batches.items()
    )
    return {
        "fig07": "Mean relative error of the homogenised stiffness, e_C of Eq. 33, after each "
        f"epoch. Solid: training; dotted: validation. {_BAND} "
        f"{_mixed(tables, comparisons.batch_networks)}{sweeps}",
        "fig11": "e_σ, the mean over the loads of the relative stress error, Eq. 32. Line and "
        "band: mean and standard deviation over all batch sizes, initialisations and composites. "
        "A dot is one network, the mean over the composites. "
        f"{_counts(tables, comparisons.batch_networks)}",
        "fig12": f"{of_timed} {nodes}. {_BAND} {_DOTS} {_counts(tables, comparisons.eta)}",
        "fig13": f"{of_timed} {nodes}. {_BAND} {_DOTS} {_counts(tables, comparisons.xi)}",
        "fig14": "(a), (b) Mean relative error of the homogenised stiffness of the training "
        "samples, e_C of Eq. 33, after each epoch. (c) Time of an epoch, alone on the machine and "
        "on one thread, median of the repeats; as printed: a DMN with a rotation at every node. "
        f"{_BAND} {_mixed(tables, comparisons.depth_networks)}{depth}",
        "fig15": schemes,
        "fig16": schemes,
        "fig17": f"{of_timed} {nodes}; (e) {per_node}. Each kind uses its first scheme. {_BAND} "
        f"{_DOTS} {_STOPPING} {depth}{lost}",
        "choice": f"Stresses of {timed}: predicted by the chosen networks, which differ in their "
        "random initialisation alone, and the reference (dashed). "
        f"{_BAND} {_loading(tables.control)}",
        "claims": "A row is a claim, a line one of its ratios with its confidence interval, a band "
        "where the paper says that they lie. Ratios beyond 1/16 and 16 are drawn there. Hollow "
        "squares, if any: of the study beside.",
        "parity": "Stress of the loaded component, predicted against reference, at every increment "
        "of every predicted curve. Both are divided by the largest stress of the reference. The "
        "darker a square, the more increments lie in it (logarithmic). Dashed: agreement. "
        f"{_counts(tables, paired_networks(list(tables.training['network'])))}",
        "directions": "Relative stress error of single loads: mean and standard deviation over "
        "networks that differ in their random initialisation alone; a colour is one way to train.",
        "costs": "A dot is one network: e_σ, the mean over the composites, against (a) its active "
        f"base nodes and (b) the {_TIME}, of {timed}. Each kind uses its first scheme. {every}",
        "recipe_stresses": f"Stresses of {timed}: predicted by the networks of each recipe, of one "
        "kind and of the greatest depth that all recipes have, and the reference (dashed). "
        f"{_BAND} {_loading(tables.control)}",
        "ablation": "Start, norm and data of a training; all else is as in the recipe. A dot is "
        "one network, e_σ as the mean over the composites. The line is one standard deviation to "
        "either side of the mean, which is printed beside it. "
        f"{_counts(tables, [id for ids in comparisons.ablation.values() for id in ids])}",
        "recipes": f"{_DOTS} Marks on a line: means of one depth, e_σ as the mean over the "
        f"composites. (b) {_TIME}, of {timed}, with the fastest scheme. {recipes}",
        "recipe_directions": "Relative stress error of single loads, the mean over the composites, "
        f"of the greatest depth that all recipes have. {_DOTS} Dashes: means. {recipes}",
        "ensembles": "Networks of the greatest depth that all recipes have, which differ in their "
        "initialisation alone. (a) Error of the mean of their stresses. (b) How often the "
        "finite-element stress lies within so many deviations of that mean. Dotted: the spread as "
        "it is. Solid: times a factor from first moments of linear samples that no network was "
        f"trained with. {recipes}",
        "pareto": "A mark is a configuration with one scheme: mean e_σ over the networks, and "
        f"{_TIME}, of {timed}. The line and the numbers show the Pareto front: configurations with "
        f"an error at least 1 % below that of every faster one. {every}",
    }


def _mixed(tables: StudyTables, ids: Sequence[str]) -> str:
    """What the errors of a history are over, where a training has more than the paper's samples."""
    if not (of_networks(tables.training, ids)["flowing_samples"] > 0).any():
        return ""
    return (
        "The errors of a history are over all samples of the training, those of a phase that "
        "yields too; all tables have those over orthotropic samples alone. "
    )


def _loading(control: str) -> str:
    return f"The other five {control} components are zero."


def _counts(tables: StudyTables, ids: Sequence[str]) -> str:
    """How many networks a figure shows, and how many are left out."""
    trained = of_networks(tables.trained, ids)["network"]
    complete = of_networks(tables.composite_means, trained)
    counts = {
        "Failed in training and left out": len(ids) - len(trained),
        "With predictions that did not converge": len(trained) - len(complete),
    }
    lost = [f" {name}: {count}." for name, count in counts.items() if count]
    return f"Networks: {len(trained)}.{''.join(lost)}"


def _per_line(tables: StudyTables, groups: Groups) -> str:
    """How many networks are behind each line of a figure, and how many failed."""
    sizes = [len(of_networks(tables.trained, ids)) for ids in groups.values()]
    lost = sum(map(len, groups.values())) - sum(sizes)
    counts = " to ".join(str(size) for size in sorted({min(sizes), max(sizes)})) if sizes else "0"
    failed = f" Failed in training and left out: {lost}." if lost else ""
    return f"Networks behind each line: {counts}.{failed}"


def _described(tables: StudyTables, groups: Groups) -> str:
    """Kind, depth and samples of the networks, and how many there are."""
    rows = of_networks(tables.training, [id for group in groups.values() for id in group])
    kinds, layers, samples = (
        enumeration([str(value) for value in rows[column].unique()])
        for column in ("kind", "layers", "samples")
    )
    return f"{kinds} of {layers} layers, {samples} training samples. {_per_line(tables, groups)}"


def _unconverged(tables: StudyTables, composite: str, groups: Groups) -> str:
    """How many predictions of a composite by trained networks are missing, if any."""
    trained = of_networks(tables.trained, [id for ids in groups.values() for id in ids])
    rows = of_networks(tables.predictions, trained["network"])
    rows = rows[rows["composite"] == composite]
    lost = int((rows["status"] != "ok").sum())
    return f" Predictions that did not converge and are left out: {lost}." if lost else ""

"""What the report says below each figure."""

import pandas as pd

from evaluation.measures.tables import Groups, Measured, among
from evaluation.report.words import enumeration, spaced

_BAND = (
    "Lines are means over networks that differ in their random initialisation alone, bands one "
    "standard deviation to either side."
)


_DOTS = "Dots are the single networks."
_TIME = "time to follow all loads, alone on the machine and on one thread"
_ITERATIONS = "iterations per load increment"
_STOPPING = (
    "All schemes stop by the same rule; those with stresses in equilibrium solve the same "
    "linearised problem, and iterate equally often on one network."
)
_PATHS = (
    "Homogenised stress against strain of the components that the path prescribes, from the "
    "cell's finite elements. Shear strains are engineering strains."
)
_CONVERGENCE = (
    "Above: one packing with finer and finer elements, relative distance of the homogenised "
    "stiffness and of the stresses along a load (as in Eqs. 33 and 32) from those of the "
    "finest mesh. Below: root mean square distance of single packings from the mean over the "
    "packings with that many fibres. Dotted: the cell of this configuration."
)
_MESH = (
    "(a) Fibres (blue) and matrix with the curved, quadratic elements. (b) Quality of the elements "
    "without their curvature, 4√3 area over the sum of the squared edges: 1 when equilateral, 0 "
    "when flat."
)
_PACKING = (
    " (c) Distance from the surface of each fibre to that of the nearest, across the edges of the "
    "cell too. (d) Ripley's function of the fibre centres as L(r) − r, L = √(K/π): zero for points "
    "without order, −r below the smallest distance of two centres, positive where centres cluster."
)


def captions(measured: Measured | None, packed: bool, control: str) -> dict[str, str]:
    """Figure -> what it shows, of how many networks, and how it is read; stresses aside.

    Args:
        measured: of the study; None in one without networks.
        packed: whether the cell holds packed fibres, and is not a mesh of the user's.
        control: what the other five components are held at, `stress` or `strain`.
    """
    found = {
        "fig05": _MESH + _PACKING if packed else _MESH,
        "fig06": "Homogenised stress against strain of the loaded component, from the cell's "
        f"finite elements. {_loading(control)} Shear strains are engineering strains.",
        "paths": _PATHS,
        "convergence": _CONVERGENCE,
    }
    return found if measured is None else found | _of_networks(measured)


def stresses_caption(measured: Measured, sweep: str, composite: str) -> str:
    """What a figure of predicted stresses shows.

    Args:
        measured: of the study.
        sweep: over batch sizes, whose networks predict.
        composite: that they predict.
    """
    groups = measured.comparisons.batches[sweep]
    return (
        f"Stresses of {spaced(composite)}, predicted by the networks of the sweep {spaced(sweep)}, "
        f"and the reference (DNS, dashed). {_BAND} {_loading(measured.control)} "
        f"{_described(measured, groups)}{_unconverged(measured, composite, groups)}"
    )


def _of_networks(measured: Measured) -> dict[str, str]:
    comparisons, timed = measured.comparisons, spaced(measured.composite)
    by_depth = {
        f"{kind}, {layers} layers": ids
        for kind, by_layers in comparisons.depth.items()
        for layers, ids in by_layers.items()
    }
    depth = _counts(measured, by_depth) if by_depth else ""
    lost = _unconverged(measured, measured.composite, by_depth)
    of_timed = f"Predictions of {timed}: (a) e_σ of Eq. 32; (b) {_TIME}; (c) {_ITERATIONS};"
    nodes = "(d) base nodes of a weight above zero"
    per_node = "that time over iterations and active base nodes"
    schemes = f"{of_timed} (d) {per_node}. {_BAND} {_DOTS} {_STOPPING} {depth}{lost}"
    return {
        "fig07": "Mean relative error of the homogenised stiffness, e_C of Eq. 33, after each "
        f"epoch: training solid, validation dotted. {_BAND} {_sweeps(measured)}",
        "fig11": "e_σ, the mean over the loads of the relative stress error, Eq. 32. Line and "
        "band: mean and standard deviation over all batch sizes, initialisations and composites; "
        f"dots: the single networks, mean over the composites. {_of(measured, 'batches')}",
        "fig12": f"{of_timed} {nodes}. {_BAND} {_DOTS} {_of(measured, 'eta')}",
        "fig13": f"{of_timed} {nodes}. {_BAND} {_DOTS} {_of(measured, 'xi')}",
        "fig14": "(a), (b) Mean relative error of the homogenised stiffness of the training "
        "samples, e_C of Eq. 33, after each epoch. (c) Time of an epoch, alone on the machine and "
        f"on one thread, median of the repeats. {_BAND} {depth}",
        "fig15": schemes,
        "fig16": schemes,
        "fig17": f"{of_timed} {nodes}; (e) {per_node}. Each kind with its first scheme. {_BAND} "
        f"{_DOTS} {_STOPPING} {depth}{lost}",
        "parity": "The stress of the loaded component at every increment of every curve that a "
        "network predicted, against that of the reference, both over the largest of the reference. "
        "The darker a square, the more increments lie in it (logarithmic); dashed: agreement. "
        f"{_of(measured, 'all')}",
        "directions": "Relative stress error of single loads, mean and standard deviation over all "
        f"networks of a kind, whatever their configuration. {_of(measured, 'all')}",
        "costs": "A dot a network: e_σ, mean over the composites, against (a) its active base "
        f"nodes and (b) {_TIME} of {timed}, each kind with its first scheme. "
        f"{_of(measured, 'all')}",
        "pareto": f"A mark a configuration and scheme: mean e_σ of {timed} over the networks, and "
        f"{_TIME}. Named are those of which the error is lower by more than 1 % of it than that of "
        f"all faster ones. {_of(measured, 'all')}",
    }


def _of(measured: Measured, comparison: str) -> str:
    """How many networks a figure shows, and how many are left out."""
    ids = {
        "batches": measured.comparisons.batch_networks,
        "eta": measured.comparisons.eta,
        "xi": measured.comparisons.xi,
        "all": list(measured.training["network"]),
    }[comparison]
    trained = [id for id in ids if id not in _failed(measured)]
    whole = [id for id in trained if id in set(measured.means["network"])]
    words = f"Networks: {len(trained)}."
    if len(trained) < len(ids):
        words += f" Failed in training and left out: {len(ids) - len(trained)}."
    if len(whole) < len(trained):
        words += f" With predictions that did not converge: {len(trained) - len(whole)}."
    return words


def _failed(measured: Measured) -> set[str]:
    return set(measured.training["network"]) - set(measured.trained["network"])


def _loading(control: str) -> str:
    return f"The other five {control} components are zero."


def shared(training: pd.DataFrame) -> str:
    """What all networks of the study have in common, as a sentence."""
    words = {
        "samples": "{} samples",
        "batch_size": "batches of {}",
        "eta": "η = {:g}",
        "xi": "ξ = {:g}",
        "epochs": "{} epochs",
    }
    found = [
        text.format(training[column].iloc[0])
        for column, text in words.items()
        if len(set(training[column])) == 1
    ]
    return f"All networks: {', '.join(found)}." if found else ""


def _sweeps(measured: Measured) -> str:
    batches = measured.comparisons.batches
    if len(batches) == 1:
        return _described(measured, next(iter(batches.values())))
    return " ".join(
        f"{spaced(sweep)}: {_described(measured, groups)}" for sweep, groups in batches.items()
    )


def _described(measured: Measured, groups: Groups) -> str:
    """Kind, depth and samples of the networks, and how many there are."""
    rows = among(measured.training, [id for group in groups.values() for id in group])
    kinds, layers, samples = (
        enumeration([str(value) for value in rows[column].unique()])
        for column in ("kind", "layers", "samples")
    )
    unit = "layer" if layers == "1" else "layers"
    return f"{kinds} of {layers} {unit}, {samples} training samples. {_counts(measured, groups)}"


def _counts(measured: Measured, groups: Groups) -> str:
    """Networks behind each mean, and those that failed."""
    failed = _failed(measured)
    sizes = {label: sum(id not in failed for id in ids) for label, ids in groups.items()}
    lost = sum(len(ids) for ids in groups.values()) - sum(sizes.values())
    if len(set(sizes.values())) == 1:
        counts = f"Networks behind each line: {next(iter(sizes.values()))}."
    else:
        listed = enumeration([f"{size} ({label})" for label, size in sizes.items()])
        counts = f"Networks behind the lines: {listed}."
    return f"{counts} Failed in training and left out: {lost}." if lost else counts


def _unconverged(measured: Measured, composite: str, groups: Groups) -> str:
    """How many predictions of a composite by trained networks are missing, if any."""
    ids = {id for group in groups.values() for id in group} - _failed(measured)
    rows = among(measured.predictions, sorted(ids))
    rows = rows[rows["composite"] == composite]
    lost = int((rows["status"] != "ok").sum())
    return f" Predictions that did not converge and are left out: {lost}." if lost else ""

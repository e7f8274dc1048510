"""What the report says below each figure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluation.words import enumeration, spaced

Groups = Mapping[str, Sequence[str]]
"""Label -> networks."""

TITLES = {
    "fig05": "The cell",
    "fig06": "Reference responses",
    "fig07": "Training histories",
    "fig08": "Predicted stresses",
    "fig09": "Predicted stresses",
    "fig10": "Predicted stresses",
    "fig17": "DMN and IMN online",
    "paths": "Responses along the load paths of this study",
    "convergence": "Dependence of the references on mesh and packing",
}
"""Name of a figure, or its first five letters where it is numbered -> title."""

_BAND = (
    "Lines are means over networks that differ in their random initialisation alone, bands one "
    "standard deviation to either side."
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


def captions(
    packed: bool,
    predicted: Mapping[str, str],
    control: str,
    timed: str,
    batches: Mapping[str, Groups],
    depth: Mapping[str, Mapping[int, Sequence[str]]],
    training: pd.DataFrame,
    predictions: pd.DataFrame,
) -> dict[str, str]:
    """Figure -> what it shows, of how many networks, and how it is read.

    Args:
        packed: whether the cell holds packed fibres, and is not a mesh of the user's.
        predicted: figure -> composite, for the predicted stresses.
        control: what the other five components are held at, `stress` or `strain`.
        timed: the composite of Fig. 17.
        batches: sweep -> batch size -> networks.
        depth: kind -> layers -> networks.
        training: training.csv.
        predictions: as from `evaluation.summary.chosen_predictions`.
    """
    loading = f"The other five {control} components are zero."
    found = {
        "fig05": _MESH + _PACKING if packed else _MESH,
        "fig06": "Homogenised stress against strain of the loaded component, from the cell's "
        f"finite elements. {loading} Shear strains are engineering strains.",
    }
    found["paths"] = (
        "Homogenised stress against strain of the components that the path prescribes, from the "
        "cell's finite elements. Shear strains are engineering strains."
    )
    found["convergence"] = (
        "Above: one packing with finer and finer elements, relative distance of the homogenised "
        "stiffness and of the stresses along a load (as in Eqs. 33 and 32) from those of the "
        "finest mesh. Below: root mean square distance of single packings from the mean over the "
        "packings with that many fibres. Dotted: the cell of this configuration."
    )
    if training.empty:
        return found
    failed = set(training.loc[training["status"] != "ok", "network"])
    if batches:
        found["fig07"] = (
            "Mean relative error of the homogenised stiffness, e_C of Eq. 33, after each epoch: "
            f"training solid, validation dotted. {_BAND} {_sweeps(batches, training, failed)}"
        )
        sweep, groups = next(iter(batches.items()))
        described = _described(groups, training, failed)
        for figure, composite in predicted.items():
            found[figure] = (
                f"Stresses of {spaced(composite)}, predicted by the networks of the sweep "
                f"{spaced(sweep)}, and the reference (DNS, dashed). {_BAND} {loading} "
                f"{described}{_unconverged(predictions, composite, groups, failed)}"
            )
    if depth:
        groups = {
            f"{kind}, {layers} layers": ids
            for kind, by_layers in depth.items()
            for layers, ids in by_layers.items()
        }
        found["fig17"] = (
            f"Predictions of {spaced(timed)}. (a) e_σ, the mean over the loads of the relative "
            "stress error, Eq. 32; (b) time to follow all loads, measured alone on the machine, on "
            "one thread; (c) iterations per load increment; (d) base nodes of a weight above zero. "
            f"{_BAND} Dots are the single networks. All schemes stop by the same rule; those "
            "with stresses in equilibrium solve the same linearised problem, and iterate equally "
            f"often on one network. {_counts(groups, failed)}"
            f"{_unconverged(predictions, timed, groups, failed)}"
        )
    return found


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


def _sweeps(batches: Mapping[str, Groups], training: pd.DataFrame, failed: set[str]) -> str:
    if len(batches) == 1:
        return _described(next(iter(batches.values())), training, failed)
    return " ".join(
        f"{spaced(sweep)}: {_described(groups, training, failed)}"
        for sweep, groups in batches.items()
    )


def _described(groups: Groups, training: pd.DataFrame, failed: set[str]) -> str:
    """Kind, depth and samples of the networks, and how many there are."""
    ids = [id for group in groups.values() for id in group]
    rows = training[training["network"].isin(ids)]
    kinds, layers, samples = (
        enumeration([str(value) for value in rows[column].unique()])
        for column in ("kind", "layers", "samples")
    )
    unit = "layer" if layers == "1" else "layers"
    return f"{kinds} of {layers} {unit}, {samples} training samples. {_counts(groups, failed)}"


def _counts(groups: Groups, failed: set[str]) -> str:
    """Networks behind each mean, and those that failed."""
    sizes = {label: sum(id not in failed for id in ids) for label, ids in groups.items()}
    lost = sum(len(ids) for ids in groups.values()) - sum(sizes.values())
    if len(set(sizes.values())) == 1:
        counts = f"Networks behind each line: {next(iter(sizes.values()))}."
    else:
        listed = enumeration([f"{size} ({label})" for label, size in sizes.items()])
        counts = f"Networks behind the lines: {listed}."
    return f"{counts} Failed in training and left out: {lost}." if lost else counts


def _unconverged(
    predictions: pd.DataFrame, composite: str, groups: Groups, failed: set[str]
) -> str:
    """How many predictions of a composite by trained networks are missing, if any."""
    ids = {id for group in groups.values() for id in group} - failed
    rows = predictions[predictions["network"].isin(ids) & (predictions["composite"] == composite)]
    lost = int((rows["status"] != "ok").sum())
    return f" Predictions that did not converge and are left out: {lost}." if lost else ""

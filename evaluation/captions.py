"""What the report says below each figure."""

from collections.abc import Mapping, Sequence

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
}

_BAND = (
    "Lines are means over networks that differ in their random initialisation alone, bands one "
    "standard deviation to either side."
)


def captions(
    composites: Sequence[str],
    control: str,
    timed: str,
    batches: Mapping[str, Groups],
    depth: Mapping[str, Mapping[int, Sequence[str]]],
    failed: set[str],
) -> dict[str, str]:
    """Figure -> what it shows, of how many networks, and how it is read.

    Args:
        composites: names, in the order of the study.
        control: what the other five components are held at, `stress` or `strain`.
        timed: the composite of Fig. 17.
        batches: sweep -> batch size -> networks.
        depth: kind -> layers -> networks.
        failed: the networks whose training failed.
    """
    loading = f"The other five {control} components are zero."
    found = {
        "fig05": "(a) Fibres (blue) and matrix with the curved, quadratic elements. (b) Ripley's "
        "function of the fibre centres as L(r) − r, L = √(K/π): zero for points without order, "
        "−r below the smallest distance of two centres, positive where centres cluster.",
        "fig06": "Homogenised stress against strain of the loaded component, from the cell's "
        f"finite elements. {loading} Shear strains are engineering strains.",
    }
    if batches:
        found["fig07"] = (
            "Mean relative error of the homogenised stiffness, e_C of Eq. 33, after each epoch: "
            f"training solid, validation dotted. {_BAND} {_sweep_counts(batches, failed)}"
        )
        sweep, groups = next(iter(batches.items()))
        counts = _counts(groups, failed)
        for number, composite in enumerate(composites[:3], start=8):
            found[f"fig{number:02d}"] = (
                f"{spaced(composite).capitalize()}: stresses predicted by the networks of the "
                f"sweep {spaced(sweep)}, and the reference (DNS, dashed). {_BAND} {loading} "
                f"{counts}"
            )
    if depth:
        groups = {
            f"{kind}, {layers} layers": ids
            for kind, by_layers in depth.items()
            for layers, ids in by_layers.items()
        }
        found["fig17"] = (
            f"{spaced(timed).capitalize()}. (a) e_σ, the mean over the loads of the relative "
            "stress error, Eq. 32; (b) time to follow all loads, measured alone on the machine, on "
            "one thread; (c) iterations per load increment; (d) base nodes of a weight above zero. "
            f"{_BAND} {_counts(groups, failed)}"
        )
    return found


def _sweep_counts(batches: Mapping[str, Groups], failed: set[str]) -> str:
    if len(batches) == 1:
        return _counts(next(iter(batches.values())), failed)
    return " ".join(
        f"{spaced(sweep).capitalize()}: {_counts(groups, failed)}"
        for sweep, groups in batches.items()
    )


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

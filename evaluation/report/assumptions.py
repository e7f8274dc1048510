"""What the study assumes where the paper is silent, with the values that it used."""

from collections.abc import Mapping
from typing import Any

from evaluation.formatting import enumeration, spaced
from evaluation.report.sweeps import named, resolved_sweeps, sweeps_with, used
from evaluation.report.tables import Table

PAPER_EPOCHS = 10_000
PAPER_PATIENCE = 50
PAPER_SEEDS = "5 or 10"
PAPER_SAMPLES = 2048
PAPER_MATRICES = ((3.8, 0.387, 0.01), (2.1, 0.3, 0.029), (3.8, 0.387, 0.03))
"""Young's modulus, Poisson's ratio and yield stress of Table 1, GPa."""


def assumptions(config: Mapping[str, Any], statistics: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is assumed, and its value."""
    found = _of_references(config, statistics)
    return [*found, *_of_networks(config)] if config["sweeps"] else found


def _of_references(
    config: Mapping[str, Any], statistics: Mapping[str, Any]
) -> list[tuple[str, str]]:
    references = config["references"]
    controls = references["controls"]
    strains = ", ".join(f"{load}: {100 * a:g} %" for load, a in references["amplitudes"].items())
    matrices = {name: composite["matrix"] for name, composite in config["composites"].items()}
    loading = [f"{name} control (the other five {name} components are zero)" for name in controls]
    return [
        *((f"Matrix of {spaced(n)}{_origin(m)}", _constants(m)) for n, m in matrices.items()),
        ("Strains at the end of the loads", f"{strains} (shear: engineering strain)"),
        ("Increments of a load", str(references["increments"])),
        ("Uniaxial loading", enumeration(loading)),
        *_cell(config["rve"], statistics),
    ]


def _of_networks(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    dataset, depth = config["dataset"], []
    if any(sweep.get("layers") is None for sweep in config["sweeps"].values()):
        depth = [("Layers, if a sweep does not say", str(config["network"]["layers"]))]
    ranges = (
        f"E {_range(dataset['youngs_modulus'])} GPa before normalisation, contrast "
        f"10^{_range(dataset['contrast_decades'])}, shear ratio {_range(dataset['shear_ratio'])}, "
        f"Poisson ratio {_range(dataset['poisson_ratio'])}"
    )
    tolerance = (
        f"{config['online']['tolerance']:g}, the relative change of the base nodes' strains at "
        "which an increment ends. The paper prints none. Speed-ups of the schemes depend on it, "
        "see Findings"
    )
    timed = f"of {spaced(config['timing']['composite'])}, as in Sections 3.4 to 3.6"
    return [
        ("Ranges of the random phases, after Liu & Wu 2019", ranges),
        *depth,
        ("Tolerance of the online schemes", tolerance),
        ("Predictions of Section 3.2", timed),
        *_random_start(config),
    ]


def _random_start(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is assumed of the paper's start; nothing in a study without it."""
    names = sweeps_with(config, "initialisation", "random")
    if not names:
        return []
    sweeps = [sweep for name, sweep in resolved_sweeps(config).items() if name in names]
    layers = {layer for sweep in sweeps for layer in sweep["layers"]}
    weights = " to ".join(f"{2 ** (n - 1)}" for n in sorted({min(layers), max(layers)}))
    auto = "a quarter of the base nodes"
    xi = dict.fromkeys(value for sweep in sweeps for value in sweep["xi"])
    targets = enumeration([auto if value == "auto" else f"{value:g}" for value in xi])
    rows = [
        ("Initial activations z", "uniform in (0.2, 0.8), after Liu & Wu 2019"),
        (
            "Initial sum of weights",
            f"about 2^layers / 2, here {weights}, against the target ξ = {targets}",
        ),
    ]
    kinds = {kind for sweep in sweeps for kind in sweep["kind"]}
    if "IMN" in kinds:
        rows.append(("Initial IMN angles", "uniform in (0, 1)"))
    if "DMN" in kinds:
        rows.append(("Initial DMN angles", "α, γ uniform in (−π, π), β in (−π/2, π/2)"))
    return [(name, f"{named(config, names)}{text}") for name, text in rows]


def _cell(rve: Mapping[str, Any], statistics: Mapping[str, Any]) -> list[tuple[str, str]]:
    triangles = f"{statistics['elements']:,} quadratic triangles"
    if "mesh" in rve:
        fibres = f"{statistics['fibres']}, from the given mesh {rve['mesh']}"
    else:
        gap = f"smallest gap {rve['minimum_gap']:g} fibre radii"
        fibres = f"{rve['fibres']}, {gap}, random packing"
        triangles += f" of {rve['element_size']:g} cell edges"
    mesh = "Mesh", f"{triangles}; generalised plane strain"
    return [("Fibres in the cell", fibres), mesh]


def short_training(
    config: Mapping[str, Any], samples: int, statistics: Mapping[str, Any]
) -> Table | None:
    """This study beside the paper, if its training is shorter than there.

    A study with coated starts is not meant to be the paper's.

    `samples` are the most that a network of the study was trained with.
    """
    epochs, patience = config["training"]["epochs"], config["training"]["patience"]
    if epochs >= PAPER_EPOCHS or "coated" in used(config, "initialisation"):
        return None
    seeds = ", ".join(map(str, sorted(used(config, "seeds"))))
    rows = [
        ["epochs", f"{epochs:,}", f"{PAPER_EPOCHS:,}"],
        ["patience [epochs]", str(patience), str(PAPER_PATIENCE)],
        ["random initialisations", seeds, PAPER_SEEDS],
        ["most training samples", f"{samples:,}", f"{PAPER_SAMPLES:,}"],
        ["fibres in the cell", str(statistics["fibres"]), "–"],
        ["elements of the cell", f"{statistics['elements']:,}", "–"],
    ]
    return Table(["", "this study", "the paper"], rows, 1)


def _constants(matrix: Mapping[str, Any]) -> str:
    """The law of a matrix with its constants."""
    constants = (f"{spaced(key)} = {value}" for key, value in matrix.items() if key != "law")
    return f"{spaced(matrix['law'])}: {', '.join(constants)}"


def _origin(matrix: Mapping[str, Any]) -> str:
    """A remark if the matrix is not one of the paper's, which gives all but its hardening."""
    constants = matrix["youngs_modulus"], matrix["poisson_ratio"], matrix.get("yield_stress")
    return "" if constants in PAPER_MATRICES else " (own material)"


def _range(limits: tuple[float, float]) -> str:
    return f"[{limits[0]:g}, {limits[1]:g}]"

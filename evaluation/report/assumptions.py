"""What the study assumes where the paper is silent, with the values that it used."""

from collections.abc import Mapping
from typing import Any

from evaluation.report.words import enumeration, plural, spaced

PAPER_EPOCHS = 10_000
PAPER_PATIENCE = 50
PAPER_SEEDS = (5, 10)
PAPER_MATRICES = ((3.8, 0.387, 0.01), (2.1, 0.3, 0.029), (3.8, 0.387, 0.03))
"""Young's modulus, Poisson's ratio and yield stress of Table 1, GPa."""


def assumptions(config: Mapping[str, Any], statistics: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is assumed, and its value.

    Args:
        config: the resolved configuration.
        statistics: the content of statistics.json.
    """
    found = _of_references(config, statistics)
    return [*found, *_of_networks(config)] if config["sweeps"] else found


def _of_references(
    config: Mapping[str, Any], statistics: Mapping[str, Any]
) -> list[tuple[str, str]]:
    references = config["references"]
    controls = references["controls"]
    strains = ", ".join(f"{load}: {100 * a:g} %" for load, a in references["amplitudes"].items())
    hardening = [
        (
            f"Matrix of {spaced(name)}{_origin(composite['matrix'])}",
            _constants(composite["matrix"]),
        )
        for name, composite in config["composites"].items()
    ]
    return [
        *hardening,
        ("Strains at the end of the loads", f"{strains} (shear: engineering strain)"),
        ("Increments of a load", str(references["increments"])),
        (
            "Uniaxial loading",
            enumeration(
                [f"{name} control (the other five {name} components are zero)" for name in controls]
            ),
        ),
        *_cell(config["rve"], statistics),
    ]


def _of_networks(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    dataset = config["dataset"]
    layers = _used(config, "layers")
    weights = " to ".join(f"{2 ** (n - 1)}" for n in sorted({min(layers), max(layers)}))
    targets = enumeration([f"{xi:g}" for xi in _used(config, "xi")])
    depth = [("Depth of a sweep that names none", str(config["network"]["layers"]))]
    unnamed = any(sweep.get("layers") is None for sweep in config["sweeps"].values())
    return [
        (
            "Ranges of the linear samples",
            f"E {_range(dataset['youngs_modulus'])} GPa before normalisation, contrast "
            f"10^{_range(dataset['contrast_decades'])}, shear ratio "
            f"{_range(dataset['shear_ratio'])}, Poisson ratio {_range(dataset['poisson_ratio'])}",
        ),
        *(depth if unnamed else []),
        (
            "Predictions of Section 3.2",
            f"those of {spaced(config['timing']['composite'])}, as in Sections 3.4 to 3.6",
        ),
        ("Initial activations z", "uniform in (0.2, 0.8), after Liu & Wu 2019"),
        (
            "Initial sum of weights",
            f"about 2^layers / 2, here {weights}, against the target ξ = {targets}",
        ),
        ("Initial IMN angles", "uniform in (0, 1)"),
        ("Initial DMN angles", "α, γ uniform in (−π, π), β in (−π/2, π/2)"),
    ]


def _cell(rve: Mapping[str, Any], statistics: Mapping[str, Any]) -> list[tuple[str, str]]:
    triangles = f"{statistics['elements']:,} quadratic triangles"
    if "mesh" in rve:
        fibres = f"{statistics['fibres']}, from the given mesh {rve['mesh']}"
    else:
        gap = f"smallest gap {rve['minimum_gap']:g} fibre radii"
        fibres = f"{rve['fibres']}, {gap}, random packing"
        triangles += f" of {rve['element_size']:g} cell edges"
    return [
        ("Fibres in the cell", fibres),
        ("Mesh", f"{triangles}; generalised plane strain"),
    ]


def shortness(config: Mapping[str, Any], samples: int, statistics: Mapping[str, Any]) -> str:
    """Why the errors are not the paper's, when the training is shorter than there, else nothing.

    Args:
        config: the resolved configuration.
        samples: the most training samples that a network of the study saw.
        statistics: the content of statistics.json.
    """
    epochs, patience = config["training"]["epochs"], config["training"]["patience"]
    if epochs >= PAPER_EPOCHS:
        return ""
    seeds = sorted(_used(config, "seeds"))
    differing = ""
    if patience != PAPER_PATIENCE:
        differing += f", a patience of {plural(patience, 'epoch')} (the paper: {PAPER_PATIENCE})"
    if not set(seeds) <= set(PAPER_SEEDS):
        counts = enumeration([str(count) for count in seeds])
        differing += f", {counts} random initialisations (the paper: 5 or 10)"
    return (
        f"The errors below are those of a short training: {plural(epochs, 'epoch')} against the "
        f"paper's {PAPER_EPOCHS:,}{differing}, on {plural(samples, 'sample')} (the paper: 400 to "
        f"2,048) of a cell with {plural(statistics['fibres'], 'fibre')} and "
        f"{plural(statistics['elements'], 'element')}. They show how the study works, not what "
        "such networks can reach. The discretisation error of the cell is not quantified in the "
        "study."
    )


def _constants(matrix: Mapping[str, Any]) -> str:
    """The law of a matrix with its constants."""
    constants = (f"{key} = {value}" for key, value in matrix.items() if key != "law")
    return f"{spaced(matrix['law'])}: {', '.join(constants)}"


def _origin(matrix: Mapping[str, Any]) -> str:
    """A remark where the matrix is none of the paper's, on whose hardening alone it is silent."""
    constants = matrix["youngs_modulus"], matrix["poisson_ratio"], matrix.get("yield_stress")
    return "" if constants in PAPER_MATRICES else " (own material)"


def _used(config: Mapping[str, Any], key: str) -> list[Any]:
    """The values of a key of `network` that the sweeps train with."""
    found: dict[Any, None] = {}
    for sweep in config["sweeps"].values():
        value = sweep.get(key)
        if value is None:
            value = config["network"][key]
        found.update(dict.fromkeys(value if isinstance(value, list) else [value]))
    return list(found)


def _range(limits: tuple[float, float]) -> str:
    return f"[{limits[0]:g}, {limits[1]:g}]"

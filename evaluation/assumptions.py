"""What the study assumes where the paper is silent, with the values that it used."""

from collections.abc import Mapping
from typing import Any

from evaluation.words import enumeration, plural, spaced

PAPER_EPOCHS = 10_000


def assumptions(config: Mapping[str, Any], elements: int) -> list[tuple[str, str]]:
    """What is assumed, and its value.

    Args:
        config: the resolved configuration.
        elements: of the mesh.
    """
    rve, references, dataset = config["rve"], config["references"], config["dataset"]
    controls = references["controls"]
    strains = ", ".join(f"{load}: {100 * a:g} %" for load, a in references["amplitudes"].items())
    hardening = [
        (
            f"Hardening of {spaced(name)}",
            "H = {H:g} GPa, Q = {Q:g} GPa, b = {b:g}".format(**composite["matrix"]["hardening"]),
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
        (
            "Fibres in the cell",
            f"{rve['fibres']}, smallest gap {rve['minimum_gap']:g} fibre radii, random packing",
        ),
        (
            "Mesh",
            f"{elements:,} quadratic triangles of {rve['element_size']:g} cell edges; generalised "
            "plane strain",
        ),
        (
            "Ranges of the linear samples",
            f"E {_range(dataset['youngs_modulus'])} GPa before normalisation, contrast "
            f"10^{_range(dataset['contrast_decades'])}, shear ratio "
            f"{_range(dataset['shear_ratio'])}, Poisson ratio {_range(dataset['poisson_ratio'])}",
        ),
        ("Depth where a sweep names none (Sections 3.1, 3.2)", f"{config['network']['layers']}"),
        ("Initial activations z", "uniform in (0.2, 0.8), after Liu & Wu 2019"),
        ("Initial IMN angles", "uniform in (0, 1)"),
        ("Initial DMN angles", "α, γ uniform in (−π, π), β in (−π/2, π/2)"),
    ]


def shortness(config: Mapping[str, Any], samples: int, elements: int) -> str:
    """Why the errors are not the paper's, when the training is shorter than there, else nothing.

    Args:
        config: the resolved configuration.
        samples: the most training samples that a network of the study saw.
        elements: of the mesh.
    """
    epochs = config["training"]["epochs"]
    if epochs >= PAPER_EPOCHS:
        return ""
    return (
        f"The errors below are those of a short training: {plural(epochs, 'epoch')} against the "
        f"paper's {PAPER_EPOCHS:,}, on {plural(samples, 'sample')} (the paper: 400 to 2,048) of a "
        f"cell with {plural(config['rve']['fibres'], 'fibre')} and {plural(elements, 'element')}. "
        "They show how the study works, not what such networks can reach."
    )


def _range(limits: tuple[float, float]) -> str:
    return f"[{limits[0]:g}, {limits[1]:g}]"

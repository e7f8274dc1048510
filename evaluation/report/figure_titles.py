"""Numbers and titles of the figures."""

_STRESSES = "Predicted stresses"

TITLES = {
    "fig05": "The cell",
    "fig06": "Reference responses",
    "paths": "Responses along the load paths of this study",
    "convergence": "Dependence of the references on mesh and packing",
    "fig07": "Training histories by batch size",
    "fig11": "Prediction error by data size",
    "fig12": "Effects of η",
    "fig13": "Effects of ξ",
    "fig14": "Training of DMN and IMN by depth",
    "fig15": "Online schemes of DMN",
    "fig16": "Online schemes of IMN",
    "fig17": "DMN and IMN online",
    "choice": "What to expect",
    "claims": "All claims at a glance",
    "parity": "Predicted against reference stresses",
    "directions": "Error by direction",
    "costs": "Error against size and cost",
    "recipe_stresses": "Predicted stresses by recipe of the training",
    "ablation": "What makes networks reliable",
    "recipes": "Recipes of a training: error against size and cost",
    "recipe_directions": "Recipes of a training: error by direction",
    "ensembles": "Means of several networks, and their spread",
    "pareto": "Error against cost of all configurations and schemes",
}
"""Name of a figure -> title; figures of predicted stresses aside."""

APPENDICES = {"A": range(18, 21), "B": range(21, 24)}
"""Appendix -> numbers of its figures."""


def title(figure: str) -> str:
    """The title of a figure."""
    return TITLES.get(figure, _STRESSES)


def number(figure: str) -> str:
    """The paper's number of a figure, as 11 or A.18; empty for what the paper lacks."""
    if not figure.startswith("fig"):
        return ""
    value = int(figure.removeprefix("fig"))
    letter = next((name for name, numbers in APPENDICES.items() if value in numbers), "")
    return f"{letter}.{value}" if letter else str(value)


def labels(figure: str) -> dict[str, str]:
    """How `snakemake --report` lists a figure."""
    return {"figure": number(figure) or figure.replace("_", " "), "shows": title(figure)}

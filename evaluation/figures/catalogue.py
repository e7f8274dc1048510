"""The figures that are drawn from the tables alone."""

from collections.abc import Callable

from matplotlib.figure import Figure

from evaluation.figures.data_size import data_size
from evaluation.figures.directions import directions
from evaluation.figures.pareto import costs, pareto
from evaluation.figures.recipes import ablation, ensembles, recipe_directions, recipes
from evaluation.figures.regularisation import eta_effects, xi_effects
from evaluation.figures.schemes import dmn_schemes, imn_schemes, kinds
from evaluation.measures.tables import StudyTables

FIGURES: dict[str, Callable[[StudyTables], Figure]] = {
    "fig11": data_size,
    "fig12": eta_effects,
    "fig13": xi_effects,
    "fig15": dmn_schemes,
    "fig16": imn_schemes,
    "fig17": kinds,
    "directions": directions,
    "costs": costs,
    "pareto": pareto,
    "recipes": recipes,
    "recipe_directions": recipe_directions,
    "ablation": ablation,
    "ensembles": ensembles,
}
"""Name of a figure -> function that draws it."""

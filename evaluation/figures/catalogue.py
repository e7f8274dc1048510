"""All figures, collected from the modules that draw them."""

from importlib import import_module
from pkgutil import iter_modules

from evaluation.figures.figure import Family, StudyFigure
from evaluation.measures.comparisons import StudySettings

_PACKAGE = "evaluation.figures"


def all_figures(study: StudySettings) -> dict[str, StudyFigure]:
    """Name -> figure, in the order of the report, those that the study lacks too."""
    found: list[StudyFigure] = []
    for module in iter_modules(import_module(_PACKAGE).__path__):
        for one in vars(import_module(f"{_PACKAGE}.{module.name}")).values():
            if isinstance(one, StudyFigure):
                found.append(one)
            elif isinstance(one, Family):
                found += one.members(study)
    return {figure.name: figure for figure in sorted(found, key=lambda figure: figure.order)}


def figures_of(study: StudySettings) -> dict[str, StudyFigure]:
    """Those that the study supports and its report shows."""
    return {name: one for name, one in all_figures(study).items() if one.belongs_to(study)}

"""Numbers and titles of the figures, and the sections of the report that hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    "parity": "Predicted against reference stresses",
    "directions": "Error by direction",
    "costs": "Error against size and cost",
    "pareto": "Error against cost of all configurations and schemes",
}
"""Name of a figure -> title; figures of predicted stresses aside."""

_APPENDICES = {"A": range(18, 21), "B": range(21, 24)}


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes:
        id: of its anchor.
        title: with the paper's number.
        figures: that belong to it, those that the study lacks too.
        claims: sections of the paper whose claims belong to it.
    """

    id: str
    title: str
    figures: Sequence[str]
    claims: Sequence[str] = ()


SECTIONS = (
    Section("references", "Cell and references", ("fig05", "fig06", "paths", "convergence")),
    Section(
        "data",
        "3.1 Initialisation, batch size and data size",
        ("fig07", "fig08", "fig09", "fig10", "fig11"),
        ("3.1",),
    ),
    Section("regularisation", "3.2 Regularisation", ("fig12", "fig13"), ("3.2",)),
    Section("training", "3.3 DMN against IMN: training", ("fig14",), ("3.3",)),
    Section("residual", "3.4 DMN online: residual stress", ("fig15",), ("3.4",)),
    Section("newton", "3.5 IMN online: fixed point against Newton", ("fig16",), ("3.5",)),
    Section("online", "3.6 DMN against IMN online", ("fig17",), ("3.6",)),
    Section("beyond", "Beyond the paper", ("parity", "directions", "costs", "pareto")),
    Section(
        "appendices",
        "Appendices A and B: predictions with more data",
        tuple(f"fig{number}" for numbers in _APPENDICES.values() for number in numbers),
        ("A", "B"),
    ),
)

LACKING = {
    "fig07": "a sweep over batch sizes",
    "fig08": "a sweep over batch sizes and a composite",
    "fig09": "a sweep over batch sizes and a second composite",
    "fig10": "a sweep over batch sizes and a third composite",
    "fig11": "sweeps over batch sizes with several numbers of samples",
    "fig12": "a sweep over η alone",
    "fig13": "a sweep over ξ alone",
    "fig14": "a sweep over both kinds and several depths",
    "fig15": "a sweep over both kinds and several depths, and two schemes of DMN",
    "fig16": "a sweep over both kinds and several depths, and two schemes of IMN",
    "fig17": "a sweep over both kinds and several depths",
}
"""Figure of the paper -> what a study needs for it; those of the appendices need the same."""


def title(figure: str) -> str:
    """The title of a figure."""
    return TITLES.get(figure, _STRESSES)


def number(figure: str) -> str:
    """The paper's number of a figure, as 11 or A.18; empty for what the paper lacks."""
    if not figure.startswith("fig"):
        return ""
    value = int(figure.removeprefix("fig"))
    letter = next((name for name, numbers in _APPENDICES.items() if value in numbers), "")
    return f"{letter}.{value}" if letter else str(value)


def labels(figure: str) -> dict[str, str]:
    """How `snakemake --report` lists a figure."""
    return {"figure": number(figure) or figure.replace("_", " "), "shows": title(figure)}


def section_of(figure: str) -> str:
    """The id of the section that holds a figure."""
    known = (section.id for section in SECTIONS if figure in section.figures)
    return next(known, "appendices")


def lacking(section: Section, figures: Iterable[str]) -> list[str]:
    """A sentence on each of the paper's figures of a section that are not among these.

    Args:
        section: of the report.
        figures: those that the study has.
    """
    present = set(figures)
    return [
        f"Fig. {number(figure)} is not here: it needs "
        f"{LACKING.get(figure, 'a further sweep over batch sizes, and its composite')}."
        for figure in section.figures
        if figure.startswith("fig") and figure not in present
    ]

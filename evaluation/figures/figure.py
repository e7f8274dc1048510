"""What a study knows of a figure: one record, above the function that draws it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.style import styled
from evaluation.formatting import spaced
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.tables import StudyTables

References = Mapping[str, Mapping[str, pd.DataFrame]]
"""Composite -> load -> table of a reference, with the columns of its file."""

Curves = Callable[[Iterable[str]], Iterator[pd.DataFrame]]
"""Networks -> tables of the curves of those that predicted any."""

COMPOSITE = "composite"
"""The one section of figures in the report of a composite; no other report has it."""

_APPENDICES = {"A": range(18, 21), "B": range(21, 24)}
"""Appendix of the paper -> numbers of its figures."""


@dataclass(frozen=True)
class Need:
    """What a study needs for a figure, in words after "it needs", and whether it has it."""

    words: str
    met: Callable[[StudySettings], bool]


def compared(name: str, words: str) -> Need:
    """The need of a comparison, by its name in `Comparisons`."""
    return Need(words, lambda study: bool(getattr(study.comparisons, name)))


NOTHING = Need("nothing", lambda study: True)
NETWORKS = Need("networks", lambda study: study.networks)
DEPTH = compared("depth", "a sweep over both kinds and several depths")
RECIPES = compared("recipes", "sweeps of several recipes")


@dataclass(frozen=True)
class StudyFigure:
    """A figure of a study; `@partial(StudyFigure, name, title, ...)` makes a function one.

    Attributes:
        name: of its file; `fig12` is Fig. 12 of the paper.
        title: without a full stop.
        draw: function of what the source reads.
        section: of the report, its id.
        caption: what the report says below it; `{control}` and `{composite}` stand for those of the
            study.
        told: what the caption goes on with, from the tables of the networks.
        source: what it is drawn from, a key of `evaluation.figures.sources.SOURCES`. The figures of
            a source are drawn in one job.
        needs: what a study must have for it.
        place: in its section, after the paper's figures and those of smaller places.
    """

    name: str
    title: str
    draw: Callable[..., Figure]
    section: str
    caption: str | Callable[[StudySettings], str]
    told: Callable[[StudyTables], str] | None = None
    source: str = "tables"
    needs: Need = NETWORKS
    place: int = 1

    def __call__(self, *data: Any) -> Figure:
        """The figure, drawn in the style of the study."""
        return styled(self.draw)(*data)

    @property
    def module(self) -> str:
        """Where it is drawn."""
        return self.draw.__module__

    @property
    def number(self) -> str:
        """The paper's, as 11 or A.18; empty for what the paper lacks."""
        digits = self.name.removeprefix("fig")
        if not digits.isdecimal():
            return ""
        letter = next((name for name, of in _APPENDICES.items() if int(digits) in of), "")
        return f"{letter}.{int(digits)}" if letter else str(int(digits))

    @property
    def order(self) -> tuple[float, int]:
        """The paper's figures come first, by their number."""
        return float(self.name.removeprefix("fig")) if self.number else float("inf"), self.place

    def belongs_to(self, study: StudySettings) -> bool:
        """Whether a study has what it needs, and a report with its section."""
        return self.needs.met(study) and (self.section == COMPOSITE) == study.of_composites

    def described(self, study: StudySettings) -> str:
        """The caption in the report of a study, with counts if this has tables of networks."""
        text = self.caption if isinstance(self.caption, str) else self.caption(study)
        text = text.replace("{control}", study.control)
        text = text.replace("{composite}", spaced(study.composite))
        if self.told and isinstance(study, StudyTables):
            text += f" {self.told(study)}"
        return text


@dataclass(frozen=True)
class Family:
    """Figures of which a study decides how many there are; a decorator of what makes them."""

    members: Callable[[StudySettings], Sequence[StudyFigure]]

"""Figures are found where they are drawn: one file more is one figure more."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import made_up_study
from test_report import MESHED, PACKED, rendered

from evaluation import figures
from evaluation.figures.catalogue import all_figures, figures_of
from evaluation.figures.style import save
from evaluation.measures.comparisons import Comparisons
from evaluation.report.sections import missing_figures

MODULE = """
from functools import partial

from evaluation.figures.captions import all_networks, counts
from evaluation.figures.figure import StudyFigure, compared
from evaluation.figures.style import figure_of, panels


@partial(
    StudyFigure,
    "fig24",
    "Seconds by network",
    section="training",
    caption="Seconds of {composite}.",
    told=counts(all_networks),
    needs=compared("depth", "a sweep of its own"),
)
def seconds(tables):
    (axes,) = panels(["Seconds"], 1, (4, 3))
    axes.plot(tables.training["seconds"])
    return figure_of([axes])
"""


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module beside those of the package."""
    (tmp_path / "added.py").write_text(MODULE)
    monkeypatch.setattr(figures, "__path__", [*figures.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, "evaluation.figures.added", None)  # restored afterwards
    del sys.modules["evaluation.figures.added"]


@pytest.mark.usefixtures("one_more")
def test_a_figure_of_one_file_is_drawn_and_reported(tmp_path: Path) -> None:
    added = figures_of(made_up_study())["fig24"]
    assert (added.number, added.module) == ("24", "evaluation.figures.added")
    save(added(made_up_study()), tmp_path / "drawn.svg")
    assert (tmp_path / "drawn.svg").stat().st_size > 1000
    page = rendered(made_up_study(), {}, MESHED | PACKED)
    section = page[page.index('<section id="training">') :]
    section = section[: section.index("</section>")]
    assert section.index('<figure id="fig14">') < section.index('<figure id="fig24">')
    assert "<strong>Fig. 24. Seconds by network.</strong> Seconds of composite 1. " in section
    assert "Networks: 7. Failed in training and left out: 1." in section


@pytest.mark.usefixtures("one_more")
def test_a_study_that_lacks_it_says_what_it_needs() -> None:
    study = replace(made_up_study(), comparisons=Comparisons())
    assert "fig24" not in figures_of(study)
    said = missing_figures([all_figures(study)["fig24"]], study)
    assert said == ["Fig. 24 is not here: it needs a sweep of its own."]


def test_without_the_file_there_is_no_such_figure() -> None:
    assert "fig24" not in all_figures(made_up_study())

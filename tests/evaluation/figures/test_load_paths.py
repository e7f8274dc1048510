"""Own load paths in the figures: stress over strain, and over time where time tells more."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn_figures import faults
from made_up import COMPOSITES, made_up_study
from matplotlib.axes import Axes

from evaluation.figures.catalogue import all_figures
from evaluation.figures.references import paths as draw_paths
from evaluation.measures.chosen_network import alike, chosen_network
from evaluation.measures.comparisons import Comparisons
from evaluation.measures.tables import StudyTables
from rve.loads.curve import to_frame
from rve.loads.load_path import monotonic, piecewise_linear
from rve.materials.j2 import J2Plasticity

PRESSED = [{"eps_11": 0.0, "sig_22": -0.02}, {"eps_11": 0.03, "sig_22": -0.02}]
PATHS = {
    "12": piecewise_linear([{"eps_12": 0.01}], 4, duration=100),
    "creep": piecewise_linear([{"sig_22": 0.03}] * 2, 4, duration=[1, 99]),
    "tension_under_pressure": piecewise_linear(PRESSED, 4),
}
SHOWN = {
    "12": {"12": []},
    "creep": {"22": ["strain"]},
    "tension_under_pressure": {"11": ["stress"], "22": ["strain"]},
}
CASES = {("stress", "12"): monotonic("12", 0.04, 4, "stress")}
CASES |= {("path", name): path for name, path in PATHS.items()}


def curve_table(load: tuple[str, str], youngs_modulus: float) -> pd.DataFrame:
    """The curve of an alloy in place of a composite."""
    return to_frame(J2Plasticity(youngs_modulus, 0.3, yield_stress=0.02, H=0.5).curve(CASES[load]))


@pytest.fixture(scope="module")
def study() -> StudyTables:
    """One that is about its composites, with paths of its own."""
    tables = made_up_study()
    rows = tables.online[tables.online["load"] == "12"]
    errors = {"12": 0.5, "creep": 1e-9, "tension_under_pressure": 0.25}
    own = [rows.assign(control="path", load=name, error=error) for name, error in errors.items()]
    online = pd.concat([rows.assign(error=0.125), *own])
    return replace(tables, online=online, comparisons=Comparisons(), paths=SHOWN)


@pytest.fixture(scope="module")
def panels(study: StudyTables) -> list[Axes]:
    """Of the report of a composite: networks whose stiffnesses differ by a tenth."""

    def curves(networks: Iterable[str]) -> Iterator[pd.DataFrame]:
        for id in networks:
            own = [
                curve_table(load, 3.0 + 0.3 * id.endswith("1")).assign(
                    control=load[0], load=load[1]
                )
                for load in CASES
            ]
            yield pd.concat(own).assign(network=id, composite=COMPOSITES[0])

    references = {COMPOSITES[0]: {"12": curve_table(("stress", "12"), 3.0)}}
    of_paths = {COMPOSITES[0]: {name: curve_table(("path", name), 3.0) for name in PATHS}}
    figure = all_figures(study)[f"responses_{COMPOSITES[0]}"](study, references, of_paths, curves)
    assert faults(figure) == []
    return list(figure.axes)


def test_a_path_with_the_name_of_a_load_has_its_own_panel(panels: list[Axes]) -> None:
    ends = [[max(line.get_xdata()) for line in axes.lines] for axes in panels[:2]]
    assert ends == [pytest.approx([4, 4, 4]), pytest.approx([1, 1, 1])]


def test_what_answers_a_path_is_drawn_over_time(panels: list[Axes]) -> None:
    axes = [panel for panel in panels if panel.get_xlabel() == "time [s]"]
    assert [panel.get_title("left")[4:9] for panel in axes] == ["creep", "tensi", "tensi"]
    creep, stress, _ = (panel.lines[-1] for panel in axes)  # of the finite elements
    assert creep.get_xdata() == pytest.approx([0, 0.25, 0.5, 0.75, 1, 25.75, 50.5, 75.25, 100])
    elastic = 100 * 0.02 / 3 + 100 * 0.01 * (1 / 3 + 1 / 0.5)
    assert list(creep.get_ydata())[4:] == pytest.approx([elastic] * 5, rel=1e-6)
    assert list(stress.get_xdata())[-1] == pytest.approx(2)


def test_errors_stand_once_for_a_path_but_where_all_stresses_are_prescribed(
    panels: list[Axes],
) -> None:
    shown = [axes.get_title("left").replace("\u00a0", " ").replace("\n", " ") for axes in panels]
    assert shown == [
        "(a) load 12: 12.5 %",
        "(b) path 12: 50.0 %",
        "(c) creep",
        "(d) creep",
        "(e) tension under pressure: 25.0 %",
        "(f) tension under pressure",
        "(g) tension under pressure",
        "(h) tension under pressure",
    ]


def test_a_band_over_time_holds_the_strains_of_the_networks(
    study: StudyTables, panels: list[Axes]
) -> None:
    """Mean of two strains, and half of their distance times sqrt(2) to both sides."""
    ids = alike(study.training, chosen_network(study.training).id)
    assert len(ids) == 2
    both = [100 * curve_table(("path", "creep"), e)["eps_22"].to_numpy() for e in (3.0, 3.3)]
    creep = panels[3]
    assert creep.lines[0].get_ydata() == pytest.approx(np.mean(both, axis=0))
    (band,) = creep.collections
    end = max(band.get_paths()[0].vertices[:, 1])
    assert end == pytest.approx(np.mean(both, axis=0)[-1] + np.std(both, axis=0, ddof=1)[-1])


def test_references_along_own_paths_are_drawn_over_time() -> None:
    curves = {name: curve_table(("path", name), 3.0) for name in PATHS}
    figure = draw_paths({COMPOSITES[0]: curves}, SHOWN)
    assert faults(figure) == []
    over_time = [axes.get_xlabel() == "time [s]" for axes in figure.axes]
    assert over_time == [False, False, True, False, True, False, True]
    line = figure.axes[4].lines[0]
    assert line.get_ydata() == pytest.approx(curves["tension_under_pressure"]["sig_11"])

"""The figures: files of valid SVG, equal for equal data; and which of them a study has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from made_up import COMPOSITES, SCHEMES, configured, made_up_tables
from matplotlib.figure import Figure

from evaluation import summary
from evaluation.figures.cell import cell
from evaluation.figures.comparison import comparison
from evaluation.figures.histories import History, histories
from evaluation.figures.predictions import predictions
from evaluation.figures.references import references
from evaluation.figures.style import save
from rve.mesh import Mesh
from workflow.study.comparisons import figures as figure_names
from workflow.study.comparisons import predicted_composites


def reference_curve(load: str) -> pd.DataFrame:
    """A table with the columns of a curve that the figures read."""
    steps = np.arange(9)
    return pd.DataFrame(
        {
            "increment": steps,
            f"eps_{load}": 0.005 * steps,
            f"sig_{load}": 0.1 * (1 - np.exp(-steps)),
        }
    )


def draw_cell(packed: bool = True) -> Figure:
    """Two triangles of one fibre phase and one matrix phase."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.1], [1, 0.5], [0.5, 0.5]])
    nodes = np.concatenate([corners, [[0.5, 1], [0, 0.5]]])
    mesh = Mesh(nodes, np.array([[0, 1, 2, 4, 5, 6], [0, 2, 3, 6, 7, 8]]), np.array([0, 1]))
    radii = np.linspace(0, 0.5, 5)
    packing = {"centres": [[0, 0]], "nearest_neighbour_distances": [0.5], "fibre_radius": 0.2}
    ripley = {"ripley_radii": radii, "ripley_k": np.pi * radii**2}
    return cell(mesh, {"cell_edges": [1, 1]} | (packing | ripley if packed else {}))


def draw_own_cell() -> Figure:
    """The same triangles, said to be the user's."""
    return draw_cell(packed=False)


def draw_references() -> Figure:
    """Two composites under two loads."""
    return references({name: {k: reference_curve(k) for k in ("11", "23")} for name in COMPOSITES})


def draw_histories() -> Figure:
    """Two batch sizes, one of a single network, and one without any."""
    falling = History(np.geomspace(0.5, 0.01, 700), np.geomspace(0.5, 0.02, 700))
    groups = {"batch size 8": [falling, History(*(2 * e for e in falling))]}
    return histories({"sweep": {**groups, "batch size 24": [falling], "batch size 32": []}})


def draw_predictions() -> Figure:
    """One group of two networks."""
    curves = [reference_curve("11").assign(load="11"), 1.1 * reference_curve("11")]
    curves[1] = curves[1].assign(load="11", increment=curves[0]["increment"])
    return predictions({"11": reference_curve("11")}, {"batch size 8": pd.concat(curves)})


def draw_comparison() -> Figure:
    """The made-up tables by depth."""
    tables = made_up_tables()
    chosen = summary.chosen_predictions(tables["training"], tables["online"], "stress", SCHEMES)
    times = summary.online_times(tables["training"], tables["timing"], SCHEMES)
    return comparison(summary.depth_values(summary.prediction_errors(chosen), times))


@pytest.mark.parametrize(
    "draw",
    [
        draw_cell,
        draw_own_cell,
        draw_references,
        draw_histories,
        draw_predictions,
        draw_comparison,
    ],
)
def test_equal_data_give_equal_files_of_valid_svg(
    draw: Callable[[], Figure], tmp_path: Path
) -> None:
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"
    save(draw(), first)
    save(draw(), second)
    assert ElementTree.parse(first).getroot().tag.endswith("svg")
    assert first.read_bytes() == second.read_bytes()


def test_a_study_has_the_figures_that_its_sweeps_support() -> None:
    batches: dict[str, Any] = {"sizes": {"batch_size": [20, 40]}}
    depth: dict[str, Any] = {"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}}
    always = ["fig05", "fig06"]
    assert figure_names(configured({"xi": {"xi": [1, 2]}})) == always
    assert figure_names(configured(batches)) == [*always, "fig07", "fig08", "fig09"]
    assert figure_names(configured(depth, composites=5)) == [*always, "fig17"]
    names = [*always, "fig07", "fig08", "fig09", "fig10", "fig08_composite_4", "fig17"]
    assert figure_names(configured(batches | depth, composites=4)) == names


def test_the_papers_composites_keep_their_figures_beside_an_own_one() -> None:
    study = configured({"sizes": {"batch_size": [20, 40]}}, composites=3)
    own = {"own": study.composites["composite_1"], **study.composites}
    figures = predicted_composites(study.model_copy(update={"composites": own}))
    assert figures["fig08"] == "composite_1"
    assert list(figures.items())[-1] == ("fig08_own", "own")

"""The figures: files of valid SVG, equal for equal data; and which of them a study has."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from drawn_figures import faults
from made_up import COMPOSITES, RECIPES, configured, made_up_study, made_up_tables
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from meshes import fan, rectangular_mesh
from paper_world import paper_results, paper_study

from evaluation.claims.table import findings, intervals_table
from evaluation.figures.catalogue import all_figures, figures_of
from evaluation.figures.cell import cell
from evaluation.figures.claims import VERDICT_COLOURS, claims
from evaluation.figures.figure import COMPOSITE
from evaluation.figures.histories import histories, training_depth
from evaluation.figures.parity import parity
from evaluation.figures.predictions import choice, recipe_stresses
from evaluation.figures.references import references
from evaluation.figures.sources import SOURCES
from evaluation.figures.style import save
from evaluation.measures.choice import pareto_front
from evaluation.measures.comparisons import Comparisons, StudySettings
from evaluation.measures.histories import History
from evaluation.measures.parity import paired_stresses
from evaluation.measures.tables import StudyTables
from evaluation.report.sections import SECTIONS
from rve.microstructure.mesh import Mesh
from workflow.study.config.model import Study
from workflow.study.plan.comparisons import settings

DEPTH = made_up_study().comparisons.depth
EVERY = all_figures(settings(paper_study()))
FIGURES = {name: figure for name, figure in EVERY.items() if figure.source == "tables"}


def figure_names(study: Study) -> list[str]:
    """Of the figures that a study supports."""
    return list(figures_of(settings(study)))


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
    return cell(mesh, {"lattice_vectors": [[1, 0], [0, 1]]} | (packing | ripley if packed else {}))


def draw_own_cell() -> Figure:
    """The same triangles, said to be the user's."""
    return draw_cell(packed=False)


def draw_phases() -> Figure:
    """A strip of each of four phases, said to be packed fibres and voids."""
    phases = ("matrix", "fibre", "interphase", "void")
    mesh = rectangular_mesh(np.linspace(0, 1, 5), np.linspace(0, 1, 2), np.arange(4)[:, None])
    radii = np.linspace(0, 0.5, 5)
    kind = {"gaps_over_radius": [0.1, 0.4], "radius": 0.2, "ripley_k": np.pi * radii**2}
    statistics = {
        "lattice_vectors": [[1, 0], [0, 1]],
        "ripley_radii": radii,
        "inclusions": {"fibre": kind, "void": kind | {"ripley_k": 4 * radii**2}},
    }
    return cell(replace(mesh, phases=phases), statistics)


def draw_references() -> Figure:
    """Two composites under two loads."""
    return references({name: {k: reference_curve(k) for k in ("11", "23")} for name in COMPOSITES})


def falling(epochs: int) -> History:
    """Errors that were measured every tenth epoch."""
    at = np.arange(10.0, epochs + 1, 10.0)
    return History(at, np.geomspace(0.5, 0.01, len(at)), np.geomspace(0.5, 0.02, len(at)))


def comparing(**compared: Any) -> StudyTables:
    """The made-up study with these comparisons alone."""
    return replace(made_up_study(), comparisons=Comparisons(**compared))


def predicted(ids: Iterable[str]) -> Iterator[pd.DataFrame]:
    """The same curve under one load from each network that is not lost."""
    curve = reference_curve("11").assign(composite="composite_1", load="11")
    return (curve for id in ids if id != "lost")


def draw_histories() -> Figure:
    """Two batch sizes, one of a single network, and one without any."""
    found = {"a": falling(700), "b": falling(300), "c": falling(700)}
    groups = {"batch size 8": ["a", "b"], "batch size 24": ["c"], "batch size 32": ["lost"]}
    return histories(comparing(batches={"sweep": groups}), found)


def draw_predictions() -> Figure:
    """One group of two networks, and one without predictions."""
    tables = comparing(pictured={"a": ["IMN_2_0", "IMN_2_1"], "b": ["lost"]})
    references = {"composite_1": {"11": 1.1 * reference_curve("11")}}
    return recipe_stresses(tables, references, predicted)


def draw_training_depth() -> Figure:
    """Two depths of one kind, one of another without networks."""
    epochs = {"DMN_2_0": 700, "DMN_2_1": 300, "DMN_3_0": 700, "IMN_3_0": 300}
    return training_depth(made_up_study(), {name: falling(n) for name, n in epochs.items()})


def draw_parity() -> Figure:
    """One load, the same curve of every network."""
    references = {"composite_1": {"11": 1.1 * reference_curve("11")}}
    return parity(made_up_study(), references, predicted)


def draw_claims() -> Figure:
    """All claims of the paper's world."""
    return claims(intervals_table(findings(paper_results())))


DRAWN: list[Callable[[], Figure]] = [
    draw_cell,
    draw_own_cell,
    draw_phases,
    draw_references,
    draw_histories,
    draw_predictions,
    draw_training_depth,
    draw_parity,
    draw_claims,
    *[partial(draw, paper_results()) for draw in FIGURES.values()],
]


@pytest.mark.parametrize("draw", DRAWN)
def test_equal_data_give_equal_files_of_valid_svg(
    draw: Callable[[], Figure], tmp_path: Path
) -> None:
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"
    save(draw(), first)
    save(draw(), second)
    assert ElementTree.parse(first).getroot().tag.endswith("svg")
    assert first.read_bytes() == second.read_bytes()


def small_study() -> StudyTables:
    """One that compares all that it can; a training failed, and a prediction is missing."""
    comparisons = Comparisons(
        eta=["IMN_2_0", "IMN_3_0"], xi=["IMN_2_0"], depth=DEPTH, recipes=RECIPES, ablation=RECIPES
    )
    return replace(made_up_study(), comparisons=comparisons)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_small_study_with_failures_is_drawn_too(name: str, tmp_path: Path) -> None:
    save(FIGURES[name](small_study()), tmp_path / "f.svg")


def long_names() -> StudyTables:
    """Configurations that differ in everything, so that their names are long, of like size."""
    study = made_up_study()
    changed = {"flowing_samples": 160, "moments": 24, "initialisation": "coated", "loss": "energy"}
    training = study.training.assign(active_nodes=23 + study.training["seed"])
    deep = training["layers"] == 3
    for name, value in (changed | {"samples": 20, "batch_size": 4, "eta": 0.125}).items():
        training[name] = training[name].where(~deep, value)
    online = study.online.assign(active_nodes=23, error=study.online["error"] / 40)
    # The deeper, the slower and the better: all lie on the Pareto front.
    factor = online["network"].map(training.set_index("network")["layers"]) ** -3.0
    timing = study.timing.assign(median_seconds=study.timing["layers"] ** 2 / 1000)
    return made_up_study(
        training=training, online=online.assign(error=online["error"] * factor), timing=timing
    )


@pytest.mark.parametrize("draw", DRAWN)
def test_what_a_figure_says_can_be_read(draw: Callable[[], Figure]) -> None:
    assert faults(draw()) == []


@pytest.mark.parametrize("study", [small_study, long_names], ids=["small", "long names"])
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_of_unusual_studies_can_be_read(
    name: str, study: Callable[[], StudyTables]
) -> None:
    assert faults(FIGURES[name](study())) == []


def test_the_phases_of_a_cell_are_told_apart() -> None:
    """Each has a colour of its own, beside its name; of voids no elements are drawn."""
    axes = draw_phases().axes[0]
    legend = axes.get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["matrix", "fibre", "interphase", "void"]
    marks = [to_hex(patch.get_facecolor()) for patch in legend.get_patches()]
    *filled, outlines = axes.patches
    assert marks == [to_hex(patch.get_facecolor()) for patch in filled]
    assert len(set(marks)) == 4
    assert outlines.get_path().vertices[:, 0].max() == pytest.approx(0.75)


def test_a_cell_of_any_outline_is_drawn_to_its_outline() -> None:
    """A hexagon: nothing is drawn in the corners of the rectangle around it."""
    corners = np.array([[np.cos(a), np.sin(a)] for a in np.arange(6) * np.pi / 3])
    hexagon = replace(fan(corners), phase=np.array([0, 0, 0, 1, 1, 1]))
    axes = cell(hexagon, {"lattice_vectors": [[1, 0], [0, 1]]}).axes[0]
    assert [*axes.get_xlim(), *axes.get_ylim()] == pytest.approx([-1, 1, -(0.75**0.5), 0.75**0.5])
    matrix, fibre = (patch.get_path() for patch in axes.patches[:2])
    assert matrix.contains_point((0.1, 0.8)) and fibre.contains_point((-0.1, -0.8))
    assert not any(path.contains_point((0.9, 0.8)) for path in (matrix, fibre))


def all_failed() -> StudyTables:
    """The made-up study when no training came through."""
    tables = made_up_tables()
    return made_up_study(
        training=tables["training"].assign(status="failed", error_training=np.nan),
        online=tables["online"].assign(status="failed", error=np.nan, iterations=np.nan),
        timing=tables["timing"].iloc[:0],
    )


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_study_that_failed_wholly_is_drawn_too(name: str, tmp_path: Path) -> None:
    save(FIGURES[name](all_failed()), tmp_path / "figure.svg")


def test_figures_of_curves_are_drawn_without_any(tmp_path: Path) -> None:
    tables = comparing(batches={"sweep": {"batch size 8": ["a"]}})
    save(histories(tables, {}), tmp_path / "histories.svg")
    save(training_depth(all_failed(), {}), tmp_path / "depth.svg")
    references = {"composite_1": {"11": reference_curve("11")}}
    for drawn in (choice, parity):
        save(drawn(all_failed(), references, lambda ids: iter(())), tmp_path / f"{drawn.name}.svg")


@pytest.mark.parametrize("name", ["fig11", "fig12", "fig13", "fig15", "fig16", "fig17"])
def test_bands_contain_the_mean(name: str) -> None:
    """In every panel; and the mean is the one that the table has."""
    for axes in FIGURES[name](paper_results()).axes:
        bands = [c for c in axes.collections if isinstance(c, PolyCollection)]
        lines = [
            line for line in axes.lines if line.get_linestyle() != "None" and len(line.get_xdata())
        ]
        assert len(bands) == len(lines) > 0
        for band, line in zip(bands, lines, strict=True):
            outline = band.get_paths()[0].vertices
            for x, mean in zip(*line.get_data(), strict=True):
                at = outline[np.isclose(outline[:, 0], x), 1]
                assert at.min() <= mean <= at.max()


def test_lines_are_the_means_of_the_table() -> None:
    """Fig. 13 (a), by plain arithmetic from online.csv."""
    online, study = paper_results().online, paper_results()
    axes = FIGURES["fig13"](study).axes[0]
    drawn = dict(zip(*(map(float, values) for values in axes.lines[0].get_data()), strict=True))
    training = study.training.set_index("network")
    for xi, mean in drawn.items():
        errors = [
            row.error
            for row in online.itertuples()
            if row.network in study.comparisons.xi
            and training.loc[row.network, "xi"] == xi
            and (row.composite, row.scheme) == ("composite_1", "newton")
        ]
        assert len(errors) == 5 * 6
        assert mean == pytest.approx(100 * sum(errors) / len(errors))


def test_schemes_that_a_study_lacks_are_not_drawn() -> None:
    study = paper_results()
    online = study.online[study.online["scheme"] != "fixed_point"]
    labels = [
        line.get_label() for line in FIGURES["fig16"](paper_results(online=online)).axes[0].lines
    ]
    assert labels == ["Newton", "tree Newton"]


def test_parity_pairs_each_increment_with_its_reference() -> None:
    reference = {"a": {"11": pd.DataFrame({"sig_11": [0.0, 2.0, 4.0]})}}
    curve = pd.DataFrame({"composite": "a", "load": "11", "sig_11": [0.0, 1.0, 5.0]})
    (found,) = paired_stresses(reference, [curve, curve]).values()
    np.testing.assert_allclose(found[0], 2 * [0, 0.5, 1])
    np.testing.assert_allclose(found[1], 2 * [0, 0.25, 1.25])


def test_the_pareto_front_holds_whom_none_beats() -> None:
    rows = pd.DataFrame(
        {"seconds": [3.0, 1.0, 2.0, 4.0, 5.0], "error": [0.5, 1.0, 1.2, 0.498, 0.1]}
    )
    assert pareto_front(rows, "seconds", "error")["seconds"].tolist() == [1, 3, 5]


def test_a_study_has_the_figures_that_its_sweeps_support() -> None:
    batches: dict[str, Any] = {"sizes": {"batch_size": [20, 40]}}
    depth: dict[str, Any] = {"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}}
    cell = ["fig05", "fig06"]
    others = ["parity", "directions", "costs", "pareto", "claims", "choice"]
    by_depth = ["fig14", "fig15", "fig16", "fig17"]
    assert figure_names(configured({})) == cell
    assert figure_names(configured({"xi": {"xi": [1, 2]}})) == [*cell, "fig13", *others]
    of_composites = ["cell", "responses_composite_1", "responses_composite_2"]
    for compares_nothing in ({}, {"xi": [1, 2], "layers": [2, 3]}):
        assert figure_names(configured({"own": compares_nothing})) == of_composites
    assert figure_names(configured(batches)) == [*cell, "fig07", "fig08", "fig09", *others]
    assert figure_names(configured(depth, composites=5)) == [*cell, *by_depth, *others]
    names = [*cell, "fig07", "fig08", "fig09", "fig10", *by_depth, *others]
    found = figure_names(configured(batches | depth, composites=4))
    assert found == [*names, "stresses_sizes_composite_4"]


def test_the_papers_study_has_all_its_figures() -> None:
    study = paper_study()
    assert [name for name in figure_names(study) if name.startswith("fig")] == [
        f"fig{number:02d}" for number in range(5, 24)
    ]
    beyond = {"recipes", "recipe_directions", "ensembles", "ablation", "recipe_stresses"}
    of_composites = {"cell", *(f"responses_composite_{number}" for number in (1, 2, 3))}
    lacking = set(EVERY) - set(figure_names(study))
    assert lacking == {*beyond, "paths", "convergence", *of_composites}


def test_a_figure_is_whole() -> None:
    """Its section is one of a report, its source can be read; no two have a name or a title."""
    others = {"summary", "findings", COMPOSITE}
    for figure in EVERY.values():
        assert figure.section in others | {section.id for section in SECTIONS}
        assert figure.source in SOURCES
    others = [f.title for f in EVERY.values() if f.title != "Predicted stresses"]
    assert len(set(others)) == len(others)


def test_figures_of_the_appendices_have_the_papers_numbers() -> None:
    assert [EVERY[f"fig{n:02d}"].number for n in (5, 17, 18, 20, 21, 23)] == [
        "5", "17", "A.18", "A.20", "B.21", "B.23"
    ]  # fmt: skip
    assert EVERY["parity"].number == ""


def stresses_of(study: StudySettings, name: str) -> str:
    """Sweep and composite of a figure of predicted stresses, from its caption."""
    caption = all_figures(study)[name].caption
    found = re.match(r"Stresses of (.*): predicted by the networks of the sweep (.*), and", caption)
    return " of ".join(found.groups())


def test_the_papers_composites_keep_their_figures_beside_an_own_one() -> None:
    paper = settings(paper_study())
    assert stresses_of(paper, "fig10") == "composite 3 of data 400"
    assert stresses_of(paper, "fig18") == "composite 1 of data 1024"
    assert stresses_of(paper, "fig23") == "composite 3 of data 2048"
    study = settings(configured({"sizes": {"batch_size": [20, 40]}}, composites=3))
    own = replace(study, composites=["own", *study.composites])
    assert stresses_of(own, "fig08") == "composite 1 of sizes"
    assert stresses_of(own, "stresses_sizes_own") == "own of sizes"


def test_intervals_of_another_study_are_drawn_within_the_same_claims() -> None:
    table = intervals_table(findings(paper_results()))
    beside = table[table["section"] == "3.2"].assign(estimate=1.7)
    plain, both = claims(table), claims(table, beside)

    def squares(figure: Figure) -> list[float]:
        lines = [line for axes in figure.get_axes() for line in axes.lines]
        return [float(line.get_xdata()[0]) for line in lines if line.get_marker() == "s"]

    def labels(figure: Figure) -> list[str]:
        return [t.get_text() for axes in figure.get_axes() for t in axes.get_yticklabels()]

    assert squares(plain) == []
    assert squares(both) == [1.7] * len(beside)
    assert labels(plain) == labels(both)


def test_intervals_lie_in_the_bands_of_claims_that_hold() -> None:
    """A line a ratio in its row, a bar a claim; what lies beyond the axis is drawn at its end."""
    table = intervals_table(findings(paper_results()))
    table.loc[0, ["estimate", "low", "high", "verdict"]] = [1e-3, 1e-4, np.inf, "differs"]
    drawn = claims(table)
    bars = lines = 0
    for axis in drawn.axes:
        bars += len(axis.patches)
        for line in axis.get_lines():
            x, y = (np.asarray(values, float) for values in (line.get_xdata(), line.get_ydata()))
            if len(x) == 2 and y[0] == y[1]:
                lines += 1
                bar = axis.patches[round(y[0])]
                inside = bar.get_x() <= x.min() and x.max() <= bar.get_x() + bar.get_width()
                assert inside or line.get_color() != VERDICT_COLOURS["holds"]
                assert x.min() >= 1 / 16 and x.max() <= 16
    assert (bars, lines) == (table["id"].nunique(), len(table))
    assert claims(table[:0]).get_size_inches()[1] < 2

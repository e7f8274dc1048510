"""The report: its page, its summary, its numbers as text, and the manifest."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from made_up import SCHEMES, configured, made_up_study, made_up_tables
from markupsafe import escape
from paper_world import paper_results
from snakemake.utils import update_config

from evaluation.claims.claim import MEANINGS
from evaluation.claims.table import findings, findings_table
from evaluation.claims.verdicts import detectable_ratio
from evaluation.figures.catalogue import figures_of
from evaluation.formatting import (
    NO_BREAK,
    configuration_name,
    mean_and_deviation,
    percent,
    spaced,
)
from evaluation.measures import statistics
from evaluation.measures.choice import choose
from evaluation.measures.comparisons import Comparisons
from evaluation.measures.convergence import MESH_COLUMNS, PACKING_COLUMNS, largest_errors
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.manifest import manifest
from evaluation.report.network_tables import PAPER_RATIO, load_table, training_time_table
from evaluation.report.page import PageContent, render
from evaluation.report.statements import assumptions, differences_from_paper, short_training
from evaluation.report.summary import opening, power, summary
from evaluation.report.tables import Table
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return made_up_tables()


@pytest.mark.parametrize(
    ("mean", "deviation", "text"),
    [
        (0.0936, 0.0104, "9.4 ± 1.0"),
        (0.2464, 0.2915, "25 ± 29"),
        (0.0069, math.nan, "0.690"),
        (1.278, math.nan, "128"),
        (0.05, 0.0, "5.00 ± 0.00"),
        (0.0, math.nan, "0.00"),
    ],
)
def test_percentages_have_two_digits_of_the_deviation(
    mean: float, deviation: float, text: str
) -> None:
    assert percent(mean, deviation) == f"{text} %".replace(" ", NO_BREAK)


def test_what_is_not_there_is_a_dash() -> None:
    assert mean_and_deviation(math.nan, math.nan) == percent(math.nan) == "–"


def predictions(tables: dict[str, pd.DataFrame], online: pd.DataFrame) -> pd.DataFrame:
    """The predictions under stress control with the first schemes."""
    rows = statistics.predictions_under(tables["training"], online, "stress")
    return statistics.with_schemes(rows, SCHEMES)


MESHED = {
    "lattice_vectors": [[1.0, 0.0], [0.0, 1.7320508]],
    "fibres": 3,
    "volume_fraction_meshed": 0.6,
    "elements": 324,
    "unknowns": 1941,
    "element_quality_minimum": 0.4,
    "element_quality_mean": 0.9,
}
PACKED = {
    "centres": [[0.1, 0.2]],
    "fibre_radius": 0.2,
    "volume_fraction_packed": 0.6,
    "smallest_gap_over_radius": 0.06,
    "nearest_neighbour_mean": 0.4,
    "nearest_neighbour_standard_deviation": 0.01,
}


@pytest.fixture(scope="module")
def page() -> str:
    return rendered(made_up_study(), {}, MESHED | PACKED)


def test_a_cell_of_several_phases_is_described_by_phase() -> None:
    fractions = {"matrix": 0.42, "fibre": 0.5, "interphase": 0.05, "void": 0.03}
    discs = {
        "fibre": {"number": 6, "radius": 0.1629},
        "void": {"number": 7, "radius": 0.0401},
    }
    several = {"volume_fractions": fractions, "inclusions": discs}
    page = rendered(None, {}, MESHED | several).replace(NO_BREAK, " ")
    for phase, share in (("matrix", 42), ("fibre", 50), ("interphase", 5), ("void", 3)):
        assert re.search(rf"Volume fraction, {phase}\W.*?\b{share}(\.0+)? %", page, re.DOTALL)
    assert re.search(r"Discs, void\W.*?7 of radius 0\.0401 cell edges", page, re.DOTALL)
    assert "Fibre fraction" not in page


def rendered(
    study: StudyTables | None,
    rve: dict[str, Any],
    cell: dict[str, Any],
    figure: bytes = b"<svg/>",
    convergence: Sequence[pd.DataFrame] = (),
    large_strains: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> str:
    """The page of a study of two depths."""
    sweeps = {"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}} if study else {}
    configuration = configured(sweeps)
    config = configuration.model_dump(mode="json", exclude_none=True)
    config["rve"] |= rve
    known = replace(study or settings(configuration), packed="mesh" not in rve)
    return render(
        PageContent(
            config=config,
            config_text="study: made_up\n",
            manifest=manifest(ROOT, {"networks": [0, 1]}),
            statistics=cell,
            study=known,
            findings=findings_table(findings(study)) if study else pd.DataFrame(),
            convergence=convergence,
            constants=pd.DataFrame(),
            networks=pd.DataFrame(),
            newton_iterations=4321,
            remarks=remarks,
            large_strains=large_strains,
            figures=dict.fromkeys(figures_of(known), figure),
        )
    )


def test_the_summary_comes_first_and_the_origin_last(page: str) -> None:
    names = ("summary", "findings", "references", "training", "residual", "online", "made")
    places = [page.index(f'<section id="{name}">') for name in names]
    assert sorted(places) == places
    opening = ['<p class="advice">', '<figure id="choice">', "<h3>What to choose</h3>"]
    places = [page.index(part) for part in (*opening, '<figure id="claims">', "4,321")]
    assert sorted(places) == places


def test_the_report_opens_with_the_choice_and_four_numbers() -> None:
    """Those of the paper's world: the fastest of the configurations that are as accurate."""
    tables = paper_results()
    found = opening(tables)
    assert found is not None
    choice = choose(tables) or pytest.fail("no choice")
    chosen = choice.chosen
    assert found.advice.startswith(f"Choose {configuration_name(chosen.shared)}: ")
    assert found.advice.endswith("has an error of about 1.2 % on the paper's composites.")
    assert [meaning.split(",")[0] for _, meaning in found.numbers] == [
        "e_σ to expect", "worst single curve of 180: composite 1", "active base nodes", "training",
        "online",
    ]  # fmt: skip
    held_out, errors = choice.held_out, chosen.networks["e_sigma"]
    assert found.numbers[0][0] == percent(held_out.mean(), held_out.std(ddof=1))
    assert f"the 10 that chose have {percent(errors.mean(), errors.std())}" in found.numbers[0][1]
    curves = of_networks(tables.first_scheme_predictions, chosen.ids)
    worst = curves.loc[curves["error"].idxmax()]
    assert found.numbers[1][0] == percent(worst["error"])
    assert found.numbers[1][1].endswith(f"{spaced(worst['composite'])}, load {worst['load']}")
    milliseconds = float(found.numbers[4][0].removesuffix(" ms"))
    assert milliseconds == pytest.approx(1e3 * chosen.seconds / 6, rel=0.05)


def test_the_report_says_why_no_configuration_counts() -> None:
    """Without a choice the head of the report names a curve that has no prediction."""
    tables = paper_results()
    nothing = opening(replace(tables, online=tables.online.assign(status="failed")))
    assert nothing.numbers == []
    network = tables.first_scheme_predictions.iloc[0]["network"]
    assert f"found no equilibrium of {network} for composite 1, load 11, and of" in nothing.advice
    assert "online.schemes" in nothing.advice
    of_none = {"training": tables.training, "online": tables.online}
    failed = opening(replace(tables, **{k: v.assign(status="failed") for k, v in of_none.items()}))
    count = len(tables.training)
    assert failed.advice.startswith(f"No configuration counts: {count} of {count} trainings failed")


def test_the_report_needs_nothing_from_outside(page: str) -> None:
    loaded = re.findall(r"""<[^>]*\b(?:src|href|srcset|data)\s*=\s*["']?([^"'\s>]+)""", page)
    assert len(loaded) > 4
    assert all(address.startswith(("#", "data:")) for address in loaded)
    assert not re.search(r"@import|url\(|<link rel=.stylesheet|https?://|<script [^>]*src", page)


def test_what_a_study_lacks_stands_in_its_section(page: str) -> None:
    section = page[page.index('<section id="regularisation">') :]
    section = section[: section.index("</section>")]
    assert "Fig. 12 is not here: it needs a sweep over η alone." in section
    assert "Fig. 13 is not here: it needs a sweep over ξ alone." in section


def test_every_claim_is_listed_with_its_verdict(page: str) -> None:
    found = findings_table(findings(made_up_study()))
    for row in found.to_dict("records"):
        assert f'id="{row["id"]}" data-verdict="{row["verdict"]}"' in page
        assert f"<q>{escape(row['quote'])}</q> (Section {row['place']})" in page
    for name, count in found["verdict"].value_counts().items():
        assert f'data-verdict="{name}">{count} {name}</button>' in page


def test_complete_tables_read_as_their_files(page: str) -> None:
    held = re.search(
        r'data-csv="training.csv">.*?<script type="text/csv">\n(.*?)</script>', page, re.S
    )
    assert held
    assert held[1] == made_up_study().training.to_csv(index=False)


def test_a_table_too_long_for_a_page_is_named() -> None:
    study = made_up_study()
    often = 20_001 // len(study.online) + 1
    long = replace(study, online=pd.concat([study.online] * often))
    page = rendered(long, {}, MESHED | PACKED)
    assert 'data-csv="online.csv"' not in page
    assert 'data-csv="training.csv"' in page
    assert f"<code>online.csv</code> is there alone: its {len(long.online):,} rows" in page


def test_a_study_without_networks_reports_its_references() -> None:
    page = rendered(None, {}, MESHED | PACKED)
    assert '<section id="references">' in page
    assert not re.search(r'<section id="(summary|findings|data|tables)">', page)


def test_references_that_leave_small_strains_are_named_beside_their_figures() -> None:
    said = "composite 1, path, creep: strains are not small from increment 3 of 8 on"
    for study in (None, made_up_study()):
        page = rendered(study, {}, MESHED | PACKED, large_strains=[said])
        section = page[page.index('<section id="references">') :]
        assert said in section[: section.index("<figure")]
        assert page.count(said) == 1


def test_remarks_of_the_study_stand_where_it_is_said_how_it_was_made(page: str) -> None:
    said = "composites.mine.matrix: at yield it bears 0.3 GPa, much for a solid"
    for study in (None, made_up_study()):
        remarked = rendered(study, {}, MESHED | PACKED, remarks=[said])
        assert f"<li>{said}</li>" in remarked[remarked.index('<section id="made">') :]
    assert "Check these" not in page


def summary_tables(study: StudyTables, convergence: pd.DataFrame | None = None) -> dict[str, Table]:
    """Title -> table, of the summary."""
    convergence = pd.DataFrame() if convergence is None else convergence
    found = summary(study, findings_table(findings(study)), convergence)
    return {table.title: plain(table) for table in found}


def plain(table: Table) -> Table:
    """The table with plain spaces."""
    rows = [[cell.replace(NO_BREAK, " ") for cell in row] for row in table.rows]
    return replace(table, rows=rows)


def test_the_choice_and_the_most_accurate_are_rows() -> None:
    found = summary_tables(paper_results())
    chosen, best = found["What to choose"].rows
    assert chosen[:5] == [
        "Chosen", "DMN, 7 layers, 2048 samples, batch 128", "tree Newton", "10", "1.20 ± 0.01 %"
    ]  # fmt: skip
    columns = found["What to choose"].columns
    assert chosen[columns.index("e_σ of those that chose")] == "1.20 ± 0.01 %"
    assert best[0] == "Most accurate"
    assert best[1:] == chosen[1:]
    trained = found["What to choose"].columns.index("training [s]")
    assert chosen[trained] == "10.0 ± 0.0"
    online, one_load = (
        found["What to choose"].columns.index(f"{n} online [ms]") for n in ("all loads", "one load")
    )
    assert float(chosen[online]) == pytest.approx(6 * float(chosen[one_load]), rel=0.05)
    assert chosen[-1].endswith(" of 128")
    schemes = found["Schemes of the choice"].rows
    assert [row[0] for row in schemes] == [
        "tree Newton", "with residual stress", "without residual stress"
    ]  # fmt: skip
    assert [row[2] for row in schemes] == ["1", "11", "21"]
    assert all(row[4] == "0.00" for row in schemes)
    accuracy = dict(found["Accuracy of the choice"].rows)
    assert accuracy["e_σ composite 2"] == "1.20 ± 0.01 %"
    extremes = ("hardest load, ", "easiest load, ", "worst curve, composite ")
    assert sum(name.startswith(extremes) for name in accuracy) == 3


def test_a_study_that_failed_wholly_has_an_empty_choice_and_says_what_failed() -> None:
    study = made_up_study()
    training = study.training.assign(status="failed")
    online = study.online.assign(status="failed", error=math.nan)
    failed = made_up_study(training=training, online=online)
    found = summary_tables(failed)
    assert found["What to choose"].rows == []
    assert "Schemes of the choice" not in found
    assert [row[4] for row in found["DMN or IMN"].rows] == ["–", "–", "–"]
    assert "8 of 8 networks failed in training" in rendered(failed, {}, MESHED | PACKED)


def test_without_timings_there_are_no_online_times() -> None:
    timing = paper_results().timing
    found = summary_tables(paper_results(timing=timing[timing["quantity"] == "training"]))
    chosen = found["What to choose"].rows[0]
    assert chosen[1] == "DMN, 7 layers, 2048 samples, batch 128"
    assert [chosen[2], *chosen[7:9]] == ["–", "–", "–"]
    assert found["Schemes of the choice"].rows == []
    assert not any("nan" in cell for table in found.values() for row in table.rows for cell in row)


def test_the_kinds_are_compared_in_a_table() -> None:
    study = made_up_study()
    dmn, imn, differ = summary_tables(study)["DMN or IMN"].rows
    errors = study.composite_means.set_index("network")["e_sigma"]
    assert dmn[:3] == ["DMN", "3", "2"]
    assert dmn[4] == mean_and_deviation(100 * errors["DMN_3_0"])
    assert dmn[7:] == ["1 of 2", "0 of 12"]
    assert imn[4] == f"{mean_and_deviation(100 * errors['IMN_3_1'])} (n = 1)"
    assert imn[7:] == ["0 of 2", "1 of 24"]
    assert differ[3:5] == ["–", "–"]  # one network of a kind alone
    alone = replace(study, comparisons=Comparisons())
    assert [row[1:] for row in summary_tables(alone)["DMN or IMN"].rows] == [dmn, imn, differ]
    alike = 0.1 + 0.001 * study.training["seed"]
    every = made_up_study(training=study.training.assign(status="ok", error_validation=alike))
    *_, differ = summary_tables(every)["DMN or IMN"].rows
    shown = r"difference (not )?shown: [\d.]+ \([\d.]+ to [\d.]+\)"
    assert re.fullmatch(shown, differ[3])


def test_kinds_of_several_recipes_are_not_averaged() -> None:
    recipes = {"first": ["DMN_2_0", "IMN_2_0"], "second": ["DMN_2_1", "IMN_2_1"]}
    study = replace(made_up_study(), comparisons=Comparisons(recipes=recipes))
    table = summary_tables(study)["DMN or IMN"]
    assert table.columns[0] == "trained as"
    names = ["DMN", "IMN", "DMN over IMN"]
    assert [row[:2] for row in table.rows] == [[r, name] for r in recipes for name in names]
    assert {row[3] for row in table.rows if row[1] != names[2]} == {"1"}


def test_the_verdicts_are_counted() -> None:
    study = made_up_study()
    counts = findings_table(findings(study))["verdict"].value_counts()
    rows = summary_tables(study)["Claims of the paper"].rows
    assert [row[0] for row in rows] == list(MEANINGS)
    assert {row[0]: int(row[2]) for row in rows if row[2] != "0"} == counts.to_dict()


def test_the_difference_that_a_study_could_find_is_told() -> None:
    """With the looks of a study, its last one has a share of the error alone."""
    study = paper_results()
    table = findings_table(findings(study))
    logarithms = np.log(study.composite_means.set_index("network")["e_sigma"])
    deviation = logarithms.groupby(logarithms.index.str.rsplit("_s", n=1).str[0]).std().median()
    wanted = [detectable_ratio(n, deviation, 46, share=1.0) for n in (5, 10)]
    assert power(study, table) == (
        f"With 5 to 10 networks of a configuration and a deviation of {deviation:.2g} in the "
        "logarithm of e_σ (median over the configurations), a ratio of "
        f"{wanted[0]:.3g} to {wanted[1]:.3g} is found in four of five studies of these 46 claims."
    )
    assert power(replace(study, looks=(999, 1000)), table) != power(study, table)
    assert power(study, table.assign(p=None)) == ""


def convergence_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """One mesh beside the finest, and packings of one size."""
    errors = {"stiffness": 0.01, "11": 0.028}
    mesh = [("composite_1", quantity, 0.035, 816, error) for quantity, error in errors.items()]
    packing = [("composite_1", q, 30, 4, e, e / 2) for q, e in errors.items()]
    return (
        pd.DataFrame(mesh, columns=MESH_COLUMNS),
        pd.DataFrame(packing, columns=PACKING_COLUMNS),
    )


def test_a_study_without_networks_tells_the_trust_in_its_references() -> None:
    page = rendered(None, {}, MESHED | PACKED, convergence=convergence_tables())
    assert page.index('<section id="trust">') < page.index('<section id="references">')
    assert "4 packings of 30 fibres" in page


def test_the_trust_in_the_references_is_told_with_numbers() -> None:
    mesh, packing = convergence_tables()
    found = summary_tables(made_up_study(), largest_errors(mesh, packing, 0.035, 30))
    assert found["Trust in the references"].rows == [
        [
            "Mesh: distance from the finest",
            "elements of 0.035 cell edges, 816 elements",
            "1",
            "2.8",
            "composite 1",
            "11",
        ],
        [
            "Packing: standard deviation",
            "4 packings of 30 fibres",
            "1",
            "2.8",
            "composite 1",
            "11",
        ],
        [
            "Size: distance from the largest cells",
            "30 against 30 fibres",
            "0.5",
            "1.4",
            "composite 1",
            "11",
        ],
    ]


def test_failures_are_told_and_shown(page: str) -> None:
    assert "1 of 8 networks failed in training and 1 of 84 predictions did not converge" in page
    assert "Failed in training and left out: 1." in page
    assert '<td class="text">DMN_3_1</td><td class="text">all base nodes died</td>' in page
    assert "(n = 1)" in page
    assert "of 8</td>" in page


def test_a_short_training_is_called_short(page: str) -> None:
    assert "shorter than that of the paper" in page
    assert re.search(r">epochs</td><td[^>]*>12</td><td[^>]*>10,000</td>", page)


def test_epochs_patience_and_seeds_stand_beside_the_papers() -> None:
    config = configured({"depth": {"layers": [2, 3]}}).model_dump(mode="json", exclude_none=True)
    config["training"]["patience"] = 7
    config["network"]["seeds"] = 3
    note = short_training(config, samples=24, statistics=MESHED)
    assert note
    assert note.rows[:4] == [
        ["epochs", "12", "10,000"],
        ["patience [epochs]", "7", "50"],
        ["random initialisations", "3", "5 or 10"],
        ["most training samples", "24", "2,048"],
    ]
    config["training"]["epochs"] = 10_000
    assert short_training(config, samples=24, statistics=MESHED) is None


def test_assumptions_tell_the_papers_composites_from_own_ones() -> None:
    study = configured({"depth": {"layers": [2, 3]}})
    config = study.model_dump(mode="json", exclude_none=True)
    config["composites"]["composite_2"]["matrix"]["yield_stress"] = 0.5
    found = dict(assumptions(config, MESHED))
    assert found["Tolerance of the online schemes"].startswith("1e-08, the relative change")
    assert {"Matrix of composite 1", "Matrix of composite 2 (own material)"} <= found.keys()
    assert "here 2 to 4, against the target ξ = 1" in found["Initial sum of weights"]
    assert "Layers, if a sweep does not say" not in found
    config["sweeps"]["xi"] = {"xi": [1.0, 2.0]}
    assert dict(assumptions(config, MESHED))["Layers, if a sweep does not say"] == "7"


def said_of(*overlays: str) -> tuple[dict[str, str], dict[str, str]]:
    """Assumptions and differences that the report of a study of workflow/studies tells."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    for name in overlays:
        update_config(config, yaml.safe_load((ROOT / f"workflow/studies/{name}.yaml").read_text()))
    resolved = load_study(config).model_dump(mode="json", exclude_none=True)
    return dict(assumptions(resolved, MESHED)), dict(differences_from_paper(resolved))


def test_what_is_said_of_the_papers_study() -> None:
    assumed, differs = said_of()
    assert assumed["Initial activations z"] == "uniform in (0.2, 0.8), after Liu & Wu 2019"
    assert assumed["Tolerance of the online schemes"].startswith("1e-08, ")
    assert "contrast 10^[-3, 3]" in assumed["Ranges of the random phases, after Liu & Wu 2019"]
    assert differs["Norms of Eqs. 9 and 33"].startswith(
        "Frobenius norms of the stiffness in Mandel"
    )
    parameters = "Those after the last epoch. The validation error selects no epoch."
    assert differs["Parameters of a trained network"] == parameters
    assert "below 1e-06" in differs["When a training ends"]
    beyond = {"Start of a training", "Schedule", "Samples beyond the paper's", "Moments"}
    assert not beyond & differs.keys()


def test_what_is_said_of_the_recipe_is_true_of_the_recipe() -> None:
    """No random start, no Frobenius norm in the loss, no parameters of the last epoch."""
    assumed, differs = said_of("recipe")
    assert not any(name.startswith("Initial") for name in assumed)
    assert differs["Start of a training"].startswith("Coated laminates")
    assert differs["Norm of the loss, Eq. 9"].startswith("the energy norm")
    assert "Frobenius" in differs["Norm of e_C, Eq. 33"]
    assert differs["Samples beyond the paper's"].startswith("400 further samples of a phase")
    assert "of 48 samples" in differs["Moments"]
    assert differs["Parameters of a trained network"].startswith("Those after 1,000 further steps")
    assert "last epoch." not in differs["Parameters of a trained network"]
    assert differs["Schedule"] == (
        "2,000 epochs instead of 10,000, a learning rate of 0.002 instead of 0.01."
    )


def test_a_study_of_both_says_of_which_sweeps_each_holds() -> None:
    assumed, differs = said_of("demo")
    random = "In random start and batch size: "
    assert assumed["Initial activations z"].startswith(f"{random}uniform")
    assert differs["Start of a training"].startswith("In recipe: Coated")
    assert differs["Norm of the loss, Eq. 9"].startswith(
        f"{random}Frobenius norms. In recipe: the "
    )
    assert differs["Parameters of a trained network"].startswith(f"{random}those after the last")
    assert "target ξ = 1" in assumed["Initial sum of weights"]


def test_tables_of_loads_have_a_column_for_each_group(tables: dict[str, pd.DataFrame]) -> None:
    rows = predictions(tables, tables["online"])
    groups = {"DMN, 2 layers": ["DMN_2_0", "DMN_2_1"], "IMN, 3 layers": ["IMN_3_0", "IMN_3_1"]}
    table = plain(load_table("", rows, groups))
    assert table.columns == ["composite", "load", "DMN, 2 layers [%]", "IMN, 3 layers [%]"]
    assert table.text.endswith(" Networks in each row: DMN, 2 layers: 2, IMN, 3 layers: 2.")
    cells = {(row[0], row[1]): row[2:] for row in table.rows}
    assert len(cells) == 2 * 6
    one = rows[(rows["composite"] == "composite_1") & (rows["load"] == "11")].set_index("network")
    errors = 100 * one.loc[groups["DMN, 2 layers"], "error"]
    mean = mean_and_deviation(errors.mean(), errors.std()).replace(NO_BREAK, " ")
    assert cells["composite 1", "11"][0] == f"{mean}, worst {mean_and_deviation(errors.max())}"
    assert cells["composite 2", "12"][1].endswith(" (n = 1)")  # one did not converge


def test_the_papers_ratio_stands_at_its_depths_alone() -> None:
    values = {"backend": "torch", "DMN": 0.2, "IMN": 0.1, "ratio": 2.0}
    times = pd.DataFrame({"layers": [3, 4, 8, 9], **values})
    assert [row[-1] for row in training_time_table(times).rows] == ["–", *2 * [PAPER_RATIO], "–"]


def test_an_own_cell_is_described_without_a_packing() -> None:
    page = rendered(made_up_study(), {"mesh": "cells/hexagonal.msh"}, MESHED)
    assert "3, from the given mesh cells/hexagonal.msh" in page
    assert "324 quadratic triangles; generalised plane strain" in page
    assert "1 × 1.73205" in page
    assert re.search(r">Angle between them[^<]*</td><td[^>]*>90</td>", page)
    assert re.search(r">elements of the cell</td><td[^>]*>324</td>", page)
    assert "Ripley" not in page
    assert "packing" not in page.replace("minimum_gap", "")


def test_captions_describe_the_networks_from_the_data() -> None:
    batches = {"sizes": {"batch size 8": ["DMN_2_0", "DMN_2_1"]}}
    compared = Comparisons(batches=batches)
    study = replace(made_up_study(), comparisons=compared, composites=["composite_4"])
    found = {name: one.described(study) for name, one in figures_of(study).items()}
    assert "DMN of 2 layers, 24 training samples." in found["fig07"]
    stresses = found["fig08"]
    assert stresses.startswith("Stresses of composite 4: predicted by")
    assert "The other five stress components are zero. DMN of 2 layers" in stresses
    assert "Networks behind each line: 2." in stresses


def test_captions_are_of_the_study() -> None:
    study = paper_results()
    found = {name: one.described(study) for name, one in figures_of(study).items()}
    assert not [text for text in found.values() if "{" in text]
    assert "Predictions of composite 1:" in found["fig12"]
    assert "Networks: 80." in found["fig11"]
    assert "Networks behind each line: 5 to 10." in found["fig17"]


def test_the_manifest_tells_code_packages_machine_and_seeds() -> None:
    described = json.loads(json.dumps(manifest(ROOT, {"cell": [1]})))
    assert described.keys() == {
        "git_commit",
        "git_dirty",
        "packages",
        "machine",
        "python",
        "date",
        "seeds",
    }
    assert {"numpy", "torch", "gmsh"} <= described["packages"].keys()
    assert "pytest" not in described["packages"]
    assert described["machine"].keys() == {"cpu", "cores", "memory_gib", "system"}
    assert described["seeds"] == {"cell": [1]}


def test_outside_a_repository_the_manifest_knows_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    described = manifest(tmp_path, {})
    assert described["git_commit"] is None
    assert described["git_dirty"] is None

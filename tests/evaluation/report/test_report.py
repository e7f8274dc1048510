"""The report: its verdict, its page, its numbers in words, and the manifest."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import SCHEMES, configured, made_up_measured, made_up_tables
from paper_world import measured

from evaluation.findings import findings, table
from evaluation.measures import statistics as summary
from evaluation.measures.tables import Comparisons, Measured
from evaluation.report.advice import advice
from evaluation.report.assumptions import assumptions, shortness
from evaluation.report.captions import captions, stresses_caption
from evaluation.report.manifest import manifest
from evaluation.report.report import Results, render
from evaluation.report.tables import PAPER_RATIO, load_table, training_time_table
from evaluation.report.titles import TITLES
from evaluation.report.verdict import verdict
from evaluation.report.words import NO_BREAK, percent, spread
from workflow.study.comparisons import figures as figure_names

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
    assert spread(math.nan, math.nan) == percent(math.nan) == "–"


def predictions(tables: dict[str, pd.DataFrame], online: pd.DataFrame) -> pd.DataFrame:
    """The predictions under stress control with the first schemes."""
    rows = summary.predictions_under(tables["training"], online, "stress")
    return summary.with_schemes(rows, SCHEMES)


def judge(tables: dict[str, pd.DataFrame], dmn: list[float], imn: list[float]) -> list[str]:
    """The verdict when the networks of 2 layers have these errors in all loads."""
    errors = dict(zip(("DMN_2_0", "DMN_2_1", "IMN_2_0", "IMN_2_1"), dmn + imn, strict=True))
    online = tables["online"].assign(error=tables["online"]["network"].map(errors))
    chosen = predictions(tables, online)
    depth = {kind: {2: [f"{kind}_2_0", f"{kind}_2_1"]} for kind in SCHEMES}
    return verdict(tables["training"], chosen, summary.prediction_errors(chosen), depth)


def test_the_verdict_names_the_better_kind_only_where_a_test_tells_them_apart(
    tables: dict[str, pd.DataFrame],
) -> None:
    clear = judge(tables, [0.11, 0.12], [0.04, 0.05])[0].replace(NO_BREAK, " ")
    assert "more closely than DMN, with 2 networks each: the mean e_σ over" in clear
    assert "11.5 ± 0.7 % for DMN and 4.50 ± 0.71 % for IMN" in clear
    # The means are three deviations apart, which two networks of a kind do not confirm.
    unclear = judge(tables, [0.10, 0.12], [0.06, 0.08])[0]
    assert "cannot be told apart in the nonlinear stresses with 2 networks each" in unclear


def test_a_single_network_is_not_told_apart(tables: dict[str, pd.DataFrame]) -> None:
    depth = {kind: {2: [f"{kind}_2_0"]} for kind in SCHEMES}
    chosen = predictions(tables, tables["online"])
    first, *_ = verdict(tables["training"], chosen, summary.prediction_errors(chosen), depth)
    assert "cannot be told apart in the nonlinear stresses with 1 network each" in first


def test_the_hardest_load_is_named_by_kind(tables: dict[str, pd.DataFrame]) -> None:
    def hardest(loads: dict[str, str]) -> str:
        online = tables["online"]
        peak = online["load"] == online["network"].str[:3].map(loads)
        seed = online["network"].str[-1].astype(int)
        online = online.assign(error=0.05 + 0.106 * peak + 0.001 * seed)
        chosen = predictions(tables, online)
        errors = summary.prediction_errors(chosen)
        return verdict(tables["training"], chosen, errors, {})[2].replace(NO_BREAK, " ")

    apart, same = hardest({"DMN": "11", "IMN": "22"}), hardest({"DMN": "11", "IMN": "11"})
    assert apart.startswith("The hardest load is 11 for DMN (16 %) and 22 for IMN (16 %), over")
    assert same.startswith("The hardest load is 11 for both DMN (16 %) and IMN (16 %), over")


MESHED = {
    "cell_edges": [1.0, 1.7320508],
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
    return rendered(made_up_measured(), {}, MESHED | PACKED)


def rendered(
    study: Measured | None,
    rve: dict[str, Any],
    statistics: dict[str, Any],
    figure: bytes = b"<svg/>",
) -> str:
    """The page of a study of two depths."""
    sweeps = {"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}} if study else {}
    configuration = configured(sweeps)
    config = configuration.model_dump(mode="json", exclude_none=True)
    config["rve"] |= rve
    return render(
        Results(
            config=config,
            config_text="study: made_up\n",
            manifest=manifest(ROOT, {"networks": [0, 1]}),
            statistics=statistics,
            measured=study,
            findings=table(findings(study)) if study else pd.DataFrame(),
            convergence=[],
            newton_iterations=4321,
            predicted={},
            figures=dict.fromkeys(figure_names(configuration), figure),
        )
    )


def test_without_a_comparison_of_the_kinds_the_verdict_is_over_all_networks(
    tables: dict[str, pd.DataFrame],
) -> None:
    imn = tables["training"][tables["training"]["kind"] == "IMN"]
    chosen = predictions({"training": imn}, tables["online"])
    first, *_, last = verdict(imn, chosen, summary.prediction_errors(chosen), {})
    assert first.startswith("Over all networks, the networks reach a mean e_σ over 2 composites of")
    assert first.endswith("for IMN, with 3 IMN networks.")
    assert last.startswith("0 of 4 networks failed in training and 1 of 48 predictions")


def test_the_summary_comes_first_and_the_origin_last(page: str) -> None:
    names = ("summary", "findings", "references", "training", "residual", "online", "made")
    places = [page.index(f'<section id="{name}">') for name in names]
    assert sorted(places) == places
    assert page.index('<div class="advice">') < page.index("<figure") < page.index("4,321")


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
    found = table(findings(made_up_measured()))
    for row in found.to_dict("records"):
        assert f'id="{row["id"]}" data-verdict="{row["verdict"]}"' in page
    for name, count in found["verdict"].value_counts().items():
        assert f'data-verdict="{name}">{count} {name}</button>' in page


def test_complete_tables_read_as_their_files(page: str) -> None:
    held = re.search(
        r'data-csv="training.csv">.*?<script type="text/csv">\n(.*?)</script>', page, re.S
    )
    assert held
    assert held[1] == made_up_measured().training.to_csv(index=False)


def test_a_study_without_networks_reports_its_references() -> None:
    page = rendered(None, {}, MESHED | PACKED)
    assert '<section id="references">' in page
    assert not re.search(r'<section id="(summary|findings|data|tables)">', page)


def sentences(study: Measured) -> str:
    """The opening of the report."""
    found = advice(study, table(findings(study)), ["As good as the mesh."])
    return "\n".join(s for each in found for s in each.sentences).replace(NO_BREAK, " ")


def test_the_advice_is_the_cheapest_that_cannot_be_told_from_the_best() -> None:
    study = measured()
    words = sentences(study)
    assert words.startswith("DMN, 7 layers, 2048 samples, batch 128.")
    assert "is the lowest of the study, and no cheaper configuration comes as close" in words
    # The same mean from trees of four layers, which are cheaper.
    best = study.online[study.online["network"].str.startswith("dmn_d7_n2048_b128")]
    errors = best[best["scheme"] == "tree_newton"].groupby(["composite", "load"])["error"].mean()
    online = study.online.copy()
    shallow = online["network"].str.startswith("dmn_d4")
    keys = pd.MultiIndex.from_frame(online.loc[shallow, ["composite", "load"]])
    alike = errors.loc[keys].to_numpy()
    wobble = online.loc[shallow, "network"].str[-1].astype(int).to_numpy() - 2
    online.loc[shallow, "error"] = alike * (1 + 0.005 * wobble)
    words = sentences(measured(online=online))
    assert words.startswith("DMN, 4 layers, 400 samples, batch 40.")
    assert "The lowest is 1.20 ± 0.01 %, of DMN, 7 layers, 2048 samples, batch 128" in words
    assert "Its fastest scheme is tree Newton:" in words
    others = "11 (with residual stress) and 21 (without residual stress)"
    assert f"Others take {others} times as long." in words
    # The same mean, but of networks that scatter more.
    online.loc[shallow, "error"] = alike * (1 + 0.2 * wobble)
    assert sentences(measured(online=online)).startswith("DMN, 7 layers, 2048 samples, batch 128.")


def test_a_configuration_with_a_failed_network_is_not_advised() -> None:
    study = measured()
    lost = "dmn_d7_n2048_b128_eta1_xi1_s03"
    status = study.training["status"].where(study.training["network"] != lost, "failed")
    online = study.online[study.online["network"] != lost]
    words = sentences(measured(training=study.training.assign(status=status), online=online))
    assert not words.startswith("DMN, 7 layers, 2048 samples, batch 128.")
    assert "1 of 170 networks failed" not in words  # the verdict says so
    assert "As good as the mesh." in words


def test_where_every_configuration_failed_there_is_no_advice() -> None:
    study = made_up_measured()
    training = study.training.assign(status="failed")
    online = study.online.assign(status="failed", error=math.nan)
    words = sentences(made_up_measured(training=training, online=online))
    assert words.startswith("No configuration came through without a failed network")
    failed = made_up_measured(training=training, online=online)
    assert "8 of 8 networks failed in training" in rendered(failed, {}, MESHED | PACKED)


def test_without_timings_the_advice_is_the_most_accurate() -> None:
    timing = measured().timing
    words = sentences(measured(timing=timing[timing["quantity"] == "training"]))
    assert words.startswith("DMN, 7 layers, 2048 samples, batch 128.")
    assert "nan" not in words


def test_failures_are_told_and_shown(page: str) -> None:
    assert "1 of 8 networks failed in training and 1 of 84 predictions did not converge" in page
    assert "Failed in training and left out: 1." in page
    assert '<td class="text">DMN_3_1</td><td class="text">all base nodes died</td>' in page
    assert "(n = 1)" in page
    assert "of 8</td>" in page


def test_a_short_training_is_called_short(page: str) -> None:
    assert "12 epochs against the paper's 10,000, on" in page.replace("&#39;", "'")


def test_patience_and_seeds_are_told_where_they_are_not_the_papers() -> None:
    config = configured({"depth": {"layers": [2, 3]}}).model_dump(mode="json", exclude_none=True)
    config["training"]["patience"] = 7
    config["network"]["seeds"] = 3
    note = shortness(config, samples=24, statistics=MESHED)
    assert "a patience of 7 epochs (the paper: 50), 3 random initialisations (the paper:" in note


def test_assumptions_tell_the_papers_composites_from_own_ones() -> None:
    study = configured({"depth": {"layers": [2, 3]}})
    config = study.model_dump(mode="json", exclude_none=True)
    config["composites"]["composite_2"]["matrix"]["yield_stress"] = 0.5
    found = dict(assumptions(config, MESHED))
    assert {"Hardening of composite 1", "Hardening of composite 2 (own material)"} <= found.keys()
    assert "here 2 to 4, against the target ξ = 1" in found["Initial sum of weights"]
    assert "Depth of a sweep that names none" not in found
    config["sweeps"]["xi"] = {"xi": [1.0, 2.0]}
    assert dict(assumptions(config, MESHED))["Depth of a sweep that names none"] == "7"


def test_tables_of_loads_tell_equal_counts_once(tables: dict[str, pd.DataFrame]) -> None:
    chosen = predictions(tables, tables["online"])
    shallow = load_table(chosen[chosen["layers"] == 2])
    assert shallow.columns == ["composite", "load", "DMN [%]", "IMN [%]"]
    assert shallow.note == "2 DMN networks and 2 IMN networks in each row."
    assert load_table(chosen).columns[-1] == "IMN networks"


def test_the_papers_ratio_stands_at_its_depths_alone() -> None:
    values = {"backend": "torch", "DMN": 0.2, "IMN": 0.1, "ratio": 2.0}
    times = pd.DataFrame({"layers": [3, 4, 8, 9], **values})
    assert [row[-1] for row in training_time_table(times).rows] == ["–", *2 * [PAPER_RATIO], "–"]


def test_an_own_cell_is_described_without_a_packing() -> None:
    page = rendered(made_up_measured(), {"mesh": "cells/hexagonal.msh"}, MESHED)
    assert "3, from the given mesh cells/hexagonal.msh" in page
    assert "324 quadratic triangles; generalised plane strain" in page
    assert "1 × 1.73205" in page
    assert "of a cell with 3 fibres and 324 elements" in page
    assert "Ripley" not in page
    assert "packing" not in page.replace("minimum_gap", "")


def test_captions_describe_the_networks_from_the_data() -> None:
    batches = {"sizes": {"batch size 8": ["DMN_2_0", "DMN_2_1"]}}
    study = replace(made_up_measured(), comparisons=Comparisons(batches=batches))
    found = captions(study, packed=True, control="stress")
    assert "DMN of 2 layers, 24 training samples." in found["fig07"]
    stresses = stresses_caption(study, "sizes", "composite_4")
    assert stresses.startswith("Stresses of composite 4, predicted by")
    assert "Networks behind each line: 2." in stresses


def test_every_figure_has_a_caption() -> None:
    found = captions(measured(), packed=True, control="stress")
    assert set(found) == set(TITLES)
    assert "Networks: 80." in found["fig11"]
    assert "Networks behind each line: 5." in found["fig17"]


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

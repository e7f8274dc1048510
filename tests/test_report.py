"""The report: its verdict, its page, its numbers in words, and the manifest."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import SCHEMES, configured, made_up_tables

from evaluation import summary
from evaluation.assumptions import assumptions, shortness
from evaluation.captions import captions
from evaluation.manifest import manifest
from evaluation.report import Results, render
from evaluation.tables import PAPER_RATIO, load_table, training_time_table
from evaluation.verdict import verdict
from evaluation.words import NO_BREAK, percent, spread
from workflow.study.comparisons import figures as figure_names

ROOT = Path(__file__).parent.parent


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


def judge(tables: dict[str, pd.DataFrame], dmn: list[float], imn: list[float]) -> list[str]:
    """The verdict when the networks of 2 layers have these errors in all loads."""
    errors = dict(zip(("DMN_2_0", "DMN_2_1", "IMN_2_0", "IMN_2_1"), dmn + imn, strict=True))
    online = tables["online"].assign(error=tables["online"]["network"].map(errors))
    chosen = summary.chosen_predictions(tables["training"], online, "stress", SCHEMES)
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
    chosen = summary.chosen_predictions(tables["training"], tables["online"], "stress", SCHEMES)
    first, *_ = verdict(tables["training"], chosen, summary.prediction_errors(chosen), depth)
    assert "cannot be told apart in the nonlinear stresses with 1 network each" in first


def test_the_hardest_load_is_named_by_kind(tables: dict[str, pd.DataFrame]) -> None:
    def hardest(loads: dict[str, str]) -> str:
        online = tables["online"]
        peak = online["load"] == online["network"].str[:3].map(loads)
        seed = online["network"].str[-1].astype(int)
        online = online.assign(error=0.05 + 0.106 * peak + 0.001 * seed)
        chosen = summary.chosen_predictions(tables["training"], online, "stress", SCHEMES)
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
def page(tables: dict[str, pd.DataFrame]) -> str:
    return rendered(tables, {}, MESHED | PACKED)


def rendered(
    tables: dict[str, pd.DataFrame], rve: dict[str, Any], statistics: dict[str, Any]
) -> str:
    """The page of a study of two depths."""
    study = configured({"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}})
    config = study.model_dump(mode="json", exclude_none=True)
    config["rve"] |= rve
    ids = {
        kind: {layers: [f"{kind}_{layers}_{seed}" for seed in (0, 1)] for layers in (2, 3)}
        for kind in SCHEMES
    }
    return render(
        Results(
            config=config,
            config_text="study: made_up\n",
            manifest=manifest(ROOT, {"networks": [0, 1]}),
            statistics=statistics,
            **tables,
            convergence=[],
            newton_iterations=4321,
            batches={},
            depth=ids,
            predicted={},
            figures=dict.fromkeys(figure_names(study), b"<svg/>"),
        )
    )


def test_without_a_comparison_of_the_kinds_the_verdict_is_over_all_networks(
    tables: dict[str, pd.DataFrame],
) -> None:
    imn = tables["training"][tables["training"]["kind"] == "IMN"]
    chosen = summary.chosen_predictions(imn, tables["online"], "stress", SCHEMES)
    first, *_, last = verdict(imn, chosen, summary.prediction_errors(chosen), {})
    assert first.startswith("Over all networks, the networks reach a mean e_σ over 2 composites of")
    assert first.endswith("for IMN, with 3 IMN networks.")
    assert last.startswith("0 of 4 networks failed in training and 1 of 48 predictions")


def test_the_verdict_stands_before_figures_tables_and_origin(page: str) -> None:
    places = [page.index(f'<section id="{name}">') for name in ("verdict", "figures", "tables")]
    assert sorted(places) == places
    assert page.index('<div class="verdict">') < page.index("<figure") < page.index("4,321")


def test_the_report_needs_nothing_from_outside(page: str) -> None:
    loaded = re.findall(r"""(?:src|href|srcset|data)\s*=\s*["']?([^"'\s>]+)""", page)
    assert len(loaded) > 4
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in loaded)
    assert not re.search(r"@import|url\(|<script|<link", page)


def test_failures_are_told_and_shown(page: str) -> None:
    assert "1 of 8 networks failed in training and 1 of 84 predictions did not converge" in page
    assert "Failed in training and left out: 1." in page
    assert "all base nodes died" in page
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
    chosen = summary.chosen_predictions(tables["training"], tables["online"], "stress", SCHEMES)
    shallow = load_table(chosen[chosen["layers"] == 2])
    assert shallow.columns == ["composite", "load", "DMN [%]", "IMN [%]"]
    assert shallow.note == "2 DMN networks and 2 IMN networks in each row."
    assert load_table(chosen).columns[-1] == "IMN networks"


def test_the_papers_ratio_stands_at_its_depths_alone() -> None:
    values = {"backend": "torch", "DMN": 0.2, "IMN": 0.1, "ratio": 2.0}
    times = pd.DataFrame({"layers": [3, 4, 8, 9], **values})
    assert [row[-1] for row in training_time_table(times).rows] == ["–", *2 * [PAPER_RATIO], "–"]


def test_an_own_cell_is_described_without_a_packing(tables: dict[str, pd.DataFrame]) -> None:
    page = rendered(tables, {"mesh": "cells/hexagonal.msh"}, MESHED)
    assert "3, from the given mesh cells/hexagonal.msh" in page
    assert "324 quadratic triangles; generalised plane strain" in page
    assert "1 × 1.73205" in page
    assert "of a cell with 3 fibres and 324 elements" in page
    assert "Ripley" not in page
    assert "packing" not in page.replace("minimum_gap", "")


def test_captions_describe_the_networks_from_the_data(tables: dict[str, pd.DataFrame]) -> None:
    batches = {"sizes": {"batch size 8": ["DMN_2_0", "DMN_2_1"]}}
    figures = {"fig08": "composite_1", "fig08_composite_4": "composite_4"}
    found = captions(
        True, figures, "stress", "composite_1", batches, {}, tables["training"], tables["online"]
    )
    assert "DMN of 2 layers, 24 training samples." in found["fig07"]
    assert found["fig08_composite_4"].startswith("Stresses of composite 4, predicted by")


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

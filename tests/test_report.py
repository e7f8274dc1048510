"""The report: its verdict, its page, its numbers in words, and the manifest."""

import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from made_up import SCHEMES, configured, made_up_tables

from evaluation import summary
from evaluation.manifest import manifest
from evaluation.report import Results, render
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


def test_the_verdict_names_the_better_kind_only_beyond_the_deviations(
    tables: dict[str, pd.DataFrame],
) -> None:
    clear = judge(tables, [0.10, 0.12], [0.04, 0.06])[0].replace(NO_BREAK, " ")
    assert "IMN predicts the nonlinear stresses more closely than DMN" in clear
    assert "11.0 ± 1.4 % for DMN (2 networks) and 5.0 ± 1.4 % for IMN (2 networks)" in clear
    assert "cannot be told apart" in judge(tables, [0.10, 0.12], [0.09, 0.12])[0]


@pytest.fixture(scope="module")
def page(tables: dict[str, pd.DataFrame]) -> str:
    study = configured({"depth": {"kind": ["DMN", "IMN"], "layers": [2, 3]}})
    described = {
        "fibres": 3,
        "fibre_radius": 0.2,
        "volume_fraction_packed": 0.6,
        "volume_fraction_meshed": 0.6,
        "smallest_gap_over_radius": 0.06,
        "nearest_neighbour_mean": 0.4,
        "nearest_neighbour_standard_deviation": 0.01,
        "elements": 324,
        "unknowns": 1941,
        "element_quality_minimum": 0.4,
        "element_quality_mean": 0.9,
    }
    ids = {
        kind: {layers: [f"{kind}_{layers}_{seed}" for seed in (0, 1)] for layers in (2, 3)}
        for kind in SCHEMES
    }
    return render(
        Results(
            config=study.model_dump(mode="json"),
            config_text="study: made_up\n",
            manifest=manifest(ROOT, {"networks": [0, 1]}),
            statistics=described,
            **tables,
            newton_iterations=4321,
            batches={},
            depth=ids,
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
    assert first.endswith("for IMN (3 networks).")
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


def test_a_short_training_is_called_short(page: str) -> None:
    assert "12 epochs against the paper's 10,000" in page.replace("&#39;", "'")


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

"""The report of a composite: no word of the paper, and numbers that follow from the tables."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from made_up import COMPOSITE, COMPOSITES, made_up_study
from test_report import MESHED, PACKED

from evaluation.claims.table import findings, findings_table, if_any_tested
from evaluation.figures.catalogue import figures_of
from evaluation.formatting import NO_BREAK
from evaluation.measures.chosen_network import alike, chosen_network
from evaluation.measures.comparisons import Comparisons
from evaluation.measures.constants import FINITE_ELEMENTS, constants
from evaluation.measures.tables import ENSEMBLE_COLUMNS, StudyTables, of_networks
from evaluation.report.manifest import manifest
from evaluation.report.page import PageContent, render
from rve.materials.composite import materials
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import averaged, settings, timed_networks

STUDY = load_study(
    {
        "study": "mine",
        "composites": dict.fromkeys(COMPOSITES, COMPOSITE),
        "sweeps": {"default": {"layers": 4, "seeds": 3}},
        "references": {"amplitudes": {"11": 0.03, "12": 0.04}},
    }
)


def test_a_study_without_timings_times_nothing_and_is_about_its_composites() -> None:
    known = settings(STUDY)
    assert known.composite == "composite_1"
    assert known.of_composites
    assert timed_networks(STUDY) == {}
    assert [len(ids) for ids in averaged(STUDY).values()] == [3]
    assert set(figures_of(known)) == {"cell", "responses_composite_1", "responses_composite_2"}


@pytest.fixture(scope="module")
def study() -> StudyTables:
    """Networks that are not compared; IMN_2_s1 has the least error of the moments."""
    tables = made_up_study()
    named = {
        name: getattr(tables, name).replace(
            {"network": r"_(\d)$"}, {"network": r"_s\1"}, regex=True
        )
        for name in ("training", "online", "timing")
    }
    training = named["training"].assign(moments=8, error_moments=0.02)
    training.loc[training["network"] == "IMN_2_s1", "error_moments"] = 0.001
    rows = [
        dict.fromkeys(ENSEMBLE_COLUMNS, 0.5)
        | {"recipe": recipe, "networks": 2, "composite": name, "control": "stress", "load": "11"}
        | {"error": error}
        for recipe, error in (("IMN_2", 0.0123), ("IMN_3", 0.9))
        for name in COMPOSITES
    ]
    changed = named | {"training": training, "ensembles": pd.DataFrame(rows)}
    return replace(tables, **changed, comparisons=Comparisons())


def test_networks_that_differ_in_their_seed_alone_are_alike(study: StudyTables) -> None:
    assert chosen_network(study.training).id == "IMN_2_s1"
    assert alike(study.training, "IMN_2_s1") == ["IMN_2_s0", "IMN_2_s1"]
    assert alike(study.training, "DMN_3_s0") == ["DMN_3_s0"]  # the other one failed


@pytest.fixture(scope="module")
def page(study: StudyTables) -> str:
    """The network to use is a tenth stiffer than the finite elements, which are the fibre alone."""
    fibre = materials(**COMPOSITE)[1].stiffness
    sources = {FINITE_ELEMENTS: fibre, "IMN_2_s0": fibre, "IMN_2_s1": 1.1 * fibre}
    text = render(
        PageContent(
            config=STUDY.model_dump(mode="json", exclude_none=True),
            config_text="study: mine\n",
            manifest=manifest(Path(__file__).parent, {}),
            statistics=MESHED | PACKED,
            study=study,
            findings=pd.DataFrame(),
            convergence=[],
            constants=constants(dict.fromkeys(COMPOSITES, sources)),
            networks=pd.DataFrame({"file": ["results/mine/networks/IMN_2_s1.npz"]}),
            newton_iterations=1,
            remarks=[],
            large_strains=[],
            figures=dict.fromkeys(figures_of(study), b"<svg/>"),
        )
    )
    return unescape(text.replace(NO_BREAK, " "))


def cells(page: str, section: str) -> list[list[str]]:
    """The rows of the tables of a section."""
    text = page[page.index(f'<section id="{section}">') :]
    rows = re.findall(r"<tr>(<td.*?)</tr>", text[: text.index("</section>")])
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_the_page_is_about_the_composite_and_not_about_the_paper(page: str) -> None:
    told = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"paper|[Cc]laim|Eq\.|Fig\.|nan|Section", told)
    names = ("cell", "constants", "use", "curves", "costs", "limits", "more", "tables")
    places = [page.index(f'<section id="{name}">') for name in names]
    assert sorted(places) == places
    assert page.count("<figure") == 3
    assert not re.search(r"https?://|@import", told)


def test_it_opens_with_the_error_of_the_network_to_use(page: str, study: StudyTables) -> None:
    errors = of_networks(study.online, ["IMN_2_s1"])["error"]
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert float(shown[0][0].rstrip(" %")) == pytest.approx(100 * errors.mean(), rel=0.05)
    assert float(shown[1][0].rstrip(" %")) == pytest.approx(100 * errors.max(), rel=0.05)
    assert shown[2] == ("1.2 %", "mean error of the mean stress of 2 networks")


def test_constants_stand_in_both_conventions(page: str) -> None:
    first, *_ = rows = cells(page, "constants")
    assert first[:4] == ["Young's modulus along the fibres", "E1", "E3", "GPa"]
    assert first[4:] == ["72", "79.2", "+10.00", "7.07"]
    assert [row[1:3] for row in rows[5:7]] == [["G23", "G12"], ["ν12", "ν31"]]
    assert rows[6][6] == "+0.00"  # a ratio is no stiffer


def test_every_load_has_the_errors_of_all_networks_alike(page: str, study: StudyTables) -> None:
    rows = {row[0]: row for row in cells(page, "curves")[:6]}
    errors = of_networks(study.online, ["IMN_2_s0", "IMN_2_s1"]).set_index("network")
    errors = errors[(errors["composite"] == "composite_1") & (errors["load"] == "11")]["error"]
    assert rows["11"][1] == "tension across the fibres"
    assert float(rows["11"][2]) == pytest.approx(100 * errors["IMN_2_s1"], rel=0.01)
    assert float(rows["11"][4]) == pytest.approx(100 * errors.max(), rel=0.01)
    assert rows["11"][5:] == ["1.23", "50"]
    assert rows["12"][5:] == ["–", "–"]


def test_lines_to_copy_name_the_files_of_the_study(page: str) -> None:
    told = page[page.index('<section id="use">') : page.index('<section id="curves">')]
    assert told.count("results/mine/network.npz") == 3
    assert "results/mine/networks/IMN_2_s*.npz" in told
    lines = re.findall(r"<pre>(python -m .*? \\\n.*?)</pre>", told)
    words = [line.replace("\\", "").split() for line in lines]
    named = ["--config", "results/mine/config.yaml", "--composite", "composite_1"]
    assert all(some[4:8] == named for some in words)
    assert len(lines) == 2


def test_the_page_says_how_many_networks_are_enough(page: str) -> None:
    """A spread of a half has a standard error of 0.5 / sqrt(2), and one of 0.01 with 2500."""
    told = re.sub(r"<.*?>", "", page[page.index('<section id="use">') :])
    assert "is at most 35 % (load 11)" in told
    assert "For 1 % it takes 2500 networks: set network.seeds" in told


def test_limits_name_the_strains_that_were_tested(page: str) -> None:
    assert (
        "Tested are 3 % in 11, 4 % in 12, each alone" in dict(cells(page, "limits"))["Other loads"]
    )


def test_findings_without_a_tested_claim_are_none() -> None:
    study = made_up_study()
    whole = findings_table(findings(study))
    assert len(if_any_tested(whole)) == len(whole)
    nothing = findings_table(findings(replace(study, comparisons=Comparisons())))
    assert if_any_tested(nothing).empty

"""Numbers that README.md and the pages quote are those of the published tables, on every page."""

import html
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from evaluation.measures.chosen_network import chosen_network

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference-run"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PUBLISHED = (REFERENCE / "README.md").read_text(encoding="utf-8")
RECIPE = (ROOT / "docs" / "recipe.md").read_text(encoding="utf-8")


def rows(page: str, head: str) -> list[list[str]]:
    """Cells of the table that begins with a head, without head and rule."""
    lines = page[page.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]


def errors_of_networks(online: pd.DataFrame) -> "pd.Series[float]":
    """e_sigma of each network by tree Newton, mean over composites and loads, in per cent."""
    chosen = online[(online["scheme"] == "tree_newton") & (online["control"] == "stress")]
    return 100 * chosen.groupby("network")["error"].mean()


def test_costs_are_those_of_the_findings() -> None:
    found = pd.read_csv(REFERENCE / "decided/findings.csv").set_index("id")
    ids = [
        "training-time-literal",
        "residual-time",
        "residual-cost",
        "newton-time",
        "newton-cost",
        "time-kinds",
        "cost-kinds",
    ]
    table = rows(PUBLISHED, "| ratio of costs |")
    assert [row[1] for row in table] == [found.loc[id, "paper"].strip("×") for id in ids]
    assert [row[2] for row in table] == [found.loc[id, "ours"].strip("×") for id in ids]
    compiled = [found.loc[id, "reason"] for id in ids[1:]]
    for reason, row in zip(compiled, table[1:], strict=True):
        assert re.search(rf"\b{re.escape(row[3])}\b", str(reason)), row


@pytest.mark.parametrize(
    "page", ["docs/reference-run/README.md", "docs/recipe.md", "docs/training.md"]
)
def test_errors_of_the_papers_recipe_have_one_range(page: str) -> None:
    """The report holds online.csv."""
    report = (REFERENCE / "report.html").read_text(encoding="utf-8")
    start = report.index('data-csv="online.csv"')
    table = re.search(r'<script type="text/csv">(.*?)</script>', report[start:], re.DOTALL)
    assert table
    errors = errors_of_networks(pd.read_csv(io.StringIO(html.unescape(table[1]).strip())))
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    quoted = set(re.findall(r"(\d+) to (3\d) %", text))
    assert quoted == {(f"{errors.min():.0f}", f"{errors.max():.0f}")}


def test_published_run_of_the_recipe_is_that_of_its_table() -> None:
    online = pd.read_csv(REFERENCE / "recipe/online.csv")
    errors = errors_of_networks(online)
    single = online[online["scheme"] == "tree_newton"]["error"].max() * 100
    (row,) = [row for row in rows(RECIPE, "| run |") if "reference-run/recipe" in row[0]]
    assert row[1] == f"{errors.mean():.1f} ± {errors.std():.1f}"
    assert row[2] == f"{errors.max():.1f}"
    assert row[3].startswith(f"{single:.1f} ")


def test_the_choice_of_a_network_in_the_published_run_is_as_the_page_says() -> None:
    training = pd.read_csv(REFERENCE / "recipe/training.csv").set_index("network")
    errors = errors_of_networks(pd.read_csv(REFERENCE / "recipe/online.csv"))
    correlation = training["error_moments"].corr(errors, method="spearman")
    chosen = chosen_network(training.reset_index()).id
    text = " ".join(RECIPE.split())
    assert f"its rank correlation with e_σ is {correlation:.2f}." in text
    assert f"e_σ of {errors[chosen]:.1f} %; the mean is {errors.mean():.1f} %." in text


def test_spread_over_runs_is_that_of_all_runs() -> None:
    runs = rows(RECIPE, "| run |")
    means, deviations = zip(*(map(float, row[1].split(" ± ")) for row in runs), strict=True)
    worst = max(float(row[2]) for row in runs)
    text = " ".join(README.split())
    assert f"means of {min(means)} to {max(means)} %" in text
    assert f"deviations of {min(deviations)} to {max(deviations)} %" in text
    assert f"the worst network {worst} %" in text
    singles = re.findall(r"\d\.\d % \([a-z][^)]+\)", " ".join(RECIPE.split()))
    assert f"the worst single curves | {', '.join(singles)} |" in text


def test_held_out_cases_and_the_papers_recipe_are_those_of_the_recipes_page() -> None:
    cases = rows(RECIPE, "| composite and cell |")
    held_out = [float(row[1].split()[0]) for row in cases[3:]]
    text = " ".join(README.split())
    assert all("paper's cell" in row[0] for row in cases[:3])
    assert f"{len(held_out)} held-out pairs" in text
    assert f"held-out pairs of composite and cell | {min(held_out)} to {max(held_out)} %" in text
    table = rows(RECIPE, "| | layers |")
    first = next(number for number, row in enumerate(table) if row[0] == "paper's, IMN")
    assert f"as rebuilt here, ten seeds | {table[first + 1][3]} % |" in text

"""As many networks as decide the claims, with a workflow that is made up."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from made_up import made_up_claim
from paper_world import paper_results

from evaluation.claims import table
from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import Compared
from evaluation.claims.ranges import HIGHER_ERROR
from evaluation.measures.effects import Effect
from rve.errors import InputError
from workflow.study.run import decided

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "workflow/studies/decided.yaml"


def findings(undecided: Sequence[str], times_as_many: float = 2.0) -> pd.DataFrame:
    """findings.csv with these claims inconclusive."""
    return pd.DataFrame(
        {
            "id": id,
            "verdict": "inconclusive" if id in undecided else "holds",
            "seeds": 10,
            "times_as_many": times_as_many if id in undecided else None,
        }
        for id in CLAIMS
    )


def test_every_claim_has_its_sweeps() -> None:
    study = decided.read_study([STUDY])
    found = {id: decided.sweeps_of(study, claim.compared) for id, claim in CLAIMS.items()}
    assert all(found.values())
    assert found["batch-spread-1024"] == {"data_1024"}
    assert found["data-error"] == {"data_400", "data_1024", "data_2048"}
    assert (found["xi-minimum"], found["eta-nodes"]) == ({"xi"}, {"eta"})
    assert found["nodes-depth"] == {"depth"}


def test_a_claim_without_its_sweep_has_none() -> None:
    """Whatever its id and its figure are called."""
    study = decided.read_study([STUDY])
    without = study.model_copy(update={"sweeps": {"xi": study.sweeps["xi"]}})
    compared = {claim.compared for claim in CLAIMS.values()}
    assert {one.sweeps for one in compared if decided.sweeps_of(without, one)} == {"xi"}


def test_sweeps_of_open_claims_get_the_seeds_of_the_next_look() -> None:
    study = decided.read_study([STUDY])
    now = dict.fromkeys(study.sweeps, 10)

    def raised(open_claims: Sequence[str], times_as_many: float = 2.0, **more: int) -> object:
        return decided.raise_seeds(study, findings(open_claims, times_as_many), now | more)

    assert raised([]) == now
    assert raised(["eta-minimum"]) == now | {"eta": 30}
    of_data = dict.fromkeys(("data_400", "data_1024", "data_2048"), 30)
    assert raised(["data-error"], data_400=30) == now | of_data
    assert raised(["eta-time"]) == now
    assert raised(["eta-minimum"], 59) == now
    assert raised(["eta-minimum"], 58) != now  # 150 sqrt(15) = 581
    last = dict.fromkeys(study.sweeps, 150)
    assert raised(list(CLAIMS), **last) == last


def test_a_claim_is_added_as_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is judged, tabulated, and gets the seeds of its sweeps, whatever it is called."""
    claim = made_up_claim(
        HIGHER_ERROR,
        compared=Compared("xi"),
        pairs=lambda tables: {"all": (tables.trained, 0.4)},
        ratio=lambda part, over, error, _: Effect(part, 0.9, 0.4, 2.0, error, len(over)),
        needs="networks",
        reason=lambda tables, found: f"This {found.verdict} claim has a reason.",
    )
    monkeypatch.setitem(CLAIMS, claim.id, claim)
    found = table.findings(paper_results())
    rows = table.findings_table(found).set_index("id").loc[[claim.id]]
    assert rows["verdict"].item() == "inconclusive"
    assert rows["reason"].item().startswith("This inconclusive claim has a reason. If the ratios")
    assert rows[["section", "place", "quote", "evidence"]].iloc[0].tolist() == [
        *("3.1", "3.1, paragraph 5", "The paper says so.", "fig07")
    ]
    intervals = table.intervals_table(found).set_index("id")
    assert intervals.loc[claim.id, ["part", "estimate", "paper_low"]].tolist() == ["all", 0.9, 1.0]
    study = decided.read_study([STUDY])
    now = dict.fromkeys(study.sweeps, 10)
    rows = rows.reset_index().assign(seeds=10, times_as_many=2.0)
    assert decided.raise_seeds(study, rows, now) == now | {"xi": 30}
    timed = replace(claim, measure="online_seconds")
    monkeypatch.setitem(CLAIMS, claim.id, timed)
    assert decided.raise_seeds(study, rows, now) == now


def test_a_run_looks_until_all_is_decided_and_then_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[tuple[str, ...]] = []
    seeds = []

    def run(overlays: Sequence[Path], *targets: str) -> None:
        ran.append(targets)
        seeds.append(yaml.safe_load(overlays[-1].read_text())["sweeps"]["xi"]["seeds"])
        file = Path("results/decided/tables/findings.csv")
        file.parent.mkdir(parents=True, exist_ok=True)
        findings(["xi-minimum"] if seeds[-1] < 90 else []).to_csv(file, index=False)

    monkeypatch.setattr(decided, "run", run)
    decided.main([STUDY])
    assert ran == [("results/decided/tables/findings.csv",)] * 3 + [()]
    assert seeds == [10, 30, 90, 90]
    assert capsys.readouterr().out.splitlines() == [
        "look at 10 seeds: 47 holds, 1 inconclusive; more seeds: xi to 30",
        "look at 30 seeds: 47 holds, 1 inconclusive; more seeds: xi to 90",
        "look at 90 seeds: 48 holds; no more seeds",
    ]


def test_a_study_without_looks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"findings\.looks: expected at least one number of seeds"):
        decided.read_study([])
    with pytest.raises(InputError, match="not a configuration"):
        decided.read_study([tmp_path / "missing.yaml"])

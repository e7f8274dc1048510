"""As many networks as decide the claims, with a workflow that is made up."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import yaml

from evaluation.claims.catalogue import CLAIMS
from rve.errors import InputError
from workflow.study.run import decided

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "workflow/studies/decided.yaml"


def findings(undecided: Sequence[str], times_as_many: float = 2.0) -> pd.DataFrame:
    """findings.csv with these claims inconclusive."""
    return pd.DataFrame(
        {
            "id": id,
            "implementation": "compiled" if id.endswith("time") else None,
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
    assert decided.raised(study, findings([]), now) == now
    assert decided.raised(study, findings(["eta-minimum"]), now) == now | {"eta": 30}
    of_data = dict.fromkeys(("data_400", "data_1024", "data_2048"), 30)
    assert decided.raised(study, findings(["data-error"]), now | {"data_400": 30}) == now | of_data
    assert decided.raised(study, findings(["eta-time"]), now) == now
    assert decided.raised(study, findings(["eta-minimum"], 59), now) == now
    assert decided.raised(study, findings(["eta-minimum"], 58), now) != now  # 150 sqrt(15) = 581
    last = dict.fromkeys(study.sweeps, 150)
    assert decided.raised(study, findings(list(CLAIMS)), last) == last


def test_a_run_looks_until_all_is_decided_and_then_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[tuple[str, ...]] = []
    seeds = []

    def run(overlays: Sequence[Path], *targets: str) -> None:
        ran.append(targets)
        seeds.append(yaml.safe_load(overlays[-1].read_text())["sweeps"]["xi"]["seeds"])
        table = Path("results/decided/tables/findings.csv")
        table.parent.mkdir(parents=True, exist_ok=True)
        findings(["xi-minimum"] if seeds[-1] < 90 else []).to_csv(table, index=False)

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

"""The workflow on the smoke study: complete, idempotent, and rerun just where something changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from networks import stiffness_by_recursion
from studies import ROOT, SMOKE, copy_project, environment, snakemake

from evaluation.claims.claim import MEANINGS
from evaluation.claims.table import COLUMNS as findings_columns
from evaluation.claims.table import INTERVALS
from evaluation.measures.chosen_network import COLUMNS as chosen_columns
from evaluation.measures.constants import COLUMNS as constants_columns
from evaluation.measures.convergence import MESH_COLUMNS, PACKING_COLUMNS
from evaluation.measures.tables import ENSEMBLE_COLUMNS
from evaluation.measures.tables import TIMING_COLUMNS as timing_columns
from evaluation.measures.trial import COLUMNS as online_columns
from rve.errors import InputError
from rve.homogenisation.cell import discretise
from rve.homogenisation.components import assemble_components, homogenise, load
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from training.networks_table import COLUMNS as training_columns
from training.store import load as load_network
from training.store import load_arrays, load_record
from workflow.study.run.across import table

pytestmark = pytest.mark.slow
NETWORKS = 24
OWN_COMPOSITE = ROOT / "docs/own_composite.md"
PAPER_FIGURES = [f"fig{n:02d}" for n in range(5, 24)]
RECIPES = ["recipe_stresses", "recipes", "recipe_directions", "ensembles"]
OTHER_FIGURES = [
    "paths",
    "convergence",
    "choice",
    "claims",
    "parity",
    "directions",
    "costs",
    "pareto",
    *RECIPES,
]
OUTPUT: dict[str, str] = {}
COLUMNS = {
    "training": training_columns,
    "online": online_columns,
    "networks": [*chosen_columns, *(f"e_sigma_composite_{n}" for n in (1, 2, 3)), "use"],
    "timing": timing_columns,
    "constants": constants_columns,
    "ensembles": ENSEMBLE_COLUMNS,
    "findings": findings_columns,
    "intervals": INTERVALS,
    "convergence_mesh": MESH_COLUMNS,
    "convergence_packing": PACKING_COLUMNS,
}


def planned(project: Path, *arguments: str) -> dict[str, int]:
    """Jobs that a run would do: rule -> number. One of five networks counts as five of one."""
    run = snakemake(project, "-n", *arguments)
    assert run.returncode == 0, run.stderr
    statistics = re.findall(r"^(\w+) +(\d+)$", run.stdout + run.stderr, re.MULTILINE)
    jobs: dict[str, int] = {}
    for name, number in dict(statistics).items():
        rule, _, digits = re.fullmatch(r"(\w+?)(_(\d+))?", name).groups()  # type: ignore[union-attr]
        jobs[rule] = jobs.get(rule, 0) + int(number) * len(digits or "1")
    return {rule: number for rule, number in jobs.items() if rule not in ("all", "total")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project."""
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def results(project: Path) -> Path:
    """Results of the smoke study, run on two cores."""
    run = snakemake(project, "--cores", "2", "--configfile", SMOKE)
    assert run.returncode == 0, run.stdout + run.stderr
    OUTPUT["stderr"] = run.stderr
    return project / "results" / "smoke"


def overlay(project: Path, name: str, changes: dict[str, object]) -> tuple[str, ...]:
    """Arguments that lay changes over the smoke study."""
    path = project / f"{name}.yaml"
    path.write_text(yaml.safe_dump(changes))
    return ("--configfile", SMOKE, path.name)


def test_study_leaves_what_the_design_promises(results: Path) -> None:
    figures = [f"figures/{name}.svg" for name in [*PAPER_FIGURES, *OTHER_FIGURES]]
    tables = [f"tables/{name}.csv" for name in COLUMNS]
    for name in (
        "report.html",
        "config.yaml",
        "manifest.json",
        "rve/mesh.msh",
        "rve/statistics.json",
        "dataset/training.npz",
        "dataset/validation.npz",
        "dataset/flowing_training.npz",
        "networks/imn_d4_n24_b8_eta1_xi4_flowing8_moments2_coated_energy_s00.npz",
        "reference/composite_2/stress/12.csv",
        "reference/composite_2/path/cyclic_12.csv",
        "networks/imn_d4_n24_b8_eta1_xi1_s01.json",
        "online/imn_d4_n24_b8_eta1_xi1_s01_curves.csv",
        *figures,
        *tables,
    ):
        assert (results / name).stat().st_size > 0, name
    drawn = {f"figures/{path.name}" for path in (results / "figures").iterdir()}
    assert drawn == set(figures)
    assert {path.name for path in results.rglob(".*")} == {".run", ".jobs"}


def test_tables_have_the_columns_of_the_design(results: Path) -> None:
    for name, columns in COLUMNS.items():
        assert list(pd.read_csv(results / f"tables/{name}.csv")) == columns, name


def test_the_network_to_use_is_one_of_the_study_and_says_which(results: Path) -> None:
    record = load_record(results / "network.npz")
    original = results / f"networks/{record['id']}.npz"
    assert (results / "network.npz").read_bytes() == original.read_bytes()
    assert load_network(results / "network.npz").kind == record["kind"] == "IMN"
    assert load_record(original).items() <= record.items()
    first = pd.read_csv(results / "tables/networks.csv").iloc[0]
    assert first["file"] == f"results/smoke/networks/{record['id']}.npz"
    online = pd.read_csv(results / "tables/online.csv", dtype=str)
    rows = online[(online["network"] == record["id"]) & (online["scheme"] == "newton")]
    for composite, test in record["tested"].items():
        errors = rows[rows["composite"] == composite].set_index(["control", "load"])["error"]
        errors = errors.astype(float)
        assert test["e_sigma"] == pytest.approx(errors["stress"].mean(), rel=1e-12)
        assert test["e_sigma"] == pytest.approx(first[f"e_sigma_{composite}"], rel=1e-12)
        assert test["worst_error"] == errors.max()


def test_recipes_of_several_studies_make_one_table(results: Path, tmp_path: Path) -> None:
    heads, _, *rows = table([results])
    assert heads.startswith("| study | composite | control | kind | depth, mean ± deviation |")
    assert len(rows) == 3 * 2 * 2  # composites, controls (stress and path), kinds
    assert all(row.startswith("| smoke | composite ") for row in rows)
    assert not any("nan" in row for row in rows)
    with pytest.raises(InputError, match="no resolved configuration"):
        list(table([tmp_path]))
    command = [sys.executable, "-m", "workflow.study.run.across", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("error: ") and len(run.stderr.splitlines()) == 1


def test_tables_hold_every_network_and_prediction(results: Path) -> None:
    training = pd.read_csv(results / "tables/training.csv")
    online = pd.read_csv(results / "tables/online.csv")
    assert len(training) == NETWORKS
    assert set(training["status"]) == {"ok"}
    schemes = online.groupby("network")["scheme"].nunique()
    assert len(online) == schemes.sum() * 3 * (3 + 1)
    assert set(online["status"]) == {"ok"}
    balanced = online["scheme"] != "fixed_point"
    assert (online["traction_defect"][balanced] < 1e-6).all()
    assert (online["traction_defect"][~balanced] > 1e-6).any()
    expected = np.where(training["kind"] == "DMN", 7, 3) * 2 ** training["layers"]
    expected -= np.where(training["kind"] == "DMN", 3, 2)
    assert (training["parameters"] == expected).all()


def test_every_network_and_scheme_is_timed(results: Path) -> None:
    online = pd.read_csv(results / "tables/online.csv")
    timing = pd.read_csv(results / "tables/timing.csv")
    timed = timing[timing["quantity"] == "online"]
    assert set(zip(timed["network"], timed["scheme"], strict=True)) == set(
        zip(online["network"], online["scheme"], strict=True)
    )
    trained = timing[timing["quantity"] == "training"]
    assert len(trained) == 2 * 2 * 2  # kinds, depths, backends
    counted = timing["quantity"].str.startswith("iterations_")
    assert set(timing[counted]["quantity"]) == {"iterations_printed", "iterations_by_tolerance"}
    assert set(timing[counted]["kind"]) == {"DMN", "IMN"}
    assert (timing[counted]["iterations"] >= 1).all()
    timing = timing[~counted]
    assert (timing["minimum_seconds"] > 0).all()
    assert (timing["minimum_seconds"] <= timing["median_seconds"]).all()
    assert (timing["median_seconds"] <= timing["maximum_seconds"]).all()


def test_errors_are_those_of_the_curves(results: Path) -> None:
    """Eq. 32 by plain code, from the files of predicted and reference curves."""
    components = [f"sig_{load}" for load in ("11", "22", "33", "23", "31", "12")]
    # Frobenius norm: each shear stress stands twice in the tensor.
    weights = np.array([1, 1, 1, 2, 2, 2])
    online = pd.read_csv(results / "tables/online.csv", dtype={"load": str})
    for name in ("dmn_d3_n16_b4_eta1_xi1_s01", "imn_d7_n24_b8_eta1_xi1_s00"):
        curves = pd.read_csv(results / f"online/{name}_curves.csv", dtype={"load": str})
        for row in online[(online["network"] == name)].itertuples():
            keys = ("composite", "control", "scheme", "load")
            same = np.all([curves[key] == getattr(row, key) for key in keys], axis=0)
            predicted = curves.loc[same, components].to_numpy()
            path = results / f"reference/{row.composite}/{row.control}/{row.load}.csv"
            reference = pd.read_csv(path)[components].to_numpy()
            squares = [np.sum(weights * part**2) for part in (predicted - reference, reference)]
            assert row.error == pytest.approx(np.sqrt(squares[0] / squares[1]), rel=1e-6)


def test_constants_are_those_of_the_networks_and_of_the_mesh(results: Path) -> None:
    """By a network's recursion in plain code, and by the components of the linear samples."""
    constants = pd.read_csv(results / "tables/constants.csv").set_index(["composite", "source"])
    assert len(constants) == 3 * (1 + 2 + NETWORKS)
    packed = discretise(read(results / "convergence/fibres3_seed1/mesh.msh"))
    config = yaml.safe_load((results / "config.yaml").read_text())
    p1, p2 = (law.stiffness for law in materials(**config["composites"]["composite_2"]))
    name = "dmn_d3_n16_b4_eta1_xi1_s01"
    expected = {
        name: stiffness_by_recursion(load_network(results / f"networks/{name}.npz"), p1, p2),
        "finite elements": homogenise(load(results / "dataset/components.npz"), p1, p2),
        "packing 1 of 3 fibres": homogenise(assemble_components(packed), p1, p2),
    }
    for source, stiffness in expected.items():
        softness = np.linalg.inv(stiffness)
        row = constants.loc[("composite_2", source)]
        assert row["E3"] == pytest.approx(1 / softness[2, 2], rel=1e-9)
        assert row["G31"] == pytest.approx(1 / softness[4, 4] / 2, rel=1e-9)
        assert row["nu13"] == pytest.approx(-softness[2, 0] / softness[0, 0], rel=1e-9)


def test_every_claim_is_judged(results: Path) -> None:
    """Those that need the paper's data sizes are not tested; those on any sweep are."""
    findings = pd.read_csv(results / "tables/findings.csv").set_index("id")
    assert len(findings) == 48
    assert set(findings["verdict"]) <= set(MEANINGS)
    tested = findings[findings["verdict"] != "not tested"]
    assert {
        "validation-tracks-training",
        "data-error",
        "eta-minimum",
        "eta-nodes",
        "xi-time",
        "training-error-depth",
        "training-time-fused",
        "error-kinds-deep",
        "nodes-depth",
        "iterations-kinds",
    } <= set(tested.index)
    assert tested["uncertainty"].str.contains(r"\d").all()
    assert set(tested["evidence"]) <= {*PAPER_FIGURES, *OTHER_FIGURES}
    assert findings.loc[findings["verdict"] == "not tested", "reason"].notna().all()


def test_a_trend_of_the_findings_is_that_of_the_tables(results: Path) -> None:
    """The factor in active base nodes from the shallowest to the deepest, by other code."""
    findings = pd.read_csv(results / "tables/findings.csv").set_index("id")
    training = pd.read_csv(results / "tables/training.csv")
    online = pd.read_csv(results / "tables/online.csv")
    active = online.groupby("network")["active_nodes"].first()
    parts = findings.loc["nodes-depth", "uncertainty"].split("; ")
    for kind, part in zip(("DMN", "IMN"), parts, strict=True):
        ids = [f"{kind.lower()}_d{n}_n24_b8_eta1_xi1_s{s:02d}" for n in (4, 7) for s in (0, 1)]
        assert training["network"].isin(ids).sum() == 4
        logarithms = np.log(active[ids].to_numpy()).reshape(2, 2).mean(axis=1)
        expected = np.exp(logarithms[1] - logarithms[0])
        assert float(re.split(r"\s", part)[1]) == pytest.approx(expected, rel=6e-3)


def test_the_run_tells_how_far_it_is(project: Path, results: Path) -> None:
    last = [line for line in OUTPUT["stderr"].splitlines() if line.startswith("progress: ")][-1]
    assert f"{NETWORKS} of {NETWORKS} networks trained" in last
    assert f"{NETWORKS} of {NETWORKS} networks tested" in last
    assert "12 of 12 curves simulated" in last
    assert last.endswith("done")


def test_snakemakes_own_report_holds_figures_and_tables(project: Path, results: Path) -> None:
    run = snakemake(project, "--report", "snakemake.html", "--configfile", SMOKE)
    assert run.returncode == 0, run.stdout + run.stderr
    page = (project / "snakemake.html").read_text()
    for words in ("A.18", "Effects of η", "findings.csv", "report.html"):
        assert words in page or words.encode("unicode_escape").decode() in page, words


def test_second_run_has_nothing_to_do(project: Path, results: Path) -> None:
    run = snakemake(project, "-n", "--configfile", SMOKE)
    assert "Nothing to be done" in run.stdout + run.stderr


def test_a_figure_of_a_new_file_is_drawn_and_reported(project: Path, results: Path) -> None:
    """Without a word of it elsewhere, and without drawing those of other sources again."""
    module = project / "evaluation/figures/seconds.py"
    parameters = module.with_name("parameters.py").read_text()
    module.write_text(parameters.replace('"fig1', '"further'))
    try:
        run = snakemake(project, "-n", "--configfile", SMOKE)
        jobs = planned(project, "--configfile", SMOKE)
    finally:
        module.unlink()
    assert jobs == {"figures_tables": 1, "report": 1}
    assert "further3" in run.stdout + run.stderr


def test_result_does_not_depend_on_the_cores(project: Path, results: Path) -> None:
    name = "results/smoke/networks/dmn_d4_n24_b8_eta1_xi1_s01.npz"
    before = dict(np.load(project / name))
    run = snakemake(project, "--cores", "1", "--force", name, "--configfile", SMOKE)
    assert run.returncode == 0, run.stderr
    after = np.load(project / name)
    assert sorted(before) == sorted(after)
    for key, values in before.items():
        np.testing.assert_array_equal(values, after[key])
    # What was made from the network is as new as the network, which is the same.
    run = snakemake(project, "--cores", "1", "--touch", "--configfile", SMOKE)
    assert run.returncode == 0, run.stderr
    assert not planned(project, "--configfile", SMOKE)


def test_plasticity_reruns_references_but_no_linear_data(project: Path, results: Path) -> None:
    path = project / "rve/materials/j2.py"
    original = path.read_text()
    path.write_text(original + "\n# edited\n")
    try:
        jobs = planned(project, "--configfile", SMOKE)
    finally:
        path.write_text(original)
    assert jobs["reference"] == 3 + 1  # all composites at once
    assert jobs["online"] == NETWORKS
    assert not {"cell", "dataset_shard", "train"} & jobs.keys()


def test_more_samples_add_parts_and_keep_the_first(project: Path, results: Path) -> None:
    jobs = planned(project, *overlay(project, "more", {"dataset": {"validation_samples": 300}}))
    assert jobs["dataset_shard"] == 4  # of two sets; the first parts were not full
    assert not {"cell", "components", "reference"} & jobs.keys()


def test_study_without_networks_reports_its_references(project: Path, results: Path) -> None:
    changes: dict[str, object] = {"study": "bare", "sweeps": None, "convergence": None}
    jobs = planned(project, *overlay(project, "bare", changes))
    assert jobs["reference"] == 3 + 1  # all composites at once
    assert jobs["constants"] == jobs["report"] == 1
    assert not {"train", "online", "dataset_shard", "convergence_cell"} & jobs.keys()


def test_a_study_is_reproduced_from_its_manifest(project: Path) -> None:
    """Small, without networks; then a curve that was edited shows."""
    changes: dict[str, object] = {
        "study": "small",
        "sweeps": None,
        "convergence": None,
        "composites": {"composite_2": None, "composite_3": None},
        "references": {"amplitudes": {"33": None}},
    }
    run = snakemake(project, "--cores", "2", *overlay(project, "small", changes))
    assert run.returncode == 0, run.stderr
    manifest = project / "results/small/manifest.json"

    def reproduced() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workflow.study.run.reproduce", str(manifest)]
        return subprocess.run(
            command, cwd=project, env=environment(project), capture_output=True, text=True
        )

    run = reproduced()
    assert run.returncode == 0, run.stdout + run.stderr
    assert "reference/composite_1/stress/12.csv: identical" in run.stdout
    assert "changed since" not in run.stdout
    curve = manifest.parent / "reference/composite_1/stress/12.csv"
    head, first, *others = curve.read_text().splitlines(keepends=True)
    curve.write_text("".join([head, first.replace(",0.0,0.0,", ",0.0,1e-9,", 1), *others]))
    run = reproduced()
    assert run.returncode != 0
    assert "reference/composite_1/stress/12.csv: eps_11 differ, by up to" in run.stdout
    manifest.write_text(manifest.read_text().replace('"python": "3', '"python": "2'))
    assert "manifest.json: is not what this study wrote" in reproduced().stderr


def test_new_sweep_value_trains_its_networks_alone(project: Path, results: Path) -> None:
    arguments = overlay(project, "deeper", {"sweeps": {"depth": {"layers": [4, 5, 7]}}})
    jobs = planned(project, *arguments)
    assert jobs["train"] == jobs["online"] == 2 * 2
    assert jobs["timing_online"] == jobs["timing_training"] == 2
    assert not {"cell", "dataset", "reference"} & jobs.keys()


def test_training_settings_rerun_networks_but_no_references(project: Path, results: Path) -> None:
    jobs = planned(project, *overlay(project, "longer", {"training": {"epochs": 21}}))
    assert jobs["train"] == NETWORKS
    assert not {"cell", "dataset", "reference"} & jobs.keys()


def test_networks_that_share_a_job_are_those_of_their_own(
    project: Path, results: Path, tmp_path: Path
) -> None:
    """Five seeds in a job, of which the first two were a job before."""
    copy = shutil.copytree(project, tmp_path / "project", symlinks=True)
    name = "dmn_d3_n24_b8_eta1_xi1_s0"
    changes: dict[str, object] = {"sweeps": {"five": {"kind": "DMN", "seeds": 6}}}
    arguments = overlay(copy, "five", changes)
    run = snakemake(copy, f"results/smoke/networks/{name}4.npz", "--cores", "1", *arguments)
    assert run.returncode == 0, run.stderr
    networks = copy / "results/smoke/networks"
    alone, together = (
        load_arrays(folder / f"{name}0.npz") for folder in (results / "networks", networks)
    )
    assert all((alone[part] == together[part]).all() for part in ("z", "angles"))
    records = [json.loads((networks / f"{name}{seed}.json").read_text()) for seed in range(5)]
    assert [record["seed"] for record in records] == list(range(5))
    log = "results/smoke/logs/train_01234/dmn_d3_n24_b8_eta1_xi1_s0.log"
    assert (copy / log).exists()
    assert not (copy / f"results/smoke/networks/{name}5.npz").exists()


def test_new_material_reruns_its_references_alone(project: Path, results: Path) -> None:
    matrix = {"matrix": {"yield_stress": 0.02}}
    jobs = planned(project, *overlay(project, "softer", {"composites": {"composite_3": matrix}}))
    assert jobs["reference"] == 3 + 1
    assert not {"cell", "dataset", "train"} & jobs.keys()


def test_networks_of_another_study_are_not_trained(project: Path, results: Path) -> None:
    """The overlay `glass` of docs/own_composite.md over a finished study."""
    blocks = re.findall(r"```yaml\n(.*?)```", OWN_COMPOSITE.read_text(), re.DOTALL)
    (glass,) = (one for one in map(yaml.safe_load, blocks) if one.get("study") == "glass")
    glass["networks_of"] = "smoke"
    *_, file = overlay(project, "glass", glass)
    jobs = planned(project, "--configfile", file)
    assert jobs["cell"] == jobs["constants"] == 1  # the cell is a copy
    assert jobs["reference"] == 3 + 1
    assert jobs["online"] == NETWORKS
    assert not {"dataset", "train"} & jobs.keys()


def test_paper_study_is_planned_whole(project: Path) -> None:
    """Also in the groups of a cluster, which must not wait for each other."""
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())
    groups = [f"{rule}={group}" for rule, group in profile["groups"].items()]
    for arguments in ((), ("--groups", *groups)):
        jobs = planned(project, *arguments)
        assert jobs["train"] == 170
        assert jobs["reference"] == 18


def test_pages_quote_the_jobs_of_the_paper_study(project: Path) -> None:
    """All that is planned but the target `all`, as the line on progress counts them."""
    (total,) = set(re.findall(r"^total +(\d+)$", snakemake(project, "-n").stdout, re.MULTILINE))
    jobs = int(total) - 1
    for page in ("docs/studies.md", "docs/cluster.md"):
        assert re.search(rf"\b{jobs}\s+jobs\b", (ROOT / page).read_text(encoding="utf-8")), page


def test_recipe_is_planned_whole(project: Path) -> None:
    jobs = planned(project, "--configfile", "workflow/studies/recipe.yaml")
    assert jobs["train"] == 10
    assert jobs["dataset"] == 4
    assert jobs["moments"] == 2


def test_studies_of_accuracy_are_planned_whole(project: Path) -> None:
    recipe = "workflow/studies/recipe.yaml"
    jobs = planned(project, "--configfile", recipe, "workflow/studies/accurate.yaml")
    assert jobs["train"] == 335
    assert jobs["ensembles"] == 1
    held_out = "workflow/studies/held_out"
    jobs = planned(
        project, "--configfile", recipe, f"{held_out}.yaml", f"{held_out}/flowing_fibre.yaml"
    )
    assert jobs["train"] == 12
    assert jobs["reference"] == 12 + 3


def test_wrong_config_is_one_message_and_no_results(project: Path) -> None:
    arguments = overlay(project, "wrong", {"study": "wrong", "rve": {"fibers": 3, "seed": -1}})
    run = snakemake(project, "--cores", "1", *arguments)
    assert run.returncode != 0
    assert "config: 2 problems" in run.stderr
    assert "rve.fibers: unknown key; did you mean rve.fibres?" in run.stderr
    assert "rve.seed: expected a whole number of at least 0, got -1" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (project / "results" / "wrong").exists()


def test_a_quiet_run_says_why_it_failed(project: Path) -> None:
    wrong = overlay(project, "hushed", {"study": "hushed", "rve": {"seed": -1}})
    run = snakemake(project, "--cores", "1", "--quiet", "all", *wrong)
    assert "rve.seed: expected a whole number of at least 0, got -1" in run.stderr
    packing = {"fibres": 1, "volume_fraction": 0.65, "minimum_gap": 0.2}
    dense = overlay(project, "crowded", {"study": "crowded", "rve": packing})
    for hushed in (["all"], ["rules", "progress"]):
        run = snakemake(
            project, "results/crowded/rve/mesh.msh", "--cores", "1", *dense, "--quiet", *hushed
        )
        assert run.stderr.count("cell failed: rve.volume_fraction: 0.65 of fibre (discs: 1)") == 1
        assert run.returncode != 0


def test_a_fibre_stiff_along_axis_1_is_remarked_upon_once_and_runs(project: Path) -> None:
    """In the terminal once; in the report, and in the logs of the jobs that have the law."""
    changes: dict[str, object] = {
        "study": "turned",
        "sweeps": None,
        "convergence": None,
        "composites": {
            "composite_1": {"fibre": {"E11": 245, "E33": 19.8}},
            "composite_2": None,
            "composite_3": None,
        },
        "references": {"amplitudes": {"33": None, "11": None}},
    }
    run = snakemake(project, "--cores", "1", *overlay(project, "turned", changes))
    assert run.returncode == 0, run.stderr
    remark = "E11 is 12.4 times E33; axis 3 runs along the fibres"
    assert (run.stdout + run.stderr).count(remark) == 1
    report = (project / "results/turned/report.html").read_text()
    assert f"<li>composites.composite_1.fibre: {remark}" in report
    logs = [log.read_text() for log in (project / "results/turned/logs").rglob("*.log")]
    assert any(f"orthotropic: {remark}" in log for log in logs)


def test_impossible_packing_is_one_message_and_leaves_nothing(project: Path) -> None:
    rve = {"fibres": 1, "volume_fraction": 0.65, "minimum_gap": 0.2}
    arguments = overlay(project, "dense", {"study": "dense", "rve": rve})
    run = snakemake(project, "--cores", "1", *arguments)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    assert "could not be packed; lower rve.volume_fraction or rve.minimum_gap" in output
    assert "Traceback" not in output
    assert not list((project / "results" / "dense" / "rve").glob("*"))


def test_folder_with_blanks_quotes_and_braces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of the interpreter."""
    project = copy_project(tmp_path / "Müller's études {2}")
    (project / ".venv").symlink_to(sys.prefix)
    monkeypatch.setattr(sys, "executable", str(project / ".venv/bin/python"))
    run = snakemake(project, "results/smoke/rve/mesh.msh", "--cores", "1", "--configfile", SMOKE)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def own_cell(project: Path) -> tuple[str, ...]:
    """Arguments of a study on the example's mesh, in a folder of the project.

    Snakemake takes braces in the names of its files for wildcards.
    """
    (project / "cells").mkdir()
    script = ROOT / "docs" / "examples" / "hexagonal_cell.py"
    mesh = project / "cells" / "hexagonal{1}.msh"
    subprocess.run([sys.executable, script, mesh, "0.12"], check=True)
    changes = {"study": "own", "rve": {"mesh": "cells/hexagonal{1}.msh"}, "convergence": None}
    return overlay(project, "own", changes)


def test_own_mesh_is_used_by_what_follows(project: Path, own_cell: tuple[str, ...]) -> None:
    wanted = ("figures/fig05.svg", "dataset/validation.npz", "reference/composite_2/stress/12.csv")
    paths = [f"results/own/{name}" for name in wanted]
    run = snakemake(project, "--cores", "2", *paths, *own_cell)
    assert run.returncode == 0, run.stdout + run.stderr
    described = json.loads((project / "results/own/rve/statistics.json").read_text())
    assert described["fibres"] == 2
    assert described["lattice_vectors"] == pytest.approx(np.diag([1, np.sqrt(3)]))
    assert not planned(project, *paths, *own_cell)


def test_edited_own_mesh_makes_the_cell_again(project: Path, own_cell: tuple[str, ...]) -> None:
    mesh = project / "cells" / "hexagonal{1}.msh"
    original = mesh.read_bytes()
    mesh.write_bytes(original + b"$Comments\nedited\n$EndComments\n")
    try:
        jobs = planned(project, *own_cell)
    finally:
        mesh.write_bytes(original)
    assert jobs["cell"] == 1
    assert jobs["dataset"] == 4


def test_other_groups_make_the_cell_again(project: Path, own_cell: tuple[str, ...]) -> None:
    arguments = overlay(project, "groups", {"rve": {"groups": {"fibre": ["fibre"]}}})
    assert planned(project, *own_cell, arguments[-1])["cell"] == 1


def test_packing_keys_do_not_touch_an_own_mesh(project: Path, own_cell: tuple[str, ...]) -> None:
    arguments = overlay(project, "packing", {"rve": {"fibres": 7, "seed": 8, "element_size": 0.2}})
    target = "results/own/figures/fig05.svg"
    assert not planned(project, target, *own_cell, arguments[-1])


def test_missing_own_mesh_is_one_message_and_no_results(project: Path) -> None:
    arguments = overlay(project, "absent", {"study": "absent", "rve": {"mesh": "absent.msh"}})
    run = snakemake(project, "--cores", "1", *arguments)
    assert run.returncode != 0
    assert "rve.mesh: expected an existing file, its path from the folder where" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (project / "results" / "absent").exists()


def test_unusable_own_mesh_is_one_message(project: Path) -> None:
    (project / "wrong.msh").write_text("no mesh\n")
    changes = {"study": "unusable", "rve": {"mesh": "wrong.msh"}, "convergence": None}
    arguments = overlay(project, "unusable", changes)
    run = snakemake(project, "--dry-run", *arguments)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    assert "rve.mesh: wrong.msh: not a gmsh mesh file" in output
    assert "Traceback" not in output
    assert not (project / "results" / "unusable").exists()


def test_broken_dataset_is_one_message(project: Path, results: Path) -> None:
    """A damaged file is named by the job that reads it; the network is not written."""
    copied = project / "results" / "broken"
    shutil.copytree(results, copied)
    (copied / "dataset" / "training.npz").write_bytes(b"not an archive")
    network = "results/broken/networks/imn_d4_n24_b8_eta1_xi1_s00.npz"
    (project / network).unlink()
    arguments = overlay(project, "broken", {"study": "broken"})
    run = snakemake(project, "--cores", "1", network, "--rerun-triggers", "mtime", *arguments)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    assert "training.npz: is not what this study wrote" in output
    assert "Traceback" not in output
    assert not (project / network).exists()

"""`python -m evaluation.online`: its curve, its picture, and what it says of wrong input."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from networks import random_network

from evaluation.online.__main__ import main
from evaluation.online.prediction import predict
from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments
from rve.dataset.moments import save as save_moments
from rve.loads.curve import write_curve
from rve.loads.load_path import monotonic, piecewise_linear
from rve.mandel import engineering_strain, engineering_stress
from rve.materials.composite import materials
from training.fit import History
from training.store import load, save

EPOXY = {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "yield_stress": 0.03, "H": 0.1}
GLASS = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
CREEPING = {
    "law": "viscoplastic", "youngs_modulus": 3.2, "poisson_ratio": 0.35, "drag": 0.02, "n": 3,
    "rate": 0.001, "yield_stress": 0.005,
}  # fmt: skip
STRAINS, STRESSES = (
    [f"{kind}_{c} [{unit}]" for c in ("11", "22", "33", "23", "31", "12")]
    for kind, unit in (("eps", "-"), ("sig", "GPa"))
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two networks and a composite."""
    monkeypatch.chdir(tmp_path)
    history = History(*[np.zeros(1)] * len(History.__dataclass_fields__))
    for name, seed in (("one", 1), ("two", 2)):
        network = random_network("IMN", 2, np.random.default_rng(seed))
        save(network, history, {"status": "ok"}, tmp_path / f"{name}.npz")
    write_composite(EPOXY)
    return tmp_path


def write_composite(matrix: dict[str, object]) -> None:
    composites = {"glass": {"matrix": matrix, "fibre": GLASS}}
    Path("mine.yaml").write_text(yaml.safe_dump({"composites": composites}))


def run(*words: str, networks: tuple[str, ...] = ("one.npz",), output: str = "curve.csv") -> int:
    inputs = ["--config", "mine.yaml", "--composite", "glass", "--output", output]
    return main([*networks, *inputs, *words])


def columns(file: str = "curve.csv") -> dict[str, np.ndarray]:
    with Path(file).open() as rows:
        heads, *values = csv.reader(rows)
    return dict(zip(heads, np.array(values, dtype=float).T, strict=True))


def stacked(found: dict[str, np.ndarray], names: list[str]) -> np.ndarray:
    return np.stack([found[name] for name in names], axis=1)


def test_the_table_is_the_curve_of_predict_to_the_last_digit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--load", "12=3%", "--increments", "8") == 0
    path = monotonic("12", 0.03, 8, "stress")
    curve = predict(load("one.npz"), materials(EPOXY, GLASS), path).curve
    found = columns()
    assert np.array_equal(stacked(found, STRAINS), engineering_strain(curve.strain))
    assert np.array_equal(stacked(found, STRESSES), engineering_stress(curve.stress))
    assert found["increment"].tolist() == list(range(9))
    assert found["newton_iterations"].tolist() == curve.iterations.tolist()
    said = capsys.readouterr()
    assert "Load: eps_12 from 0 to 0.03; 8 increments." in said.out
    assert "one: neither its record nor tables" in said.err
    assert Path("curve.svg").read_text().count("<path") > 10


def test_segments_units_and_control(folder: Path) -> None:
    """Pressure across and shear there and back, in MPa, under strain control of the rest."""
    words = ["--load", "12=2%", "22=-20MPa", "--load", "12=-0.02", "sig_22=-0.02"]
    assert run(*words, "--increments", "4", "--control", "strain", "--unit", "MPa") == 0
    held = {"eps_11": 0.0, "eps_33": 0.0, "eps_23": 0.0, "eps_31": 0.0, "sig_22": -0.02}
    path = piecewise_linear([held | {"eps_12": 0.02}, held | {"eps_12": -0.02}], 4)
    curve = predict(load("one.npz"), materials(EPOXY, GLASS), path).curve
    names = [name.replace("GPa", "MPa") for name in STRESSES]
    stress = 1e3 * engineering_stress(curve.stress)
    assert np.allclose(stacked(columns(), names), stress, rtol=1e-14, atol=1e-15)
    assert columns()["sig_22 [MPa]"][-1] == pytest.approx(-20)


def test_a_cycle_is_told_by_its_turning_points(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Holds are no turns; of many turns the first stand there, and how far the others go."""
    cycle = [
        word for target in ("0.8%", "0.8%", "0", "1.2%") for word in ("--load", f"22={target}")
    ]
    assert run(*cycle, "--increments", "3") == 0
    assert "Load: eps_22 from 0 to 0.008 to 0 to 0.012; 12 increments." in capsys.readouterr().out
    Path("many.csv").write_text("eps_12 [%],sig_22 [MPa]\n" + "1,-20\n-0.5,-20\n" * 6)
    assert run("--table", "many.csv", "--increments", "2") == 0
    assert (
        "Load: eps_12 from 0 to 0.01 to -0.005 to 0.01 to -0.005 to 0.01 to -0.005 to "
        "... (11 turns between -0.005 and 0.01) to -0.005; sig_22 from 0 to -0.02 GPa; "
        "24 increments."
    ) in capsys.readouterr().out


@pytest.mark.parametrize("files", [("one",), ("one", "two")])
def test_the_error_under_a_load_of_the_study_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], files: tuple[str, ...]
) -> None:
    """Of one network or of the mean; a reference a quarter higher has an error of a fifth."""
    words = ["--load", "22=1%", "--load", "22=0", "--increments", "3"]
    path = piecewise_linear([{"eps_22": 0.01}, {"eps_22": 0.0}], 3)
    laws, study = materials(EPOXY, GLASS), folder / "results/own"
    (study / "networks").mkdir(parents=True)
    for name in ("one", "two"):
        for file in folder.glob(f"{name}.*"):
            file.rename(study / "networks" / file.name)
    networks = tuple(f"results/own/networks/{name}.npz" for name in files)
    curves = [predict(load(file), laws, path).curve for file in networks]
    strain = np.mean([curve.strain for curve in curves], axis=0)
    stress = np.mean([curve.stress for curve in curves], axis=0)
    reference = study / "reference/other_name/path/cycle.csv"
    reference.parent.mkdir(parents=True)
    write_curve(replace(curves[0], strain=strain, stress=1.25 * stress), reference)
    composites = {"other_name": {"matrix": EPOXY, "fibre": GLASS}}
    (study / "config.yaml").write_text(yaml.safe_dump({"composites": composites}))
    assert run(*words, networks=networks) == 0
    said = "Finite elements computed this load: path cycle of own; the error of this curve is"
    assert f"{said} 20 %." in capsys.readouterr().out
    assert run(*words[:-1], "9", networks=networks) == 0
    assert float(capsys.readouterr().out.split(said)[1].split()[0]) == pytest.approx(20, abs=2)
    for other in (["22=1%", "22=0.1%"], ["12=1%", "12=0"], ["22=1%", "22=0", "22=0", "22=0"]):
        points = [word for point in other for word in ("--load", point)]
        assert run(*points, "--increments", "3", networks=networks) == 0
        assert "Finite elements" not in capsys.readouterr().out
    write_composite({**EPOXY, "H": 0.11})
    assert run(*words, networks=networks) == 0
    assert "Finite elements" not in capsys.readouterr().out


def test_a_table_gives_times_and_a_picture_over_time(folder: Path) -> None:
    write_composite(CREEPING)
    Path("hold.csv").write_text("time [min],eps_11 [%]\n0,0\n1,1\n11,1\n")
    words = ["--table", "hold.csv", "--increments", "5"]
    assert run(*words, "--picture", "hold.png") == 0
    found = columns()
    assert found["time [s]"][[0, 5, 10]].tolist() == [0, 60, 660]
    assert found["sig_11 [GPa]"][10] < found["sig_11 [GPa]"][5]  # it relaxes
    assert Path("hold.png").read_bytes().startswith(b"\x89PNG")


def test_several_networks_are_their_mean_and_its_spread(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, both = ["--load", "11=0.02", "--increments", "3"], ("one.npz", "two.npz")
    assert run(*words, networks=both) == 0
    path, laws = monotonic("11", 0.02, 3, "stress"), materials(EPOXY, GLASS)
    stresses = [
        engineering_stress(predict(load(file), laws, path).curve.stress)[:, 0] for file in both
    ]
    found = columns()
    assert np.allclose(found["sig_11 [GPa]"], np.mean(stresses, axis=0), atol=1e-12)
    deviation = abs(stresses[0] - stresses[1]) / np.sqrt(2)
    assert np.allclose(found["deviation_11 [GPa]"], deviation, atol=1e-12)

    phases = np.array([[np.eye(6), 3 * np.eye(6)]])
    values, shares = np.full((1, 1, 6, 3), 0.8), np.ones((1, 1, 6))
    moments = Moments(Dataset(phases, phases.mean(axis=1)), (0,), values, shares)
    save_moments(moments, folder / "moments.npz")
    capsys.readouterr()
    assert run(*words, "--moments", "moments.npz", networks=both) == 0
    (factor,) = (float(w) for w in capsys.readouterr().out.split("times ")[1].split(",")[:1])
    assert np.allclose(columns()["deviation_11 [GPa]"], factor * deviation, rtol=1e-2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--load", "12=3"],
            "eps_12 of point 1: expected a number of at least -0.5 and",
        ),
        (["--load", "12=3"], "got 3; it is a fraction, and 3 % are 0.03"),
        (["--load", "sig_22=-20"], "its unit is GPa, and -20 MPa are -0.02 GPa"),
        (["--load", "gamma12=1%"], "unknown component gamma12; did you mean eps_12?"),
        (["--load", "12=1%", "--increments", "0"], "increments: expected a whole number of at lea"),
        (["--load", "12=1%", "--load", "22=1%"], "point 1 names neither eps_22 nor sig_22, but"),
        (["--load", "12=1%", "--unit", "mPas"], "its unit mPas is none of GPa"),
        (["--load", "12=1%", "--duration", "1", "2"], "expected one duration, or one for each"),
        (["--load", "12=1%", "--picture", "a.jpg"], "--picture: expected a name that ends in .svg"),
        (["--load", "12=1%", "--moments", "m.npz"], "--moments: one network has no spread"),
        (["--table", "nowhere.csv"], "nowhere.csv: cannot be read"),
        (["--table", "percent.csv"], "percent.csv: eps_11 of row 2: expected a number of at least"),
        (["--table", "curve.csv"], "--output: curve.csv is the table of the load"),
        (["--table", "timed.csv", "--duration", "3"], "timed.csv: has times, which are durations"),
    ],
)
def test_what_cannot_be_meant_is_one_message(
    folder: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("percent.csv").write_text("eps_11\n0.01\n2\n")
    Path("timed.csv").write_text("time,eps_11\n1,0.01\n")
    before = set(folder.iterdir())
    assert run(*words) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("evaluation.online: ") and message in line
    assert set(folder.iterdir()) == before


def test_files_that_are_not_there_or_cannot_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--load", "12=1%", networks=("none.npz",)) == 1
    assert "none.npz: expected the .npz file of a trained network" in capsys.readouterr().err
    assert run("--load", "12=1%", "--increments", "1", output="mine.yaml/curve.csv") == 1
    assert "curve.csv: cannot be written" in capsys.readouterr().err
    assert run("--load", "12=1%", output="curve.txt") == 1
    assert "--output: expected a name that ends in .csv, got curve.txt" in capsys.readouterr().err

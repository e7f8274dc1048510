"""`python -m evaluation.export`: what it writes, and what it says of wrong input."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from networks import random_network

from evaluation.export.__main__ import main
from evaluation.online.inputs import phases_of
from evaluation.online.known_error import constants
from training.fit import History
from training.store import save

CONFIG = Path(__file__).parents[3] / "config.yaml"
"""The paper's study."""
DEMO = CONFIG.parent / "workflow/studies/demo.yaml"
"""What differs from it."""
GIVEN = {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "yield_stress": 0.03}
TABLE = {"law": "j2_table", "youngs_modulus": 3.2, "poisson_ratio": 0.35}


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "imn.npz"
    history = History(*[np.zeros(1)] * len(History.__dataclass_fields__))
    save(random_network("IMN", 2, np.random.default_rng(0)), history, {"status": "ok"}, path)
    return path


def arguments(network: Path, output: Path, **changed: str) -> list[str]:
    options = {"config": str(CONFIG), "composite": "composite_1", "interface": "umat"} | changed
    return [str(network), "--output", str(output)] + [
        word for name, value in options.items() for word in (f"--{name}", value)
    ]


def test_four_files(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(network, tmp_path / "my_law")) == 0
    assert {path.name for path in (tmp_path / "my_law").iterdir()} == {
        "my_law.c", "my_law.h", "check.c", "build.sh",
    }  # fmt: skip
    text = (tmp_path / "my_law/my_law.c").read_text()
    assert f"the network {network}" in " ".join(text.split())
    assert "composite_1" in text and "MPa" in text
    header = (tmp_path / "my_law/my_law.h").read_text()
    matrix = yaml.safe_load(CONFIG.read_text())["composites"]["composite_1"]["matrix"]
    assert f"matrix: Young's modulus, MPa [{1e3 * matrix['youngs_modulus']}]" in header
    assert "build.sh" in capsys.readouterr().out


def test_an_overlay_in_which_the_whole_composite_stands_is_enough(
    network: Path, tmp_path: Path
) -> None:
    glass = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
    epoxy = {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "yield_stress": 0.03}
    overlay = tmp_path / "glass.yaml"
    overlay.write_text(yaml.safe_dump({"composites": {"own": {"matrix": epoxy, "fibre": glass}}}))
    assert main(arguments(network, tmp_path / "law", config=str(overlay), composite="own")) == 0
    assert "fibre: Young's modulus, MPa [72000.0]" in (tmp_path / "law/law.h").read_text()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"composite": "composite_9"}, "no composite composite_9; it has composite_1"),
        ({"config": "nowhere.yaml"}, "nowhere.yaml: no such file; a study leaves its own"),
        ({"config": __file__}, "cannot be read"),
        ({"config": str(DEMO)}, "has no composites; take config.yaml"),
    ],
)
def test_wrong_composite(
    network: Path,
    tmp_path: Path,
    changed: dict[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(arguments(network, tmp_path / "my_law", **changed)) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "my_law").exists()


@pytest.mark.parametrize("file", [False, True], ids=["rows", "file"])
def test_numbers_of_a_table_have_short_names(file: bool, network: Path, tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_text("stress [MPa],plastic strain [%]\n30,0\n50,2\n")
    table = str(tmp_path / "curve.csv") if file else [[0, 0.03], [0.02, 0.05]]
    composite = {"matrix": TABLE | {"table": table}, "fibre": TABLE | {"law": "isotropic"}}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"composites": {"mine": composite}}))
    assert main(arguments(network, tmp_path / "my_law", config=str(config), composite="mine")) == 0
    header = (tmp_path / "my_law/my_law.h").read_text()
    assert "  4  matrix: table, row 2: plastic strain, - [0.02]\n" in header
    assert "  5  matrix: table, row 2: flow stress, MPa [50.0]\n" in header


def test_units_of_the_configuration(network: Path, tmp_path: Path) -> None:
    """Two data sheets, one of them as a CSV file, give the numbers of the same in GPa."""
    (tmp_path / "curve.csv").write_text("plastic strain,flow stress [N/mm2]\n0,30\n2,50\n")
    fibre = {"law": "isotropic", "poisson_ratio": 0.22}
    written = {
        "gpa": ({}, TABLE | {"table": [[0, 0.03], [0.02, 0.05]]}, fibre | {"youngs_modulus": 72}),
        "mpa": (
            {"units": {"stress": "MPa", "strain": "percent"}},
            TABLE | {"youngs_modulus": 3200, "table": str(tmp_path / "curve.csv")},
            fibre | {"youngs_modulus": "72 GPa"},
        ),
    }
    headers = []
    for name, (units, *phases) in written.items():
        composite = dict(zip(("matrix", "fibre"), phases, strict=True))
        config = tmp_path / f"{name}.yaml"
        config.write_text(yaml.safe_dump({**units, "composites": {"mine": composite}}))
        target = tmp_path / name / "law"
        assert main(arguments(network, target, config=str(config), composite="mine")) == 0
        headers.append((target / "law.h").read_text().replace(str(config), ""))
    assert headers[0] == headers[1]
    assert "flow stress, MPa [50.0]" in headers[1]


def test_wrong_constant(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    composite = {"matrix": {"law": "j2", "youngs_modulus": -3}, "fibre": {"law": "isotropic"}}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"composites": {"mine": composite}}))
    assert main(arguments(network, tmp_path / "my_law", config=str(config), composite="mine")) == 1
    assert "mine: matrix: j2: poisson_ratio, yield_stress: missing" in capsys.readouterr().err


def test_constant_in_another_unit(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = {"youngs_modulus": 3800, "poisson_ratio": 0.35, "yield_stress": 0.03}
    fibre = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"composites": {"mine": {"matrix": matrix, "fibre": fibre}}}))
    assert main(arguments(network, tmp_path / "my_law", config=str(config), composite="mine")) == 1
    message = (
        "mine: matrix: j2: youngs_modulus: expected a number above 0 and at most 2000 GPa, got"
    )
    assert f"{message} 3800; its unit is GPa" in capsys.readouterr().err
    assert not (tmp_path / "my_law").exists()


@pytest.mark.parametrize(
    ("composite", "message"),
    [
        (None, "expected a law for each phase by its name, such as matrix and fibre, got None"),
        ({"matrix": GIVEN, "fiber": {}}, "mine: fiber: law: missing; expected one of"),
        ({"fibre": {}}, "expected a law for each phase by its name, such as matrix and fibre, got"),
        ({"matrix": {}, "fibre": 3}, "fibre: expected a law, got 3"),
        (
            {"matrix": TABLE | {"table": "nowhere.csv"}, "fibre": {}},
            "mine: matrix: nowhere.csv: cannot be read",
        ),
    ],
)
def test_composite_of_another_form(
    network: Path,
    tmp_path: Path,
    composite: object,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"composites": {"mine": composite}}))
    assert main(arguments(network, tmp_path / "my_law", config=str(config), composite="mine")) == 1
    assert message in capsys.readouterr().err


def test_folder_that_cannot_be_written(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(arguments(network, tmp_path / "file")) == 1
    assert "file: cannot be written: File exists" in capsys.readouterr().err


def test_network_without_its_record(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network.with_suffix(".json").unlink()
    assert main(arguments(network, tmp_path / "my_law")) == 1
    assert "imn.npz: its record imn.json is not beside it; copy both" in capsys.readouterr().err


def test_name_that_is_no_word_in_c(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(network, tmp_path / "my-law")) == 1
    assert "digits and _, a letter first, got 'my-law'" in capsys.readouterr().err


def test_network_that_failed(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = network.with_suffix(".json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"status": "failed"}))
    assert main(arguments(network, tmp_path / "my_law")) == 1
    assert "the training of this network failed" in capsys.readouterr().err


def test_file_that_is_no_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path / "nothing.npz", tmp_path / "my_law")) == 1
    assert "nothing.npz: expected the .npz file of a trained network" in capsys.readouterr().err


def code(path: Path) -> str:
    """A C file without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def test_the_head_and_the_terminal_say_what_is_known_of_the_network(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A chosen network of a study, first without a test, then with one; the code is the same."""
    record = network.with_suffix(".json")
    plain = json.loads(record.read_text())
    assert main(arguments(network, tmp_path / "plain/law")) == 0
    warning = "imn: neither its record nor tables of a study beside it hold a test"
    assert f"warning: {warning}" in capsys.readouterr().err

    phases = phases_of(CONFIG, "composite_1")
    test = {"e_sigma": 0.0123, "loads": 6, "worst_load": "12", "worst_error": 0.0345}
    test |= {"control": "stress", "scheme": "newton", "materials": constants(phases)}
    chosen = {"id": "imn_s03", "chosen": "it has the smallest error", "tested": {"mine": test}}
    record.write_text(json.dumps(plain | chosen))
    assert main(arguments(network, tmp_path / "tested/law")) == 0
    said = capsys.readouterr()
    told = [
        "imn_s03, IMN of 2 layers: it has the smallest error.",
        "On mine its error e_sigma against finite elements is 1.2 % (6 loads, stress control, "
        "newton).",
        "Its worst curve is the load 12 with 3.5 %.",
    ]
    assert said.out.splitlines()[:-1] == told
    assert said.err == ""
    head = " ".join((tmp_path / "tested/law/law.c").read_text().partition("*/")[0].split())
    assert " ".join(told) in head
    assert "WARNING" not in head

    record.write_text(json.dumps(plain | chosen | {"initialisation": "random"}))
    assert main(arguments(network, tmp_path / "other/law", composite="composite_2")) == 0
    said = capsys.readouterr()
    head = " ".join((tmp_path / "other/law/law.c").read_text().partition("*/")[0].split())
    for warning in (
        "imn_s03: it was never tested on composite_2, so that its error there is not known; it was "
        "tested on mine.",
        "imn_s03: its start is random, and such networks may err many times more than those of the "
        "recipe, docs/recipe.md.",
    ):
        assert f"warning: {warning}\n" in said.err
        assert f"WARNING: {warning}" in head
    assert code(tmp_path / "tested/law/law.c") == code(tmp_path / "plain/law/law.c")


def test_a_warning_about_several_networks_is_one_that_names_them(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = network.with_name("second.npz")
    for suffix in (".npz", ".json"):
        shutil.copy(network.with_suffix(suffix), second.with_suffix(suffix))
    assert main([str(second), *arguments(network, tmp_path / "law")]) == 0
    assert "warning: second, imn: neither its record nor tables" in capsys.readouterr().err


def table(folder: Path, composite: str, errors: dict[str, float]) -> None:
    """A study's online.csv with curves of the network imn: those of its first scheme are `errors`.

    With a second scheme all of them are 0.9, and so are those of another network.
    """
    folder.mkdir(parents=True)
    rows = ["network,scheme,composite,control,load,status,error"]
    for network, scheme in (("imn", "tree_newton"), ("imn", "newton"), ("dmn", "tree_newton")):
        for load, error in errors.items():
            control = "path" if load == "cycle" else "stress"
            first = (network, scheme) == ("imn", "tree_newton")
            words = network, scheme, composite, control, load, "ok", str(error if first else 0.9)
            rows.append(",".join(words))
    (folder / "online.csv").write_text("\n".join(rows) + "\n")


def test_what_tables_of_studies_say_of_their_networks(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That of the study of the networks, and that of one that took them for other materials."""
    results = tmp_path / "results"
    networks = results / "first/networks"
    networks.mkdir(parents=True)
    for suffix in (".npz", ".json"):
        for name in ("imn", "untested"):
            shutil.copy(network.with_suffix(suffix), networks / f"{name}{suffix}")
    paper = yaml.safe_load(CONFIG.read_text())
    online = {"controls": ["stress"], "schemes": {"IMN": ["tree_newton", "newton"]}}
    soft, stiff = (paper["composites"][f"composite_{number}"] for number in (1, 2))
    for study, composite, errors in (
        ("first", soft, {"11": 0.01, "22": 0.03}),
        ("second", stiff, {"11": 0.02, "cycle": 0.05}),
        ("stranger", stiff, {"11": 0.7}),
    ):
        table(results / study / "tables", "mine", errors)
        config = {"study": study, "online": online, "composites": {"mine": composite}}
        config |= {"networks_of": "first"} if study == "second" else {}
        (results / study / "config.yaml").write_text(yaml.safe_dump(config))
    (results / "broken/tables").mkdir(parents=True)
    (results / "broken/tables/online.csv").write_text("not, a, table")
    (results / "broken/config.yaml").write_text("nor, a, study")

    def said(composite: str, *further: str) -> tuple[list[str], str]:
        own = arguments(networks / "imn.npz", tmp_path / "law", composite=composite)
        assert main([*further, *own]) == 0
        found = capsys.readouterr()
        return found.out.splitlines()[:-1], found.err

    told, warned = said("composite_1")
    assert told[1:] == [
        "On mine its error e_sigma against finite elements is 2 % (2 loads, stress control, "
        "tree_newton).",
        "Its worst curve is the load 22 with 3 %.",
    ]
    assert not warned
    told, warned = said("composite_2", str(networks / "untested.npz"))
    assert told[0].startswith("untested, ") and told[1].startswith("imn, ")
    assert told[2:] == [
        "On mine of second its error e_sigma against finite elements is 2 % (1 loads, stress "
        "control, tree_newton).",
        "Its worst curve is the load cycle with 5 %.",
    ]
    assert "untested: neither its record nor tables of a study beside it hold a test" in warned
    chosen = results / "first/network.npz"
    shutil.copy(networks / "imn.npz", chosen)
    record = json.loads((networks / "imn.json").read_text()) | {"id": "imn", "tested": {}}
    chosen.with_suffix(".json").write_text(json.dumps(record))
    own = arguments(chosen, tmp_path / "law", composite="composite_2")
    assert main(own) == 0
    assert capsys.readouterr().out.splitlines()[1:-1] == told[2:]
    told, warned = said("composite_3")
    assert len(told) == 1
    assert warned.endswith("; it was tested on mine, mine of second.\n")

"""docs/export.md: its commands and its code, run one after the other in a folder of their own."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import random_network

from evaluation.export.__main__ import INTERFACES, main
from evaluation.export.functions import caller_to_cell
from evaluation.online import NetworkLaw
from evaluation.online.inputs import phases_of
from rve.mandel import rotation_matrix
from training.fit import History
from training.store import save
from training.tree import prune

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/export.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The folder where all of the page was run, and what its parts left behind."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "config.yaml").write_text((ROOT / "config.yaml").read_text())
    _, export, build = blocks("sh")[0].replace("\\\n", "").splitlines()
    arguments = shlex.split(export)[3:]
    network = random_network("IMN", 3, np.random.default_rng(0))
    history = History(*[np.zeros(1)] * len(History.__dataclass_fields__))
    (folder / arguments[0]).parent.mkdir(parents=True)
    save(network, history, {"status": "ok"}, folder / arguments[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(arguments) == 0
        checked = subprocess.run(build, shell=True, capture_output=True, text=True, check=True)
        (folder / "pull.c").write_text(blocks("c")[0])
        in_c = subprocess.run(
            blocks("sh")[1], shell=True, capture_output=True, text=True, check=True
        )
        names: dict[str, Any] = {}
        exec(compile(blocks("python")[0], "export.md", "exec"), names)
    return folder, network, checked.stdout, in_c.stdout, names


@pytest.mark.slow
def test_law_is_that_of_python(pulled: Any) -> None:
    folder, network, checked, in_c, names = pulled
    law = NetworkLaw(prune(network), phases_of(folder / "config.yaml", "composite_1"))
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    turn = caller_to_cell(1) @ rotation_matrix(np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]))
    state, rows = np.zeros((1, law.state_size)), []
    for k in range(1, 11):
        stress, state, _ = law.respond((turn @ (0.001 * k * np.eye(6)[0]))[None], state)
        rows.append([0.001 * k, 1e3 * (turn.T @ stress[0])[0]])
    assert names["stress"] == pytest.approx(1e3 * turn.T @ stress[0], rel=1e-9)
    printed = [[float(word) for word in line.split()] for line in in_c.splitlines()]
    assert np.array(printed) == pytest.approx(np.array(rows), rel=1e-8)
    assert re.fullmatch(r"as in Python: the stresses differ by .* of the largest\n", checked)


@pytest.mark.slow
def test_files_of_the_table(pulled: Any) -> None:
    listed = set(re.findall(r"^\| `(\S+)` \|", PAGE.split("## Interfaces")[0], re.MULTILINE))
    folder = pulled[0] / "ply"
    built = {"check", *(path.name for path in folder.glob("*.so"))}
    assert listed == {path.name for path in folder.iterdir()} - built


def test_interfaces_of_the_table() -> None:
    table = PAGE.split("## Interfaces")[1].split("\n\n")[1]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(INTERFACES)


def test_size_of_the_state() -> None:
    """64 nodes, half of them of a matrix with 7 numbers."""
    assert "2 + 6 + 3 (N - 1) + (numbers of the matrix law) x (matrix nodes)" in PAGE
    assert 2 + 6 + 3 * 63 + 7 * 32 == 421 and "has 421 numbers" in PAGE

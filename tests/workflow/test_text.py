"""What YAML reads otherwise than a person does is refused, with what was meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.study.config.problem import ConfigError
from workflow.study.config.text import check_files

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ROOT / "workflow/studies"
OVER_RECIPE = "accurate", "held_out", "recipe_claims"


def problems(tmp_path: Path, text: str) -> list[str]:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(text)
    try:
        check_files([ROOT / "config.yaml", overlay])
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("text", "path", "hint"),
    [
        ("network: {layers:6}", "network.layers:6", "blank after the colon it is layers: 6"),
        ("sweeps: {data400: null}", "sweeps.data400", "did you mean data_400?"),
        ("sweeps: {mine: null}", "sweeps.mine", "null can remove: data_400, data_1024"),
        ("training: {learningrate: }", "training.learningrate", "did you mean learning_rate?"),
        ("training: {zzz: }", "training.zzz", "keys allowed here: epochs, learning_rate"),
        (
            "composites: {c: {fibre: {G12: 29,5}}}",
            "composites.c.fibre.5",
            "a comma ends 29,5 here: write 29.5",
        ),
        ("training: {epochs: 20,000}", "training.000", "write 20.000, or 20000"),
        ("network: {samples: 0400}", "network.samples", "0400 is 256 to YAML"),
        ("network: {xi: -010}", "network.xi", "-010 is -8 to YAML, which reads it as octal"),
        ("sweeps: {a: {layers: [4, 05]}}", "sweeps.a.layers[1]", "write 5"),
        ("references: {duration: 2:30}", "references.duration", "2:30 is 150 to YAML"),
        ("network: {layers: 5}\nnetwork: {xi: 2}", "network", "stands twice"),
    ],
)
def test_what_yaml_reads_otherwise_is_refused(
    tmp_path: Path, text: str, path: str, hint: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"{path}: ")
    assert hint in problem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sweeps: {eta: null}",
        "sweeps: null",
        "composites: {composite_1: {matrix: {H: null}}}",
        "composites: {composite_1: null}",
        "rve:\n  mesh:\n",
        "network: {layers: 0, xi: 0.5, samples: 1_000, seeds: 10}",
        "references: {amplitudes: {11: null}}",
    ],
)
def test_nulls_that_remove_something_and_plain_numbers_pass(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == []


def test_null_removes_what_an_earlier_overlay_brought(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("sweeps: {default: null}")
    check_files([ROOT / "config.yaml", STUDIES / "recipe.yaml", mine])
    with pytest.raises(ConfigError, match=r"sweeps\.default: is empty"):
        check_files([ROOT / "config.yaml", mine])


@given(st.integers(-9999, 9999) | st.floats(-1e6, 1e6))
def test_a_number_as_python_writes_it_is_read_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, number: float
) -> None:
    assert problems(tmp_path_factory.mktemp("number"), f"network: {{xi: {number}}}") == []


def test_the_studies_of_this_project_pass() -> None:
    for path in STUDIES.glob("*.yaml"):
        over = [STUDIES / "recipe.yaml"] if path.stem in OVER_RECIPE else []
        check_files([ROOT / "config.yaml", *over, path])

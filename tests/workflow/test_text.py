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


def test_null_removes_what_an_earlier_overlay_brought(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("sweeps: {default: null}")
    check_files([ROOT / "config.yaml", STUDIES / "recipe.yaml", mine])
    with pytest.raises(ConfigError, match=r"sweeps\.default: has no value"):
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

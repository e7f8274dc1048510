"""What whoever installs relies on: the same versions of Python everywhere, pinned packages."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSIONS = ["3.11", "3.12", "3.13"]


def text(name: str) -> str:
    return (ROOT / name).read_text()


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_all_places_name_the_same_versions_of_python() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    classifiers = [line.rsplit(" ", 1)[-1] for line in PROJECT["classifiers"] if "3." in line]
    assert workflow["jobs"]["check"]["strategy"]["matrix"]["python"] == VERSIONS
    assert classifiers == VERSIONS
    assert f"for version in {' '.join(VERSIONS)};" in text(".ci/wheels")
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in text("Makefile")
    assert "Python 3.11, 3.12 or 3.13" in text("README.md")


def test_what_the_project_uses_is_pinned() -> None:
    lines = [line for line in text("requirements.lock").splitlines() if not line.startswith("#")]
    pinned = {normal(line.split("==")[0]) for line in lines if "==" in line}
    assert len(pinned) == len(lines)
    assert {normal(re.split(r"[^\w.-]", one)[0]) for one in PROJECT["dependencies"]} <= pinned


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_targets_of_make_exist(name: str) -> None:
    makefile = text("Makefile")
    for block in re.findall(r"```sh\n(.*?)```|`(make [^`]+)`", text(name), re.DOTALL):
        for target in re.findall(r"\bmake (?:PYTHON=\S+ )?([a-z-]+)", "".join(block)):
            if target not in ("git", "libglu"):
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_of_the_guide_for_contributors_exist() -> None:
    page = text("CONTRIBUTING.md")
    for target in re.findall(r"\]\(([^)#]+)", page):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:rve|training|evaluation|workflow|tests|docs)/[\w/.-]+)`", page):
        assert (ROOT / path).exists(), path


def test_continuous_integration_runs_what_the_forge_runs() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    assert {"run": ".ci/run"} in workflow["jobs"]["check"]["steps"]
    for hook in yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]:
        assert hook["entry"] == "make lint"

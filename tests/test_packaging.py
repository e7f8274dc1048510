"""What whoever installs relies on: the same versions of Python everywhere, pinned packages."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
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
    study = [*PROJECT["dependencies"], *(one for name in ("cell", "study") for one in EXTRAS[name])]
    used = {normal(re.split(r"[^\w.-]", one)[0]) for one in study} - {PROJECT["name"]}
    assert used <= pinned


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_targets_of_make_exist(name: str) -> None:
    makefile = text("Makefile")
    for block in re.findall(r"```sh\n(.*?)```|`(make [^`]+)`", text(name), re.DOTALL):
        for target in re.findall(r"\bmake (?:PYTHON=\S+ )?([a-z-]+)", "".join(block)):
            if target not in ("git", "libglu"):
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_of_the_guide_for_contributors_exist() -> None:
    page = text("CONTRIBUTING.md")
    for target in re.findall(r"\]\((?!http)([^)#]+)", page):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:rve|training|evaluation|workflow|tests|docs)/[\w/.-]+)`", page):
        assert (ROOT / path).exists(), path


def test_continuous_integration_runs_what_the_forge_runs() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    assert {"run": ".ci/run"} in workflow["jobs"]["check"]["steps"]
    for hook in yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]:
        assert hook["entry"] == "make lint"


def words(name: str) -> list[str]:
    return text(name).replace("\\\n", " ").split()


@pytest.mark.parametrize("extra", ["docs", "peers", "slurm", "torch"])
def test_what_an_extra_needs_is_pinned(extra: str) -> None:
    lock = f"requirements-{extra}.lock"
    pinned = [line for line in text(lock).splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pinned)
    names = {normal(line.split("==")[0]) for line in pinned}
    wanted = EXTRAS[extra]
    assert {normal(re.split(r"[^\w.-]", one)[0]) for one in wanted} <= names
    assert lock in words(".ci/wheels")
    assert lock in words("Makefile")
    # What the study itself needs has one version.
    assert not names & {normal(one.split("==")[0]) for one in text("requirements.lock").split()}


def test_extras_agree_on_versions() -> None:
    locks = [
        text(f"requirements-{extra}.lock").split("\n")
        for extra in ("docs", "peers", "slurm", "torch")
    ]
    pinned = {line for lock in locks for line in lock if "==" in line}
    assert len({line.split("==")[0] for line in pinned}) == len(pinned)


def test_images_have_the_system_packages_of_ci() -> None:
    (inside,) = re.findall(r"apt-get install.*?-recommends \\\n(.+)", text("containers/install"))
    (ci,) = re.findall(r"apt-get install.*?-recommends \\\n(.+) >/dev/null", text(".ci/run"))
    assert inside.split() == ci.split()


def test_both_images_are_made_of_the_same() -> None:
    docker, apptainer = text("containers/Dockerfile"), text("containers/apptainer.def")
    (base,) = re.findall(r"^FROM (\S+)$", docker, re.MULTILINE)
    assert re.findall(r"^From: (\S+)$", apptainer, re.MULTILINE) == [base]
    assert re.fullmatch(r"python:(3\.\d+)-slim-bookworm", base)[1] in VERSIONS
    copied = re.findall(r"^COPY (\S+) (\S+)$", docker, re.MULTILINE)
    (files,) = re.findall(r"%files\n(.*?)\n\n", apptainer, re.DOTALL)
    assert copied == [tuple(line.split()) for line in files.splitlines()]
    for source, _ in copied:
        assert (ROOT / source).is_file(), source
    (run,) = re.findall(r"^RUN (\S+)$", docker, re.MULTILINE)
    assert run in apptainer
    assert run in [f"{folder}{Path(source).name}" for source, folder in copied]
    (environment,) = re.findall(r"^ENV (.+)$", docker, re.MULTILINE)
    assert f"export {environment}\n" in apptainer

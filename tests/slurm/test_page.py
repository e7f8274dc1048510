"""What docs/cluster.md tells a user to type can be planned, and is submitted as it says."""

import re
from pathlib import Path

from studies import ROOT, copy_project, snakemake

PAGE = (ROOT / "docs/cluster.md").read_text()
GROUPS = ("cell", "samples", "references", "networks", "timing", "report")
ALONE = ("constants", "compile")
LOCAL = 7  # jobs in the main process, and the target `all`


def test_commands_are_planned_as_the_page_says(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    commands = re.findall(r"^snakemake ([^#\n]+)", PAGE, re.MULTILINE)
    plans = [snakemake(project, "-n", *command.split()) for command in commands]
    assert [plan.returncode for plan in plans] == [0] * len(commands)
    paper = plans[0].stdout + plans[0].stderr
    jobs = int(re.findall(r"^total +(\d+)$", paper, re.MULTILINE)[0])
    groups = re.findall(r"Group job (\w+)", paper)
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]
    alone = [int(re.findall(rf"^{rule} +(\d+)$", paper, re.MULTILINE)[0]) for rule in ALONE]
    assert numbers == [*map(groups.count, GROUPS), *alone]
    text = " ".join(PAGE.split())
    assert f"has {jobs - 1} jobs. Of these {jobs - LOCAL} run in {sum(numbers)} submissions" in text


def test_keys_of_the_page_are_those_of_the_profile() -> None:
    profile = (ROOT / "profiles/slurm/config.yaml").read_text()
    for key in ("slurm_account", "slurm_partition", "group-components", "set-resources"):
        assert f"{key}" in PAGE
        assert f"{key}" in profile


def test_options_of_the_page_are_those_of_the_plugin() -> None:
    options = snakemake(ROOT, "--help").stdout
    for option in re.findall(r"`(slurm-[a-z-]+)", PAGE):
        assert f"--{option} " in options, option

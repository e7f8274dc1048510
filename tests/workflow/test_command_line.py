"""Configuration files that Snakemake's command line would drop."""

import pytest

from workflow.study.config.problem import ConfigError
from workflow.study.config.text import check_configfiles


@pytest.mark.parametrize(
    "arguments",
    [
        ["--configfile", "a.yaml", "--cores", "2", "--configfile", "b.yaml"],
        ["--configfile=a.yaml", "--configfile", "b.yaml", "-n"],
        ["--configfiles", "a.yaml", "-n", "--configfile=b.yaml"],
    ],
)
def test_a_second_option_is_refused_and_told_how_to_give_both(arguments: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        check_configfiles(arguments)
    message = str(caught.value)
    assert "without a.yaml" in message
    assert message.endswith("--configfile a.yaml b.yaml")
    assert len(message.splitlines()) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--cores", "2", "report.html"],
        ["--cores", "all", "--configfile", "a.yaml", "b.yaml"],
        ["--configfile=a.yaml", "--config", "study=x"],
    ],
)
def test_files_that_are_all_read_pass(arguments: list[str]) -> None:
    check_configfiles(arguments)

"""What Snakemake's command line drops without a word."""

from argparse import ArgumentParser
from collections.abc import Sequence

from workflow.study.config.problem import ConfigError, Problem

_OPTIONS = ("--configfile", "--configfiles")


def check_configfiles(arguments: Sequence[str]) -> None:
    """Refuse configuration files that Snakemake would not read: those before the last option.

    `--configfile a.yaml --configfile b.yaml` reads b.yaml alone, `--configfile a.yaml b.yaml` both.

    Raises:
        ConfigError: the option is given more than once.
    """
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(*_OPTIONS, dest="groups", nargs="*", action="append", default=[])
    groups = parser.parse_known_args(arguments)[0].groups
    if len(groups) > 1:
        dropped = " and ".join(file for group in groups[:-1] for file in group)
        every = " ".join(file for group in groups for file in group)
        reason = (
            f"stands {len(groups)} times, and Snakemake would read the last one alone, without "
            f"{dropped}; give all files to one: --configfile {every}"
        )
        raise ConfigError([Problem("--configfile", reason)])

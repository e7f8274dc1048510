"""What YAML and Snakemake read in configuration files otherwise than a person does.

These mistakes leave no trace in what YAML returns: a decimal comma ends a number in braces and
makes an empty key of its decimals, a missing blank makes an empty key of a key and its value, and
`010` is eight. So the text itself is read, node by node.
"""

import re
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from snakemake.utils import update_config

from rve.arguments import did_you_mean
from workflow.study.config.problem import ConfigError, Location, Problem, dotted
from workflow.study.config.schema import allowed_keys

_NULL = "tag:yaml.org,2002:null"
_MISREAD = re.compile(r"[-+]?0[0-9_]+|[-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)?")
"""Whole numbers that YAML takes to be octal, and numbers that it counts in sixties."""


def check_configfiles(arguments: Sequence[str]) -> None:
    """Refuse configuration files that Snakemake would not read: those before the last option.

    `--configfile a.yaml --configfile b.yaml` reads b.yaml alone, `--configfile a.yaml b.yaml` both.
    """
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--configfile", "--configfiles", nargs="*", action="append", default=[])
    groups = parser.parse_known_args(arguments)[0].configfile
    if len(groups) > 1:
        dropped = " and ".join(file for group in groups[:-1] for file in group)
        every = " ".join(file for group in groups for file in group)
        reason = (
            f"stands {len(groups)} times, and Snakemake would read the last one alone, without "
            f"{dropped}; give all files to one: --configfile {every}"
        )
        raise ConfigError([Problem("--configfile", reason)])


def check_files(paths: Sequence[Path]) -> None:
    """Refuse mistakes in the text of configuration files, each an overlay of those before."""
    problems: list[Problem] = []
    before: dict[str, Any] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        node, content = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
        if node is not None and isinstance(content, dict):
            after = deepcopy(before)
            update_config(after, content)
            problems += _problems(node, (), before, after)
            before = after
    if problems:
        raise ConfigError(dict.fromkeys(problems))


def _problems(node: yaml.Node, at: Location, before: Any, after: Any) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for place, entry in enumerate(node.value):
            yield from _problems(entry, (*at, place), None, after)
    elif isinstance(node, yaml.MappingNode):
        seen = set[str]()
        earlier = before.items() if isinstance(before, Mapping) else ()
        removable = {str(key): inner for key, inner in earlier}
        for key, value in node.value:
            name = str(key.value)
            here = (*at, name)
            if name in seen:
                yield Problem(dotted(here, after), "stands twice; YAML takes the second alone")
            seen.add(name)
            known = allowed_keys(at, after)
            if value.tag == _NULL and name not in [*known, *removable]:
                yield Problem(dotted(here, after), _without_value(name, known or list(removable)))
            yield from _problems(value, here, removable.get(name), after)
    elif not node.tag.endswith(":str") and _MISREAD.fullmatch(node.value):
        reason = f"{node.value} is {yaml.safe_load(node.value)} to YAML"
        reason += "; write the number that is meant without leading zeros and colons"
        yield Problem(dotted(at, after), reason)


def _without_value(name: str, known: list[str]) -> str:
    """What may be meant by a key that has no value and removes nothing."""
    names = did_you_mean(name.split(":")[0], known)
    names = names or f"; expected one of {', '.join(known) or 'none'}"
    return (
        f"has no value, and there is nothing of this name{names}; a colon needs a "
        "blank behind it, and a number a point instead of a comma"
    )

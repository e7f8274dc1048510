"""What YAML reads in a configuration file otherwise than a person does.

These mistakes leave no trace in what YAML returns: a decimal comma ends a number in braces and
makes an empty key of its decimals, a missing blank makes an empty key of a key and its value, and
`010` is eight. So the text itself is read, node by node.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from snakemake.utils import update_config

from rve.arguments import did_you_mean
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.reference import Location, allowed_keys

_NULL = "tag:yaml.org,2002:null"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_OCTAL = re.compile(r"[-+]?0[0-9_]+")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


def check_files(paths: Sequence[Path]) -> None:
    """Find mistakes in the text of configuration files.

    Args:
        paths: the files, each an overlay of those before.

    Raises:
        ConfigError: with every mistake.
    """
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
        seen: set[str] = set()
        previous = None
        for key, value in node.value:
            name = str(key.value)
            here = (*at, name)
            if name in seen:
                yield Problem(_path(here), "stands twice; YAML takes the second alone")
            seen.add(name)
            if value.tag == _NULL and (reason := _unknown(here, before, after, previous)):
                yield Problem(_path(here), reason)
            yield from _problems(value, here, _inside(before, name), after)
            previous = value
    elif node.tag in _NUMBERS and (reason := _misread(node.value)):
        yield Problem(_path(at), reason)


def _misread(text: str) -> str | None:
    """What YAML makes of a number that a person reads otherwise."""
    read = yaml.safe_load(text)
    if _OCTAL.fullmatch(text):
        decimal = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text.replace("_", ""))
        return f"{text} is {read} to YAML, which reads it as octal; write {decimal}"
    if _SEXAGESIMAL.fullmatch(text):
        return f"{text} is {read} to YAML, which counts in sixties; write the number that is meant"
    return None


def _unknown(here: Location, before: Any, after: Any, previous: yaml.Node | None) -> str | None:
    """Why a null key does nothing, or None if it removes something or leaves a key empty."""
    name = str(here[-1])
    known = allowed_keys(here[:-1], after)
    if name in known or (isinstance(before, Mapping) and name in map(str, before)):
        return None
    if re.fullmatch(r"\w+:\S+", name):
        key, value = name.split(":", 1)
        return f"is a key without a value; with a blank after the colon it is {key}: {value}"
    if name.isdecimal() and previous is not None and previous.tag in _NUMBERS:
        number = previous.value
        meant = f"{number}.{name}"
        if len(name) == 3:
            meant += f", or {number}{name}"
        return f"is a key without a value; a comma ends {number},{name} here: write {meant}"
    removable = [str(key) for key in before] if isinstance(before, Mapping) else []
    hint = did_you_mean(name, known or removable)
    there = ", ".join(known or removable) or "none"
    what = "keys allowed here" if known else "entries that null can remove"
    return f"is empty, and there is nothing of this name{hint or f'; {what}: {there}'}"


def _inside(before: Any, name: str) -> Any:
    if not isinstance(before, Mapping):
        return None
    return next((value for key, value in before.items() if str(key) == name), None)


def _path(at: Location) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).lstrip(".")

"""Problems of single keys of a configuration, as pydantic finds them, in plain words."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rve.arguments import did_you_mean, nearest
from rve.loads.load_points import NAMES, hint
from rve.materials.composite import DEFAULTS, LAWS
from rve.units import other_unit
from workflow.study.config.model import Study
from workflow.study.config.phases import constants_of, fitting_laws, law_of
from workflow.study.config.problem import Problem
from workflow.study.config.reference import (
    Location,
    Node,
    allowed_keys,
    expectation,
    leaves,
    node_at,
)

Raw = dict[str, Any]


def problems_of_keys(raw: Raw) -> Iterator[Problem]:
    """What is wrong with single keys: unknown, missing, or of another type or range."""
    try:
        Study.model_validate(raw)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _problem(details, raw)


def _problem(details: ErrorDetails, raw: Raw) -> Problem:
    location = details["loc"]
    if location[-1] == "[key]":
        location = location[:-1]
        named_freely = not allowed_keys(location[:-1], raw)
        reason = "expected a name of letters, digits, - and _" if named_freely else None
        return Problem(_dotted(location, raw), reason or _unknown_key(location, raw))
    if details["type"] == "extra_forbidden":
        return Problem(_dotted(location, raw), _unknown_key(location, raw))
    if details["type"] == "value_error":
        return Problem(_dotted(location, raw), str(details["ctx"]["error"]))
    if details["type"] == "missing":
        if not isinstance(location[-1], int):
            return Problem(_dotted(location, raw), f"missing; expected {_expected(location, raw)}")
        location = location[:-1]  # the list is too short
    if node_at(location, raw) is None:
        return Problem(_dotted(location, raw), details["msg"])
    reason = f"expected {_expected(location, raw)}, got {_shown(details['input'])}"
    hint = _other_unit(node_at(location, raw), details) + _unquoted(details)
    if details["type"] == "unknown_law":
        hint += did_you_mean(details["input"], LAWS)
    if details["type"] == "literal_error":
        hint += did_you_mean(details["input"], re.findall("'(.+?)'", details["ctx"]["expected"]))
    return Problem(_dotted(location, raw), reason + hint)


def _other_unit(node: Node | None, details: ErrorDetails) -> str:
    """In which unit a stress or a strain that is too large would make sense, if in any."""
    if node is None or details["type"] != "less_than_equal":
        return ""
    unit = "-" if "strain" in node else "GPa" if "[GPa]" in node.get("description", "") else ""
    return other_unit(float(details["input"]), float(details["ctx"]["le"]), unit)


def _unquoted(details: ErrorDetails) -> str:
    """What YAML took a text for that stands without quotes."""
    value = details["input"]
    if details["type"] != "string_type" or isinstance(value, Mapping | list | tuple):
        return ""
    kind = {date: "a date", bool: "yes or no"}.get(type(value), "a number")
    return f'; YAML reads {kind} here: write "{value}", with the quotes'


def _expected(location: Location, raw: Raw) -> str:
    return expectation(node_at(location, raw) or {})


def _dotted(location: Location, raw: Raw) -> str:
    """The path as the user wrote it: a position is named only where there is a list."""
    path = ""
    value: Any = raw
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]" if isinstance(value, list | tuple) else ""
        else:
            path += f".{step}" if path else step
            value = value.get(step) if isinstance(value, Mapping) else None
    return path


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unknown_key(location: Location, raw: Raw) -> str:
    key = str(location[-1])
    parent = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location[:-1])
    known = dict.fromkeys(constant for law in LAWS for constant in constants_of(law))
    paths = [path for path, _ in leaves()]
    paths += [f"composites.<name>.{phase}.{constant}" for phase in DEFAULTS for constant in known]
    if key in paths:
        return f"unknown key; a dot does not nest, write {_nested(key)}"
    if in_phase := len(location) == 4 and location[0] == "composites":
        name, phase = map(str, location[1:3])
        keys = raw["composites"][name][phase]
        if reason := _unfit_key(key, keys[key], law_of(phase, keys), parent.lstrip(".")):
            return reason
    siblings = allowed_keys(location[:-1], raw)
    if (ratio := re.fullmatch(r"nu([123])([123])", key)) and f"nu{ratio[2]}{ratio[1]}" in siblings:
        i, j = ratio.groups()
        return f"unknown key; nu{i}{j} = nu{j}{i} E{i}{i} / E{j}{j}, and nu{j}{i} is the key"
    if set(NAMES) <= set(siblings):
        return f"unknown key{hint(key)}"
    one = nearest(key, siblings)
    near = [one] if one else [sibling for sibling in siblings if key in sibling.split("_")]
    meant = [f"{parent}.{sibling}".lstrip(".") for sibling in near]
    if not near and in_phase and (constant := nearest(key, known)):
        return f"unknown key; did you mean {constant}, of {_laws_with(constant)}?"
    meant = meant or _paths_ending(key, paths)
    if meant:
        return f"unknown key; did you mean {' or '.join(meant)}?"
    return f"unknown key; the keys allowed here are {', '.join(siblings)}"


def _unfit_key(key: str, value: object, law: str, phase: str) -> str | None:
    """Why a phase of this law does not take a key that is one of another law, or was one."""
    if key == "hardening" and isinstance(value, Mapping):
        flat = ", ".join(f"{inner}: {_shown(number)}" for inner, number in value.items())
        return f"its keys now stand directly under {phase}: {{{flat}}}; null removes it"
    if laws := _laws_with(key):
        return f"belongs to {laws}, but the law is {law}; null removes it"
    return None


def _laws_with(constant: str) -> str:
    """The laws that have this constant, in words; empty if none has."""
    laws = [law for law in LAWS if constant in constants_of(law)]
    return f"the law{'s' * (len(laws) > 1)} {', '.join(laws)}" if laws else ""


def _paths_ending(key: str, paths: list[str]) -> list[str]:
    """The paths whose last key is the one nearest to `key`, if any is near."""
    last = {path: path.rsplit(".", 1)[-1] for path in paths}
    near = nearest(key, sorted(set(last.values())), cutoff=0.85)
    return [path for path in paths if last[path] == near]


def _nested(path: str) -> str:
    *parents, key = path.split(".")
    return "".join(f"{parent}: {{" for parent in parents) + f"{key}: ..." + "}" * len(parents)


def name_laws(raw: Raw) -> Iterator[Problem]:
    """Phases that name no law, and whose keys fit another than their default.

    The law that they fit is put in its place, so that further problems are those of its keys.
    """
    for name, composite in mappings(raw.get("composites")).items():
        for phase, keys in mappings(composite).items():
            if phase not in DEFAULTS or "law" in keys or not (laws := fitting_laws(phase, keys)):
                continue
            default = constants_of(DEFAULTS[phase])
            lacking = [key for key, required in default.items() if required and key not in keys]
            complete = f", or add what {DEFAULTS[phase]} needs: {', '.join(lacking)}"
            yield Problem(
                f"composites.{name}.{phase}.law",
                f"missing; the keys given fit {' or '.join(laws)}: write "
                f"{' or '.join(f'law: {law}' for law in laws)}"
                + (complete if keys.keys() <= default.keys() else ""),
            )
            keys["law"] = laws[0]


def mappings(raw: object) -> dict[str, Raw]:
    """The entries of a mapping that are mappings themselves."""
    entries = raw.items() if isinstance(raw, Mapping) else ()
    return {name: entry for name, entry in entries if isinstance(entry, dict)}

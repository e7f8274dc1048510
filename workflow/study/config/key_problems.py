"""Problems of single keys of a configuration, as pydantic finds them, in plain words."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rve.arguments import did_you_mean, nearest
from rve.loads.load_points import NAMES, hint
from rve.materials.composite import DEFAULTS, LAWS
from rve.units import other_unit, plain_number
from workflow.study.config.model import Study
from workflow.study.config.phases import constants_of, law_of
from workflow.study.config.problem import ConfigError, Location, Problem, dotted
from workflow.study.config.reference import expectation
from workflow.study.config.schema import Node, allowed_keys, leaves, node_at

Raw = dict[str, Any]


def validated(raw: Raw) -> Study:
    """A study without single keys that are unknown, missing, or of another type or range."""
    try:
        return Study.model_validate(raw)
    except ValidationError as error:
        problems = [_problem(details, raw) for details in error.errors(include_url=False)]
        raise ConfigError(dict.fromkeys(problems)) from None


def _problem(details: ErrorDetails, raw: Raw) -> Problem:
    location, kind = details["loc"], details["type"]
    too_short = kind == "missing" and isinstance(location[-1], int)
    of_key = location[-1] == "[key]"
    if too_short or of_key:
        location = location[:-1]
    node = node_at(location, raw) or {}
    if kind == "value_error":
        reason = str(details["ctx"]["error"])
    elif of_key and not allowed_keys(location[:-1], raw):
        reason = "expected a name of letters, digits, - and _"
    elif of_key or kind == "extra_forbidden":
        reason = _unknown_key(location, raw)
    elif kind == "missing" and not too_short:
        stress = " GPa" if _is_stress(node) else ""
        reason = f"missing; expected {expectation(node)}{stress}"
    else:
        reason = f"expected {expectation(node)}, got {_shown(details['input'])}"
        reason += _hint(details, node)
    return Problem(dotted(location, raw), reason)


def _hint(details: ErrorDetails, node: Node) -> str:
    """What a value may have meant that is too large, without quotes, or nearly a word."""
    value, limits = details["input"], details.get("ctx", {})
    match details["type"]:
        case "less_than_equal" if float(value) >= 100 * node.get("minimum", 0):
            unit = "-" if "fraction" in node else "GPa" if _is_stress(node) else ""
            return other_unit(float(value), float(limits["le"]), unit)
        case "literal_error":
            return did_you_mean(value, re.findall("'(.+?)'", limits["expected"]))
        case "string_type" if not isinstance(value, Mapping | list):
            return f'; write it in quotes, "{value}"'
        case "float_type" | "float_parsing" | "int_type" | "int_parsing":
            return plain_number(value)
    return ""


def _is_stress(node: Node) -> bool:
    return "[GPa]" in node.get("description", "")


def _shown(value: object) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unknown_key(location: Location, raw: Raw) -> str:
    """What to do about a key that does not exist here: the nearest one here, else elsewhere."""
    key, siblings = str(location[-1]), allowed_keys(location[:-1], raw)
    one = nearest(key, siblings)
    if len(location) == 4 and location[0] == "composites":
        others = [constant for law in LAWS for constant in constants_of(law)]
        if constant := key if key in others else not one and nearest(key, others):
            laws = ", ".join(law for law in LAWS if constant in constants_of(law))
            here = law_of(str(location[2]), raw["composites"][location[1]][location[2]])
            meant = "" if constant == key else f"unknown key; did you mean {constant}? It "
            return f"{meant}belongs to the law {laws}, but the law is {here}; null removes it"
    if set(NAMES) <= set(siblings):
        return f"unknown key{hint(key)}"
    near = [one] if one else [sibling for sibling in siblings if key in sibling.split("_")]
    found = [dotted((*location[:-1], sibling), raw) for sibling in near]
    if not found:
        last = nearest(key.rsplit(".", 1)[-1], {path[-1] for path in _paths()}, cutoff=0.85)
        found = [_nested(path) for path in _paths() if path[-1] == last]
    if found:
        return f"unknown key; did you mean {' or '.join(found)}?"
    return f"unknown key; the keys allowed here are {', '.join(siblings)}"


def _paths() -> list[list[str]]:
    """The paths of all keys, also of the constants of the laws."""
    constants = dict.fromkeys(constant for law in LAWS for constant in constants_of(law))
    phases = [["composites", "<name>", phase] for phase in DEFAULTS]
    of_laws = [[*phase, constant] for constant in constants for phase in phases]
    return [path.split(".") for path, _ in leaves()] + of_laws


def _nested(path: list[str]) -> str:
    *parents, key = path
    return "".join(f"{parent}: {{" for parent in parents) + f"{key}: ..." + "}" * len(parents)

"""The reference of the configuration, generated from the model.

`python -m workflow.study.config.reference docs/configuration.md` writes it. The words for the type
and range of a key are also those of the error messages, so that both say the same.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rve.errors import InputError
from rve.files import replacing
from rve.materials.composite import DEFAULTS, LAWS
from workflow.study.config.model import NetworkDefaults, Study
from workflow.study.config.phases import law_model, law_of

Node = dict[str, Any]
"""A node of the model's JSON Schema."""

Location = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

MARKER = (
    "<!-- Written by `python -m workflow.study.config.reference docs/configuration.md`, from "
    "workflow/study/config/model.py and the laws in rve/materials. -->"
)


@cache
def _schema() -> Node:
    return Study.model_json_schema()


def _resolved(node: Node, value: object = None) -> Node:
    """The node without its reference and without the null of a key that may be left out.

    Args:
        node: the schema of a value.
        value: what stands there; the keys of a phase are those of the law that it names.
    """
    if "anyOf" in node:
        (inner,) = (option for option in node["anyOf"] if option.get("type") != "null")
        return _resolved({**inner, **{k: v for k, v in node.items() if k != "anyOf"}})
    if "phase" in node:
        law = law_model(law_of(node["phase"], value)).model_json_schema()
        return law | {"properties": law["properties"] | {"law": _choice_of_law(node)}}
    if "$ref" in node:
        target = _schema()["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _choice_of_law(phase: Node) -> Node:
    description = phase.get("description", "")
    return {"enum": list(LAWS), "default": DEFAULTS[phase["phase"]], "description": description}


def _entry(node: Node) -> Node | None:
    """What the values of a free mapping are; None where the keys are fixed."""
    values: list[Node] = list(node.get("patternProperties", {}).values())
    if isinstance(node.get("additionalProperties"), dict):
        values.append(node["additionalProperties"])
    return _resolved(values[0]) if values else None


def node_at(location: Location, raw: object) -> Node | None:
    """The schema of what stands at a location of a configuration; None if nothing may stand."""
    node: Node | None = _resolved(_schema())
    for step in location:
        if node is None:
            return None
        if isinstance(step, int):
            inner = node["prefixItems"][step] if "prefixItems" in node else node.get("items")
        else:
            inner = node.get("properties", {}).get(step) or _entry(node)
            raw = raw.get(step) if isinstance(raw, Mapping) else None
        node = _resolved(inner, raw) if inner else None
    return node


def allowed_keys(location: Location, raw: object) -> list[str]:
    """The keys that may stand in the mapping at a location; empty where the user names them."""
    node = node_at(location, raw) or {}
    return [*node.get("properties", {}), *node.get("propertyNames", {}).get("enum", [])]


def expectation(node: Node) -> str:
    """The type and the range of a node in words, such as `a number above 0`."""
    match node:
        case {"enum": choices}:
            return _any_of(choices)
        case {"type": "integer"}:
            return "a whole number" + _range(node)
        case {"type": "number", "or_word": word}:
            return f"a number{_range(node)}, or {word}"
        case {"type": "number"}:
            return "a number" + _range(node)
        case {"physical_group": True}:
            return "the name of a physical group, or its number if it has no name"
        case {"format": "file-path"}:
            return "an existing file, its path from the folder where snakemake runs"
        case {"type": "string"}:
            return "a name (letters, digits, - and _)"
        case {"prefixItems": [first, *_]}:
            return f"a list [low, high], each {expectation(_resolved(first))}"
        case {"columns": columns}:
            names = ", ".join(column["name"] for column in columns)
            each = " and ".join(f"{column['name']} {expectation(column)}" for column in columns)
            return f"rows [{names}], {each}; or the path of a CSV file with these two columns"
        case {"of_segments": True, "items": item}:
            return f"{expectation(_resolved(item))}, or a list of them, one for each segment"
        case {"or_one_value": True, "items": item}:
            return f"one value or a list without repeats, each {expectation(_resolved(item))}"
        case {"items": {"enum": choices}}:
            return f"a list without repeats, at least one of {_any_of(choices, 'and')}"
        case {"items": item, "minItems": least}:
            return f"a list without repeats, at least {least}, each {expectation(_resolved(item))}"
        case {"items": item}:
            return f"a list, each {expectation(_resolved(item))}"
        case {"propertyNames": {"enum": choices}}:
            words = f"a mapping from {_any_of(choices)} to {expectation(_entry(node) or {})}"
            return words + ("; at least one entry" if node.get("minProperties") else "")
        case {"properties": keys}:
            return f"a mapping with the keys {', '.join(keys)}"
    return "a mapping with at least one entry"


def _any_of(choices: list[str], joint: str = "or") -> str:
    *others, last = choices
    return f"{', '.join(others)} {joint} {last}" if others else last


def _range(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" between {low:g} and {high:g}"
    limits = (
        ("of at least", low),
        ("above", above),
        ("at most", high),
        ("below", below),
    )
    named = [f"{words} {limit:g}" for words, limit in limits if limit is not None]
    return " " + " and ".join(named) if named else ""


def leaves(node: Node | None = None, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every key that holds a value: its dotted path, `<name>` for a free name, and its node.

    Of a phase it is `law` alone; `constants` are those of a law.
    """
    node = _resolved(_schema()) if node is None else node
    for key, child in node.get("properties", {}).items():
        dotted = f"{path}.{key}" if path else key
        if "phase" in child:
            yield f"{dotted}.law", _choice_of_law(child)
            continue
        inner = _resolved(child)
        entry = _entry(inner)
        if "properties" in inner:
            yield from leaves(inner, dotted)
        elif entry and "properties" in entry:
            yield from leaves(entry, f"{dotted}.<name>")
        else:
            yield dotted, inner


def constants(law: str) -> dict[str, Node]:
    """The constants of a law, each with its node."""
    keys: dict[str, Node] = law_model(law).model_json_schema()["properties"]
    return {key: node for key, node in keys.items() if key != "law"}


def key_reference() -> str:
    """The Markdown reference of every key: type and range, default, description with its unit."""
    lines = [MARKER]
    for section, node in _schema()["properties"].items():
        lines += ["", f"## `{section}`", "", _resolved(node)["description"], "", *_HEAD]
        lines += [_row(path, leaf) for path, leaf in leaves() if path.split(".")[0] == section]
        if section == "composites":
            for law in LAWS:
                about = law_model(law).model_json_schema()["description"].splitlines()[0]
                lines += ["", f"### `law: {law}`", "", about, "", *_HEAD]
                lines += [_row(key, node) for key, node in constants(law).items()]
    return "\n".join(lines) + "\n"


_HEAD = ("| key | type and range | default | meaning [unit] |", "|---|---|---|---|")


def _row(path: str, leaf: Node) -> str:
    return f"| `{path}` | {expectation(leaf)} | {_default(path, leaf)} | {leaf['description']} |"


def _default(path: str, leaf: Node) -> str:
    if "default" not in leaf:
        return "required"
    if leaf["default"] is None and path.startswith("sweeps."):
        key = path.rsplit(".", 1)[1]
        return f"as `{'network' if key in NetworkDefaults.model_fields else 'training'}.{key}`"
    default = leaf["default"][0] if "of_segments" in leaf else leaf["default"]
    return f"`{_flow(default)}`"


def _flow(value: object) -> str:
    """A value as YAML would have it on one line."""
    match value:
        case None:
            return "null"
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


def rewrite(page: Path) -> None:
    """Replace the reference at the end of a page by that of today.

    Raises:
        InputError: the page has no such reference.
    """
    before, marker, _ = page.read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise InputError(f"{page}: expected the line {MARKER}, after which the reference stands")
    with replacing(page) as temporary:
        temporary.write_text(before + key_reference(), encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))

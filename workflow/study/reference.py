"""The reference of the configuration, generated from the model.

`python -m workflow.study.reference` prints it. The words for the type and range of a key are also
those of the error messages, so that both say the same.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from workflow.study.model import Study

Node = dict[str, Any]
"""A node of the model's JSON Schema."""

Location = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

MARKER = "<!-- Printed by `python -m workflow.study.reference`; change workflow/study/model.py. -->"


@cache
def _schema() -> Node:
    return Study.model_json_schema()


def _resolved(node: Node) -> Node:
    """The node without its reference and without the null of a key that may be left out."""
    if "anyOf" in node:
        (inner,) = (option for option in node["anyOf"] if option.get("type") != "null")
        return _resolved({**inner, **{k: v for k, v in node.items() if k != "anyOf"}})
    if "$ref" in node:
        target = _schema()["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _entry(node: Node) -> Node | None:
    """What the values of a free mapping are; None where the keys are fixed."""
    values: list[Node] = list(node.get("patternProperties", {}).values())
    if isinstance(node.get("additionalProperties"), dict):
        values.append(node["additionalProperties"])
    return _resolved(values[0]) if values else None


def node_at(location: Location) -> Node | None:
    """The schema of what stands at a location, or None if nothing may stand there."""
    node: Node | None = _resolved(_schema())
    inner: Node | None
    for step in location:
        if node is None:
            return None
        if "discriminator" in node:
            reference = node["discriminator"]["mapping"].get(step)
            inner = reference and {"$ref": reference}
        elif isinstance(step, int):
            inner = node["prefixItems"][step] if "prefixItems" in node else node.get("items")
        else:
            inner = node.get("properties", {}).get(step) or _entry(node)
        node = _resolved(inner) if inner else None
    return node


def allowed_keys(location: Location) -> list[str]:
    """The keys that may stand in the mapping at a location; empty where the user names them."""
    node = node_at(location) or {}
    return [*node.get("properties", {}), *node.get("propertyNames", {}).get("enum", [])]


def expectation(node: Node) -> str:
    """The type and the range of a node in words, such as `a number above 0`."""
    match node:
        case {"discriminator": {"mapping": laws}}:
            return f"a mapping with `law`, one of {_any_of(list(laws))}, and its constants"
        case {"columns": columns}:
            return f"rows [{', '.join(columns)}], or a CSV file with these columns"
        case {"row": columns}:
            return f"a row [{', '.join(columns)}]"
        case {"of_segments": True, "items": item}:
            return f"{expectation(_resolved(item))}, or a list of them, one for each segment"
        case {"enum": choices}:
            return _any_of(choices)
        case {"type": "integer"}:
            return "a whole number" + _range(node)
        case {"type": "number"}:
            return "a number" + _range(node)
        case {"format": "file-path"}:
            return "an existing file, its path from the folder where snakemake runs"
        case {"const": value}:
            return str(value)
        case {"type": "string"}:
            return "a name (letters, digits, - and _)"
        case {"prefixItems": [first, *_]}:
            return f"a list [low, high], each {expectation(_resolved(first))}"
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
    """Every key that holds a value: its dotted path, `<name>` for a free name, and its node."""
    node = _resolved(_schema()) if node is None else node
    for key, child in node.get("properties", {}).items():
        inner = _resolved(child)
        entry = _entry(inner)
        dotted = f"{path}.{key}" if path else key
        if "properties" in inner:
            yield from leaves(inner, dotted)
        elif entry and "properties" in entry:
            yield from leaves(entry, f"{dotted}.<name>")
        else:
            yield dotted, inner


def key_reference() -> str:
    """The Markdown reference of every key: type and range, default, description with its unit."""
    lines = [MARKER]
    for section, node in _schema()["properties"].items():
        lines += ["", f"## `{section}`", "", _resolved(node)["description"], ""]
        lines += ["| key | type and range | default | meaning [unit] |", "|---|---|---|---|"]
        lines += [_row(path, leaf) for path, leaf in leaves() if path.split(".")[0] == section]
    lines += _laws()
    return "\n".join(lines) + "\n"


def _laws() -> list[str]:
    """The keys of every law."""
    lines = ["", "## Laws", "", "Keys below `composites.<name>.matrix` or `.fibre`, by their law."]
    for name, node in law_nodes().items():
        lines += ["", f"### `{name}`", "", node["description"].split("\n\n")[0], ""]
        lines += ["| key | type and range | default | meaning [unit] |", "|---|---|---|---|"]
        lines += [_row(key, leaf) for key, leaf in node["properties"].items() if key != "law"]
    return lines


def law_nodes() -> dict[str, Node]:
    """Law -> schema of a phase with this law."""
    phase = node_at(("composites", "name", "matrix")) or {}
    return {
        name: _resolved({"$ref": ref}) for name, ref in phase["discriminator"]["mapping"].items()
    }


def _row(path: str, leaf: Node) -> str:
    return f"| `{path}` | {expectation(leaf)} | {_default(path, leaf)} | {leaf['description']} |"


def _default(path: str, leaf: Node) -> str:
    if "default" not in leaf:
        return "required"
    if leaf["default"] is None and path.startswith("sweeps."):
        return f"as `network.{path.rsplit('.', 1)[1]}`"
    return f"`{_flow(leaf['default'])}`"


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


if __name__ == "__main__":
    print(key_reference(), end="")

"""The configuration's model as a JSON Schema: what may stand where, and the schema for editors."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rve.materials.composite import DEFAULTS, LAWS
from workflow.study.config.model import Study
from workflow.study.config.phases import law_model, law_of
from workflow.study.config.problem import Location

Node = dict[str, Any]
"""A node of the model's JSON Schema."""


@cache
def schema() -> Node:
    """The schema of a whole study."""
    return Study.model_json_schema()


def resolved(node: Node, value: object = None) -> Node:
    """The node without its reference and without the null of a key that may be left out.

    The keys of a phase are those of the law that the value names which stands there.
    """
    if "anyOf" in node:
        (inner,) = (option for option in node["anyOf"] if option.get("type") != "null")
        return resolved({**inner, **{k: v for k, v in node.items() if k != "anyOf"}})
    if "phase" in node:
        law = law_model(law_of(node["phase"], value)).model_json_schema()
        return law | {"properties": law["properties"] | {"law": _choice_of_law(node)}}
    if "$ref" in node:
        target = schema()["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _choice_of_law(phase: Node) -> Node:
    description = phase.get("description", "")
    return {"enum": list(LAWS), "default": DEFAULTS.get(phase["phase"]), "description": description}


def entry(node: Node) -> Node | None:
    """What the values of a free mapping are; None where the keys are fixed."""
    values = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return next((resolved(value) for value in values if isinstance(value, dict)), None)


def node_at(location: Location, raw: object) -> Node | None:
    """The schema of what stands at a location of a configuration; None if nothing may stand."""
    node: Node | None = resolved(schema())
    for step in location:
        if node is None:
            return None
        if isinstance(step, int):
            inner = node["prefixItems"][step] if "prefixItems" in node else node.get("items")
        else:
            inner = node.get("properties", {}).get(step) or entry(node)
            raw = raw.get(step) if isinstance(raw, Mapping) else None
        node = resolved(inner, raw) if inner else None
    return node


def allowed_keys(location: Location, raw: object) -> list[str]:
    """The keys that may stand in the mapping at a location; empty where the user names them."""
    node = node_at(location, raw) or {}
    return [*node.get("properties", {}), *node.get("propertyNames", {}).get("enum", [])]


def leaves(node: Node | None = None, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every key that holds a value: its dotted path, `<name>` for a free name, and its node.

    Of a phase it is `law` alone; `constants` are those of a law.
    """
    node = resolved(schema()) if node is None else node
    for key, child in node.get("properties", {}).items():
        dotted = f"{path}.{key}" if path else key
        law = {"properties": {"law": _choice_of_law(child)}} if "phase" in child else None
        inner = law or resolved(child)
        values = entry(inner)
        if "properties" in inner:
            yield from leaves(inner, dotted)
        elif values and "properties" in values:
            if "or_count" in inner:
                yield dotted, inner
            yield from leaves(values, f"{dotted}.<name>")
        else:
            yield dotted, inner


def constants(law: str) -> dict[str, Node]:
    """The constants of a law, each with its node."""
    keys: dict[str, Node] = law_model(law).model_json_schema()["properties"]
    return {key: node for key, node in keys.items() if key != "law"}


_LIMITS = (
    "type", "enum", "pattern", "maxLength", "minItems", "maxItems", "minProperties",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
)  # fmt: skip


_QUANTITY = {"type": "string", "pattern": r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?( ?[^0-9., ].*)?$"}
"""A number with its unit, or one that YAML takes for text."""


def editor_schema() -> Node:
    """The JSON Schema (draft 7) of an overlay: values of each key, or null, which removes it."""
    draft = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return {
        **draft,
        **_plain(resolved(schema())),
        "definitions": {"phase": _phase(), "quantity": _QUANTITY},
    }


def _plain(node: Node) -> Node:
    """A node in the words of JSON Schema alone."""
    limits = {name: node[name] for name in _LIMITS if name in node}
    match node:
        case {"phase": _} | {"anyOf": [{"phase": _}, _]}:
            return {"$ref": "#/definitions/phase"}
        case {"anyOf": _} | {"$ref": _}:
            return _plain(resolved(node))
        case {"or_count": count}:
            kinds = {key: value for key, value in node.items() if key != "or_count"}
            return {"anyOf": [_plain(count), _plain(kinds)]}
        case {"or_word": word}:
            return {"anyOf": [limits, {"const": word}]}
        case {"physical_group": True}:
            return {"type": ["string", "integer"]}
        case {"units": True}:
            pair = {"type": "object", "propertyNames": {"enum": ["stress", "strain"]}}
            return {"anyOf": [{"type": "string"}, pair]}
        case {"columns": columns}:
            row = {"type": "array", "items": [_plain(column) for column in columns]}
            return {"anyOf": [{"type": "string"}, {"type": "array", "items": row}]}
        case {"type": "number"}:
            return {"anyOf": [limits, {"$ref": "#/definitions/quantity"}]}
        case {"prefixItems": items}:
            return {**limits, "items": [_plain(item) for item in items]}
        case {"items": item}:
            several = {**limits, "items": _plain(item)}
            one = "or_one_value" in node or "of_segments" in node
            return {"anyOf": [_plain(item), several]} if one else several
        case {"properties": keys}:
            others, keys = (
                node.get("additionalProperties"),
                {k: _removable(v) for k, v in keys.items()},
            )
            further = {"additionalProperties": _removable(others) if others else False}
            return {"type": "object", "properties": keys, **further}
        case {"type": "object"}:
            names = {
                k: v for k, v in node.get("propertyNames", {}).items() if k in ("enum", "pattern")
            }
            values = _removable(entry(node) or {})
            return {**limits, "propertyNames": names, "additionalProperties": values}
    return limits


def _removable(node: Node) -> Node:
    """A value or null, with what the value means."""
    about = {"description": node["description"]} if "description" in node else {}
    return {**about, "anyOf": [_plain(node), {"type": "null"}]}


def _phase() -> Node:
    """A phase: any law's constants, those of the law that it names within their ranges."""
    every: dict[str, Node] = {key: {} for law in LAWS for key in constants(law)}
    laws = [
        {
            "if": {"properties": {"law": {"const": law}}, "required": ["law"]},
            "then": {"properties": {k: _removable(node) for k, node in constants(law).items()}},
        }
        for law in LAWS
    ]
    keys = {"law": {"enum": [*LAWS, None]}, **every}
    return {"type": "object", "properties": keys, "additionalProperties": False, "allOf": laws}

"""The reference of the configuration, generated from the model.

`python -m workflow.study.config.reference` writes docs/configuration.md and, for editors,
workflow/studies/schema.json. The words for the type and range of a key are also those of the error
messages, so that both say the same.
"""

import json
from pathlib import Path

from rve.files import replacing
from rve.materials.composite import LAWS
from workflow.study.config.model import NetworkDefaults
from workflow.study.config.phases import law_model
from workflow.study.config.schema import (
    Node,
    constants,
    editor_schema,
    entry,
    leaves,
    resolved,
    schema,
)

PAGE, SCHEMA = Path("docs/configuration.md"), Path("workflow/studies/schema.json")

MARKER = (
    "<!-- Written by `python -m workflow.study.config.reference`, from the model in "
    "workflow/study/config, training/specification.py and the laws in rve/materials. -->"
)


_LIMITS = {
    "minimum": "of at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


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
        case {"or_count": count}:
            each = expectation(entry(node) or {})
            return f"{expectation(count)}, or a mapping from names of phases to {each}"
        case {"units": True}:
            return "a unit of stresses, or a mapping with the keys stress and strain"
        case {"format": "file-path"}:
            return "an existing file, its path from the folder where snakemake runs"
        case {"type": "string"}:
            return "a name (letters, digits, - and _)"
        case {"prefixItems": [first, *_]}:
            return f"a list [low, high], each {expectation(resolved(first))}"
        case {"columns": columns}:
            names = ", ".join(column["name"] for column in columns)
            each = " and ".join(f"{column['name']} {expectation(column)}" for column in columns)
            return f"rows [{names}], {each}; or the path of a CSV file with these two columns"
        case {"of_segments": True, "items": item}:
            return f"{expectation(resolved(item))}, or a list of them, one for each segment"
        case {"or_one_value": True, "items": item}:
            return f"one value or a list without repeats, each {expectation(resolved(item))}"
        case {"items": {"enum": choices}}:
            return f"a list without repeats, at least one of {_any_of(choices, 'and')}"
        case {"items": item, "minItems": least}:
            return f"a list without repeats, at least {least}, each {expectation(resolved(item))}"
        case {"items": item}:
            return f"a list, each {expectation(resolved(item))}"
        case {"propertyNames": {"enum": choices}}:
            words = f"a mapping from {_any_of(choices)} to {expectation(entry(node) or {})}"
            return words + ("; at least one entry" if node.get("minProperties") else "")
        case {"propertyNames": {"phase_name": True}}:
            return f"a mapping from names of phases to {expectation(entry(node) or {})}"
        case {"properties": keys}:
            return f"a mapping with the keys {', '.join(keys)}"
    return "a mapping with at least one entry"


def _any_of(choices: list[str], joint: str = "or") -> str:
    *others, last = choices
    return f"{', '.join(others)} {joint} {last}" if others else last


def _range(node: Node) -> str:
    if "minimum" in node and "maximum" in node:
        return f" between {node['minimum']:g} and {node['maximum']:g}"
    named = [f"{words} {node[limit]:g}" for limit, words in _LIMITS.items() if limit in node]
    return " " + " and ".join(named) if named else ""


def key_reference() -> str:
    """The Markdown reference of every key: type and range, default, description with its unit."""
    lines = [MARKER]
    for section, node in schema()["properties"].items():
        lines += ["", f"## `{section}`", "", resolved(node)["description"], "", *_HEAD]
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


def rewrite() -> None:
    """Replace the reference at the end of the page by that of today, and the schema for editors."""
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(MARKER)
    for path, text in ((PAGE, before + key_reference()), (SCHEMA, schema_file())):
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


def schema_file() -> str:
    """The text of the schema for editors."""
    return json.dumps(editor_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    rewrite()

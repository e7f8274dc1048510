"""How the networks of a study are trained, from its settings: for what the report says of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.formatting import enumeration, spaced
from training.specification import of_role


def resolved_sweeps(config: Mapping[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Sweep -> setting -> its values, those that it leaves to `network` or `training` too."""
    found = {}
    for name, sweep in config["sweeps"].items():
        settings = {
            **{key: config["training"][key] for key in of_role("schedule")},
            **config["network"],
        }
        settings |= {key: value for key, value in sweep.items() if value is not None}
        found[name] = {key: _listed(value) for key, value in settings.items()}
    return found


def used(config: Mapping[str, Any], key: str) -> list[Any]:
    """The distinct values of a setting in all sweeps, in their order."""
    every = [value for sweep in resolved_sweeps(config).values() for value in sweep[key]]
    return list(dict.fromkeys(every))


def sweeps_with(config: Mapping[str, Any], key: str, *values: object) -> list[str]:
    """The sweeps in which a setting has one of these values."""
    return [
        name for name, sweep in resolved_sweeps(config).items() if set(values) & set(sweep[key])
    ]


def sweeps_beyond(config: Mapping[str, Any], key: str, usual: object) -> list[str]:
    """The sweeps in which a setting has another value than this one."""
    return [name for name, sweep in resolved_sweeps(config).items() if set(sweep[key]) - {usual}]


def named(config: Mapping[str, Any], sweeps: list[str]) -> str:
    """Which sweeps a sentence is about, before it; nothing if it is about all."""
    if len(sweeps) == len(config["sweeps"]):
        return ""
    return f"In {enumeration([spaced(name) for name in sweeps])}: "


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def words(values: Iterable[Any]) -> str:
    """Numbers as `2,000 and 10,000`, or their range where there are many."""
    found = sorted(set(values))
    texts = [f"{value:,}" if isinstance(value, int) else f"{value:g}" for value in found]
    return f"{texts[0]} to {texts[-1]}" if len(texts) > 2 else " and ".join(texts)

"""What is wrong with a configuration, in words for the user."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Location = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""


def dotted(location: Location, raw: Any) -> str:
    """The path as the user wrote it: a position is named only where there is a list."""
    path, value = "", raw
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]" if isinstance(value, list | tuple) else ""
        else:
            path += f".{step}" if path else step
            value = value.get(step) if isinstance(value, Mapping) else None
    return path


@dataclass(frozen=True)
class Problem:
    """What is wrong with one key: its dotted path and the reason, written for the user."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ConfigError(ValueError):
    """The configuration cannot be used; the message lists every problem on a line of its own."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        header = f"config: {count} problem{'' if count == 1 else 's'}"
        return "\n".join([header, *(f"  {problem}" for problem in self.problems)])

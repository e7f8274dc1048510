"""Numbers and names as text, for figures, findings and the report."""

import math
from collections.abc import Collection, Mapping
from typing import Any

NO_BREAK = "\u00a0"


def percent(mean: float, deviation: float = math.nan) -> str:
    """A fraction as `8.1 ± 1.2 %`, with the digits of `mean_and_deviation`."""
    if math.isnan(mean):
        return "–"
    return f"{mean_and_deviation(100 * mean, 100 * deviation)}{NO_BREAK}%"


def mean_and_deviation(mean: float, deviation: float = math.nan) -> str:
    """A mean and its deviation with equal decimals.

    They give two digits of the deviation, and not more than three of the mean.
    """
    if math.isnan(mean):
        return "–"
    decimals = max(2 - _exponent(mean), 0)
    if math.isnan(deviation):
        return f"{mean:.{decimals}f}"
    if deviation:
        decimals = min(max(1 - _exponent(deviation), 0), decimals)
    return f"{mean:.{decimals}f}{NO_BREAK}±{NO_BREAK}{deviation:.{decimals}f}"


def ratio(value: float) -> str:
    """A ratio as `1.57×`."""
    return "–" if math.isnan(value) else f"{value:.2f}×"


def enumeration(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *rest, last = items
    return f"{', '.join(rest)} and {last}" if rest else last


def spaced(name: str) -> str:
    """A name of the configuration as words: `composite 1`."""
    return name.replace("_", " ")


def scheme_name(scheme: str, kind: str) -> str:
    """An online scheme as the paper names it for a kind of network."""
    if (kind, scheme) == ("DMN", "fixed_point"):
        return "without residual stress"
    names = {
        "residual_stress": "with residual stress",
        "fixed_point": "fixed point",
        "newton": "Newton",
        "tree_newton": "tree Newton",
    }
    return names.get(scheme, spaced(scheme))


_PARTS: dict[str, tuple[str, object]] = {
    "samples": ("{} samples", None),
    "batch_size": ("batch {}", None),
    "eta": ("η = {:g}", 1),
    "xi": ("ξ = {:g}", 1),
    "flowing_samples": ("{} flowing samples", 0),
    "moments": ("{} moments", 0),
    "initialisation": ("{} start", "random"),
    "loss": ("{} norm", "frobenius"),
}
"""What names a configuration -> its words, and the paper's value, which needs none."""


def configuration_name(row: Mapping[Any, Any], shown: Collection[str] = tuple(_PARTS)) -> str:
    """What a configuration is, in short: `IMN, 7 layers, 400 samples, batch 40, ξ = 2`.

    What is as in most of the paper's study is left out.

    Args:
        row: with the values of `training.table.CONFIGURATION`.
        shown: names of the values to tell, beside kind and layers.
    """
    parts = [f"{row['kind']}, {row['layers']} layers"]
    for name, (words, usual) in _PARTS.items():
        if name in shown and row[name] != usual:
            parts.append(words.format(row[name]))
    return ", ".join(parts)


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0

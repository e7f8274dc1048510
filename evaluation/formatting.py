"""Numbers and names as text, for figures, findings and the report."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from evaluation.online.schemes.registry import scheme_of
from training.specification import CONFIGURATION, IN_ORDER

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


def enumeration(items: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *rest, last = map(str, items)
    return f"{', '.join(rest)} and {last}" if rest else last


def spaced(name: str) -> str:
    """A name of the configuration as words: `composite 1`."""
    return name.replace("_", " ")


def scheme_name(scheme: str, kind: str) -> str:
    """An online scheme as the paper names it for a kind of network."""
    record = scheme_of(scheme)
    return (record.words_for_dmn if kind == "DMN" else "") or record.words


_TOLD = ("data", "loss", "recipe")


def configuration_name(row: Mapping[Any, Any], shown: Collection[str] = CONFIGURATION) -> str:
    """What a configuration is, in short: `IMN, 7 layers, 400 samples, batch 40, ξ = 2`.

    What is as in most of the paper's study is left out, and what is not `shown` beside kind and
    layers.
    """
    return ", ".join(
        known.label.format(row[name])
        for name, known in IN_ORDER
        if known.role == "size"
        or (known.role in _TOLD and name in shown and not known.plain(row[name]))
    )


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0

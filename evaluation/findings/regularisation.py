"""Section 3.2: the weight eta and the target xi of the regularisation."""

from typing import Literal

import numpy as np
import pandas as pd

from evaluation.findings.effects import Effect, level, ratio, trend
from evaluation.findings.finding import ABOVE, BELOW, COMPARABLE, Claimed, Finding
from evaluation.measured import Measured, among
from evaluation.words import percent

Parameter = Literal["eta", "xi"]

_FIGURES: dict[Parameter, str] = {"eta": "fig12", "xi": "fig13"}
_SYMBOLS: dict[Parameter, str] = {"eta": "η", "xi": "ξ"}
_BEST = 1.0

_TRENDS: tuple[tuple[str, Parameter, str, Claimed, str], ...] = (
    ("eta-error", "eta", "e_sigma", ABOVE, "Smaller η generally yield lower prediction errors"),
    (
        "eta-iterations",
        "eta",
        "iterations_per_increment",
        BELOW,
        "Iterations decrease as η increases",
    ),
    ("eta-nodes", "eta", "active_nodes", BELOW, "Active base nodes decrease as η increases"),
    (
        "eta-limited",
        "eta",
        "active_nodes",
        COMPARABLE,
        "η has a relatively limited effect on the active base nodes",
    ),
    ("eta-time", "eta", "online_seconds", BELOW, "Online time decreases as η increases"),
    ("xi-time", "xi", "online_seconds", ABOVE, "Online time increases with ξ"),
    ("xi-nodes", "xi", "active_nodes", ABOVE, "Active base nodes increase with ξ"),
    ("xi-iterations", "xi", "iterations_per_increment", ABOVE, "Iterations increase with ξ"),
)


def regularisation_findings(measured: Measured) -> list[Finding]:
    """What Section 3.2 claims."""
    trends = {name: _trend(measured, name, *rest) for name, *rest in _TRENDS}
    return [
        _minimum(measured, "eta"),
        trends["eta-error"],
        _excess(measured, "eta"),
        trends["eta-iterations"],
        trends["eta-nodes"],
        trends["eta-time"],
        _minimum(measured, "xi"),
        _excess(measured, "xi"),
        _shortage(measured),
        trends["xi-time"],
        trends["xi-nodes"],
        trends["xi-iterations"],
        trends["eta-limited"],
    ]


def _rows(measured: Measured, parameter: Parameter) -> pd.DataFrame:
    """Measures of the networks of a sweep, on the composite that was timed."""
    ids = measured.comparisons.eta if parameter == "eta" else measured.comparisons.xi
    rows = among(measured.timed, ids)
    return rows[rows[parameter] > 0]


def _by_value(measured: Measured, parameter: Parameter) -> dict[float, pd.Series]:
    rows = _rows(measured, parameter)
    return {float(str(value)): errors for value, errors in rows.groupby(parameter)["e_sigma"]}


def _trend(
    measured: Measured, name: str, parameter: Parameter, column: str, claimed: Claimed, claim: str
) -> Finding:
    rows = _rows(measured, parameter).dropna(subset=column)
    several = rows[parameter].nunique() > 1
    effects = [trend("", np.log(rows[parameter]), rows[column], level(1))] if several else []
    return Finding(
        name,
        f"{claim} (largest {_SYMBOLS[parameter]} over smallest, by the trend)",
        "3.2",
        claimed,
        effects,
        _FIGURES[parameter],
        "" if several else _lacking(parameter),
    )


def _minimum(measured: Measured, parameter: Parameter) -> Finding:
    errors = _by_value(measured, parameter)
    others = [value for value in errors if value != _BEST]
    effects = _over_best(errors, others)
    symbol = _SYMBOLS[parameter]
    reason = "" if effects else _lacking(parameter, f"{_BEST:g} and another")
    if effects:
        means = {value: found.mean() for value, found in errors.items()}
        best = min(means, key=lambda value: means[value])
        spread = errors[best].std()
        reason = f"The lowest mean is {percent(means[best], spread)}, at {symbol} = {best:g}."
    return Finding(
        f"{parameter}-minimum",
        f"The prediction error is least at {symbol} = 1 (other values over 1)",
        "3.2, 4",
        ABOVE,
        effects,
        _FIGURES[parameter],
        reason,
    )


def _excess(measured: Measured, parameter: Parameter) -> Finding:
    errors = _by_value(measured, parameter)
    others = [max(errors)] if errors and max(errors) > _BEST else []
    effects = _over_best(errors, others)
    symbol = _SYMBOLS[parameter]
    return Finding(
        f"{parameter}-too-large",
        f"An excessive {symbol} raises the prediction error (largest over 1)",
        "3.2",
        ABOVE,
        effects,
        _FIGURES[parameter],
        "" if effects else _lacking(parameter, f"{_BEST:g} and a larger one"),
    )


def _shortage(measured: Measured) -> Finding:
    errors = _by_value(measured, "xi")
    others = [min(errors)] if errors and min(errors) < _BEST else []
    effects = _over_best(errors, others)
    return Finding(
        "xi-too-small",
        "Too small a ξ raises the prediction error (smallest over 1)",
        "3.2",
        ABOVE,
        effects,
        _FIGURES["xi"],
        "" if effects else _lacking("xi", f"{_BEST:g} and a smaller one"),
    )


def _over_best(errors: dict[float, pd.Series], others: list[float]) -> list[Effect]:
    if _BEST not in errors:
        return []
    return [
        ratio(f"{value:g} over {_BEST:g}", errors[value], errors[_BEST], level(len(others)))
        for value in others
    ]


def _lacking(parameter: Parameter, values: str = "several values") -> str:
    return f"It needs a sweep over {_SYMBOLS[parameter]} alone, with {values}."

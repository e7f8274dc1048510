"""Section 3.2: the weight eta and the target xi of the regularisation."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evaluation.findings.evidence import lowest_mean
from evaluation.findings.finding import ABOVE, BELOW, COMPARABLE, Claimed, Finding
from evaluation.measures.effects import Effect, bonferroni, ratio, trend
from evaluation.measures.tables import StudyTables, of_networks

Parameter = Literal["eta", "xi"]

_FIGURES: dict[Parameter, str] = {"eta": "fig12", "xi": "fig13"}
_SYMBOLS: dict[Parameter, str] = {"eta": "η", "xi": "ξ"}
_BEST = 1.0


@dataclass(frozen=True)
class _Trend:
    """How a measure of the networks is claimed to follow a parameter."""

    id: str
    parameter: Parameter
    column: str
    claimed: Claimed
    claim: str


_TRENDS = (
    _Trend("eta-error", "eta", "e_sigma", ABOVE, "Smaller η generally yield lower errors"),
    _Trend(
        "eta-iterations",
        "eta",
        "iterations_per_increment",
        BELOW,
        "Iterations decrease as η increases",
    ),
    _Trend("eta-nodes", "eta", "active_nodes", BELOW, "Active base nodes decrease as η increases"),
    _Trend("eta-time", "eta", "online_seconds", BELOW, "Online time decreases as η increases"),
    _Trend(
        "eta-limited",
        "eta",
        "active_nodes",
        COMPARABLE,
        "η has a relatively limited effect on the active base nodes",
    ),
    _Trend("xi-time", "xi", "online_seconds", ABOVE, "Online time increases with ξ"),
    _Trend("xi-nodes", "xi", "active_nodes", ABOVE, "Active base nodes increase with ξ"),
    _Trend("xi-iterations", "xi", "iterations_per_increment", ABOVE, "Iterations increase with ξ"),
)


def regularisation_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.2 claims."""
    trends = [(trend.parameter, _trend(tables, trend)) for trend in _TRENDS]
    return [
        _minimum(tables, "eta"),
        _excess(tables, "eta"),
        *(finding for parameter, finding in trends if parameter == "eta"),
        _minimum(tables, "xi"),
        _excess(tables, "xi"),
        _shortage(tables),
        *(finding for parameter, finding in trends if parameter == "xi"),
    ]


def _rows(tables: StudyTables, parameter: Parameter) -> pd.DataFrame:
    """Measures of the networks of a sweep, on the composite that was timed."""
    ids = tables.comparisons.eta if parameter == "eta" else tables.comparisons.xi
    rows = of_networks(tables.first_scheme_timed_errors, ids)
    return rows[rows[parameter] > 0]


def _by_value(tables: StudyTables, parameter: Parameter) -> dict[float, pd.Series]:
    rows = _rows(tables, parameter)
    return {float(str(value)): errors for value, errors in rows.groupby(parameter)["e_sigma"]}


def _trend(tables: StudyTables, claimed: _Trend) -> Finding:
    name, column = claimed.parameter, claimed.column
    rows = _rows(tables, name).dropna(subset=[column])
    several = len(set(rows[name])) > 1
    effects = [trend("", np.log(rows[name]), rows[column], bonferroni(1))] if several else []
    return Finding(
        claimed.id,
        f"{claimed.claim} (largest {_SYMBOLS[name]} over smallest, by the trend)",
        "3.2, 4" if claimed.id == "eta-limited" else "3.2",
        claimed.claimed,
        effects,
        _FIGURES[name],
        "" if several else _lacking(name),
    )


def _minimum(tables: StudyTables, parameter: Parameter) -> Finding:
    errors = _by_value(tables, parameter)
    others = [value for value in errors if value != _BEST]
    effects = _over_best(errors, others)
    symbol = _SYMBOLS[parameter]
    found = lowest_mean(errors, f"{symbol} = {{:g}}") if effects else ""
    reason = found or _lacking(parameter, f"{_BEST:g} and another")
    return Finding(
        f"{parameter}-minimum",
        f"The prediction error is least at {symbol} = 1 (other values over 1)",
        "3.2, 4",
        ABOVE,
        effects,
        _FIGURES[parameter],
        reason,
    )


def _excess(tables: StudyTables, parameter: Parameter) -> Finding:
    errors = _by_value(tables, parameter)
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


def _shortage(tables: StudyTables) -> Finding:
    errors = _by_value(tables, "xi")
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
        ratio(
            f"{value:g} over {_BEST:g}",
            errors[value],
            errors[_BEST],
            bonferroni(len(others)),
        )
        for value in others
    ]


def _lacking(parameter: Parameter, values: str = "several values") -> str:
    return f"Needs a sweep over {_SYMBOLS[parameter]} alone, with {values}."

"""Section 3.2: the weight eta and the target xi of the regularisation."""

from typing import Literal

import numpy as np
import pandas as pd

from evaluation.claims.claims import CLAIMS
from evaluation.claims.evidence import IMPLEMENTATIONS, lowest_mean
from evaluation.claims.finding import Finding
from evaluation.measures.effects import bonferroni, paired_ratio, trend
from evaluation.measures.tables import StudyTables, of_networks

Parameter = Literal["eta", "xi"]

_SYMBOLS: dict[Parameter, str] = {"eta": "η", "xi": "ξ"}
_BEST = 1.0
_MEASURES = {
    "error": "e_sigma",
    "iterations": "iterations_per_increment",
    "nodes": "active_nodes",
    "time": "online_seconds",
    "limited": "active_nodes",
}
"""Ending of a claim on a trend -> the measure that follows the parameter."""


def regularisation_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.2 claims."""
    eta, xi = _rows(tables, "eta"), _rows(tables, "xi")
    eta_trends = ("error", "iterations", "nodes", "time", "limited")
    return [
        _minimum("eta", eta),
        _extreme("eta", eta, "large"),
        *(_trend("eta", eta, name) for name in eta_trends),
        _minimum("xi", xi),
        _extreme("xi", xi, "large"),
        _extreme("xi", xi, "small"),
        *(_trend("xi", xi, name) for name in ("time", "nodes", "iterations")),
    ]


def _rows(tables: StudyTables, parameter: Parameter) -> pd.DataFrame:
    """Measures of the networks of a sweep, on the composite that was timed."""
    ids = tables.comparisons.eta if parameter == "eta" else tables.comparisons.xi
    rows = of_networks(tables.first_scheme_timed_errors, ids)
    return rows[rows[parameter] > 0]


def _trend(parameter: Parameter, rows: pd.DataFrame, name: str) -> Finding:
    column = _MEASURES[name]
    rows = rows.dropna(subset=[column])
    several = len(set(rows[parameter])) > 1
    columns = np.log(rows[parameter]), rows[column], rows["seed"]
    effects = [trend("", *columns, bonferroni(1))] if several else []
    needs = _needs(parameter, "several values")
    timed = IMPLEMENTATIONS.get(column, "")
    return Finding(CLAIMS[f"{parameter}-{name}"], effects, needs, implementation=timed)


def _minimum(parameter: Parameter, rows: pd.DataFrame) -> Finding:
    values = [value for value in sorted(set(rows[parameter])) if value != _BEST]
    reason = lowest_mean(_errors(parameter, rows), f"{_SYMBOLS[parameter]} = {{:g}}")
    needs = f"{_BEST:g} and another value"
    return _over_best("minimum", parameter, rows, values, needs, reason)


def _extreme(parameter: Parameter, rows: pd.DataFrame, which: Literal["large", "small"]) -> Finding:
    sign = 1 if which == "large" else -1
    value = sign * max(sign * rows[parameter], default=sign * _BEST)
    values = [value] if sign * value > sign * _BEST else []
    return _over_best(
        f"too-{which}", parameter, rows, values, f"{_BEST:g} and a {which.rstrip('e')}er value"
    )


def _over_best(
    name: str,
    parameter: Parameter,
    rows: pd.DataFrame,
    values: list[float],
    needs: str,
    reason: str = "",
) -> Finding:
    """The errors at some values over those at the paper's best."""
    errors = _errors(parameter, rows)
    effects = [
        paired_ratio(
            f"{value:g} over {_BEST:g}", errors[value], errors[_BEST], bonferroni(len(values))
        )
        for value in values
        if _BEST in errors
    ]
    return Finding(CLAIMS[f"{parameter}-{name}"], effects, _needs(parameter, needs), reason)


def _errors(parameter: Parameter, rows: pd.DataFrame) -> dict[float, pd.Series]:
    """Value -> the errors of its networks, by seed."""
    groups = rows.set_index("seed").groupby(parameter)["e_sigma"]
    return {float(str(value)): errors for value, errors in groups}


def _needs(parameter: Parameter, values: str) -> str:
    return f"a sweep over {_SYMBOLS[parameter]} alone, with {values}"

"""Claims of Section 3.2: the weight eta and the target xi of the regularisation."""

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from evaluation.claims.claim import Claim, Compared
from evaluation.claims.evidence import group_values, lowest_mean, ratios
from evaluation.claims.ranges import ABOVE, COMPARABLE, HIGHER_ERROR, SLIGHTLY_BELOW
from evaluation.measures.effects import Effect, bonferroni, trend
from evaluation.measures.tables import StudyTables, of_networks

_BEST = 1.0
"""Of both parameters, by the paper."""


_Values = Literal["another", "a larger", "a smaller"]
"""Values of a parameter beside the best: all, or the extreme one."""


class _Parameter(NamedTuple):
    name: Literal["eta", "xi"]
    symbol: str
    figure: str


_ETA, _XI = _Parameter("eta", "η", "fig12"), _Parameter("xi", "ξ", "fig13")

_ETA_ERROR = (
    "Fig. 12(a) shows that smaller values of η generally yield lower prediction errors, as "
    "measured by the metric defined in Eq. (32), with the minimum prediction error occurring at "
    "η = 1."
)
_XI_ERROR = (
    "Fig. 13(a) shows that the prediction error initially decreases and then increases as ξ grows, "
    "reaching a minimum at ξ = 1."
)


def _rows(tables: StudyTables, parameter: _Parameter) -> pd.DataFrame:
    """Measures of the networks of a sweep, on the composite that was timed."""
    ids = getattr(tables.comparisons, parameter.name)
    rows = of_networks(tables.first_scheme_timed_errors, ids)
    return rows[rows[parameter.name] > 0]


def _trend(
    id: str, parameter: _Parameter, measure: str, paragraph: int, text: str, **stated: Any
) -> Claim:
    """A claim on how a measure follows a parameter."""

    def effects(tables: StudyTables) -> list[Effect]:
        rows = _rows(tables, parameter).dropna(subset=[measure])
        if len(set(rows[parameter.name])) < 2:
            return []
        x = np.log(rows[parameter.name])
        return [trend("", x, rows[measure], rows["seed"], bonferroni(1))]

    return Claim(
        id,
        ("3.2", paragraph),
        parameter.figure,
        text=f"{text} (largest {parameter.symbol} over smallest, by the trend)",
        compared=Compared(parameter.name),
        effects=effects,
        needs=f"a sweep over {parameter.symbol} alone, with several values",
        measure=measure,
        **stated,
    )


def _over_best(
    id: str, parameter: _Parameter, which: _Values, paragraph: int, **stated: Any
) -> Claim:
    """A claim that the error is higher at these values than at the best."""

    def errors(tables: StudyTables) -> dict[float, pd.Series]:
        return group_values(_rows(tables, parameter), parameter.name, "e_sigma")

    def reason(tables: StudyTables, _: object) -> str:
        return lowest_mean(errors(tables), f"{parameter.symbol} = {{:g}}")

    def effects(tables: StudyTables) -> list[Effect]:
        found = errors(tables)
        values = [value for value in sorted(found) if value != _BEST]
        if which == "a larger":
            values = [value for value in values[-1:] if value > _BEST]
        if which == "a smaller":
            values = [value for value in values[:1] if value < _BEST]
        if _BEST not in found:
            return []
        return ratios({f"{v:g} over {_BEST:g}": (found[v], found[_BEST]) for v in values})

    minimum = which == "another"
    return Claim(
        id,
        ("3.2", paragraph),
        parameter.figure,
        claimed=HIGHER_ERROR,
        compared=Compared(parameter.name),
        effects=effects,
        needs=f"a sweep over {parameter.symbol} alone, with {_BEST:g} and {which} value",
        reason=reason if minimum else None,
        concluded=minimum,
        **stated,
    )


CLAIMS = [
    _over_best(
        "eta-minimum",
        _ETA,
        "another",
        paragraph=2,
        quote=_ETA_ERROR,
        text="The prediction error is least at η = 1 (other values over 1)",
    ),
    _over_best(
        "eta-too-large",
        _ETA,
        "a larger",
        paragraph=2,
        quote="However, excessively large values of η lead to an imbalanced contribution of the "
        "regularization term to the total loss, resulting in degraded model performance (Fig. "
        "12(a)).",
        text="An excessive η raises the prediction error (largest over 1)",
    ),
    _trend(
        "eta-error",
        _ETA,
        "e_sigma",
        paragraph=2,
        quote=_ETA_ERROR,
        text="Smaller η generally yield lower errors",
        claimed=HIGHER_ERROR,
    ),
    *(
        _trend(
            id,
            _ETA,
            measure,
            paragraph=2,
            quote="As shown in Fig. 12(c)-(d), both the number of iterations required for "
            "convergence and the number of active base nodes decrease slightly as η increases.",
            text=f"{what} decrease slightly as η increases",
            claimed=SLIGHTLY_BELOW,
        )
        for id, measure, what in (
            ("eta-iterations", "iterations_per_increment", "Iterations"),
            ("eta-nodes", "active_nodes", "Active base nodes"),
        )
    ),
    _trend(
        "eta-time",
        _ETA,
        "online_seconds",
        paragraph=2,
        quote="As a result, the online testing time, shown in Fig. 12(b), exhibits a modest "
        "reduction with increasing η.",
        text="Online time shows a modest reduction with increasing η",
        claimed=SLIGHTLY_BELOW,
    ),
    _trend(
        "eta-limited",
        _ETA,
        "active_nodes",
        paragraph=2,
        quote="These results suggest that η has a relatively limited effect on the number of "
        "active base nodes, which reflects the network's complexity and, consequently, its online "
        "computational efficiency.",
        text="η has a relatively limited effect on the active base nodes",
        claimed=COMPARABLE,
        concluded=True,
    ),
    _over_best(
        "xi-minimum",
        _XI,
        "another",
        paragraph=3,
        quote=_XI_ERROR,
        text="The prediction error is least at ξ = 1 (other values over 1)",
    ),
    _over_best(
        "xi-too-large",
        _XI,
        "a larger",
        paragraph=3,
        quote=_XI_ERROR,
        text="An excessive ξ raises the prediction error (largest over 1)",
    ),
    _over_best(
        "xi-too-small",
        _XI,
        "a smaller",
        paragraph=4,
        quote="Conversely, when ξ is too small, the network contains too few active base nodes to "
        "adequately capture essential microstructural interactions and homogenization behavior, "
        "leading to degraded prediction accuracy.",
        text="Too small a ξ raises the prediction error (smallest over 1)",
    ),
    *(
        _trend(
            id,
            _XI,
            measure,
            paragraph=3,
            quote="As shown in Fig. 13(b), the online testing time increases with ξ, which can be "
            "attributed to both the increasing number of active base nodes (Fig. 13(d)) and more "
            "online iterations required for convergence (Fig. 13(c)).",
            text=f"{what} with ξ",
            claimed=ABOVE,
        )
        for id, measure, what in (
            ("xi-time", "online_seconds", "Online time increases"),
            ("xi-nodes", "active_nodes", "Active base nodes increase"),
            ("xi-iterations", "iterations_per_increment", "Iterations increase"),
        )
    ),
]
"""In the order of findings.csv."""

"""Claims of Section 3.2: the weight eta and the target xi of the regularisation."""

from functools import partial
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd

from evaluation.claims.claim import Claim, Compared, Sentence
from evaluation.claims.evidence import each_over, group_values, lowest_mean
from evaluation.claims.ranges import ABOVE, COMPARABLE, HIGHER_ERROR, SLIGHTLY_BELOW, Claimed
from evaluation.measures.effects import Pairs, trend
from evaluation.measures.tables import StudyTables, of_networks

_BEST = 1.0
"""Of both parameters, by the paper."""

_LEAST = "The prediction error is least at {} = 1 (other values over 1)"
_EXCESSIVE = "An excessive {} raises the prediction error (largest over 1)"


_Parameter = Literal["eta", "xi"]
_SYMBOLS = {"eta": "η", "xi": "ξ"}

_IN_3_2_2 = partial(Sentence, "3.2", 2, "fig12")
_IN_3_2_3 = partial(Sentence, "3.2", 3, "fig13")
_IN_3_2_4 = partial(Sentence, "3.2", 4, "fig13")
_ETA_ERROR = _IN_3_2_2(
    "Fig. 12(a) shows that smaller values of η generally yield lower prediction errors, as "
    "measured by the metric defined in Eq. (32), with the minimum prediction error occurring at "
    "η = 1."
)
_ETA_TOO_LARGE = _IN_3_2_2(
    "However, excessively large values of η lead to an imbalanced contribution of the "
    "regularization term to the total loss, resulting in degraded model performance (Fig. "
    "12(a))."
)
_ETA_COUNTS = _IN_3_2_2(
    "As shown in Fig. 12(c)-(d), both the number of iterations required for convergence and the "
    "number of active base nodes decrease slightly as η increases."
)
_XI_ERROR = _IN_3_2_3(
    "Fig. 13(a) shows that the prediction error initially decreases and then increases as ξ "
    "grows, reaching a minimum at ξ = 1."
)
_XI_COST = _IN_3_2_3(
    "As shown in Fig. 13(b), the online testing time increases with ξ, which can be attributed "
    "to both the increasing number of active base nodes (Fig. 13(d)) and more online iterations "
    "required for convergence (Fig. 13(c))."
)


def _rows(tables: StudyTables, parameter: _Parameter) -> pd.DataFrame:
    """Measures of the networks of a sweep, on the composite that was timed."""
    ids = getattr(tables.comparisons, parameter)
    rows = of_networks(tables.first_scheme_timed_errors, ids)
    return rows[rows[parameter] > 0]


def _trend(
    id: str,
    parameter: _Parameter,
    measure: str,
    sentence: Sentence,
    text: str,
    claimed: Claimed,
    concluded: bool = False,
) -> Claim:
    """A claim on how a measure follows a parameter."""

    def pairs(tables: StudyTables) -> Pairs:
        rows = _rows(tables, parameter).dropna(subset=[measure]).set_index("seed")
        values = rows[parameter]
        return {"": (rows[measure], np.log(values))} if len(set(values)) > 1 else {}

    return Claim(
        id,
        sentence,
        f"{text} (largest {_SYMBOLS[parameter]} over smallest, by the trend)",
        claimed,
        pairs,
        f"a sweep over {_SYMBOLS[parameter]} alone, with several values",
        compared=Compared(parameter),
        ratio=trend,
        measure=measure,
        concluded=concluded,
    )


def _over_best(id: str, parameter: _Parameter, which: str, sentence: Sentence, text: str) -> Claim:
    """A claim that the error is higher at others, all or the extreme, than at the best value."""

    def errors(tables: StudyTables) -> dict[float, pd.Series]:
        return group_values(_rows(tables, parameter), parameter, "e_sigma")

    def reason(tables: StudyTables, _: object) -> str:
        return lowest_mean(errors(tables), f"{_SYMBOLS[parameter]} = {{:g}}")

    def pairs(tables: StudyTables) -> Pairs:
        found = errors(tables)
        values = {
            "another": [value for value in found if value != _BEST],
            "a larger": [value for value in found if value > _BEST][-1:],
            "a smaller": [value for value in found if value < _BEST][:1],
        }[which]
        return each_over(found, product(values, [_BEST]), "{:g} over {:g}")

    minimum = which == "another"
    return Claim(
        id,
        sentence,
        text,
        HIGHER_ERROR,
        pairs,
        f"a sweep over {_SYMBOLS[parameter]} alone, with {_BEST:g} and {which} value",
        compared=Compared(parameter),
        reason=reason if minimum else None,
        concluded=minimum,
    )


CLAIMS = [
    _over_best("eta-minimum", "eta", "another", _ETA_ERROR, _LEAST.format("η")),
    _over_best("eta-too-large", "eta", "a larger", _ETA_TOO_LARGE, _EXCESSIVE.format("η")),
    _trend(
        "eta-error",
        "eta",
        "e_sigma",
        _ETA_ERROR,
        "Smaller η generally yield lower errors",
        HIGHER_ERROR,
    ),
    *(
        _trend(
            id,
            "eta",
            measure,
            _ETA_COUNTS,
            f"{what} decrease slightly as η increases",
            SLIGHTLY_BELOW,
        )
        for id, measure, what in (
            ("eta-iterations", "iterations_per_increment", "Iterations"),
            ("eta-nodes", "active_nodes", "Active base nodes"),
        )
    ),
    _trend(
        "eta-time",
        "eta",
        "online_seconds",
        _IN_3_2_2(
            "As a result, the online testing time, shown in Fig. 12(b), exhibits a modest "
            "reduction with increasing η."
        ),
        "Online time shows a modest reduction with increasing η",
        SLIGHTLY_BELOW,
    ),
    _trend(
        "eta-limited",
        "eta",
        "active_nodes",
        _IN_3_2_2(
            "These results suggest that η has a relatively limited effect on the number of "
            "active base nodes, which reflects the network's complexity and, consequently, its "
            "online computational efficiency."
        ),
        "η has a relatively limited effect on the active base nodes",
        COMPARABLE,
        concluded=True,
    ),
    _over_best("xi-minimum", "xi", "another", _XI_ERROR, _LEAST.format("ξ")),
    _over_best("xi-too-large", "xi", "a larger", _XI_ERROR, _EXCESSIVE.format("ξ")),
    _over_best(
        "xi-too-small",
        "xi",
        "a smaller",
        _IN_3_2_4(
            "Conversely, when ξ is too small, the network contains too few active base nodes to "
            "adequately capture essential microstructural interactions and homogenization "
            "behavior, leading to degraded prediction accuracy."
        ),
        "Too small a ξ raises the prediction error (smallest over 1)",
    ),
    _trend("xi-time", "xi", "online_seconds", _XI_COST, "Online time increases with ξ", ABOVE),
    _trend("xi-nodes", "xi", "active_nodes", _XI_COST, "Active base nodes increase with ξ", ABOVE),
    _trend(
        "xi-iterations",
        "xi",
        "iterations_per_increment",
        _XI_COST,
        "Iterations increase with ξ",
        ABOVE,
    ),
]
"""In the order of findings.csv."""

"""The opening of the report: what to choose, what it costs, how far to trust it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import ttest_ind

from evaluation.findings.effects import spread_ratio
from evaluation.findings.finding import VERDICTS
from evaluation.measures.statistics import CONFIGURATION, with_schemes
from evaluation.measures.tables import Measured, among
from evaluation.report.words import (
    NO_BREAK,
    configuration_name,
    enumeration,
    percent,
    plural,
    scheme_name,
    spaced,
    spread,
)

LEVEL = 0.05

CHOICE_RULE = (
    "Eligible is a configuration of which no network failed, in training or online. The most "
    "accurate has the lowest mean e_σ over composites and networks. The choice is the cheapest "
    "online, each with its fastest scheme, among those that Welch's t-test on their networks does "
    f"not tell apart from it at the {100 * LEVEL:g} % level, and whose spread the F-test does not "
    "find larger, each with two networks or more."
)


@dataclass(frozen=True)
class Advice:
    """A question of the reader, and its answer in sentences."""

    question: str
    sentences: list[str]


@dataclass(frozen=True)
class _Choice:
    """A configuration: what its networks share, their rows in `Measured.means`, and its schemes.

    The latter are those that were timed on all its networks, the fastest first, with their means
    of the online time (seconds) and of e_sigma of the timed composite (error).
    """

    shared: Mapping[str, object]
    rows: pd.DataFrame
    schemes: pd.DataFrame

    @property
    def error(self) -> float:
        return float(self.rows["e_sigma"].mean())

    @property
    def seconds(self) -> float:
        """Online time with the fastest scheme, not a number where none was timed."""
        return float(self.schemes["seconds"].min())


def advice(measured: Measured, findings: pd.DataFrame, references: Sequence[str]) -> list[Advice]:
    """What a reader can act on.

    Args:
        measured: of the study.
        findings: findings.csv.
        references: sentences on the trust in the references, or none.
    """
    choices = _eligible(measured)
    if not choices:
        none = "No configuration came through without a failed network, so none is recommended."
        return [
            Advice("What to choose", [none]),
            Advice("How far to trust it", [*_tally(findings), *references]),
        ]
    best = min(choices, key=lambda choice: choice.error)
    chosen = min(_alike(choices, best), key=lambda choice: choice.seconds)
    return [
        Advice("What to choose", [*_choice(measured, best, chosen), *_scheme(measured, chosen)]),
        Advice("What it costs", _cost(measured, chosen)),
        Advice(
            "How far to trust it", [*_accuracy(measured, chosen), *_tally(findings), *references]
        ),
    ]


def _eligible(measured: Measured) -> list[_Choice]:
    networks = measured.training.groupby(CONFIGURATION).size().to_dict()
    return [
        _Choice(dict(zip(CONFIGURATION, key, strict=True)), rows, _timed_schemes(measured, rows))
        for key, rows in measured.means.groupby(CONFIGURATION, sort=False)
        if len(rows) == networks[key]
    ]


def _timed_schemes(measured: Measured, networks: pd.DataFrame) -> pd.DataFrame:
    rows = among(measured.errors, list(networks["network"]))
    rows = rows[rows["composite"] == measured.composite].dropna(subset="online_seconds")
    found = rows.groupby("scheme").agg(
        seconds=("online_seconds", "mean"), error=("e_sigma", "mean"), networks=("network", "size")
    )
    return found[found["networks"] == len(networks)].sort_values("seconds")


def _alike(choices: Sequence[_Choice], best: _Choice) -> list[_Choice]:
    """The best and those that cannot be told apart from it, as far as they are timed."""

    def apart(choice: _Choice) -> bool:
        if min(len(choice.rows), len(best.rows)) < 2:
            return True
        values = choice.rows["e_sigma"], best.rows["e_sigma"]
        less_sure = spread_ratio("", *values, 1 - LEVEL).low > 1
        return less_sure or not ttest_ind(*values, equal_var=False).pvalue >= LEVEL

    timed = [choice for choice in choices if choice.seconds > 0]
    return [choice for choice in timed if choice is not best and not apart(choice)] + [best]


def _choice(measured: Measured, best: _Choice, chosen: _Choice) -> list[str]:
    composites = plural(measured.chosen["composite"].nunique(), "composite")
    networks = plural(len(best.rows), "network")
    if chosen is best:
        return [
            f"{configuration_name(best.shared)}.",
            f"Its mean e_σ over {composites}, {_percent(best)} ({networks}), is the lowest of the "
            "study, and no cheaper configuration comes as close.",
        ]
    return [
        f"{configuration_name(chosen.shared)}.",
        f"Its mean e_σ over {composites}, {_percent(chosen)} "
        f"({plural(len(chosen.rows), 'network')}), cannot be told apart from the lowest of the "
        "study, and it is the cheapest online of which that holds.",
        f"The lowest is {_percent(best)}, of {configuration_name(best.shared)} ({networks})"
        f"{_slower(best, chosen)}.",
    ]


def _slower(best: _Choice, chosen: _Choice) -> str:
    if not best.seconds > 0:
        return ", which is not timed"
    return f", which takes {best.seconds / chosen.seconds:.2g} times as long online"


def _scheme(measured: Measured, chosen: _Choice) -> list[str]:
    """The fastest scheme of the choice, and what the others take."""
    found = chosen.schemes
    kind = str(chosen.shared["kind"])
    if found.empty:
        return []
    names = [scheme_name(str(scheme), kind) for scheme in found.index]
    fastest, *others = found["seconds"]
    times = f"{_milliseconds(fastest)} for all loads of {spaced(measured.composite)}"
    if not others:
        return [f"It was tested with one online scheme, {names[0]}: {times}."]
    slower = enumeration(
        [
            f"{seconds / fastest:.2g} ({name})"
            for seconds, name in zip(others, names[1:], strict=True)
        ]
    )
    apart = 100 * (found["error"].max() - found["error"].min())
    return [
        f"Its fastest scheme is {names[0]}: {times}. Others take {slower} times as long. Their "
        f"mean e_σ agree within {float(f'{apart:.1g}'):g} percentage points."
    ]


def _cost(measured: Measured, chosen: _Choice) -> list[str]:
    trained = among(measured.trained, list(chosen.rows["network"]))
    active, layers = chosen.rows["active_nodes"], chosen.shared["layers"]
    rows = with_schemes(measured.predictions, measured.first_schemes)
    loads = rows.loc[rows["composite"] == measured.composite, "load"].nunique()
    path = _milliseconds(chosen.seconds / max(loads, 1))
    online = f"With its fastest scheme a load path takes {path} on one thread; "
    return [
        f"Training such a network took {_spread(trained['seconds'])}{NO_BREAK}s on one core, "
        "beside the other jobs of the study.",
        f"{online if chosen.seconds > 0 else ''}"
        f"{_spread(active)} of its {2 ** int(str(layers))} base nodes are active.",
    ]


def _accuracy(measured: Measured, chosen: _Choice) -> list[str]:
    networks = list(chosen.rows["network"])
    errors = among(measured.chosen, networks)
    by_composite = [
        f"{percent(values.mean(), values.std())} for {spaced(str(name))}"
        for name, values in errors.groupby("composite", sort=False)["e_sigma"]
    ]
    rows = with_schemes(among(measured.predictions, networks), measured.first_schemes)
    loads = rows.groupby("load")["error"].mean().sort_values()
    return [
        f"Of nonlinear curves that it never saw, its error e_σ is {enumeration(by_composite)}.",
        f"Over the composites it is {percent(loads.iloc[-1])} in the hardest direction, "
        f"{loads.index[-1]}, and {percent(loads.iloc[0])} in the easiest, {loads.index[0]}.",
    ]


def _tally(findings: pd.DataFrame) -> list[str]:
    counts = findings["verdict"].value_counts()
    words = [f"{verdict} {counts.get(verdict, 0)}" for verdict in VERDICTS]
    return [f"Of {len(findings)} claims of the paper: {', '.join(words)}."]


def _percent(choice: _Choice) -> str:
    return percent(choice.error, choice.rows["e_sigma"].std())


def _spread(values: pd.Series) -> str:
    return spread(values.mean(), values.std())


def _milliseconds(seconds: float) -> str:
    return f"{float(f'{1e3 * seconds:.2g}'):g}{NO_BREAK}ms"

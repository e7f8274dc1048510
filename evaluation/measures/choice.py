"""Which configuration to choose, and what error to expect of it.

The chosen one is nearly as accurate as the best, and the fastest of these. Its error on the
networks that chose it is too small: of many configurations one has the least error by luck. So the
error to expect is measured on networks that had no part in the choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.measures.tables import StudyTables
from training.specification import CONFIGURATION

Array = NDArray[np.float64]

ROOM = 1.25
"""Factor on the errors of the most accurate configuration that a faster one may have."""

# Schemes of one network give errors that differ by rounding, which makes none the better.
_LEAST_GAIN = 0.01


@dataclass(frozen=True)
class Configuration:
    """Networks that differ in their seed alone, none of which failed.

    Attributes:
        shared: what they have in common: the values of `CONFIGURATION`.
        networks: their rows of `StudyTables.composite_means`.
        schemes: online scheme -> seconds (mean over the networks, for all loads of the timed
            composite) and e_sigma (mean of that composite), the fastest first; those that were
            timed on all networks.
    """

    shared: Mapping[str, object]
    networks: pd.DataFrame
    schemes: pd.DataFrame

    @property
    def ids(self) -> list[str]:
        """Names of the networks."""
        return list(self.networks["network"])

    @property
    def seconds(self) -> float:
        """Online time with the fastest scheme; nan where none was timed."""
        return float(self.schemes["seconds"].min())


@dataclass(frozen=True)
class Choice:
    """The chosen and the most accurate configuration, which may be one and the same.

    Attributes:
        chosen: the fastest online of those whose mean and largest errors are at most `ROOM` times
            those of the most accurate.
        best: the most accurate, by its mean error.
        held_out: e_sigma of networks of the chosen configuration that had no part in the choice,
            one a seed: the choice is made again without each seed in turn, and measured on the
            network of this seed. Empty in a study with one seed.
        held_out_best: the same for the most accurate one.
    """

    chosen: Configuration
    best: Configuration
    held_out: Array
    held_out_best: Array


def choose(tables: StudyTables) -> Choice | None:
    """Choose a configuration; None if every one has a failure.

    That a test sees no difference to the best would not do for a choice: with few networks it sees
    none between 5 and 11 %.
    """
    found = _without_failures(tables)
    if not found:
        return None
    rows = pd.concat([one.networks.assign(place=place) for place, one in enumerate(found)])
    seconds = pd.Series([one.seconds for one in found])
    chosen, best = _pick(rows, seconds)
    return Choice(found[chosen], found[best], *_held_out(rows, seconds))


def _pick(rows: pd.DataFrame, seconds: pd.Series) -> tuple[int, int]:
    """Places of the chosen and of the most accurate configuration.

    `rows` are networks with the place of their configuration; `seconds` are by place.
    """
    errors = rows.groupby("place")["e_sigma"].agg(["mean", "max"])
    best: Any = errors["mean"].idxmin()
    near = errors.index[(errors <= ROOM * errors.loc[best]).all(axis=1)]
    timed = seconds[near].dropna()
    chosen: Any = best if timed.empty else timed.idxmin()
    return chosen, best


def _held_out(rows: pd.DataFrame, seconds: pd.Series) -> tuple[Array, Array]:
    """Errors of the chosen and of the most accurate, each on a seed that did not choose."""
    found: tuple[list[float], list[float]] = ([], [])
    for seed, held_out in rows.groupby("seed"):
        rest = rows[rows["seed"] != seed]
        if rest.empty:
            continue
        for place, measured in zip(_pick(rest, seconds), found, strict=True):
            # Some configurations have fewer seeds than others: they have none to hold out here.
            measured += held_out.loc[held_out["place"] == place, "e_sigma"].tolist()
    return np.array(found[0]), np.array(found[1])


def _without_failures(tables: StudyTables) -> list[Configuration]:
    sizes = tables.training.groupby(CONFIGURATION).size().to_dict()
    schemes = _schemes(tables)
    of_key = dict(tuple(schemes.groupby(level=CONFIGURATION)))
    return [
        Configuration(
            dict(zip(CONFIGURATION, key, strict=True)),
            rows,
            of_key.get(key, schemes.head(0)).reset_index(level=CONFIGURATION, drop=True),
        )
        for key, rows in tables.composite_means.groupby(CONFIGURATION, sort=False)
        if len(rows) == sizes[key]
    ]


def _schemes(tables: StudyTables) -> pd.DataFrame:
    """Schemes that all timed networks of a configuration took; a study may time the first alone."""
    rows = tables.timed_errors.dropna(subset="online_seconds")
    found = rows.groupby([*CONFIGURATION, "scheme"]).agg(
        seconds=("online_seconds", "mean"), e_sigma=("e_sigma", "mean"), size=("network", "size")
    )
    timed = rows.groupby(CONFIGURATION)["network"].nunique().rename("timed")
    everywhere = found["size"] == found.join(timed, on=CONFIGURATION)["timed"]
    return found[everywhere].sort_values("seconds")


def pareto_front(rows: pd.DataFrame, cost: str, error: str) -> pd.DataFrame:
    """The rows with an error at least 1 % below that of every cheaper one of them, by cost."""
    ordered = rows.sort_values([cost, error])
    kept, least = [], float("inf")
    for place, value in enumerate(ordered[error]):
        if value < (1 - _LEAST_GAIN) * least:
            kept.append(place)
            least = value
    return ordered.iloc[kept]

"""Which configuration to choose: nearly as accurate as the best, and the fastest of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluation.measures.tables import StudyTables
from training.table import CONFIGURATION

ROOM = 1.25
"""Factor on the errors of the most accurate configuration that a faster one may have."""


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
    def error(self) -> float:
        """Mean e_sigma over composites and networks."""
        return float(self.networks["e_sigma"].mean())

    @property
    def seconds(self) -> float:
        """Online time with the fastest scheme; nan where none was timed."""
        return float(self.schemes["seconds"].min())


def choose(tables: StudyTables) -> tuple[Configuration, Configuration] | None:
    """The chosen and the most accurate configuration, which may be one and the same.

    The choice is the fastest online of those whose mean and largest errors are at most `ROOM` times
    those of the most accurate. None if every one has a failure. (That a test sees no difference
    would not do: with few networks it sees none between 5 and 11 %.)

    Args:
        tables: of the study.
    """
    found = _without_failures(tables)
    if not found:
        return None
    best = min(found, key=lambda one: one.error)
    return min(_as_accurate(found, best), key=lambda one: one.seconds), best


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


def _as_accurate(found: Sequence[Configuration], best: Configuration) -> list[Configuration]:
    """The best, and those that were timed and are nearly as accurate."""

    def alike(one: Configuration) -> bool:
        errors, least = one.networks["e_sigma"], best.networks["e_sigma"]
        return errors.mean() <= ROOM * least.mean() and errors.max() <= ROOM * least.max()

    others = [one for one in found if one is not best and one.seconds > 0 and alike(one)]
    return [*others, best]  # the last, as it may not be timed: nothing is less than nan

"""The tables of a study, as figures, findings and the report read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.measures.comparisons import StudySettings
from evaluation.measures.statistics import (
    NETWORK_ERRORS,
    bias_columns,
    prediction_errors,
    predictions_under,
    with_configuration,
    with_schemes,
)
from rve.table import read_table
from training.networks_table import read as read_training

TIMING_COLUMNS = [
    *("quantity", "network", "kind", "layers", "scheme", "backend"),
    *("median_seconds", "minimum_seconds", "maximum_seconds", "repeats"),
    *("iterations", "tolerance", "per"),
]
"""Columns of timing.csv, see `evaluation.measures.timing`."""

DEVIATIONS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Of an ensemble, within which the reference may lie."""

ENSEMBLE_COLUMNS = [
    *("recipe", "kind", "layers", "networks", "composite", "control", "load"),
    *("error", "spread", "factor"),
    *(f"{name}_{k:g}" for k in DEVIATIONS for name in ("inside", "calibrated")),
]
"""Columns of ensembles.csv, see `evaluation.measures.ensembles`."""


@dataclass(frozen=True, kw_only=True)
class StudyTables(StudySettings):
    """The tables of a study, and what of them is compared.

    Attributes:
        training: training.csv.
        online: online.csv, loads as text.
        timing: timing.csv; without rows in a study without timings.
        ensembles: ensembles.csv; without rows in a study that averages no networks.
        measured: errors.csv of a study whose online.csv is not at hand.
    """

    training: pd.DataFrame
    online: pd.DataFrame
    timing: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TIMING_COLUMNS))
    ensembles: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ENSEMBLE_COLUMNS))
    measured: pd.DataFrame | None = None

    def up_to(self, seeds: int) -> "StudyTables":
        """The same study with the first networks alone of each configuration."""
        training = self.training[self.training["seed"] < seeds]
        ids = training["network"]
        timing = self.timing
        return replace(
            self,
            training=training,
            online=of_networks(self.online, ids),
            measured=None if self.measured is None else of_networks(self.measured, ids),
            timing=timing[timing["network"].isna() | timing["network"].isin(ids)],
        )

    @cached_property
    def first_schemes(self) -> dict[str, str]:
        """The scheme of each kind in all figures and means but those of schemes."""
        return {kind: names[0] for kind, names in self.schemes.items()}

    @cached_property
    def trained(self) -> pd.DataFrame:
        """The rows of training.csv whose training did not fail."""
        return self.training[self.training["status"] == "ok"]

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """The rows of online.csv under the control, with the configuration of their network."""
        return predictions_under(self.training, self.online, self.control)

    @cached_property
    def first_scheme_predictions(self) -> pd.DataFrame:
        """Of these, those with the first scheme of each kind."""
        return with_schemes(self.predictions, self.first_schemes)

    @cached_property
    def path_predictions(self) -> pd.DataFrame:
        """Predictions along the load paths of the study's own, with the first schemes."""
        rows = predictions_under(self.training, self.online, "path")
        return with_schemes(rows, self.first_schemes)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Errors and iterations of every network, scheme and composite; see `prediction_errors`."""
        measured = self.measured
        if measured is None:
            measured = prediction_errors(self.online[self.online["control"] == self.control])
        return with_configuration(measured, self.training)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Accuracy and cost of every network, scheme and composite: `measures`, and times.

        `online_seconds` and `microseconds`, the time an iteration and active base node, are there
        for the composite that was timed; `literal_seconds` and `literal_microseconds` are those of
        the algorithms as printed, which take the same iterations.
        """
        errors = self.measures
        errors = errors.assign(iterations_per_increment=errors["iterations"] / errors["increments"])
        timed = errors["composite"] == self.composite
        keys = ["network", "scheme"]
        for quantity, column in (("online", "online_seconds"), ("online_literal", "literal_cost")):
            times = self.timing[self.timing["quantity"] == quantity].set_index(keys)
            errors = errors.join(times["median_seconds"].rename(column), on=keys)
            errors[column] = errors[column].where(timed)
        work = errors["iterations"] * errors["active_nodes"]
        cost = errors.pop("literal_cost")
        return errors.assign(
            microseconds=1e6 * errors["online_seconds"] / work,
            literal_microseconds=1e6 * cost,
            literal_seconds=cost * work,
        )

    @cached_property
    def timed_errors(self) -> pd.DataFrame:
        """Of `errors`, those of the composite that was timed."""
        return self.errors[self.errors["composite"] == self.composite]

    @cached_property
    def first_scheme_errors(self) -> pd.DataFrame:
        """Of `errors`, those with the first scheme of each kind."""
        return with_schemes(self.errors, self.first_schemes)

    @cached_property
    def first_scheme_timed_errors(self) -> pd.DataFrame:
        """Of `errors`, those with the first scheme of each kind, of the timed composite."""
        return with_schemes(self.timed_errors, self.first_schemes)

    @cached_property
    def composite_means(self) -> pd.DataFrame:
        """One network a row, with its first scheme; those that predicted all composites.

        e_sigma is the mean over the composites; all else is that of the timed composite.
        """
        every = self.first_scheme_errors
        means = every.groupby("network")["e_sigma"].agg(["mean", "size"])
        complete = means[means["size"] == every["composite"].nunique()]["mean"]
        rows = of_networks(self.first_scheme_timed_errors, complete.index)
        return rows.assign(e_sigma=rows["network"].map(complete))


def read_study_tables(
    training: Path,
    online: Path,
    settings: StudySettings,
    timing: Path | None = None,
    ensembles: Path | None = None,
) -> StudyTables:
    """Read the tables of a study, which has timing.csv if it times, ensembles.csv if it averages.

    Raises:
        InputError: a file is not a table.
    """
    found: dict[str, Any] = {"training": read_training(training)}
    files = {"online": online, "timing": timing, "ensembles": ensembles}
    found |= {name: read_table(path) for name, path in files.items() if path is not None}
    return StudyTables(**found, **vars(settings))


def judged_errors(tables: StudyTables) -> pd.DataFrame:
    """Of `StudyTables.measures`, what the claims are judged by; errors.csv.

    All composites with the first scheme of each kind; with further schemes the timed composite of
    the networks whose schemes are compared. Six digits are left.

    Returns:
        Columns network, scheme, composite, `NETWORK_ERRORS`, and bias_<load> of each load.
    """
    measures = tables.measures
    first = measures["scheme"] == measures["kind"].map(tables.first_schemes)
    compared = measures["network"].isin(tables.comparisons.depth_networks)
    rows = measures[first | (compared & (measures["composite"] == tables.composite))]
    rows = rows[["network", "scheme", "composite", *NETWORK_ERRORS, *bias_columns(rows)]]
    return rows.map(lambda value: float(f"{value:.6g}") if isinstance(value, float) else value)


def of_networks(frame: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """The rows of a table that belong to these networks."""
    return frame[frame["network"].isin(list(ids))]

"""The one network of a study that a user should take, and what each of its networks is for.

The choice, step 8 of docs/recipe.md, knows linear elastic errors alone. So the errors on nonlinear
curves that stand beside it are those of a network that they did not choose, and a study of other
materials would choose the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from evaluation.measures.choice import ROOM
from evaluation.measures.statistics import prediction_errors
from rve.errors import InputError
from training.specification import CONFIGURATION

COLUMNS = [
    *("file", "kind", "layers", "initialisation", "active_nodes"),
    *("error_validation", "error_moments"),
]
"""Columns of networks.csv, before e_sigma_<composite> of each composite and `use`."""


class Chosen(NamedTuple):
    """A network and why it was chosen, in a sentence."""

    id: str
    reason: str


def linear_measure(networks: pd.DataFrame) -> str:
    """The linear error by which networks are chosen: that of moments, if all of them have it.

    It says how strongly the strain localises, which decides the stresses once a phase yields;
    the error of the stiffness does not.
    """
    measured = networks["error_moments"].notna().all()
    return "error_moments" if measured else "error_validation"


def chosen_network(training: pd.DataFrame) -> Chosen:
    """The network with the smallest linear error on samples that no training used.

    Where networks were trained with moments, it is one of these: only their strain follows that of
    the cell once a phase yields. An IMN comes before a DMN of nearly the same error, at most `ROOM`
    times as large: with the recipe its nonlinear error is as small and scatters less, and it turns
    no law at its base nodes. A deeper tree does not come before one of the same error, because it
    costs more: where the depth helps, the error is smaller.

    Args:
        training: training.csv.

    Raises:
        InputError: all trainings failed.
    """
    trained = training[training["status"] == "ok"]
    if trained.empty:
        raise InputError(
            f"no network can be chosen: all {len(training)} trainings failed, the first with "
            f"{training['reason'].iloc[0]!r}; tables/training.csv lists them; the recipe, "
            "workflow/studies/recipe.yaml, has a start that keeps its base nodes"
        )
    taught = trained[trained["moments"] > 0]
    networks = trained if taught.empty else taught
    measure = linear_measure(networks)
    least = networks[networks[measure] <= ROOM * networks[measure].min()]
    preferred = least[least["kind"] == "IMN"]
    best: Any = (least if preferred.empty else preferred)[measure].idxmin()
    reason = f"the smallest {measure} of the networks that were trained with moments"
    if taught.empty:
        reason = (
            f"the smallest {measure}, as no network of its study was trained with moments; this "
            "says little about its stresses once a phase yields"
        )
    return Chosen(str(training.loc[best, "network"]), reason)


def alike(training: pd.DataFrame, network: str) -> list[str]:
    """The networks that differ from one in their seed alone, and itself; none that failed."""
    trained = training[training["status"] == "ok"]
    own = trained.loc[trained["network"] == network, CONFIGURATION]
    return list(trained.merge(own)["network"])


def catalogue(
    training: pd.DataFrame, predictions: pd.DataFrame, files: Sequence[Path], chosen: Chosen
) -> pd.DataFrame:
    """networks.csv: all networks, the chosen one first, then by their linear error.

    Args:
        training: training.csv.
        predictions: rows of online.csv under one control, one scheme for each kind.
        files: of the networks.
        chosen: of them.
    """
    errors = prediction_errors(predictions).pivot_table("e_sigma", "network", "composite")
    errors = errors.reindex(columns=predictions["composite"].unique()).add_prefix("e_sigma_")
    rows = training.join(errors, on="network")
    row = rows[rows["network"] == chosen.id].iloc[0]
    paths = {path.stem: path.as_posix() for path in files}
    rows = rows.assign(
        file=rows["network"].map(paths),
        use=[_use(one, row, chosen) for one in rows.to_dict("records")],
        chosen=rows["network"] == chosen.id,
        failed=rows["status"] != "ok",
    )
    keys = ["chosen", "failed", linear_measure(rows[~rows["failed"]])]
    rows = rows.sort_values(keys, ascending=[False, True, True], kind="stable")
    return rows[[*COLUMNS, *errors, "use"]]


def _use(network: Mapping[Any, Any], chosen: pd.Series, choice: Chosen) -> str:
    """What a network is for."""
    if network["status"] != "ok":
        return f"none: its training failed, {network['reason']}"
    if network["network"] == choice.id:
        return f"the network to use, copied to network.npz: it has {choice.reason}"
    if all(network[name] == chosen[name] for name in CONFIGURATION):
        return "in an ensemble with network.npz, from which it differs in its seed alone"
    start = ", and its start is random" if network["initialisation"] == "random" else ""
    return f"a comparison: its kind, depth or training is not that of network.npz{start}"

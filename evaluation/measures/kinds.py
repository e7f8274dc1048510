"""DMN against IMN: errors, the hardest load and failures of each kind."""

import pandas as pd

from evaluation.measures.effects import CONFIDENCE, Effect, ratio
from evaluation.measures.statistics import count_failures, statistics
from evaluation.measures.tables import StudyTables, of_networks


def compare_kinds(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """What the networks of each kind reach, with their first scheme.

    Returns:
        One kind a row: kind; networks and failed (in training); predictions (of the trained ones)
        and unconverged; the statistics of error_validation and of e_sigma, the mean over the
        composites; load and error_mean of the load with the largest mean error.
    """
    trained, means = of_networks(tables.trained, ids), of_networks(tables.composite_means, ids)
    predictions = of_networks(tables.first_scheme_predictions, ids)
    loads = statistics(predictions[predictions["status"] == "ok"], ["kind", "load"], ["error"])
    hardest = loads.loc[loads.groupby("kind")["error_mean"].idxmax()]
    table = failures(tables, ids)
    table = table.merge(statistics(trained, ["kind"], ["error_validation"]), "left", on="kind")
    table = table.merge(statistics(means, ["kind"], ["e_sigma"]), "left", on="kind")
    return table.merge(hardest[["kind", "load", "error_mean"]], "left", on="kind")


def failures(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """How many networks failed in training, and predictions of the others did not converge.

    Returns:
        One kind a row: kind, networks, failed, predictions, unconverged.
    """
    trained = of_networks(tables.trained, ids)["network"]
    online = of_networks(tables.first_scheme_predictions, trained)
    networks = count_failures(of_networks(tables.training, ids), ["kind"], ("networks", "failed"))
    predictions = count_failures(online, ["kind"], ("predictions", "unconverged"))
    return networks.join(predictions).fillna(0).astype(int).reset_index()


def kind_ratios(tables: StudyTables, ids: list[str]) -> dict[str, Effect | None]:
    """DMN over IMN, of error_validation and of e_sigma; None where a kind has no network."""
    found: dict[str, Effect | None] = {}
    for column, rows in (("error_validation", tables.trained), ("e_sigma", tables.composite_means)):
        groups = [values for _, values in of_networks(rows, ids).groupby("kind")[column]]
        found[column] = ratio("", groups[0], groups[1], CONFIDENCE) if len(groups) == 2 else None
    return found

"""The one network of a study that a user should take: step 8 of docs/recipe.md."""

from evaluation.measures.tables import StudyTables
from training.specification import CONFIGURATION


def chosen_network(tables: StudyTables) -> str | None:
    rows = tables.trained
    for error in ("error_moments", "error_validation"):
        if rows[error].notna().any():
            return str(rows.loc[rows[error].idxmin(), "network"])
    return None


def alike(tables: StudyTables, network: str) -> list[str]:
    """The networks that differ from one in their seed alone, itself too; none that failed."""
    rows = tables.trained
    own = rows.loc[rows["network"] == network, CONFIGURATION]
    return list(rows.merge(own)["network"])

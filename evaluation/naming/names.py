"""Names of configurations in a study: short where the study itself gives one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.formatting import configuration_name, spaced
from evaluation.measures.tables import StudyTables
from training.specification import CONFIGURATION, NETWORK, of_role

Key = tuple[object, ...]
"""The values of `CONFIGURATION`."""


def key_of(row: Mapping[Any, Any]) -> Key:
    """What identifies the configuration of a row."""
    return tuple(row[name] for name in CONFIGURATION)


def configuration_labels(tables: StudyTables) -> dict[Key, str]:
    """A name for each configuration of a study, in as few words as tell it from the others.

    A configuration of a recipe that the study compares has the name of the recipe. Of the others
    what they all have in common is left out.

    Args:
        tables: of the study.
    """
    rows = tables.training.drop_duplicates(CONFIGURATION)
    known = rows["network"].map(tables.comparisons.recipe_of)
    others = rows[known.isna()]
    varied = [name for name in CONFIGURATION if others[name].nunique() > 1]
    labels = {}
    for row, recipe in zip(rows.to_dict("records"), known, strict=True):
        if isinstance(recipe, str):
            labels[key_of(row)] = f"{spaced(recipe)}, {row['kind']}, {row['layers']} layers"
        else:
            labels[key_of(row)] = configuration_name(row, varied)
    return _told_apart(labels)


def _told_apart(labels: Mapping[Key, str]) -> dict[Key, str]:
    """The same, with epochs and learning rate where a name stands for several configurations."""
    often = Counter(labels.values())
    return {
        key: label if often[label] == 1 else f"{label}, {_schedule(key)}"
        for key, label in labels.items()
    }


def _schedule(key: Sequence[object]) -> str:
    values = dict(zip(CONFIGURATION, key, strict=True))
    return ", ".join(NETWORK[name].label.format(values[name]) for name in of_role("schedule"))

"""Section 3.1: initialisation, batch size and data size."""

from collections.abc import Callable, Sequence
from itertools import product

import pandas as pd

from evaluation.findings.evidence import lowest_mean
from evaluation.findings.finding import BELOW, COMPARABLE, Finding
from evaluation.formatting import enumeration, spaced
from evaluation.measures.effects import (
    Effect,
    bonferroni,
    paired_ratio,
    ratio,
    spread_ratio,
)
from evaluation.measures.tables import StudyTables, of_networks

_TRANSVERSE = ("11", "22", "12")
_DATA_SETS: tuple[tuple[int, Sequence[int], Sequence[int], str], ...] = (
    (400, (20, 40), (128,), "fig07"),
    (1024, (128,), (40, 64), "fig07"),
    (2048, (128,), (256,), "fig07"),
)
"""Samples, batch sizes that the paper finds best in training, the others, and the figure."""

_PREDICTED: tuple[tuple[int, int, Sequence[int], str], ...] = (
    (400, 40, (20, 128), "fig08"),
    (1024, 128, (40, 64), "fig18"),
    (2048, 128, (256,), "fig21"),
)
"""Samples, the batch size that the paper finds best in prediction, the others, and the figure."""


def data_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.1 and the appendices claim."""
    return [
        *(_training_batch(tables, *data_set) for data_set in _DATA_SETS),
        _validation(tables),
        *(_prediction_batch(tables, *data_set) for data_set in _PREDICTED),
        _transverse(tables),
        *(_spread_batch(tables, *data_set) for data_set in _PREDICTED),
        _data_error(tables),
        _data_spread(tables),
    ]


def _training_batch(
    tables: StudyTables, samples: int, best: Sequence[int], others: Sequence[int], figure: str
) -> Finding:
    networks = of_networks(tables.trained, tables.comparisons.batch_networks)
    errors = _by_batch(networks, samples, "error_training")
    known = errors.keys() >= {*best, *others}
    pairs = list(product(best, others)) if known else []
    effects = [
        ratio(f"{a} over {b}", errors[a], errors[b], bonferroni(len(pairs))) for a, b in pairs
    ]
    low = enumeration([str(batch) for batch in best])
    high = enumeration([str(batch) for batch in others])
    return Finding(
        f"batch-training-{samples}",
        f"With {samples:,} samples, batches of {low} train to a lower e_C than {high}",
        "3.1",
        BELOW,
        effects,
        figure,
        lowest_mean(errors, "batch size {}") if effects else _lacking(samples, (*best, *others)),
    )


def _validation(tables: StudyTables) -> Finding:
    networks = of_networks(tables.trained, tables.comparisons.batch_networks).set_index("network")
    sizes = sorted(networks["samples"].unique())
    effects = []
    for size in sizes:
        rows = networks[networks["samples"] == size]
        over, under = rows["error_validation"], rows["error_training"]
        effects.append(paired_ratio(f"{size} samples", over, under, bonferroni(len(sizes))))
    return Finding(
        "validation-tracks-training",
        "Validation errors closely track training errors (validation over training)",
        "3.1",
        COMPARABLE,
        effects,
        "fig07",
        "" if effects else "The study has no sweep over batch sizes.",
    )


def _prediction_batch(
    tables: StudyTables, samples: int, best: int, others: Sequence[int], figure: str
) -> Finding:
    effects = _predicted(tables.first_scheme_errors, tables, samples, best, others, ratio)
    claim = f"batches of {best} predict all composites with the lowest error"
    id = f"batch-prediction-{samples}"
    return _of_batches(id, claim, effects, samples, (best, *others), figure)


def _transverse(tables: StudyTables) -> Finding:
    samples, best, others, figure = _PREDICTED[0]
    rows = tables.first_scheme_predictions
    rows = rows[rows["load"].isin(_TRANSVERSE)]
    keys = ["network", "composite", "samples", "batch_size"]
    whole = rows["status"].eq("ok").groupby([rows[key] for key in keys]).transform("all")
    errors = rows[whole].groupby(keys)["error"].mean().rename("e_sigma").reset_index()
    effects = _predicted(errors, tables, samples, best, others, ratio)
    directions = enumeration(list(_TRANSVERSE))
    claim = f"batches of {best} predict the directions {directions} with the lowest error"
    id = f"batch-prediction-{samples}-transverse"
    return _of_batches(id, claim, effects, samples, (best, *others), figure)


def _spread_batch(
    tables: StudyTables, samples: int, best: int, others: Sequence[int], figure: str
) -> Finding:
    effects = _predicted(tables.first_scheme_errors, tables, samples, best, others, spread_ratio)
    claim = f"errors of batches of {best} have the least standard deviation"
    id = f"batch-spread-{samples}"
    return _of_batches(id, claim, effects, samples, (best, *others), figure)


def _of_batches(
    id: str,
    claim: str,
    effects: Sequence[Effect],
    samples: int,
    batches: Sequence[int],
    figure: str,
) -> Finding:
    """That a batch size is the best for a number of samples."""
    return Finding(
        id,
        f"With {samples:,} samples, {claim}",
        _section(samples),
        BELOW,
        effects,
        figure,
        "" if effects else _lacking(samples, batches),
    )


def _data_error(tables: StudyTables) -> Finding:
    errors = _by_samples(tables)
    sizes = list(errors)
    pairs = list(zip(sizes[1:], sizes, strict=False))
    effects = [
        ratio(f"{a} over {b}", errors[a], errors[b], bonferroni(len(pairs))) for a, b in pairs
    ]
    return Finding(
        "data-error",
        "More training samples lower the prediction error",
        "3.1, 4",
        BELOW,
        effects,
        "fig11",
        lowest_mean(errors, "{:,} samples") if effects else "The study has one data size alone.",
    )


def _data_spread(tables: StudyTables) -> Finding:
    errors = _by_samples(tables)
    sizes = list(errors)
    pairs = list(zip(sizes[1:], sizes, strict=False))
    effects = [
        spread_ratio(f"{a} over {b}", errors[a], errors[b], bonferroni(len(pairs)))
        for a, b in pairs
    ]
    return Finding(
        "data-spread",
        "More training samples lower the standard deviation of the prediction error",
        "3.1, 4",
        BELOW,
        effects,
        "fig11",
        "" if effects else "The study has one data size alone.",
    )


def _predicted(
    errors: pd.DataFrame,
    tables: StudyTables,
    samples: int,
    best: int,
    others: Sequence[int],
    effect: Callable[[str, pd.Series, pd.Series, float], Effect],
) -> list[Effect]:
    """An effect a composite and other batch size; none if a batch size is missing."""
    errors = of_networks(errors, tables.comparisons.batch_networks)
    composites = list(errors["composite"].unique())
    found = {name: _by_batch(errors[errors["composite"] == name], samples) for name in composites}
    if not composites or not all(by.keys() >= {best, *others} for by in found.values()):
        return []
    confidence = bonferroni(len(composites) * len(others))
    return [
        effect(f"{spaced(name)}, {best} over {b}", found[name][best], found[name][b], confidence)
        for name in composites
        for b in others
    ]


def _by_batch(rows: pd.DataFrame, samples: int, column: str = "e_sigma") -> dict[int, pd.Series]:
    rows = rows[rows["samples"] == samples]
    return {int(str(size)): values for size, values in rows.groupby("batch_size")[column]}


def _by_samples(tables: StudyTables) -> dict[int, pd.Series]:
    """Mean e_sigma over the composites of the networks of each data size, all batch sizes."""
    rows = of_networks(tables.composite_means, tables.comparisons.batch_networks)
    return {int(str(size)): values for size, values in rows.groupby("samples")["e_sigma"]}


def _lacking(samples: int, batches: Sequence[int]) -> str:
    sizes = enumeration([str(batch) for batch in sorted(batches)])
    return f"Needs networks of {samples:,} samples with the batch sizes {sizes}."


def _section(samples: int) -> str:
    return {400: "3.1", 1024: "A", 2048: "B"}[samples]

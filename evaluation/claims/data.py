"""Section 3.1: initialisation, batch size and data size."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from evaluation.claims.claims import CLAIMS
from evaluation.claims.evidence import lowest_mean
from evaluation.claims.finding import Finding
from evaluation.formatting import enumeration, spaced
from evaluation.measures.effects import Effect, bonferroni, paired_ratio, spread_ratio
from evaluation.measures.statistics import bias_columns
from evaluation.measures.tables import StudyTables, of_networks

Ratio = Callable[[str, Any, Any, float], Effect]
"""`paired_ratio` of series or `spread_ratio` of frames, by seed."""

_TRAINING = {400: ((20, 40), (128,)), 1024: ((128,), (40, 64)), 2048: ((128,), (256,))}
"""Samples -> batch sizes that the paper finds best in training, and the others."""

_PREDICTION = {400: (40, (20, 128)), 1024: (128, (40, 64)), 2048: (128, (256,))}
"""Samples -> the batch size that the paper finds best in prediction, and the others."""


def data_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.1 and the appendices claim."""
    errors = of_networks(tables.first_scheme_errors, tables.comparisons.batch_networks)
    return [
        *(_training(tables, samples) for samples in _TRAINING),
        _validation(tables),
        *(_prediction(f"batch-prediction-{n}", errors, n, "e_sigma") for n in _PREDICTION),
        _prediction("batch-prediction-400-transverse", errors, 400, "e_sigma_transverse"),
        *(_prediction(f"batch-spread-{n}", errors, n, bias_columns(errors)) for n in _PREDICTION),
        _data_size("data-error", tables, paired_ratio),
        _data_size("data-spread", tables, spread_ratio),
    ]


def _training(tables: StudyTables, samples: int) -> Finding:
    best, others = _TRAINING[samples]
    networks = of_networks(tables.trained, tables.comparisons.batch_networks)
    errors = _by_batch(networks, samples, "error_training")
    pairs = list(product(best, others)) if errors.keys() >= {*best, *others} else []
    return Finding(
        CLAIMS[f"batch-training-{samples}"],
        _effects(errors, pairs, paired_ratio),
        _needs(samples, (*best, *others)),
        lowest_mean(errors, "batch size {}"),
    )


def _validation(tables: StudyTables) -> Finding:
    networks = of_networks(tables.trained, tables.comparisons.batch_networks)
    sizes = sorted(networks["samples"].unique())
    effects = []
    for size in sizes:
        rows = networks[networks["samples"] == size].set_index("network")
        over, under = rows["error_validation"], rows["error_training"]
        effects.append(paired_ratio(f"{size} samples", over, under, bonferroni(len(sizes))))
    return Finding(CLAIMS["validation-tracks-training"], effects, "a sweep over batch sizes")


def _prediction(id: str, errors: pd.DataFrame, samples: int, measure: str | list[str]) -> Finding:
    """An effect a composite and other batch size; none if a batch size is missing.

    Args:
        id: of the claim.
        errors: of the networks of the sweeps over batch sizes.
        samples: data size.
        measure: the column with an error; or those of the signed errors of the loads, whose spreads
            are compared: they scatter as the bands of stresses are wide.
    """
    best, others = _PREDICTION[samples]
    effect: Ratio = paired_ratio if isinstance(measure, str) else spread_ratio
    found = {
        spaced(str(composite)): _by_batch(rows.dropna(subset=measure), samples, measure)
        for composite, rows in errors.groupby("composite", sort=False)
        if measure
    }
    effects = []
    if found and all(by_batch.keys() >= {best, *others} for by_batch in found.values()):
        confidence = bonferroni(len(found) * len(others))
        effects = [
            effect(f"{composite}, {best} over {other}", values[best], values[other], confidence)
            for composite, values in found.items()
            for other in others
        ]
    needs = _needs(samples, (best, *others)) if measure else "the column bias in online.csv"
    return Finding(CLAIMS[id], effects, needs)


def _data_size(id: str, tables: StudyTables, effect: Ratio) -> Finding:
    """Mean e_sigma over the composites of each data size, over that of the next smaller one."""
    rows = of_networks(tables.composite_means, tables.comparisons.batch_networks).set_index("seed")
    errors = {int(str(size)): values["e_sigma"] for size, values in rows.groupby("samples")}
    sizes = list(errors)
    pairs = list(zip(sizes[1:], sizes, strict=False))
    if effect is spread_ratio:
        frames = {size: values.to_frame() for size, values in errors.items()}
        return Finding(CLAIMS[id], _effects(frames, pairs, effect), "several data sizes")
    effects, reason = _effects(errors, pairs, effect), lowest_mean(errors, "{:,} samples")
    return Finding(CLAIMS[id], effects, "several data sizes", reason)


def _effects(
    errors: Mapping[int, Any], pairs: Sequence[tuple[int, int]], effect: Ratio
) -> list[Effect]:
    """One value over another, for each pair."""
    return [effect(f"{a} over {b}", errors[a], errors[b], bonferroni(len(pairs))) for a, b in pairs]


def _by_batch(rows: pd.DataFrame, samples: int, measure: str | list[str]) -> dict[int, Any]:
    """Batch size -> one or several measures of its networks, by seed."""
    rows = rows[rows["samples"] == samples].set_index("seed")
    return {int(str(size)): values[measure] for size, values in rows.groupby("batch_size")}


def _needs(samples: int, batches: Sequence[int]) -> str:
    sizes = enumeration([str(batch) for batch in sorted(batches)])
    return f"networks of {samples:,} samples with the batch sizes {sizes}"

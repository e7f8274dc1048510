"""Section 3.1: initialisation, batch size and data size."""

from collections.abc import Callable, Sequence
from itertools import product

import pandas as pd

from evaluation.findings.claims import CLAIMS
from evaluation.findings.evidence import lowest_mean
from evaluation.findings.finding import Finding
from evaluation.formatting import enumeration, spaced
from evaluation.measures.effects import Effect, bonferroni, paired_ratio, spread_ratio
from evaluation.measures.tables import StudyTables, of_networks

Ratio = Callable[[str, pd.Series, pd.Series, float], Effect]
"""`paired_ratio` or `spread_ratio`, of values by seed."""

_TRANSVERSE = ("11", "22", "12")
_TRAINING = {400: ((20, 40), (128,)), 1024: ((128,), (40, 64)), 2048: ((128,), (256,))}
"""Samples -> batch sizes that the paper finds best in training, and the others."""

_PREDICTION = {400: (40, (20, 128)), 1024: (128, (40, 64)), 2048: (128, (256,))}
"""Samples -> the batch size that the paper finds best in prediction, and the others."""


def data_findings(tables: StudyTables) -> list[Finding]:
    """What Section 3.1 and the appendices claim."""
    errors, transverse = tables.first_scheme_errors, _transverse_errors(tables)
    return [
        *(_training(tables, samples) for samples in _TRAINING),
        _validation(tables),
        *(_prediction("batch-prediction", tables, errors, paired_ratio, n) for n in _PREDICTION),
        _prediction("batch-prediction", tables, transverse, paired_ratio, 400, "-transverse"),
        *(_prediction("batch-spread", tables, errors, spread_ratio, n) for n in _PREDICTION),
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


def _prediction(
    name: str,
    tables: StudyTables,
    errors: pd.DataFrame,
    effect: Ratio,
    samples: int,
    ending: str = "",
) -> Finding:
    """An effect a composite and other batch size; none if a batch size is missing."""
    best, others = _PREDICTION[samples]
    errors = of_networks(errors, tables.comparisons.batch_networks)
    found = {
        spaced(str(composite)): _by_batch(rows, samples)
        for composite, rows in errors.groupby("composite", sort=False)
    }
    effects = []
    if all(by_batch.keys() >= {best, *others} for by_batch in found.values()):
        confidence = bonferroni(max(len(found), 1) * len(others))
        effects = [
            effect(f"{composite}, {best} over {other}", values[best], values[other], confidence)
            for composite, values in found.items()
            for other in others
        ]
    claim = CLAIMS[f"{name}-{samples}{ending}"]
    return Finding(claim, effects, _needs(samples, (best, *others)))


def _transverse_errors(tables: StudyTables) -> pd.DataFrame:
    """e_sigma over the transverse loads alone, of the networks that predicted them all."""
    rows = tables.first_scheme_predictions
    rows = rows[rows["load"].isin(_TRANSVERSE)]
    keys = ["network", "seed", "composite", "samples", "batch_size"]
    whole = rows["status"].eq("ok").groupby([rows[key] for key in keys]).transform("all")
    return rows[whole].groupby(keys)["error"].mean().rename("e_sigma").reset_index()


def _data_size(id: str, tables: StudyTables, effect: Ratio) -> Finding:
    """Mean e_sigma over the composites of each data size, over that of the next smaller one."""
    rows = of_networks(tables.composite_means, tables.comparisons.batch_networks).set_index("seed")
    errors = {int(str(size)): values for size, values in rows.groupby("samples")["e_sigma"]}
    sizes = list(errors)
    effects = _effects(errors, list(zip(sizes[1:], sizes, strict=False)), effect)
    reason = lowest_mean(errors, "{:,} samples") if effect is paired_ratio else ""
    return Finding(CLAIMS[id], effects, "several data sizes", reason)


def _effects(
    errors: dict[int, pd.Series], pairs: Sequence[tuple[int, int]], effect: Ratio
) -> list[Effect]:
    """One value over another, for each pair."""
    return [effect(f"{a} over {b}", errors[a], errors[b], bonferroni(len(pairs))) for a, b in pairs]


def _by_batch(rows: pd.DataFrame, samples: int, column: str = "e_sigma") -> dict[int, pd.Series]:
    """Batch size -> a measure of its networks, by seed."""
    rows = rows[rows["samples"] == samples].set_index("seed")
    return {int(str(size)): values for size, values in rows.groupby("batch_size")[column]}


def _needs(samples: int, batches: Sequence[int]) -> str:
    sizes = enumeration([str(batch) for batch in sorted(batches)])
    return f"networks of {samples:,} samples with the batch sizes {sizes}"

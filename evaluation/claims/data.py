"""Claims of Section 3.1 and of the appendices: initialisation, batch size and data size."""

from functools import partial
from itertools import pairwise, product
from typing import Any, NamedTuple

import pandas as pd

from evaluation.claims.claim import Claim, Compared, Sentence
from evaluation.claims.evidence import each_over, group_values, lowest_mean
from evaluation.claims.ranges import BELOW, COMPARABLE, LOWER_ERROR
from evaluation.formatting import enumeration, spaced
from evaluation.measures.effects import Pairs, paired_ratio, spread_ratio
from evaluation.measures.statistics import bias_columns
from evaluation.measures.tables import StudyTables, of_networks


class _Size(NamedTuple):
    """A data size, its batch sizes, those best in training by the paper, and that in prediction."""

    samples: int
    batches: tuple[int, ...]
    trained: tuple[int, ...]
    best: int
    sentence: Sentence

    @property
    def needs(self) -> str:
        """What the claims on it need."""
        return (
            f"networks of {self.samples:,} samples with the batch sizes {enumeration(self.batches)}"
        )


_IN_3_1_5 = partial(Sentence, "3.1", 5, "fig07")
_IN_3_1_6 = partial(Sentence, "3.1", 6, "fig08")
_IN_3_1_7 = partial(Sentence, "3.1", 7, "fig11")
_IN_A_1 = partial(Sentence, "A", 1, "fig18")
_IN_B_1 = partial(Sentence, "B", 1, "fig21")
_BATCHES_400 = _IN_3_1_6(
    "Among the tested batch sizes (20, 40, and 128), a batch size of 40 yields the most accurate "
    "predictions with the least uncertainty across all tested composites, particularly for the "
    "11, 22, and 12 directions."
)
_DATA_SIZE = _IN_3_1_7(
    "Overall, the results indicate that increasing the training data size leads to improved "
    "prediction accuracy and reduced uncertainty."
)
_BATCHES_1024 = _IN_A_1(
    "Among the three configurations, a batch size of 128 yields more accurate predictions with "
    "lower uncertainty across all tested composite materials, especially in the 11, 22, and 12 "
    "directions, consistent with the corresponding training mean relative errors shown in Fig. "
    "7(b)."
)
_BATCHES_2048 = _IN_B_1(
    "Among the these configurations, a batch size of 128 yields more accurate predictions with "
    "lower uncertainty across all tested composite materials, especially in the 11, 22, and 12 "
    "directions, consistent with the corresponding training mean relative errors shown in Fig. "
    "7(c)."
)

_SIZES = (
    _Size(400, (20, 40, 128), (20, 40), 40, _BATCHES_400),
    _Size(1024, (40, 64, 128), (128,), 128, _BATCHES_1024),
    _Size(2048, (128, 256), (128,), 128, _BATCHES_2048),
)


def _training(size: _Size) -> Claim:
    others = [batch for batch in size.batches if batch not in size.trained]

    def errors(tables: StudyTables) -> dict[int, pd.Series]:
        rows = _trained(tables)
        return group_values(rows[rows["samples"] == size.samples], "batch_size", "error_training")

    return Claim(
        f"batch-training-{size.samples}",
        _IN_3_1_5(
            "The results indicate that batch sizes of 20 or 40 yield the lowest errors for "
            "Dataset 1, whereas a batch size of 128 performs best for both Dataset 2 and Dataset "
            "3."
        ),
        text=f"With {size.samples:,} samples, batches of {enumeration(size.trained)} train to a "
        f"lower e_C than {enumeration(others)}",
        claimed=BELOW,
        compared=Compared("batches", size.samples),
        pairs=lambda tables: each_over(errors(tables), product(size.trained, others)),
        needs=size.needs,
        reason=lambda tables, _: lowest_mean(errors(tables), "batch size {}"),
    )


def _prediction(size: _Size, id: str, text: str, measure: str | None = None) -> Claim:
    """A claim that the best batch size beats each other one in a measure, for each composite.

    Without a measure the spreads of the signed errors of all loads are compared: they scatter as
    the bands of stresses are wide.
    """
    others = [batch for batch in size.batches if batch != size.best]

    def pairs(tables: StudyTables) -> Pairs:
        errors = of_networks(tables.first_scheme_errors, tables.comparisons.batch_networks)
        errors = errors.assign(composite=errors["composite"].map(spaced))
        columns = measure or bias_columns(errors)
        rows = errors[errors["samples"] == size.samples]
        found = group_values(rows, ["composite", "batch_size"], columns) if columns else {}
        both = product(errors["composite"].unique(), others)
        groups = (((name, size.best), (name, other)) for name, other in both)
        return each_over(found, groups, "{0[0]}, {0[1]} over {1[1]}")

    return Claim(
        id,
        size.sentence,
        text=f"With {size.samples:,} samples, {text.format(size.best)}",
        claimed=LOWER_ERROR,
        compared=Compared("batches", size.samples),
        pairs=pairs,
        needs=size.needs,
        ratio=paired_ratio if measure else spread_ratio,
    )


def _trained(tables: StudyTables) -> pd.DataFrame:
    return of_networks(tables.trained, tables.comparisons.batch_networks)


def _validation(tables: StudyTables) -> Pairs:
    by_size = _trained(tables).set_index("network").groupby("samples")
    return {f"{n} samples": (of["error_validation"], of["error_training"]) for n, of in by_size}


def _errors_of_sizes(tables: StudyTables, measure: str | list[str] = "e_sigma") -> dict[int, Any]:
    """Samples -> e_sigma, the mean over the composites, of its networks."""
    rows = of_networks(tables.composite_means, tables.comparisons.batch_networks)
    return group_values(rows, "samples", measure)


def _growing(errors: dict[int, Any]) -> Pairs:
    """Each data size over the next smaller one."""
    return each_over(errors, ((larger, size) for size, larger in pairwise(errors)))


_ALL = "batches of {} predict all composites with the lowest error"
_TRANSVERSE = "batches of {} predict the directions 11, 22 and 12 with the lowest error"
_SCATTER = "stresses predicted with batches of {} scatter least over the initialisations"

_OF_SIZES = partial(
    Claim,
    claimed=LOWER_ERROR,
    compared=Compared("batches"),
    needs="several data sizes",
    concluded=True,
)

CLAIMS = [
    *map(_training, _SIZES),
    Claim(
        "validation-tracks-training",
        _IN_3_1_5(
            "Since the validation errors closely track the training errors, only the latter are "
            "reported here."
        ),
        "Validation errors closely track training errors (validation over training)",
        COMPARABLE,
        _validation,
        "a sweep over batch sizes",
        compared=Compared("batches"),
    ),
    *(_prediction(size, f"batch-prediction-{size.samples}", _ALL, "e_sigma") for size in _SIZES),
    _prediction(_SIZES[0], "batch-prediction-400-transverse", _TRANSVERSE, "e_sigma_transverse"),
    *(_prediction(size, f"batch-spread-{size.samples}", _SCATTER) for size in _SIZES),
    _OF_SIZES(
        "data-error",
        _DATA_SIZE,
        "More training samples lower the prediction error",
        pairs=lambda tables: _growing(_errors_of_sizes(tables)),
        reason=lambda tables, _: lowest_mean(_errors_of_sizes(tables), "{:,} samples"),
    ),
    _OF_SIZES(
        "data-spread",
        _DATA_SIZE,
        "More training samples lower the spread of the prediction error",
        pairs=lambda tables: _growing(_errors_of_sizes(tables, ["e_sigma"])),
        ratio=spread_ratio,
    ),
]
"""In the order of findings.csv."""

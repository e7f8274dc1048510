"""The online test of one network: every reference curve with every scheme."""

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from evaluation.measures.error import curve_bias, curve_error
from evaluation.online.prediction import SchemeName, predict
from rve.errors import ConvergenceError
from rve.loads.curve import Curve, to_frame
from rve.loads.load_path import LoadPath
from rve.materials.law import Law
from training.network import MaterialNetwork
from training.tree import prune

logger = logging.getLogger(__name__)

COLUMNS = [
    *("network", "composite", "control", "scheme", "load"),
    *("error", "bias", "increments", "steps", "iterations", "active_nodes", "traction_defect"),
    *("seconds", "seconds_per_iteration_and_node", "status"),
]


@dataclass(frozen=True)
class Case:
    """A composite under a load, with its reference curve.

    Attributes:
        composite: name of the composite.
        control: `stress`, `strain`, or `path` for a load path of one's own.
        load: the strained component, or the name of the path.
        materials: laws of p1 and p2.
        path: the macroscopic load.
        reference: curve of the direct numerical simulation.
    """

    composite: str
    control: str
    load: str
    materials: Sequence[Law]
    path: LoadPath
    reference: Curve


def predict_cases(
    name: str,
    network: MaterialNetwork | None,
    cases: Sequence[Case],
    schemes: Sequence[SchemeName],
    tolerance: float,
    max_iterations: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Predict each case with a network.

    There is no network where its training failed. Tolerance and most iterations are as in
    `evaluation.online.predict`.

    Returns:
        The measures, one prediction a row, with the columns of online.csv; and the curves.
    """
    tree, limits = prune(network) if network else None, (tolerance, max_iterations)
    rows: list[dict[str, Any]] = []
    curves = []
    for case, scheme in product(cases, schemes):
        values = case.composite, case.control, scheme, case.load
        names = dict(zip(COLUMNS[1:5], values, strict=True))
        row: dict[str, Any] = {"network": name, **names, "status": "failed"}
        rows.append(row)
        if tree is None:
            continue
        try:
            with warnings.catch_warnings(record=True) as said:
                prediction = predict(tree, case.materials, case.path, scheme, *limits)
        except ConvergenceError as error:
            logger.warning("%s: %s", ", ".join(values), error)
            continue
        for warning in said:
            logger.warning("%s: %s", ", ".join(values), warning.message)
        curve, nodes = prediction.curve, len(tree.weights)
        iterations = int(curve.iterations.sum())
        row |= {
            "error": curve_error(curve, case.reference),
            "bias": curve_bias(curve, case.reference),
            "increments": len(case.path.targets),
            "steps": int(curve.steps.sum()),
            "iterations": iterations,
            "active_nodes": nodes,
            "traction_defect": prediction.traction_defect,
            "seconds": prediction.seconds,
            "seconds_per_iteration_and_node": prediction.seconds / iterations / nodes,
            "status": "ok",
        }
        curves.append(to_frame(curve).assign(**names))
    logger.info("%d predictions, %d failed", len(rows), sum(r["status"] != "ok" for r in rows))
    if not curves:
        curves.append(to_frame(cases[0].reference).head(0).assign(**dict.fromkeys(COLUMNS[1:5])))
    return pd.DataFrame(rows, columns=COLUMNS), pd.concat(curves)

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
    "network",
    "composite",
    "control",
    "scheme",
    "load",
    "error",
    "bias",
    "increments",
    "steps",
    "iterations",
    "active_nodes",
    "traction_defect",
    "seconds",
    "seconds_per_iteration_and_node",
    "status",
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

    Args:
        name: of the network.
        network: its parameters, or None when its training failed.
        cases: to predict.
        schemes: to use.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.

    Returns:
        The measures, one prediction a row, with the columns of online.csv; and the curves.
    """
    tree = prune(network) if network else None
    rows, curves = [], [pd.DataFrame()]
    for case, scheme in product(cases, schemes):
        names = {
            "composite": case.composite,
            "control": case.control,
            "scheme": scheme,
            "load": case.load,
        }
        row: dict[str, Any] = {"network": name, **names, "status": "failed"}
        rows.append(row)
        if tree is None:
            continue
        try:
            with warnings.catch_warnings(record=True) as said:
                prediction = predict(
                    tree, case.materials, case.path, scheme, tolerance, max_iterations
                )
        except ConvergenceError as error:
            logger.warning("%s: %s", ", ".join(names.values()), error)
            continue
        for warning in said:
            logger.warning("%s: %s", ", ".join(names.values()), warning.message)
        steps = prediction.curve.steps
        iterations, nodes = int(prediction.curve.iterations.sum()), len(tree.weights)
        row |= {
            "error": curve_error(prediction.curve, case.reference),
            "bias": curve_bias(prediction.curve, case.reference),
            "increments": len(case.path.targets),
            "steps": None if steps is None else int(steps.sum()),
            "iterations": iterations,
            "active_nodes": nodes,
            "traction_defect": prediction.traction_defect,
            "seconds": prediction.seconds,
            "seconds_per_iteration_and_node": prediction.seconds / iterations / nodes,
            "status": "ok",
        }
        curves.append(to_frame(prediction.curve).assign(**names))
    logger.info("%d predictions, %d failed", len(rows), sum(r["status"] != "ok" for r in rows))
    return pd.DataFrame(rows, columns=COLUMNS), pd.concat(curves)

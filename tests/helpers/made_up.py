"""A small study without a computation behind it: its configuration and its tables."""

import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from evaluation.claims.claim import Claim, Compared, Sentence
from evaluation.claims.ranges import Claimed
from evaluation.figures.style import LOADS
from evaluation.measures.comparisons import Comparisons
from evaluation.measures.tables import ENSEMBLE_COLUMNS, StudyTables
from training.specification import NETWORK, parameter_names
from workflow.study.config.model import Study
from workflow.study.config.validation import load_study

SCHEMES = {"DMN": "residual_stress", "IMN": "newton"}
COMPOSITES = ("composite_1", "composite_2")
FAILED = "DMN_3_1"
RECIPES = {
    "first": ["DMN_2_0", "IMN_2_0", "DMN_3_0", "IMN_3_0"],
    "second": ["DMN_2_1", "IMN_2_1", "DMN_3_1", "IMN_3_1"],
}
UNPREDICTED = ("IMN_3_0", "composite_2", "12")

MATRIX = {"youngs_modulus": 3.8, "poisson_ratio": 0.387, "yield_stress": 0.01}
FIBRE = {"E11": 72, "E22": 72, "E33": 72, "G12": 29.5, "G13": 29.5, "G23": 29.5}
COMPOSITE = {
    "matrix": {**MATRIX, "H": 0.1, "Q": 0.03, "b": 100},
    "fibre": {**FIBRE, "nu12": 0.22, "nu13": 0.22, "nu23": 0.22},
}


def configured(sweeps: dict[str, Any], composites: int = 2) -> Study:
    """A study of short training with the sweeps."""
    names = [f"composite_{number + 1}" for number in range(composites)]
    return load_study(
        {
            "study": "made_up",
            "training": {"epochs": 12},
            "composites": dict.fromkeys(names, COMPOSITE),
            "sweeps": sweeps,
            "timing": {},
        }
    )


def made_up_claim(claimed: Claimed, **changed: Any) -> Claim:
    """A claim of these limits, about nothing unless it is changed."""
    return Claim(
        **{
            "id": "made-up",
            "sentence": Sentence("3.1", 5, "fig07", "The paper says so."),
            "text": "So it is",
            "compared": Compared("batches"),
            "pairs": lambda tables: {},
            "needs": "networks",
        }
        | changed,
        claimed=claimed,
    )


def made_up_tables() -> dict[str, pd.DataFrame]:
    """Two kinds, two depths, two seeds; one training failed and one prediction did not converge."""
    random = np.random.default_rng(5)
    training, online, timing = [], [], []
    for kind, layers, seed in product(("DMN", "IMN"), (2, 3), (0, 1)):
        name = f"{kind}_{layers}_{seed}"
        ok = name != FAILED
        training.append(
            {
                "network": name,
                "kind": kind,
                "layers": layers,
                **{n: NETWORK[n].default for n in parameter_names("loss", "recipe", "schedule")},
                "samples": 24,
                "batch_size": 8,
                "epochs": 12,
                "seed": seed,
                # A failed training leaves its last error behind, which must not enter a mean.
                "error_training": random.uniform(0.01, 0.1) if ok else 9.0,
                "error_validation": random.uniform(0.01, 0.1) if ok else 9.0,
                "error_flowing": math.nan,
                "error_moments": math.nan,
                "active_nodes": 3 + layers + seed,
                "parameters": 10 * layers,
                "seconds": 1.5,
                "status": "ok" if ok else "failed",
                "reason": "" if ok else "all base nodes died",
            }
        )
        for composite, load in product(COMPOSITES, LOADS):
            converged = ok and (name, composite, load) != UNPREDICTED
            online.append(
                {
                    "network": name,
                    "composite": composite,
                    "control": "stress",
                    "scheme": SCHEMES[kind],
                    "load": load,
                    "error": random.uniform(0.01, 0.3) if converged else math.nan,
                    "increments": 8,
                    "iterations": int(random.integers(20, 50)),
                    "active_nodes": 3 + layers + seed,
                    "traction_defect": 1e-15,
                    "seconds": 0.1,
                    "status": "ok" if converged else "failed",
                }
            )
        if ok:
            times = {"network": name, "kind": kind, "layers": layers, "scheme": SCHEMES[kind]}
            seconds = float(random.uniform(0.1, 0.4))
            timing.append(
                {"quantity": "online", **times, "median_seconds": seconds, "per": "6 load paths"}
            )
    for (kind, layers), seconds in {
        ("DMN", 2): 0.06,
        ("DMN", 3): 0.12,
        ("IMN", 2): 0.03,
        ("IMN", 3): 0.03,
    }.items():
        timed = {
            "quantity": "training",
            "kind": kind,
            "layers": layers,
            "backend": "fused",
            "per": "epoch",
        }
        timing.append({**timed, "backend": "fused", "median_seconds": seconds})
    ensembles = [
        dict.fromkeys(ENSEMBLE_COLUMNS, 0.5)
        | {"recipe": recipe, "kind": kind, "layers": 2, "networks": 2}
        | {"composite": composite, "control": "stress", "load": load, "error": 0.05}
        for recipe, kind, composite, load in product(RECIPES, SCHEMES, COMPOSITES, LOADS)
    ]
    return {
        "training": pd.DataFrame(training),
        "online": pd.DataFrame(online),
        "ensembles": pd.DataFrame(ensembles),
        "timing": with_repeats(pd.DataFrame(timing)),
    }


def with_repeats(timing: pd.DataFrame) -> pd.DataFrame:
    """Timings with the columns of three repeats that scatter by one percent."""
    median = timing["median_seconds"]
    extremes = {"minimum_seconds": 0.99 * median, "maximum_seconds": 1.01 * median}
    return timing.assign(**extremes, repeats=3)


def made_up_study(**changed: pd.DataFrame) -> StudyTables:
    """The made-up study as figures and findings read it, with other tables where given."""
    depth = {
        kind: {layers: [f"{kind}_{layers}_{seed}" for seed in (0, 1)] for layers in (2, 3)}
        for kind in SCHEMES
    }
    return StudyTables(
        **{**made_up_tables(), **changed},
        control="stress",
        composite="composite_1",
        schemes={kind: [scheme] for kind, scheme in SCHEMES.items()},
        comparisons=Comparisons(depth=depth),
        composites=COMPOSITES,
    )

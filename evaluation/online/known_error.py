"""What the record of a network says of its error with the materials that it is used for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rve.materials.composite import DEFAULTS
from rve.materials.equations import Declared
from training.store import load_record

Constants = dict[str, dict[str, Any]]
"""Phase -> `law`, its name, and its constants."""


def constants(phases: Sequence[Declared]) -> Constants:
    """Laws of matrix and fibre with all their constants, as JSON values."""
    return {
        phase: {
            "law": declared.name,
            **{
                one.name: np.asarray(getattr(declared, one.name)).tolist()
                for one in declared.parameters()
            },
        }
        for phase, declared in zip(DEFAULTS, phases, strict=True)
    }


def known_errors(
    networks: Sequence[Path], composite: str, phases: Sequence[Declared]
) -> tuple[list[str], list[str]]:
    """Which networks these files hold, and sentences and warnings of `known_error` on each."""
    told: list[str] = []
    warned: dict[str, list[str]] = {}
    for path in networks:
        record = load_record(path)
        name = record.get("id", path.stem)
        chosen = f": {record['chosen']}" if "chosen" in record else ""
        sentences, warnings = known_error(record, composite, phases)
        told += [f"{name}, {record['kind']} of {record['layers']} layers{chosen}.", *sentences]
        for warning in warnings:
            warned.setdefault(warning, []).append(name)
    return told, [f"{', '.join(names)}: {warning}." for warning, names in warned.items()]


def known_error(
    record: Mapping[str, Any], composite: str, phases: Sequence[Declared]
) -> tuple[list[str], list[str]]:
    """Sentences on a network with two materials, and warnings.

    Only `network.json` of a study holds tests. They count for materials of the same constants,
    whatever their name.

    Args:
        record: of the network.
        composite: name of the two materials.
        phases: what declares their laws.

    Example:
        >>> from evaluation.online.known_error import constants, known_error
        >>> from rve.materials import LAWS
        >>> phases = LAWS["j2"](3.2, 0.35, 0.03), LAWS["isotropic"](72, 0.22)
        >>> test = {"e_sigma": 0.012, "loads": 6, "worst_load": "12", "worst_error": 0.031}
        >>> test |= {"control": "stress", "scheme": "newton", "materials": constants(phases)}
        >>> told, warnings = known_error({"tested": {"ply": test}}, "ply", phases)
        >>> print(told[0])
        On ply its error e_sigma against finite elements is 1.2 % (6 loads, stress control, newton).
        >>> told[1:], warnings
        (['Its worst curve is the load 12 with 3.1 %.'], [])
        >>> known_error({"tested": {}}, "ply", phases)[1]
        ['it was never tested on ply, so that its error there is not known']
    """
    tests: Mapping[str, Mapping[str, Any]] = record.get("tested", {})
    own = constants(phases)
    same = [name for name, test in tests.items() if _equal(test["materials"], own)]
    told: list[str] = []
    warnings: list[str] = []
    if same:
        name = composite if composite in same else same[0]
        told, warnings = _of_test(name, tests[name])
    elif composite in tests:
        warnings.append(
            f"it was tested on another {composite}, whose constants differ from these, so that its "
            "error with these is not known"
        )
    elif "tested" not in record:
        warnings.append(
            f"its record holds no test, so that its error on {composite} is not known here; that "
            "of network.npz of a study does, and its tables/networks.csv lists the errors of all"
        )
    else:
        on = f"; it was tested on {', '.join(tests)}" if tests else ""
        warnings.append(
            f"it was never tested on {composite}, so that its error there is not known{on}"
        )
    if record.get("initialisation") == "random":
        warnings.append(
            "its start is random, and such networks may err many times more than those of the "
            "recipe, docs/recipe.md"
        )
    return told, warnings


def _of_test(composite: str, test: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    told = []
    if test["e_sigma"] is not None:
        told.append(
            f"On {composite} its error e_sigma against finite elements is "
            f"{100 * test['e_sigma']:.2g} % ({test['loads']} loads, {test['control']} control, "
            f"{test['scheme']})."
        )
    if test["worst_error"] is None:
        return told, [
            f"on {composite} it found no equilibrium under the load {test['worst_load']} with "
            f"{test['scheme']}"
        ]
    worst = f"{100 * test['worst_error']:.2g} %"
    return [*told, f"Its worst curve is the load {test['worst_load']} with {worst}."], []


def _equal(first: Constants, second: Constants) -> bool:
    """Whether laws and constants are the same but for rounding, as of a change of units."""
    return all(
        one.keys() == other.keys()
        and one["law"] == other["law"]
        and all(
            np.shape(one[key]) == np.shape(other[key])
            and np.allclose(one[key], other[key], rtol=1e-9, atol=0)
            for key in one.keys() - {"law"}
        )
        for one, other in ((first[phase], second[phase]) for phase in DEFAULTS)
    )

"""What is known of the error of a network with the materials that it is used for."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from warnings import catch_warnings

import numpy as np
import yaml
from numpy.typing import NDArray

from evaluation.online.inputs import phases_of
from rve.errors import DoubtfulConstants
from rve.loads.curve import Curve, read_curve
from rve.loads.load_path import LoadPath
from rve.materials.equations import Declared
from training.store import load_record

_REACHED = 1e-5
"""Part of the largest strain or stress by which a curve may miss what was prescribed."""

Constants = dict[str, dict[str, Any]]
"""Phase -> `law`, its name, and its constants."""


def constants(phases: Mapping[str, Declared]) -> Constants:
    """Laws of the phases with all their constants, as JSON values."""
    return {
        phase: {
            "law": declared.name,
            **{
                one.name: np.asarray(getattr(declared, one.name)).tolist()
                for one in declared.parameters()
            },
        }
        for phase, declared in phases.items()
    }


def known_errors(
    networks: Sequence[Path], composite: str, phases: Mapping[str, Declared]
) -> tuple[list[str], list[str]]:
    """Which networks these files hold, and sentences and warnings of `known_error` on each."""
    told: list[str] = []
    warned: dict[str, list[str]] = {}
    for path in networks:
        record = load_record(path)
        if tests := dict(_tests_in_tables(path, record)):
            record["tested"] = tests | record.get("tested", {})
        name = record.get("id", path.stem)
        chosen = f": {record['chosen']}" if "chosen" in record else ""
        sentences, warnings = known_error(record, composite, phases)
        told += [f"{name}, {record['kind']} of {record['layers']} layers{chosen}.", *sentences]
        for warning in warnings:
            warned.setdefault(warning, []).append(name)
    return told, [f"{', '.join(names)}: {warning}." for warning, names in warned.items()]


def known_error(
    record: Mapping[str, Any], composite: str, phases: Mapping[str, Declared]
) -> tuple[list[str], list[str]]:
    """Sentences on a network with materials, and warnings.

    Tests count for materials of the same constants, whatever their name.

    Args:
        record: of the network, with its tests as in `network.json` of a study.
        composite: name of the materials.
        phases: what declares their laws, by the name of the phase.

    Example:
        >>> from evaluation.online.known_error import constants, known_error
        >>> from rve.materials import LAWS
        >>> epoxy, glass = LAWS["j2"](3.2, 0.35, 0.03), LAWS["isotropic"](72, 0.22)
        >>> phases = {"matrix": epoxy, "fibre": glass}
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
            f"neither its record nor tables of a study beside it hold a test, so that its error "
            f"on {composite} is not known"
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


def references_of(
    network: Path, phases: Mapping[str, Declared], path: LoadPath
) -> Iterator[tuple[str, Curve]]:
    """Names and curves of finite elements under this very path, with these materials.

    They are of the study of the network, or of one that took its networks: of the same cell. With
    other durations a path is another one; the number of increments may differ.
    """
    own = constants(phases)
    studies = _studies_on(_study_of(network, load_record(network)))
    for references in (one for study in studies for one in sorted(study.glob("reference/*"))):
        study = references.parents[1]
        try:
            with catch_warnings(action="ignore", category=DoubtfulConstants):
                if not _equal(constants(phases_of(study / "config.yaml", references.name)), own):
                    continue
            for file in sorted(references.glob("*/*.csv")):
                if _leads_along(path, curve := read_curve(file)):
                    yield f"{file.parent.name} {file.stem} of {study.name}", curve
        except (OSError, ValueError, LookupError, AttributeError, ImportError, yaml.YAMLError):
            continue  # what cannot be read tells nothing


def resampled(values: NDArray[np.float64], increments: int) -> NDArray[np.float64]:
    """A history (n + 1, ...) at the ends of another number of equal increments, by straight lines.

    >>> resampled(np.array([[0.0], [2.0], [0.0]]), 4).ravel().tolist()
    [0.0, 1.0, 2.0, 1.0, 0.0]
    """
    if increments == len(values) - 1:
        return values
    own, other = np.linspace(0, 1, len(values)), np.linspace(0, 1, increments + 1)
    return np.stack([np.interp(other, own, one) for one in values.T], axis=-1)


def _leads_along(path: LoadPath, curve: Curve) -> bool:
    """Whether a curve has what a path prescribes, up to the tolerance of its equilibrium."""
    own, other = len(path.targets), len(curve.time) - 1
    control, prescribed = path.strain_controlled, np.pad(path.targets, ((1, 0), (0, 0)))
    if own != other and ((control != control[0]).any() or not np.isfinite(prescribed).all()):
        return False
    time = np.append(0.0, np.cumsum(path.durations))[:, None]
    same = bool(np.allclose(resampled(time, other)[:, 0], curve.time))
    for controlled, reached in ((True, curve.strain), (False, curve.stress)):
        # On both grids, so that neither has a turn between the points of the other.
        for at, target, found in (
            (own, prescribed, resampled(reached, own)),
            (other, resampled(prescribed, other), reached),
        ):
            here = control if at == own else np.broadcast_to(control[0], (at, 6))
            known = (here == controlled) & np.isfinite(target[1:])
            distance = np.abs(found - target)[1:][known]
            same = same and bool((distance <= _REACHED * np.abs(reached).max()).all())
    return same


def nonlinear_errors(predictions: Iterable[Mapping[str, Any]], control: str) -> dict[str, Any]:
    """A network's error on the nonlinear references of each composite.

    Args:
        predictions: its rows of online.csv with one scheme.
        control: under which e_sigma is the mean over the loads.

    Returns:
        Composite -> e_sigma, the number of loads, the control, the scheme; worst_load and
        worst_error, also over load paths of the study's own. Both errors are None if a load found
        no equilibrium, which then is the worst.
    """
    curves: dict[str, dict[tuple[str, str], float]] = {}
    schemes: dict[str, str] = {}
    for row in predictions:
        if row["control"] in (control, "path"):
            errors = curves.setdefault(row["composite"], {})
            error = float(row["error"]) if row["status"] == "ok" else math.inf
            errors[row["control"], row["load"]] = error
            schemes[row["composite"]] = row["scheme"]
    found = {}
    for composite, errors in curves.items():
        loads = [error for (under, _), error in errors.items() if under == control]
        mean = float(np.mean(loads)) if loads else math.inf
        worst = max(errors, key=lambda curve: errors[curve])
        found[composite] = {
            "e_sigma": None if math.isinf(mean) else mean,
            "loads": len(loads),
            "worst_load": worst[1],
            "worst_error": None if math.isinf(errors[worst]) else errors[worst],
            "control": control,
            "scheme": schemes[composite],
        }
    return found


def _tests_in_tables(
    network: Path, record: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tests of a network of results/<study>, by that study and by those that took its networks."""
    own, name = _study_of(network, record), record.get("id", network.stem)
    for study, config in _studies_on(own).items():
        try:
            online = config["online"]
            scheme = online["schemes"][record["kind"]][0]
            with (study / "tables/online.csv").open(encoding="utf-8", newline="") as file:
                table_rows = csv.DictReader(file)
                rows = [r for r in table_rows if (r["network"], r["scheme"]) == (name, scheme)]
            for composite, test in nonlinear_errors(rows, online["controls"][0]).items():
                with catch_warnings(action="ignore", category=DoubtfulConstants):
                    phases = phases_of(study / "config.yaml", composite)
                where = "" if study == own else f" of {study.name}"
                yield f"{composite}{where}", test | {"materials": constants(phases)}
        except (OSError, ValueError, LookupError, AttributeError, TypeError, yaml.YAMLError):
            continue  # what cannot be read tells nothing


def _study_of(network: Path, record: Mapping[str, Any]) -> Path:
    """The folder of the study in which a network lies: in `networks`, or as the one to use."""
    folder = network.resolve().parent
    return folder if "id" in record else folder.parent


def _studies_on(own: Path) -> dict[Path, dict[str, Any]]:
    """Folder and configuration of a study and of those beside it that took its networks."""
    found = {}
    for file in sorted(own.parent.glob("*/config.yaml")):
        try:
            config = yaml.safe_load(file.read_text(encoding="utf-8"))
            if own.name in (file.parent.name, config.get("networks_of")):
                found[file.parent] = config
        except (OSError, ValueError, AttributeError, yaml.YAMLError):
            continue  # what cannot be read tells nothing
    return found


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
    return first.keys() == second.keys() and all(
        one.keys() == other.keys()
        and one["law"] == other["law"]
        and all(
            np.shape(one[key]) == np.shape(other[key])
            and np.allclose(one[key], other[key], rtol=1e-9, atol=0)
            for key in one.keys() - {"law"}
        )
        for one, other in ((first[phase], second[phase]) for phase in first)
    )

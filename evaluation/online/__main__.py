"""Predict the curve of a composite with trained networks: python -m evaluation.online --help."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from evaluation.measures.error import curve_error
from evaluation.online.curve_table import Columns, columns_of, write
from evaluation.online.ensemble import predict_ensemble, spread_factor
from evaluation.online.inputs import add_inputs, networks_of, phases_of, status_of, warn
from evaluation.online.known_error import known_errors, references_of, resampled
from evaluation.online.prediction import predict
from rve.dataset.moments import load_moments
from rve.errors import InputError
from rve.extras import extra
from rve.loads.load_path import Control, LoadPath, piecewise_linear, under
from rve.loads.load_table import read_path
from rve.loads.load_words import read_point
from rve.mandel import COMPONENTS, engineering_strain, engineering_stress

_PICTURES = ".svg", ".png"
_MOST_LEGS = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = _parser().parse_args(arguments)
    return status_of(lambda: _predict(given), "evaluation.online")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.online",
        description="Predict the curve of a composite under a load with a trained network, or the "
        "mean and the spread of several, and write it as a CSV table and as a picture.",
    )
    add_inputs(parser)
    point = (
        "end of a segment: strains and stresses, as 12=0.03, 12=3%% or sig_22=-20MPa; without a "
        "unit strains are fractions and stresses in GPa; give it again for a further segment"
    )
    table = "CSV table of such points, with columns such as time [s], eps_12 [%%], sig_22 [MPa]"
    control = "what is zero in the components that no point names; stress if left out"
    duration = "of each segment or of all alike, s, for laws that depend on the rate; 1 if left out"
    moments = (
        "moments_validation.npz of the study: the deviations are multiplied by the factor with "
        "which two of them hold 95 %% of the errors of these"
    )
    load = parser.add_mutually_exclusive_group(required=True)
    load.add_argument("--load", nargs="+", action="append", metavar="VALUE", help=point)
    load.add_argument("--table", type=Path, help=table)
    add = parser.add_argument
    add("--control", choices=get_args(Control), default="stress", help=control)
    add("--increments", type=int, default=40, help="of each segment; 40 if left out")
    add("--duration", type=float, nargs="+", help=duration)
    add("--moments", type=Path, help=moments)
    add("--unit", default="GPa", help="of the stresses that are written; GPa if left out")
    add("--output", type=Path, required=True, help="the table, .csv")
    add("--picture", type=Path, help="its file, .svg or .png; beside the table if left out")
    return parser


def _predict(given: argparse.Namespace) -> None:
    _check_files(given)
    networks, phases = networks_of(given.networks), phases_of(given.config, given.composite)
    path = _path_of(given)
    if len(networks) > 1:
        (found,) = predict_ensemble(networks, phases, [path])
        factor = spread_factor(networks, load_moments(given.moments)) if given.moments else 1.0
        curve, deviation = found.mean, factor * found.deviation
        by = f" times {factor:.3g}, by the moments" if given.moments else ""
        print(f"Mean of {len(networks)} networks; the deviation is their standard deviation{by}.")
    else:
        curve, deviation = predict(networks[0], phases, path).curve, None
    columns = columns_of(curve, given.unit, deviation)
    write(columns, given.output)
    told, doubts = known_errors(given.networks, given.composite, phases)
    print(*told, sep="\n")
    warn(doubts)
    print(f"Load: {'; '.join(_told(path))}.")
    for name, reference in references_of(given.networks[0], phases, path):
        increments = len(reference.stress) - 1
        at_its = replace(curve, stress=resampled(curve.stress, increments))
        error = f"{100 * curve_error(at_its, reference):.2g} %"
        print(f"Finite elements computed this load: {name}; the error of this curve is {error}.")
    print(f"The curve is in {given.output}.")
    _draw(given, columns, path)


def _check_files(given: argparse.Namespace) -> None:
    """Refuse names of files before anything is computed."""
    picture = given.picture or given.output.with_suffix(_PICTURES[0])
    for option, path, endings in (
        ("--output", given.output, (".csv",)),
        ("--picture", picture, _PICTURES),
    ):
        if path.suffix not in endings:
            words = " or ".join(endings)
            raise InputError(f"{option}: expected a name that ends in {words}, got {path}")
    if given.table and given.output.resolve() == given.table.resolve():
        raise InputError(f"--output: {given.output} is the table of the load; give another name")
    if given.moments and len(given.networks) < 2:
        raise InputError("--moments: one network has no spread; give two or more, or no moments")


def _path_of(given: argparse.Namespace) -> LoadPath:
    duration = given.duration
    if duration is not None and len(duration) == 1:
        duration = duration[0]
    if given.table:
        return read_path(given.table, given.increments, duration, given.control)
    points = under(given.control, [read_point(words) for words in given.load])
    return piecewise_linear(points, given.increments, duration or 1.0)


def _told(path: LoadPath) -> Iterator[str]:
    """Where each prescribed component turns and ends, so that its unit can be checked."""
    strain = engineering_strain(np.where(path.strain_controlled, path.targets, np.nan))
    stress = engineering_stress(np.where(path.strain_controlled, np.nan, path.targets))
    for name, unit, values in (("eps", "", strain), ("sig", " GPa", stress)):
        for component, targets in zip(COMPONENTS, values.T, strict=True):
            known = targets[np.isfinite(targets)]
            if known.any():
                yield f"{name}_{component} from {_legs(known)}{unit}"
    yield f"{len(path.targets)} increments"


def _legs(values: NDArray[np.float64]) -> str:
    """The values (n,) at which a history from zero turns, and its last, in words."""
    history = np.append(0.0, values)
    moving = history[np.append(True, np.abs(np.diff(history)) > 1e-12 * np.abs(values).max())]
    turns = np.flatnonzero(np.diff(np.sign(np.diff(moving)))) + 1
    shown = [f"{value:.6g}" for value in moving[[0, *turns, -1]]]
    if len(shown) > _MOST_LEGS:
        largest, least = f"{history.max():.6g}", f"{history.min():.6g}"
        shown[_MOST_LEGS - 1 : -1] = [f"... ({len(turns)} turns between {least} and {largest})"]
    return " to ".join(shown)


def _loaded(path: LoadPath) -> list[str]:
    """The components of which a strain or a stress is prescribed that is not zero."""
    loaded = np.flatnonzero(np.nan_to_num(path.targets).any(axis=0))
    return [COMPONENTS[place] for place in loaded] or list(COMPONENTS)


def _draw(given: argparse.Namespace, columns: Columns, path: LoadPath) -> None:
    picture = given.picture or given.output.with_suffix(_PICTURES[0])
    try:
        with extra("study"):
            from evaluation.figures.response import response
            from evaluation.figures.style import save
    except ModuleNotFoundError as error:
        print(f"There is no picture: {error}.")
        return
    save(response(columns, _loaded(path), given.unit, not path.straight), picture)
    print(f"Its picture is {picture}.")


if __name__ == "__main__":
    sys.exit(main())

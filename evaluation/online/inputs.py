"""What the commands share: networks and laws that they read, and how mistakes are told."""

import sys
import warnings
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from rve.errors import ConvergenceError, InputError
from rve.materials.composite import declared_phases, load_laws
from rve.materials.equations import Declared
from training.network import MaterialNetwork
from training.store import load, load_record


def status_of(command: Callable[[], None], name: str) -> int:
    """Run a command; its exit status. Warnings and a user's mistake are a sentence each.

    They go to the standard error.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda said, *_, **__: warn([str(said)])
        try:
            command()
        except (InputError, ConvergenceError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
    return 0


def warn(doubts: Iterable[str]) -> None:
    """Print what may be a mistake, a sentence each."""
    for doubt in doubts:
        print(f"warning: {doubt}", file=sys.stderr)


def add_inputs(parser: ArgumentParser) -> None:
    """Add the arguments that name networks and a composite."""
    config = "the one configuration file in which the composite stands, as an overlay of your own"
    add = parser.add_argument
    add("networks", nargs="+", type=Path, help="files of trained networks, .npz")
    add("--config", type=Path, required=True, help=config)
    add("--composite", required=True, help="its name there")


def networks_of(paths: Sequence[Path]) -> list[MaterialNetwork]:
    """Trained networks, from their files.

    Raises:
        InputError: a file is no network, its record is not beside it, or its training failed.
    """
    for path in paths:
        if load_record(path)["status"] != "ok":
            raise InputError(f"{path}: the training of this network failed; choose another")
    return [load(path) for path in paths]


def phases_of(config: Path, composite: str) -> dict[str, Declared]:
    """What declares the laws of a composite of a configuration, by phase, in its `units`.

    Raises:
        InputError: the file cannot be read, the composite is not there, or a constant is wrong.
    """
    try:
        whole = yaml.safe_load(config.read_text(encoding="utf-8"))
        composites = whole.get("composites") if isinstance(whole, dict) else None
        if not isinstance(composites, dict):
            raise InputError("has no composites; take config.yaml, or results/<study>/config.yaml")
        if composite not in composites:
            raise InputError(f"no composite {composite}; it has {', '.join(map(str, composites))}")
        if laws := whole.get("laws"):
            load_laws(str(laws))
        return _declared(composite, composites[composite], whole.get("units"))
    except FileNotFoundError:
        problem = "no such file; a study leaves its own in results/<study>"
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = f"cannot be read: {error}"
    except InputError as error:
        problem = str(error)
    raise InputError(f"{config}: {problem}")


def _declared(composite: str, given: Any, units: Any) -> dict[str, Declared]:
    words = isinstance(given, dict) and all(isinstance(name, str) for name in given)
    if not words or "matrix" not in given or "units" in given:
        keys = ", ".join(map(str, given)) if isinstance(given, dict) else given
        raise InputError(
            f"{composite}: expected a law for each phase by its name, such as matrix and fibre, "
            f"got {keys}"
        )
    for phase, constants in given.items():
        if not isinstance(constants, dict):
            raise InputError(f"{composite}: {phase}: expected a law, got {constants}")
    try:
        return declared_phases(**given, units=units)
    except InputError as error:
        raise InputError(f"{composite}: {error}") from None

"""Write a trained network as a material law in C: python -m evaluation.export --help."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from evaluation.export.source import AXES, INTERFACES, UNITS, export
from rve.errors import ConvergenceError, InputError
from rve.materials.composite import DEFAULTS, declared_phases
from rve.materials.equations import Declared
from training.store import load, load_record
from training.tree import prune


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = _parser().parse_args(arguments)
    try:
        for path in given.networks:
            _check_network(path)
        export(
            given.output,
            [prune(load(path)) for path in given.networks],
            phases_of(given.config, given.composite),
            interface=given.interface,
            unit=given.unit,
            fibres_along=given.fibres_along,
            facts=list(_facts(given)),
        )
    except (InputError, ConvergenceError) as error:
        print(f"evaluation.export: {error}", file=sys.stderr)
        return 1
    build = shlex.quote(str(given.output / "build.sh"))
    print(f"The law is in {given.output}; sh {build} builds and checks it.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.export",
        description="Write a trained network, or the mean of several, with the two laws of a "
        "composite as one self-contained C file.",
    )
    config = "the one configuration file in which the composite stands, as an overlay of your own"
    interfaces = "; ".join(f"{name}: {text}" for name, text in INTERFACES.items())
    axis = "axis of your code along the fibres; 1 if left out"
    add = parser.add_argument
    add("networks", nargs="+", type=Path, help="files of trained networks, .npz")
    add("--config", type=Path, required=True, help=config)
    add("--composite", required=True, help="its name there")
    add("--interface", choices=INTERFACES, required=True, help=interfaces)
    add("--output", type=Path, required=True, help="folder; it names the law")
    add("--unit", choices=UNITS, default="MPa", help="of stresses; MPa if left out")
    add("--fibres-along", type=int, choices=AXES, default=1, help=axis)
    return parser


def _check_network(path: Path) -> None:
    record = path.with_suffix(".json")
    if path.suffix != ".npz" or not path.is_file():
        raise InputError(f"{path}: expected the .npz file of a trained network; is it there?")
    if not record.is_file():
        raise InputError(f"{path}: its record {record.name} is not beside it; copy both")
    if load_record(path)["status"] != "ok":
        raise InputError(f"{path}: the training of this network failed; choose another")


def phases_of(config: Path, composite: str) -> tuple[Declared, Declared]:
    """What declares the two laws of a composite of a configuration, in the `units` that it says.

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
        return _declared(composite, composites[composite], whole.get("units"))
    except FileNotFoundError:
        problem = "no such file; a study leaves its own in results/<study>"
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = f"cannot be read: {error}"
    except InputError as error:
        problem = str(error)
    raise InputError(f"{config}: {problem}")


def _declared(composite: str, given: Any, units: Any) -> tuple[Declared, Declared]:
    if not isinstance(given, dict) or given.keys() != DEFAULTS.keys():
        keys = ", ".join(map(str, given)) if isinstance(given, dict) else given
        raise InputError(f"{composite}: expected the keys {' and '.join(DEFAULTS)}, got {keys}")
    for phase, constants in given.items():
        if not isinstance(constants, dict):
            raise InputError(f"{composite}: {phase}: expected a law, got {constants}")
    try:
        return declared_phases(**given, units=units)
    except InputError as error:
        raise InputError(f"{composite}: {error}") from None


def _facts(given: argparse.Namespace) -> Iterator[str]:
    """Where the law comes from."""
    networks = ", ".join(path.stem for path in given.networks)
    mean = "the mean of the deep material networks" if len(given.networks) > 1 else "the network"
    yield f"Made of {mean} {networks}"
    yield f"and the composite {given.composite} of {given.config}"
    yield f"by material-network-study {version('material-network-study')} on {date.today()}."
    yield "MIT licence, as the program that wrote it."


if __name__ == "__main__":
    sys.exit(main())

"""Write a trained network as a material law in C: python -m evaluation.export --help."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from evaluation.export.source import AXES, INTERFACES, UNITS, export
from evaluation.online.inputs import add_inputs, networks_of, phases_of, status_of
from evaluation.online.known_error import known_error
from rve.materials.equations import Declared
from training.store import load_record


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = _parser().parse_args(arguments)
    return status_of(lambda: _export(given), "evaluation.export")


def _export(given: argparse.Namespace) -> None:
    trees, phases = networks_of(given.networks), phases_of(given.config, given.composite)
    told, warnings = _known(given, phases)
    export(
        given.output,
        trees,
        phases,
        interface=given.interface,
        unit=given.unit,
        fibres_along=given.fibres_along,
        facts=[*_facts(given), *told, *(f"WARNING: {one}" for one in warnings)],
    )
    print(*told, sep="\n")
    for one in warnings:
        print(f"warning: {one}", file=sys.stderr)
    build = shlex.quote(str(given.output / "build.sh"))
    print(f"The law is in {given.output}; sh {build} builds and checks it.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.export",
        description="Write a trained network, or the mean of several, with the two laws of a "
        "composite as one self-contained C file.",
    )
    interfaces = "; ".join(f"{name}: {text}" for name, text in INTERFACES.items())
    axis = "axis of your code along the fibres; 1 if left out"
    add = parser.add_argument
    add_inputs(parser)
    add("--interface", choices=INTERFACES, required=True, help=interfaces)
    add("--output", type=Path, required=True, help="folder; it names the law")
    add("--unit", choices=UNITS, default="MPa", help="of stresses; MPa if left out")
    add("--fibres-along", type=int, choices=AXES, default=1, help=axis)
    return parser


def _known(given: argparse.Namespace, phases: Sequence[Declared]) -> tuple[list[str], list[str]]:
    """Sentences on the networks with the materials of the export, and warnings."""
    told: list[str] = []
    warned: dict[str, list[str]] = {}
    for path in given.networks:
        record = load_record(path)
        name = record.get("id", path.stem)
        chosen = f": {record['chosen']}" if "chosen" in record else ""
        sentences, warnings = known_error(record, given.composite, phases)
        told += [f"{name}, {record['kind']} of {record['layers']} layers{chosen}.", *sentences]
        for warning in warnings:
            warned.setdefault(warning, []).append(name)
    return told, [f"{', '.join(names)}: {warning}." for warning, names in warned.items()]


def _facts(given: argparse.Namespace) -> Iterator[str]:
    """Where the law comes from."""
    networks = ", ".join(map(str, given.networks))
    mean = "the mean of the deep material networks" if len(given.networks) > 1 else "the network"
    yield f"Made of {mean} {networks}"
    yield f"and the composite {given.composite} of {given.config}"
    yield f"by material-network-study {version('material-network-study')} on {date.today()}."
    yield "MIT licence, as the program that wrote it."


if __name__ == "__main__":
    sys.exit(main())

"""Write a trained network as a material law in C: python -m evaluation.export --help."""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from evaluation.export.source import AXES, INTERFACES, UNITS, export
from evaluation.online.inputs import add_inputs, networks_of, phases_of, status_of, warn
from evaluation.online.known_error import known_errors


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = _parser().parse_args(arguments)
    return status_of(lambda: _export(given), "evaluation.export")


def _export(given: argparse.Namespace) -> None:
    networks, phases = networks_of(given.networks), phases_of(given.config, given.composite)
    told, doubts = known_errors(given.networks, given.composite, phases)
    export(
        given.output,
        networks,
        phases,
        interface=given.interface,
        unit=given.unit,
        fibres_along=given.fibres_along,
        facts=[*_facts(given), *told, *(f"WARNING: {doubt}" for doubt in doubts)],
    )
    print(*told, sep="\n")
    warn(doubts)
    build = shlex.quote(str(given.output / "build.sh"))
    print(f"The law is in {given.output}; sh {build} builds and checks it.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.export",
        description="Write a trained network, or the mean of several, with the laws of a "
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

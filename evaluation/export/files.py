"""The files of an exported law."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.export.source import AXES, INTERFACES, UNITS, check_phases, write
from evaluation.export.vector import steps
from rve import arguments
from rve.errors import InputError
from rve.files import replacing
from rve.materials.composite import laws_of
from rve.materials.equations import Declared
from rve.materials.law import Law
from training.tree import Tree


def export(
    folder: Path | str,
    trees: Sequence[Tree],
    phases: Sequence[Declared],
    *,
    interface: str,
    unit: str = "MPa",
    fibres_along: int = 1,
    facts: Sequence[str] = (),
) -> None:
    """Write networks with two laws as one in C: NAME.c, NAME.h, build.sh and check.c.

    Args:
        folder: to write to; its name becomes that of the law.
        trees: the active parts of one network, or of several, whose answers are averaged.
        phases: what declares the laws of p1 and p2: laws, or elastic constants by their names.
        interface: `c`, or that of a code, as `umat`.
        unit: of the caller's stresses: GPa, MPa or Pa.
        fibres_along: axis of the caller, 1, 2 or 3, along which the fibres run.
        facts: lines for the head of the file, such as where the networks come from.

    Raises:
        InputError: the name is no word in C, an argument is not as said, a law has no constants
            or no formula that could be written, or the folder cannot be written.
        ConvergenceError: the networks find no equilibrium on the path that checks the build.
    """
    folder = Path(folder)
    name = folder.resolve().name
    if not (name.isidentifier() and name.isascii() and name.strip("_")):
        raise InputError(
            f"{folder}: the name of the folder becomes that of functions in C; expected letters, "
            f"digits and _, a letter first, got {name!r}"
        )
    check_phases(phases)
    arguments.choice("interface", interface, INTERFACES)
    arguments.choice("unit", unit, UNITS)
    arguments.choice("fibres_along", fibres_along, AXES)
    given: Any = {
        "interface": interface,
        "unit": unit,
        "fibres_along": fibres_along,
        "facts": facts,
    }
    vector = steps(trees, laws_of(phases, Law), fibres_along, UNITS[unit])
    files = write(name, trees, phases, steps=vector, **given)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            with replacing(folder / file) as temporary:
                temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error

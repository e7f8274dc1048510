"""Exported laws, compiled and called."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.export.source import UNITS, declared_phases, write
from evaluation.export.vector import steps
from rve.materials.composite import Materials
from training.tree import Tree

Array = NDArray[np.float64]

COMPILER = shutil.which("cc")
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
SANITIZED = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def exported(
    folder: Path,
    trees: Sequence[Tree],
    phases: Materials,
    interface: str = "c",
    unit: str = "GPa",
    fibres_along: int = 3,
    vector: Array | None = None,
) -> None:
    """Write the law `composite` into the folder."""
    if vector is None:
        vector = steps(trees, phases, fibres_along, UNITS[unit])
    files = write(
        "composite",
        trees,
        declared_phases(phases, trees),
        vector,
        interface=interface,
        unit=unit,
        fibres_along=fibres_along,
        facts=["A test."],
    )
    for name, text in files.items():
        (folder / name).write_text(text)


def compiled(folder: Path, *options: str) -> Path:
    """The library of an exported law."""
    library = folder / "libcomposite.so"
    command = ["cc", "-std=c99", "-O1", *WARNINGS, *options, "-fPIC", "-shared"]
    subprocess.run([*command, "composite.c", "-o", library.name, "-lm"], cwd=folder, check=True)
    return library


@dataclass(frozen=True)
class Answer:
    """What a step gives: its status and, if that is zero, stress, state and tangent."""

    status: int
    stress: Array
    state: Array
    tangent: Array


class CLaw:
    """An exported law."""

    def __init__(self, folder: Path) -> None:
        self.library = ctypes.CDLL(str(compiled(folder)))
        self.header = (folder / "composite.h").read_text()
        (size,) = re.findall(r"#define COMPOSITE_STATE_SIZE (\d+)", self.header)
        self.state_size = int(size)

    def step(
        self,
        strain: Array,
        state: Array | None = None,
        duration: float = 1.0,
        properties: Sequence[float] = (),
        state_size: int | None = None,
    ) -> Answer:
        old = np.zeros(self.state_size) if state is None else np.ascontiguousarray(state)
        new, stress, tangent = old.copy(), np.full(6, np.nan), np.full((6, 6), np.nan)
        given = np.array(properties, dtype=float)
        status = self.library.composite_step(
            _pointer(np.ascontiguousarray(strain)),
            ctypes.c_double(duration),
            _pointer(given),
            len(given),
            _pointer(old),
            _pointer(new),
            self.state_size if state_size is None else state_size,
            _pointer(stress),
            _pointer(tangent),
        )
        return Answer(status, stress, new, tangent)


def _pointer(values: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(values.ctypes.data)

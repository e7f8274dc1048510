"""An exported network in CalculiX, from Python: material cards, the run, and what it prints."""

import ctypes
import os
import re
import resource
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from rve.errors import InputError

Array = NDArray[np.float64]

CCX = Path(__file__).resolve().parents[2] / ".calculix/ccx"
"""What `tests/peers/build_calculix` builds."""


@dataclass(frozen=True)
class Law:
    """An exported network.

    Attributes:
        folder: where `python -m evaluation.export` and build.sh left its library.
        name: of the law and of its functions.
        capitals: the name by which CalculiX finds the library.
        state_size: number of its state variables.
        flow: which of them is the mean plastic strain p of the matrix; None if it keeps none.
    """

    folder: Path
    name: str
    capitals: str
    state_size: int
    flow: int | None

    def stiffness(self) -> Array:
        """Stiffness (6, 6) at angle 0 before anything flows, in the law's unit of stress.

        For engineering shear strains, in the order of CalculiX: 11, 22, 33, 12, 13, 23.
        """
        step = ctypes.CDLL(str(self.folder.resolve() / f"lib{self.name}.so"))[f"{self.name}_step"]
        tangent = np.empty((6, 6))
        arrays = np.zeros(6), np.zeros(self.state_size), np.empty(6), tangent
        strain, state, stress, found = (ctypes.c_void_p(one.ctypes.data) for one in arrays)
        no_time, none, size = ctypes.c_double(0), ctypes.c_int(0), ctypes.c_int(self.state_size)
        status = step(strain, no_time, None, none, state, state, size, stress, found)
        assert status == 0, f"the law answers {status}"
        order = [0, 1, 2, 5, 4, 3]
        shear = np.sqrt([1, 1, 1, 0.5, 0.5, 0.5])
        return (tangent * np.outer(shear, shear))[np.ix_(order, order)]


def read_law(folder: Path) -> Law:
    """Law of an exported folder, from what its header says.

    Raises:
        InputError: there is no such law, or it is not built or has another interface.
    """
    name = folder.resolve().name
    header = folder / f"{name}.h"
    if not (folder / f"lib{name}.so").exists():
        raise InputError(f"{folder}: no lib{name}.so; export a law to there and run its build.sh")
    text = header.read_text(encoding="utf-8")
    size = re.search(r"_STATE_SIZE (\d+)", text)
    capitals = re.search(r"NAME=@ABAQUS_(\w+)", text)
    if not (size and capitals):
        raise InputError(f"{header}: not the header of a law that was exported for Abaqus")
    if "stress:     MPa," not in text:
        raise InputError(f"{header}: lengths here are in mm; export the law with --unit MPa")
    flow = re.search(r"(\d+) \.\. .* mean p of the matrix", text)
    return Law(folder, name, capitals[1], int(size[1]), int(flow[1]) if flow else None)


@dataclass(frozen=True)
class Run:
    """What a finished run left.

    Attributes:
        printed: what each *NODE PRINT and *EL PRINT printed, by quantity and set: the rows of all
            increments (increments, rows, values), without the numbers of nodes and points.
        iterations: Newton's iterations, of all increments and attempts.
        seconds: wall time.
        processor_seconds: of all threads together.
    """

    printed: dict[tuple[str, str], Array]
    iterations: int
    seconds: float
    processor_seconds: float


def material(law: Law, label: str, constants: Sequence[float] = ()) -> list[str]:
    """Cards of a material that the law's library answers for.

    Args:
        law: the exported network.
        label: in capitals; it tells materials of the same library apart.
        constants: at most 21, or CalculiX overwrites its own memory.
    """
    values = [f"{value:.12g}" for value in constants]
    row = [*values, "0"] if values else []  # and a temperature
    rows = [", ".join(row[start : start + 8]) for start in range(0, len(row), 8)]
    return [
        f"*MATERIAL, NAME={material_name(law, label)}",
        f"*USER MATERIAL, CONSTANTS={len(values)}",
        *rows,
        "*DEPVAR",
        str(law.state_size),
    ]


def material_name(law: Law, label: str) -> str:
    """ABAQUS: the interface, small strains; then the library; the rest is a name alone."""
    return f"@ABAQUS_{law.capitals}@{label}"


def run(deck: Sequence[str], folder: Path, law: Law | None = None, threads: int = 1) -> Run:
    """Write a deck, run it, and read what it printed.

    Raises:
        InputError: CalculiX is not built.
        RuntimeError: CalculiX failed, or did not reach the end of the load.
    """
    if not CCX.exists():
        raise InputError(f"{CCX} is missing; run tests/peers/build_calculix")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "job.inp").write_text("\n".join(deck) + "\n", encoding="utf-8")
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    if law is not None:
        environment["LD_LIBRARY_PATH"] = str(law.folder.resolve())
    start, used = perf_counter(), processor_seconds()
    done = subprocess.run([CCX, "job"], cwd=folder, env=environment, capture_output=True, text=True)
    seconds, used = perf_counter() - start, processor_seconds() - used
    if done.returncode or "Job finished" not in done.stdout:
        raise RuntimeError(f"CalculiX failed in {folder}:\n{done.stdout[-2000:]}{done.stderr}")
    rows = (folder / "job.cvg").read_text(encoding="utf-8").splitlines()
    iterations = sum(row.split()[0].isdigit() for row in rows if row.strip())
    return Run(read_printed(folder / "job.dat"), iterations, seconds, used)


def processor_seconds() -> float:
    """Of all child processes that ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def read_printed(path: Path) -> dict[tuple[str, str], Array]:
    """The tables of a .dat file; see `Run.printed`."""
    blocks: dict[tuple[str, str], list[list[list[float]]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        title = re.match(r" *([a-z ]+) \(.*\) for set (\S+) and time", line)
        if title:
            rows: list[list[float]] = []
            blocks.setdefault((title[1], title[2]), []).append(rows)
        elif line.strip():
            words = list(_numbers(line))
            labels = next(place for place, word in enumerate(words) if "." in word)
            values = [float(word) for word in words[labels:]]
            if labels or not rows:
                rows.append(values)
            else:  # more than 99 values go on in the next line
                rows[-1] += values
    return {name: np.array(increments) for name, increments in blocks.items()}


def _numbers(line: str) -> Iterator[str]:
    """Its words; Fortran leaves the E out before an exponent of three digits."""
    for word in line.split():
        yield re.sub(r"(?<=\d)([+-]\d{3})$", r"E\1", word)

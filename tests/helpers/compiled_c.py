"""Functions written in C, compiled and called."""

import ctypes
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from c_laws import WARNINGS
from numpy.typing import NDArray

from rve.kernels.c_source import helpers

Array = NDArray[np.float64]


def run(source: str, name: str, *arrays: Array) -> None:
    """Compile a function and call it."""
    folder = Path(mkdtemp())
    text = f"#include <math.h>\n{helpers([source])}\n{source}"
    (folder / "one.c").write_text(text.replace("static void", "void"))
    command = ["cc", "-std=c99", "-O1", *WARNINGS, "-fPIC", "-shared", "one.c", "-o", "one.so"]
    subprocess.run([*command, "-lm"], cwd=folder, check=True)
    library = ctypes.CDLL(str(folder / "one.so"))
    getattr(library, name)(*(ctypes.c_void_p(one.ctypes.data) for one in arrays))

"""The exported law in C, one point at a time, against `NetworkLaw`."""

import ctypes
import re
import subprocess
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from c_laws import exported
from common import COMPOSITE_1, COMPOSITE_1_DECLARED, Record, tree_of

from evaluation.online import NetworkLaw

POINTS, REPEATS = 1024, 5
_LOOP = """
#include "composite.h"
int many(int n, const double *strain, double *state, double *stress, double *tangent)
{
    for (int k = 0; k < n; k++) {
        double *own = state + (long)k * COMPOSITE_STATE_SIZE;
        if (composite_step(strain + 6 * k, 1.0, 0, 0, own, own, COMPOSITE_STATE_SIZE,
                stress + 6 * k, tangent + 36 * k))
            return k + 1;
    }
    return 0;
}
"""


def test_law_in_c(record: Record, tmp_path: Path) -> None:
    """A step of 0.5 % strain from the virgin state."""
    strain = 0.005 * np.random.default_rng(0).normal(size=(POINTS, 6))
    for active in (20, 64):
        tree = tree_of(active, 8)
        exported(tmp_path, [tree], COMPOSITE_1_DECLARED, vector=np.zeros((1, 13)))
        (tmp_path / "many.c").write_text(_LOOP)
        command = ["cc", "-std=c99", "-O3", "-fno-math-errno", "-fPIC", "-shared"]
        library = tmp_path / f"many_{active}.so"
        start = perf_counter()
        subprocess.run(
            [*command, "many.c", "composite.c", "-o", library, "-lm"], cwd=tmp_path, check=True
        )
        record(f"export.seconds_to_compile_{active}", perf_counter() - start, "s")
        header = (tmp_path / "composite.h").read_text()
        size = int(re.findall(r"STATE_SIZE (\d+)", header)[0])
        in_c, law = ctypes.CDLL(str(library)), NetworkLaw(tree, COMPOSITE_1)

        def c(strain=strain, size=size, in_c=in_c) -> None:
            arrays = strain, *(np.zeros((POINTS, n)) for n in (size, 6, 36))
            assert in_c.many(POINTS, *(ctypes.c_void_p(one.ctypes.data) for one in arrays)) == 0

        def together(law=law) -> None:
            law.respond(strain, np.zeros((POINTS, law.state_size)))

        def alone(law=law) -> None:
            for point in strain:
                law.respond(point[None], np.zeros((1, law.state_size)))

        ours, tiles, singles = (best(run) for run in (c, together, alone))
        record(f"export.us_per_point_{active}", ours, "us a step, against NetworkLaw", singles)
        record(f"export.over_tiles_{active}", ours / tiles, "times NetworkLaw, 16 points at once")


def best(run) -> float:
    """Microseconds a point of the processor, the best of a few."""
    times = []
    for _ in range(REPEATS):
        start = process_time()
        run()
        times.append(process_time() - start)
    return 1e6 * min(times) / POINTS

"""Notes what a Python process cost when it ends; Python imports this file from PYTHONPATH."""

import atexit
import json
import os
import resource
import sys
from pathlib import Path
from time import monotonic

_START = monotonic()


def _note() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The peak that getrusage knows is inherited from the process that began this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    cost = {
        # Snakemake names its copy of a script tmp<random>.<script>.py.
        "what": Path(sys.argv[0]).stem.rpartition(".")[2],
        "seconds": monotonic() - _START,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "mebibytes": int(peak.split()[1]) / 1024,
    }
    with Path(os.environ["COSTS"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(cost) + "\n")


if "COSTS" in os.environ:
    atexit.register(_note)

"""Which code a study runs: the packages of its own clone, whatever is installed.

Rules and scripts are those of the clone, so the packages that they import have to be, too.
"""

import os
import subprocess
import sys
from pathlib import Path

from rve.imports import ROOT
from workflow.study.plan.sources import digest_of_packages

_FIND = "from importlib.util import find_spec as find; print(getattr(find('rve'), 'origin', ''))"


def use_this_code() -> None:
    """Let the processes of jobs import the packages that this process imports."""
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [path for path in before if path and path != str(ROOT)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *others])


def other_code() -> str | None:
    """What to say if a script of the user's would import another version of the packages.

    To be called before `use_this_code`.
    """
    run = subprocess.run([sys.executable, "-c", _FIND], capture_output=True, text=True)
    found = Path(run.stdout.strip())
    if found.name != "__init__.py":
        return None
    root = found.parents[1]
    if root == ROOT or digest_of_packages(root) == digest_of_packages(ROOT):
        return None
    return (
        f"this study runs the code of {ROOT}, and scripts and commands of your own find another "
        f"version of it in {root}; pip install {ROOT} makes them one"
    )

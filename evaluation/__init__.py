"""Online prediction with trained networks, its measures, figures and the report."""

from importlib.util import find_spec
from pathlib import Path

# A file training.py beside a user's script is theirs, and stays so: it is named, not pushed aside.
for _package in ("rve", "training"):
    _found = find_spec(_package)
    _wanted = Path(__file__).parents[1] / _package / "__init__.py"
    if _found is None or _found.origin != str(_wanted):
        raise ImportError(
            f"{_found.origin if _found else 'nothing'} is what `import {_package}` finds, but "
            f"evaluation needs {_wanted}: rename the former, or call `python -P`, which leaves out "
            "the folder of the script or command",
            name=_package,
        )

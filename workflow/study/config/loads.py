"""The load cases of a study: the six loads of Fig. 6 under each control, and the user's paths.

A case is what `rve.loads.load_path.piecewise_linear` takes. The paths stand under the
control `path`.
"""

from typing import Any

from rve.loads.load_path import Control, monotonic_point
from rve.loads.load_table import LoadTable, read_load
from workflow.study.config.model import LoadHistory, Study

OWN_PATHS = "path"

LoadCase = dict[str, Any]


def load_cases(study: Study) -> dict[str, dict[str, LoadCase]]:
    """Control -> load -> points and increments; an `InputError` if a table cannot be read."""
    cases = {str(control): loads_under(study, control) for control in study.references.controls}
    for name, path in study.references.paths.items():
        read = load_of(path)
        durations = read.durations or list(path.duration or (1.0,))
        case = {"points": read.points, "increments": path.increments, "duration": durations}
        cases.setdefault(OWN_PATHS, {})[name] = case
    return cases


def loads_under(study: Study, control: Control) -> dict[str, LoadCase]:
    """Load -> points and increments, of the loads of Fig. 6 under a control."""
    references = study.references
    return {
        load: {
            "points": [monotonic_point(load, amplitude, control)],
            "increments": references.increments,
            "duration": references.duration,
        }
        for load, amplitude in references.amplitudes.items()
    }


def path_components(cases: dict[str, dict[str, LoadCase]]) -> dict[str, list[str]]:
    """Own path -> components in which its points are not all zero, as 11."""
    found = {}
    for name, case in cases.get(OWN_PATHS, {}).items():
        given = [one for point in case["points"] for one, value in point.items() if value]
        found[name] = list(dict.fromkeys(one.rpartition("_")[2] for one in given))
    return found


def load_of(path: LoadHistory) -> LoadTable:
    """The points of a path, from its table or from the configuration itself."""
    if path.table is not None:
        return read_load(path.table, path.units)
    return LoadTable([dict(point) for point in path.points], 1, None)

"""The load cases of a study: the six loads of Fig. 6 under each control, and the user's paths.

A case is what `rve.loads.load_path.piecewise_linear` takes. The paths stand under the
control `path`.
"""

from typing import Any

from rve.loads.load_path import Control, monotonic_point, piecewise_linear
from rve.loads.load_table import LoadTable, read_load
from rve.mandel import COMPONENTS
from workflow.study.config.model import LoadHistory, Study

OWN_PATHS = "path"

LoadCase = dict[str, Any]

_ANSWERS = (("eps", "stress"), ("sig", "strain"))
"""What a point prescribes, and what answers it."""


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


def path_components(cases: dict[str, dict[str, LoadCase]]) -> dict[str, dict[str, list[str]]]:
    """Own path -> component in which its points are not all zero, as 11 -> what to show over time.

    That is the stress where the strain is prescribed, and the strain where the stress is. Of a path
    that is one straight line time tells no more than the load itself.
    """
    found = {}
    for name, case in cases.get(OWN_PATHS, {}).items():
        points, straight = case["points"], piecewise_linear(**case).straight
        named = {} if straight else {one for point in points for one in point}
        loaded = {one[-2:] for point in points for one, value in point.items() if value}
        found[name] = {
            component: [answer for given, answer in _ANSWERS if f"{given}_{component}" in named]
            for component in COMPONENTS
            if component in loaded
        }
    return found


def load_of(path: LoadHistory) -> LoadTable:
    """The points of a path, from its table or from the configuration itself."""
    if path.table is not None:
        return read_load(path.table, path.units)
    return LoadTable([dict(point) for point in path.points], 1, None)

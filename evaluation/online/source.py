"""Source of the compiled kernels of the online schemes."""

from evaluation.online import formulas
from rve.kernels.numba_source import HEADER, kernel

KERNELS = {
    "condense": formulas.condensed,
    "condense_tangent": formulas.condensed_tangent,
    "localise": formulas.localised,
    "control": formulas.controlled,
    "compare_tractions": formulas.tractions,
}


def module() -> str:
    """Source of the module with all kernels."""
    return "\n\n".join([HEADER, *(kernel(name, one.record()) for name, one in KERNELS.items())])

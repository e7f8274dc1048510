"""The compiled kernels of the online schemes, and the library that they and their loops make.

A node's tile begins with its tangent, the upper triangle, and its stress.
"""

from evaluation.online import formulas
from rve.kernels.build import Library
from rve.kernels.numba_source import BORROWING

LIBRARY = Library(
    name="online",
    message="compiling the online schemes, once on this machine: about a minute",
    rehearsal="evaluation.online.rehearsal",
    apart=(
        "evaluation.online.prediction",
        "rve.materials.composite",
        "rve.materials.elastic",
        "rve.materials.law",
        "training.network",
        "training.tree",
    ),
)
compiled = LIBRARY.compiled()
borrowing = LIBRARY.compiled(**BORROWING)
inlined = LIBRARY.compiled(inline="always")

condense = LIBRARY.kernel("condense", formulas.condense)
condense_hollow = LIBRARY.kernel("condense_hollow", formulas.condense_hollow)
condense_tangent = LIBRARY.kernel("condense_tangent", formulas.condense_tangent)
condense_hollow_tangent = LIBRARY.kernel(
    "condense_hollow_tangent", formulas.condense_hollow_tangent
)
localise = LIBRARY.kernel("localise", formulas.localise)
control = LIBRARY.kernel("control", formulas.control)
compare_tractions = LIBRARY.kernel("compare_tractions", formulas.tractions)

"""A material law: its equations, and what follows from them once they are compiled."""

from functools import cached_property
from typing import Any

import numpy as np

from rve.arrays import Array
from rve.errors import ConvergenceError
from rve.loads.curve import Curve, remark_on_halving
from rve.loads.load_limits import check_load, warn_of_large_strain
from rve.loads.load_path import LoadPath
from rve.materials import points
from rve.materials.equations import Equations
from rve.materials.layout import PointFunctions
from rve.materials.material import Response, points_of
from rve.materials.material_point import response_curve
from rve.materials.point_functions import compile_law, law_source
from rve.materials.recorded import RISING


class Law(Equations):
    """The base of all laws; with its elastic `stiffness` a law is a `Material`.

    A law is a frozen dataclass, in a file of its own in this folder; docs/materials.md shows how to
    add one.

    Example:
        A law without a state and without symmetry: a stress that follows from the strain alone.

        >>> import numpy as np
        >>> from rve.materials import Law
        >>> class Cubic(Law):
        ...     stiffness = np.eye(6)
        ...
        ...     def update(self, step, x):
        ...         return step.strain**3, {}
        >>> strain = np.array([[0.1, 0.2, 0, 0, 0, 0]])
        >>> answer = Cubic().respond(strain, np.zeros((1, 0)))
        >>> answer.tangent[0].diagonal().round(9).tolist()  # derived: 3 strain^2
        [0.03, 0.12, 0.0, 0.0, 0.0, 0.0]
    """

    @cached_property
    def point_functions(self) -> PointFunctions:
        """Its compiled functions and their constants, for networks."""
        return compile_law(self)

    def __getstate__(self) -> dict[str, Any]:
        """Its constants alone; the addresses of its point functions are those of one process."""
        return {name: value for name, value in vars(self).items() if name != "point_functions"}

    @property
    def rate_dependent(self) -> bool:
        """Whether the duration of a step enters its formulas."""
        return law_source(self).recorded.timed

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        """Response of the law at n points; see `rve.materials.material.Material`.

        Raises:
            InputError: strain or state do not have the shapes (n, 6) and (n, state_size).
            ConvergenceError: a strain is not finite, or the law found no stress.
        """
        strain, state = points_of(self, strain, state)
        tangent, outcome = np.empty((len(strain), 6, 6)), np.zeros(len(strain))
        response = Response(np.empty_like(strain), np.empty_like(state), tangent)
        points.respond(self.point_functions, strain, state, float(duration), response, outcome)
        finite = np.isfinite(response.stress).all(axis=1)
        if not finite.all():
            reason = (
                "their strain is not finite, or its equation for the step did not converge"
                if RISING not in outcome
                else "its drive less its resistance must fall as the unknown grows, but it rises, "
                "as where a flow stress falls by more than 3 G; let it soften less, G being the "
                "shear modulus"
            )
            raise ConvergenceError(
                f"{type(self).__name__} found no stress at {np.count_nonzero(~finite)} of "
                f"{len(strain)} points: {reason}"
            )
        return response

    def curve(self, path: LoadPath) -> Curve:
        """Strains and stresses of a point that follows a load path, as of `simulate`.

        Warns:
            UserWarning: the strains are not small.

        Raises:
            InputError: the path is none, or a stress of it cannot be one of this material.
            ConvergenceError: an increment found no equilibrium, even halved eight times.
        """
        check_load(path, [self], "the material")
        curve = response_curve(self, path)  # type: ignore[arg-type]  # each law has its stiffness
        remark_on_halving(curve, [self])
        warn_of_large_strain(curve)
        return curve

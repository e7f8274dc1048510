"""What a material law is: its declared constants, its state, and its equations for one point.

The equations are plain functions of numpy arrays. `rve.materials.recorded` records them and derives
the consistent tangent, `rve.materials.point_functions` compiles them, and `rve.materials.law` makes
a material of both.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import partial
from typing import Any, ClassVar, Self

from rve import arguments
from rve.arrays import Array
from rve.errors import DoubtfulConstants, InputError
from rve.materials.declaration import MODULUS, STRENGTH, Column, Parameter, TableParameter
from rve.materials.material import Step


def parameter(description: str, unit: str, default: Any = MISSING, **limits: Any) -> Any:
    """A field of a law that is a number, with what its `Parameter` says.

    Example:
        >>> from rve.materials import LAWS
        >>> LAWS["ludwik"](70.0, 0.33, yield_stress=0.2, A=0.4, n=2)
        Traceback (most recent call last):
        rve.errors.InputError: ludwik: n: expected a number above 0 and at most 1, got 2
    """
    return field(default=default, metadata={"parameter": Parameter(description, unit, **limits)})


modulus = partial(parameter, unit="GPa", most=MODULUS, above=0)
hardening = partial(parameter, unit="GPa", most=MODULUS, default=0.0, at_least=0)
strength = partial(parameter, unit="GPa", most=STRENGTH, above=0)
"""Fields that are an elastic modulus, one of hardening, and the stress at yield."""


def table(description: str, first: Column, second: Column, kw_only: bool = False) -> Any:
    """A field of a law that is a table of two columns, with what its `TableParameter` says."""
    said = TableParameter(description, (first, second))
    return field(metadata={"parameter": said}, kw_only=kw_only)


@dataclass(frozen=True)
class Declared:
    """Constants of a phase as the configuration gives them, each within its range.

    Attributes:
        name: by which the configuration chooses them.

    Raises:
        InputError: a constant is not admissible.
    """

    name: ClassVar[str]

    def __new__(cls, *_: Any, **constants: Any) -> Self:
        """Refuse a class whose decorator was forgotten, and a constant that is misspelt."""
        names = [one.name for one in cls.parameters()]
        for name in constants:
            if name not in names and (meant := arguments.nearest(name, names)):
                raise InputError(f"{cls.name}: {name}: unknown; did you mean {meant}?")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        """Check the constants one by one, then together, and warn of doubtful ones."""
        try:
            for key, declared in self.parameters().items():
                if refusal := declared.refusal(getattr(self, key.name)):
                    raise InputError(f"{key.name}: {refusal}")
            self.check()
            if reason := self.refusal():
                raise InputError(reason)
        except InputError as error:
            raise InputError(f"{self.name}: {error}") from None
        if doubt := self.warning():
            warnings.warn(f"{self.name}: {doubt}", DoubtfulConstants, stacklevel=3)

    @classmethod
    def parameters(cls) -> dict[Field, Parameter | TableParameter]:
        """Fields of the law and what it says of them."""
        for one in cls.__mro__:  # dataclass takes away what it has made a field of
            if lost := [key for key, value in vars(one).items() if isinstance(value, Field)]:
                raise InputError(
                    f"{one.__name__}: {', '.join(lost)}: no constants of the class as it is; write "
                    "@dataclass(frozen=True) on the line above the class"
                )
        return {
            one: one.metadata["parameter"] for one in fields(cls) if "parameter" in one.metadata
        }

    def check(self) -> None:
        """Raise an InputError that names the parameter if some do not fit together."""

    def refusal(self) -> str | None:
        """Why no material has constants that fit together, and what was meant; or None."""
        return None

    def warning(self) -> str | None:
        """What is admissible but looks like a mistake; None if nothing does."""
        return None

    @abstractmethod
    def law(self) -> "Equations":
        """The law of these constants."""


class Equations(Declared, ABC):
    """The equations of a law for one point.

    A law with a `balance` has one unknown x >= 0, such as a plastic multiplier. x is zero if drive
    does not exceed resistance at x = 0; else it makes them equal. From zero to `bound`, drive less
    resistance must fall; where the search finds that it rises, the point has no stress.

    Attributes:
        symmetric: whether its consistent tangent is symmetric. If not, equilibrium is sought with
            the symmetric part; the tangent at the end is the whole one.
    """

    symmetric: ClassVar[bool] = True

    @property
    def state(self) -> Mapping[str, int]:
        """Names and sizes of the internal variables; all are zero in the virgin material."""
        return {}

    @abstractmethod
    def update(self, step: Step, x: Any) -> tuple[Any, dict[str, Any]]:
        """Stress (6,), GPa, and the internal variables at the end of a step, by name.

        A law without a balance gets None as its unknown.
        """

    def balance(self, step: Step, x: Any) -> tuple[Any, Any] | None:
        """Drive and resistance, which x makes equal; None for a law without unknown."""
        return None

    def bound(self, step: Step) -> Any:
        """A number that x cannot exceed."""
        raise InputError(f"{type(self).__name__}: a law with a balance needs a bound of its x")

    def law(self) -> Self:
        """The law itself."""
        return self

    def turned(self, rotation: Array) -> "Equations":
        """The law of the same material turned by a Mandel rotation (6, 6); itself if isotropic."""
        return self

    @property
    def state_size(self) -> int:
        """Number of internal variables of a point."""
        return sum(self.state.values())

"""Keys of a study that are parameters of a network or of its training, as these declare them."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from training.specification import NETWORK, TRAINING, Parameter
from workflow.study.config.types import READ, OneOrMore, PositiveOrAuto, Section, limits

_SEED = "seed"
_PLURAL = "seeds"
"""The key for the number of random initialisations."""

IN_NETWORK = [name for name, known in NETWORK.items() if name not in TRAINING]
"""Parameters whose default stands in the section `network`; of the others in `training`."""


def section_of(keys: Iterable[str], swept: bool = False) -> type[Section]:
    """A section of these parameters, each with its default.

    Args:
        keys: names of parameters.
        swept: whether a key has one value or several, or is left out.
    """
    made: dict[str, Any] = {}
    for name in keys:
        known = TRAINING.get(name) or NETWORK[name]
        value = _type(known)
        if swept:
            value = (value if name == _SEED else OneOrMore[value]) | None  # type: ignore[valid-type]
        unit = f" [{known.unit}]" if known.unit else ""
        default = None if swept else known.default
        field = Field(default=default, description=f"{known.description}{unit}")
        made[_PLURAL if name == _SEED else name] = value, field
    return create_model("Parameters", __base__=Section, **made)


def _type(known: Parameter) -> Any:
    """What a value of a parameter is in a study, and its range."""
    if known.auto:
        return PositiveOrAuto
    if known.words:
        return Literal[known.words]
    return Annotated[known.type, Field(**limits(known)), READ]

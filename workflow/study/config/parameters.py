"""Keys of a study that are parameters of a network or of its training, as these declare them."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from training.specification import NETWORK, TRAINING, Parameter
from workflow.study.config.types import READ, OneOrMore, PositiveOrAuto, Section, limits

_SEED, _PLURAL = "seed", "seeds"
"""A parameter, and the key for the number of random initialisations."""

IN_NETWORK = [name for name, known in NETWORK.items() if name not in TRAINING]
"""Parameters whose default stands in the section `network`; of the others in `training`."""


def section_of(keys: Iterable[str], swept: bool = False) -> type[Section]:
    """A section of these parameters, each with its default; or `swept`, with values or none."""
    made: dict[str, Any] = {}
    for name in keys:
        known = TRAINING.get(name) or NETWORK[name]
        value = _type(known)
        if swept:
            value = (value if name == _SEED else OneOrMore[value]) | None  # type: ignore[valid-type]
        unit = f" [{known.unit}]" if known.unit else ""
        default = None if swept else known.default
        field = Field(default, description=known.description + unit)
        made[_PLURAL if name == _SEED else name] = value, field
    return create_model("Parameters", __base__=Section, **made)


def _type(known: Parameter) -> Any:
    if known.auto:
        return PositiveOrAuto
    if known.words:
        return Literal[known.words]
    return Annotated[known.type, Field(**limits(known)), READ]

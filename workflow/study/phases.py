"""The keys of a phase: those that its law declares, see `rve.materials.law`."""

from collections.abc import Mapping
from dataclasses import MISSING
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, create_model

from rve.errors import InputError
from rve.materials.composite import DEFAULTS, LAWS
from rve.materials.law import Declared, Parameter
from rve.table import read_table
from workflow.study.types import READ, Section


def law_model(name: str, declared: type[Declared]) -> type[Section]:
    """The section of a phase with this law."""
    keys: dict[str, Any] = {
        "law": (Literal[name], Field(default=name, description="Law of the phase"))
    }
    for field, parameter in declared.parameters().items():
        words = f"{parameter.description[0].upper()}{parameter.description[1:]} [{parameter.unit}]"
        default = ... if field.default is MISSING else field.default
        keys[field.name] = (_type_of(parameter), Field(default=default, description=words))
    return create_model(declared.__name__, __base__=Section, __doc__=declared.__doc__, **keys)


def _type_of(parameter: Parameter) -> Any:
    limits = Field(
        gt=parameter.above, ge=parameter.at_least, lt=parameter.below, le=parameter.at_most
    )
    number = Annotated[float, limits, READ]
    if parameter.columns is None:
        return number
    row = Annotated[
        tuple[number, number], Field(json_schema_extra={"row": list(parameter.columns)})
    ]
    return Annotated[
        tuple[row, ...],
        Field(min_length=1, json_schema_extra={"columns": list(parameter.columns)}),
        BeforeValidator(_rows),
    ]


def _rows(value: object) -> object:
    """Rows of a table, from the CSV file that a text names."""
    if not isinstance(value, str):
        return value
    if not Path(value).is_file():
        raise ValueError(f"expected rows or an existing CSV file, got {value}")
    try:
        return read_table(Path(value)).to_numpy().tolist()
    except InputError as error:
        raise ValueError(str(error)) from error


def phase_of(phase: str) -> Any:
    """The type of a phase: the section of the law that it names, or of the phase's own."""

    def with_law(value: object) -> object:
        return {"law": DEFAULTS[phase], **value} if isinstance(value, Mapping) else value

    models = [law_model(name, declared) for name, declared in LAWS.items()]
    return Annotated[reduce(or_, models), Field(discriminator="law"), BeforeValidator(with_law)]


def keys_of(law: str) -> tuple[set[str], set[str]]:
    """Keys that a law needs, and all that it knows."""
    model = law_model(law, LAWS[law])
    needed = {key for key, field in model.model_fields.items() if field.is_required()}
    return needed, set(model.model_fields) - {"law"}


def laws_with(key: str) -> list[str]:
    """The laws that know a key."""
    return [law for law in LAWS if key in keys_of(law)[1]]

"""The keys of a phase: those that its material law declares in `rve.materials`."""

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    SerializeAsAny,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from rve.errors import DoubtfulConstants, InputError
from rve.materials.composite import DEFAULTS, LAWS, declared, load_laws
from rve.materials.declaration import Table, TableParameter
from rve.materials.equations import Declared
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.types import READ, Section, as_number, limits


@contextmanager
def without_warnings() -> Iterator[None]:
    """Constants that look like a mistake are no warning here; `validation.remarks` has them."""
    with warnings.catch_warnings(action="ignore", category=DoubtfulConstants):
        yield


def own_laws(config: Mapping[Any, Any]) -> None:
    """Load the file of laws that a configuration names, before its composites are read.

    Raises:
        ConfigError: the file holds no laws; what is no file is left to the other checks of keys.
    """
    if isinstance(file := config.get("laws"), str) and Path(file).is_file():
        try:
            load_laws(file)
        except InputError as error:
            raise ConfigError([Problem("laws", str(error))]) from error


def law_of(phase: str, value: object) -> str:
    """The law that a phase of the configuration names, or the phase's default, or the simplest."""
    named = value.get("law") if isinstance(value, Mapping) else None
    return named if isinstance(named, str) and named in LAWS else DEFAULTS.get(phase, "isotropic")


def constants_of(law: str) -> dict[str, bool]:
    """The constants of a law, each with whether it must be given."""
    return {field.name: field.default is MISSING for field in LAWS[law].parameters()}


def law_model(law: str) -> type[Section]:
    """The mapping of a phase with this law: `law` and the constants that it declares."""
    return _model(LAWS[law])  # type: ignore[arg-type]  # a class is hashable


@cache
def _model(law: type[Declared]) -> type[Section]:
    def admissible(cls: Any, raw: Any, validate: Callable[[Any], Section]) -> Section:
        """Let the law check its constants together."""
        section = validate(raw)
        constants = section.model_dump(exclude={"law"})
        tables = {key: raw[key] for key, value in constants.items() if isinstance(value, tuple)}
        files = {key: value for key, value in tables.items() if isinstance(value, str)}
        try:
            declared(law.name, **constants | files)
        except InputError as error:
            raise ValueError(str(error).removeprefix(f"{law.name}: ")) from error
        return section

    keys: dict[str, Any] = {"law": (Literal[law.name], law.name)}
    for field, said in law.parameters().items():
        type_ = (
            _table(said)
            if isinstance(said, TableParameter)
            else Annotated[float, Field(**limits(said)), READ]
        )
        default = ... if field.default is MISSING else field.default
        description = f"{said.description[0].upper()}{said.description[1:]} [{said.unit}]"
        keys[field.name] = type_, Field(default, description=description)
    validators: Any = {"admissible": model_validator(mode="wrap")(admissible)}
    about = {"__doc__": inspect.getdoc(law), "__validators__": validators}
    return create_model(law.__name__, __base__=Section, **about, **keys)


def _table(said: TableParameter) -> Any:
    """The type of a table: its rows, or the path of a CSV file that holds them."""

    def read(value: object, info: ValidationInfo) -> Table:
        rows: Any = value
        if file := isinstance(value, str):
            if not Path(value).is_file():
                words = "expected rows, or an existing CSV file, its path from where snakemake runs"
                raise ValueError(f"{words}, got {value}")
            rows = said.read(Path(value), youngs_modulus=info.data.get("youngs_modulus")).rows
        if not isinstance(rows, list | tuple):
            raise PydanticCustomError("table_type", "expected rows")
        rows = [
            [as_number(cell) if isinstance(cell, str) else cell for cell in row]
            if isinstance(row, list | tuple)
            else row
            for row in rows
        ]
        if refusal := said.refusal(rows):
            raise ValueError(f"{value}: {refusal}" if file else refusal)
        return tuple((float(first), float(second)) for first, second in rows)

    cells = [
        {
            "name": one.description,
            **TypeAdapter(Annotated[float, Field(**limits(one))]).json_schema(),
        }
        for one in said.columns
    ]
    return Annotated[Any, PlainValidator(read), WithJsonSchema({"columns": cells})]


def phase_of(phase: str) -> Any:
    """The type of a phase: the keys of the law that it names, or of its default law, if any."""

    def read(value: object) -> Section:
        choice: Any = Literal[tuple(LAWS)]
        default = DEFAULTS.get(phase, ...)
        named: Any = create_model("Law", law=(choice, default)).model_validate(value)
        given: Any = value
        lacking = {
            law: sum(required and key not in given for key, required in constants.items())
            for law in LAWS
            if given.keys() <= (constants := constants_of(law)).keys()
        }  # empty where the phase names a law
        if lacking and named.law not in lacking:
            least = min(lacking.values())
            fitting = [f"law: {law}" for law, number in lacking.items() if number == least]
            raise ValueError(
                f"it names no law, so it is {named.law}, but the keys given are of another; write "
                + " or ".join(fitting)
            )
        return law_model(named.law).model_validate({**given, "law": named.law})

    in_schema = WithJsonSchema({"phase": phase})
    return Annotated[SerializeAsAny[Section], BeforeValidator(read), in_schema]

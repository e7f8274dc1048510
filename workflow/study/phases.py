"""The keys of a phase: those that its material law declares in `rve.materials`."""

import csv
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    SerializeAsAny,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from rve.errors import InputError
from rve.materials.composite import DEFAULTS, LAWS
from rve.materials.law import Declared, Parameter
from workflow.study.types import READ, Section, as_number


def law_of(phase: str, value: object) -> str:
    """The law that a phase of the configuration names, or the phase's default."""
    named = value.get("law") if isinstance(value, Mapping) else None
    return named if isinstance(named, str) and named in LAWS else DEFAULTS[phase]


def constants_of(law: str) -> dict[str, bool]:
    """The constants of a law, each with whether it must be given."""
    return {field.name: field.default is MISSING for field in LAWS[law].parameters()}


def fitting_laws(phase: str, keys: Iterable[str]) -> list[str]:
    """The laws that these keys fit best, if they fit the phase's default less well.

    A law fits better that knows more of the keys, or that knows as many and lacks none.
    """
    given = set(keys)

    def fit(law: str) -> tuple[int, int]:
        constants = constants_of(law)
        lacking = [key for key, required in constants.items() if required and key not in given]
        return len(given & constants.keys()), -len(lacking)

    best, default = max(map(fit, LAWS)), fit(DEFAULTS[phase])
    if best[0] > default[0] or (best > default and best[1] == 0):
        return [law for law in LAWS if fit(law) == best]
    return []


def law_model(law: str) -> type[Section]:
    """The mapping of a phase with this law: `law` and the constants that it declares."""
    return _model(LAWS[law])  # type: ignore[arg-type]  # a class is hashable


@cache
def _model(declared: type[Declared]) -> type[Section]:
    def admissible(section: Section) -> Section:
        """Let the law check its constants together."""
        try:
            declared(**section.model_dump(exclude={"law"}))
        except InputError as error:
            raise ValueError(str(error).removeprefix(f"{declared.name}: ")) from error
        return section

    keys: dict[str, Any] = {"law": (Literal[declared.name], declared.name)}
    for field, said in declared.parameters().items():
        stated: dict[str, Any] = {
            "default": ... if field.default is MISSING else field.default,
            "description": f"{said.description[0].upper()}{said.description[1:]} [{said.unit}]",
        }
        if said.columns:
            keys[field.name] = (_table(said), Field(**stated))
        else:
            keys[field.name] = (Annotated[float, READ], Field(**stated, **_range(said)))
    validators: dict[str, Any] = {"admissible": model_validator(mode="after")(admissible)}
    return create_model(
        declared.__name__,
        __base__=Section,
        __doc__=inspect.getdoc(declared),
        __validators__=validators,
        **keys,
    )


def _range(said: Parameter) -> dict[str, Any]:
    most = said.at_most if said.most is None else said.most
    limits = {"gt": said.above, "ge": said.at_least, "lt": said.below, "le": most}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _table(said: Parameter) -> Any:
    """The type of a table: its rows, or the path of a CSV file that holds them."""

    def read(value: object) -> tuple[tuple[float, ...], ...]:
        rows = _rows_of(Path(value)) if isinstance(value, str) else value
        if not isinstance(rows, list | tuple):
            raise PydanticCustomError("table_type", "expected rows")
        rows = [
            [_read(cell) for cell in row] if isinstance(row, list | tuple) else row for row in rows
        ]
        if refusal := said.refusal(rows):
            raise ValueError(f"{value}: {refusal}" if isinstance(value, str) else refusal)
        return tuple(tuple(map(float, row)) for row in rows)

    limits = {
        "minimum": said.at_least,
        "exclusiveMinimum": said.above,
        "maximum": said.at_most,
        "exclusiveMaximum": said.below,
    }
    cell = {"type": "number"} | {name: limit for name, limit in limits.items() if limit is not None}
    schema = {"columns": list(said.columns or ()), "items": cell}
    return Annotated[tuple[tuple[float, ...], ...], PlainValidator(read), WithJsonSchema(schema)]


def _read(cell: object) -> object:
    return as_number(cell) if isinstance(cell, str) else cell


def _rows_of(path: Path) -> list[list[str]]:
    """The rows of a CSV file, without a head of names."""
    if not path.is_file():
        raise ValueError(
            "expected rows, or an existing CSV file, its path from where snakemake runs, "
            f"got {path}"
        )
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row]
    named = rows and not any(isinstance(_read(cell), float) for cell in rows[0])
    return rows[1:] if named else rows


def phase_of(phase: str) -> Any:
    """The type of a phase: the keys of the law that it names, or of its default law."""
    return Annotated[
        SerializeAsAny[Section],
        BeforeValidator(_reader(phase)),
        WithJsonSchema({"phase": phase}),
    ]


def _reader(phase: str) -> Callable[[object], Section]:
    def read(value: object) -> Section:
        if not isinstance(value, Mapping):
            raise PydanticCustomError("model_type", "expected a mapping")
        law = law_of(phase, value)
        if (named := value.get("law", law)) != law:
            unknown = PydanticCustomError("unknown_law", "expected the name of a law")
            details = InitErrorDetails(type=unknown, loc=("law",), input=named)
            raise ValidationError.from_exception_data("law", [details])
        return law_model(law).model_validate(value)

    return read

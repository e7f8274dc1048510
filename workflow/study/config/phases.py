"""The keys of a phase: those that its material law declares in `rve.materials`."""

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from rve.arguments import nearest
from rve.errors import DoubtfulConstants, InputError
from rve.materials.composite import DEFAULTS, LAWS, declared
from rve.materials.declaration import Table, TableParameter
from rve.materials.equations import Declared
from workflow.study.config.types import READ, Section, as_number, limits


@contextmanager
def without_warnings() -> Iterator[None]:
    """Constants that look like a mistake are no warning here; `validation.remarks` has them."""
    with warnings.catch_warnings(action="ignore", category=DoubtfulConstants):
        yield


def law_of(phase: str, value: object) -> str:
    """The law that a phase of the configuration names or nearly names, or the phase's default."""
    named = value.get("law") if isinstance(value, Mapping) else None
    if not isinstance(named, str):
        return DEFAULTS[phase]
    return named if named in LAWS else nearest(named, LAWS) or DEFAULTS[phase]


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
        stated: dict[str, Any] = {
            "default": ... if field.default is MISSING else field.default,
            "description": f"{said.description[0].upper()}{said.description[1:]} [{said.unit}]",
        }
        if isinstance(said, TableParameter):
            keys[field.name] = (_table(said), Field(**stated))
        else:
            keys[field.name] = (Annotated[float, READ], Field(**stated, **limits(said)))
    validators: dict[str, Any] = {"admissible": model_validator(mode="wrap")(admissible)}
    return create_model(
        law.__name__,
        __base__=Section,
        __doc__=inspect.getdoc(law),
        __validators__=validators,
        **keys,
    )


_IN_SCHEMA = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
}


def _table(said: TableParameter) -> Any:
    """The type of a table: its rows, or the path of a CSV file that holds them."""

    def read(value: object) -> Table:
        rows: Any = _rows_of(said, Path(value)) if isinstance(value, str) else value
        if not isinstance(rows, list | tuple):
            raise PydanticCustomError("table_type", "expected rows")
        rows = [
            [_read(cell) for cell in row] if isinstance(row, list | tuple) else row for row in rows
        ]
        if refusal := said.refusal(rows):
            raise ValueError(f"{value}: {refusal}" if isinstance(value, str) else refusal)
        return tuple((float(first), float(second)) for first, second in rows)

    cells = [
        {"type": "number", "name": column.name}
        | {_IN_SCHEMA[limit]: value for limit, value in limits(column).items()}
        for column in said.columns
    ]
    return Annotated[Any, PlainValidator(read), WithJsonSchema({"columns": cells})]


def _read(cell: object) -> object:
    return as_number(cell) if isinstance(cell, str) else cell


def _rows_of(said: TableParameter, path: Path) -> Table:
    if not path.is_file():
        raise ValueError(
            "expected rows, or an existing CSV file, its path from where snakemake runs, "
            f"got {path}"
        )
    return said.read(path)[0]


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
        named = value.get("law", law)
        try:
            section = law_model(law).model_validate({**value, "law": law})
        except ValidationError as error:
            if named == law:
                raise
            wrong = [_as_found(one) for one in error.errors() if _judges(one, named)]
        else:
            if named == law:
                return section
            wrong = []
        unknown = PydanticCustomError("unknown_law", "expected the name of a law")
        details = InitErrorDetails(type=unknown, loc=("law",), input=named)
        raise ValidationError.from_exception_data("law", [details, *wrong])

    return read


def _judges(error: ErrorDetails, named: object) -> bool:
    """Whether an error found with another law than the unknown one that is named is one anyway."""
    if isinstance(named, str) and nearest(named, LAWS):
        return True
    key = error["loc"][0] if error["loc"] else None
    return error["type"] == "extra_forbidden" and not any(key in constants_of(law) for law in LAWS)


def _as_found(error: ErrorDetails) -> InitErrorDetails:
    """An error of pydantic as one to be raised again."""
    if error["type"] == "value_error":
        type_: Any = PydanticCustomError("value_error", "{error}", error["ctx"])
    else:
        type_ = error["type"]
    return InitErrorDetails(
        type=type_, loc=error["loc"], input=error["input"], ctx=error.get("ctx", {})
    )

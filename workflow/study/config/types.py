"""Types of the configuration's keys: what is read, and within which range."""

import ast
import inspect
import operator
import re
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import asdict
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FilePath,
    GetJsonSchemaHandler,
    PlainValidator,
    SerializeAsAny,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from rve.loads.load_points import LARGEST_STRAIN
from rve.microstructure.phases import INTERPHASE, VOID, usual_name
from rve.units import PROJECT, Units


def as_number(value: object) -> object:
    """Refuse booleans, and read `1e-2`, which YAML takes for text, as the number it is."""
    if isinstance(value, bool):
        raise PydanticCustomError("number_type", "expected a number")
    if isinstance(value, str):
        with suppress(ValueError):
            return float(value)
    return value


def as_list(value: Any) -> Any:
    """One value as a list of it."""
    return value if isinstance(value, list | tuple) else [value]


T = TypeVar("T", bound=Hashable)


def distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse repeats, and no values."""
    if not values:
        raise PydanticCustomError("too_short", "expected at least one value")
    if repeated := [value for value in dict.fromkeys(values) if values.count(value) > 1]:
        raise ValueError(f"expected no repeats, got {', '.join(map(str, repeated))} more than once")
    return values


def _in_order(expected: str, holds: Callable[[float, float], bool]) -> AfterValidator:
    def check(values: tuple[float, ...]) -> tuple[float, ...]:
        if not all(holds(*pair) for pair in pairwise(values)):
            shown = ", ".join(f"{value:g}" for value in values)
            raise ValueError(f"expected {expected}, got [{shown}]")
        return values

    return AfterValidator(check)


def _or_auto(value: object, read: ValidatorFunctionWrapHandler) -> object:
    return value if value == "auto" else read(value)


def _group(value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise PydanticCustomError("group", "expected a name or a number")
    return value


def _file(value: object, find: ValidatorFunctionWrapHandler) -> object:
    try:
        return find(value)
    except OSError as error:  # the name is longer than the file system takes
        raise PydanticCustomError("path_not_file", "expected a file") from error


READ = BeforeValidator(as_number)
Real = Annotated[float, READ]
Positive = Annotated[float, Field(gt=0), READ]
Amplitude = Annotated[
    float, Field(gt=0, le=LARGEST_STRAIN, json_schema_extra={"fraction": True}), READ
]
PositiveOrAuto = Annotated[
    SerializeAsAny[Positive],
    WrapValidator(_or_auto),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "or_word": "auto"}),
]


def _phase_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", value):
        raise ValueError(
            "expected the name of a phase: a letter, then letters, digits and _, 32 at most"
        )
    if (usual := usual_name(value)) not in (None, value):
        raise ValueError(f"the name of this phase is {usual}")
    return value


def _fibre_phase(value: str) -> str:
    if value in ("matrix", INTERPHASE, VOID):
        raise ValueError(
            f"{value} is no phase of fibres; expected fibre or a name such as glass or carbon"
        )
    return value


PhaseName = Annotated[
    str, AfterValidator(_phase_name), WithJsonSchema({"type": "string", "phase_name": True})
]
FibrePhase = Annotated[PhaseName, AfterValidator(_fibre_phase)]
PhysicalGroup = Annotated[
    str | int, PlainValidator(_group), WithJsonSchema({"physical_group": True})
]
File = Annotated[FilePath, WrapValidator(_file)]


def _of_project(units: dict[str, str]) -> dict[str, str]:
    if units != asdict(PROJECT):
        raise ValueError("expected GPa here; other units are converted in files given to snakemake")
    return units


UnitsOfFile = Annotated[
    Any, PlainValidator(lambda given: asdict(Units.of(given))), WithJsonSchema({"units": True})
]
UnitsOfProject = Annotated[UnitsOfFile, AfterValidator(_of_project)]

Pair = Annotated[tuple[T, T], _in_order("low <= high", operator.le)]
Rising = Annotated[tuple[T, T], _in_order("low < high", operator.lt)]
Growing = Annotated[tuple[T, ...], _in_order("rising numbers", operator.lt)]
SomeOf = Annotated[tuple[T, ...], AfterValidator(distinct)]
OneOrMore = Annotated[
    SomeOf[T], Field(json_schema_extra={"or_one_value": True}), BeforeValidator(as_list)
]
Durations = Annotated[
    tuple[Positive, ...], Field(json_schema_extra={"of_segments": True}), BeforeValidator(as_list)
]


def limits(said: Any) -> dict[str, Any]:
    """The range of a parameter of a training or a law, as pydantic has it."""
    most = said.at_most if getattr(said, "most", None) is None else said.most
    found = {"gt": said.above, "ge": said.at_least, "lt": said.below, "le": most}
    return {name: limit for name, limit in found.items() if limit is not None}


class Section(BaseModel):
    """A part of the configuration: immutable, without unknown keys, NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Described(Section):
    """A section whose keys are described by the text that stands below each.

    It is read when it is asked for: `use_attribute_docstrings` would take each job a sixth of a
    second.
    """

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> Any:
        node = handler(core)
        keys = handler.resolve_ref_schema(node)["properties"]
        (source,) = ast.parse(inspect.getsource(cls)).body
        for key, text in pairwise(source.body):  # type: ignore[attr-defined]
            if isinstance(key, ast.AnnAssign) and isinstance(text, ast.Expr):
                words = ast.literal_eval(text.value)
                keys[ast.unparse(key.target)]["description"] = " ".join(words.split())
        return node

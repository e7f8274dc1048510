"""Configuration files, each in its own units, as one configuration in those of the project.

`units` of a file are those of the numbers that the file itself gives: it is converted before it is
merged with the files before it, whose numbers stay as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from snakemake.utils import update_config

from rve.arguments import is_number
from rve.errors import InputError
from rve.loads.load_points import LARGEST_STRAIN, NAMES, problems, unit_of
from rve.loads.load_table import read_load
from rve.materials.composite import LAWS
from rve.materials.declaration import Parameter, TableParameter
from rve.units import PROJECT, Units, factor, quantity
from workflow.study.config.base import BASES, base_of, without_own
from workflow.study.config.phases import law_of, own_laws
from workflow.study.config.problem import ConfigError, Location, Problem, dotted

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # each job reads the files
_AMPLITUDE = Parameter("strain", "-", above=0, most=LARGEST_STRAIN, strain=True)
_DURATION = Parameter("duration", "s", above=0)
_FRACTION = Parameter("fraction of the area", "-", at_least=0.05, most=0.65)
_KIND = Parameter("fraction of the area", "-", at_least=0.01, most=0.65)
_VOIDS = Parameter("fraction of the area", "-", at_least=0.001, most=0.5)
_THICKNESS = Parameter("share of the radius", "-", at_least=0.01, most=0.5)
_COMPONENTS = {
    name: Parameter(name, unit_of(name), strain=name.startswith("eps")) for name in NAMES
}


@dataclass(frozen=True)
class Written:
    """A number that a file gives in other units than the project's, or a table.

    Attributes:
        text: as the file has it, with its unit.
        value: in the units of the project.
        faults: what is wrong with it, in the units of the file.
        as_is: whether nothing was converted, so that `text` is what a table was read as.
    """

    text: str
    value: Any
    faults: Sequence[str] = ()
    as_is: bool = False


class _File(NamedTuple):
    """The CSV file of a law's table, until all is known that its rows follow from."""

    said: TableParameter
    units: Units
    path: str


class Configuration(NamedTuple):
    """Several files as one, in the units of the project.

    Attributes:
        raw: what the files and the command line give together.
        written: what was converted, and tables that were read, by dotted path.
        files: those that were read, each an overlay of those before.
    """

    raw: dict[str, Any]
    written: dict[str, Written]
    files: list[Path]


def read_files(
    paths: Sequence[Path], command_line: Mapping[str, Any] | None = None
) -> Configuration:
    """Read the files of a study, each an overlay of those before, then entries of `--config`.

    The first of them is an overlay of the base that they name, see `workflow.study.config.base`.

    Raises:
        InputError: a file cannot be read.
        ConfigError: units are none, or of nothing, or do not fit the numbers that have them; the
            base is not there.
    """
    raw: dict[str, Any] = {}
    written: dict[Location, Written] = {}
    wrong: list[Problem] = []
    contents = [(str(path), _content(path)) for path in paths]
    contents.append(("--config", deepcopy(dict(command_line or {}))))
    own: dict[str, Any] = {}
    for _, content in contents:
        update_config(own, deepcopy(content))
    base = base_of(own)
    contents = [*((str(path), _content(path)) for path in base), *contents]
    own_laws({key: value for _, content in contents for key, value in content.items()})
    for place, (name, content) in enumerate(contents):
        if place == len(base) and base != BASES["paper"]:
            raw = without_own(raw, own)
        after = deepcopy(raw)
        update_config(after, deepcopy(content))
        given = content.pop("units", None)
        try:
            units = Units.of(given)
        except InputError as error:
            wrong.append(Problem("units", str(error)))
            continue
        found: dict[Location, Written] = {}
        for at, container, key, said in _quantities(content, after, units):
            try:
                if one := said(container[key]):
                    container[key], found[at] = one.value, one
            except InputError as error:
                wrong.append(Problem(dotted(at, content), str(error)))
        if units != PROJECT and not found and not wrong:
            reason = (
                f"these are of the moduli, stresses and strains that stand in {name}, and none do; "
                "write them into the file in which these numbers stand"
            )
            found["units",] = Written("", None, [reason])
        update_config(raw, content)
        written |= found
    for at, one in written.items():
        if isinstance(one.value, _File) and _value(raw, at) == one.value:
            holder = _value(raw, at[:-1])
            try:
                written[at] = _read(one.value, holder.get("youngs_modulus"))
                holder[at[-1]] = written[at].value
            except InputError as error:
                wrong.append(Problem(dotted(at, raw), str(error)))
    if wrong:
        raise ConfigError(dict.fromkeys(wrong))
    last = {at: one for at, one in written.items() if _value(raw, at) == one.value}
    return Configuration(raw, {dotted(at, raw): one for at, one in last.items()}, [*base, *paths])


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: not a configuration: {error}") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: not a configuration: expected keys at its top level")
    return _unshared(content)


def _unshared(content: Any) -> Any:
    """A copy in which aliases (`*name`) are objects of their own: each is converted once."""
    if isinstance(content, dict):
        return {key: _unshared(value) for key, value in content.items()}
    return [_unshared(value) for value in content] if isinstance(content, list) else content


def _value(raw: Any, at: Location) -> Any:
    for step in at:
        raw = _entries(raw).get(step)
    return raw


def _entries(value: Any) -> dict[Any, Any]:
    """The entries of a mapping or a list by key or position; none of anything else."""
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    return dict(enumerate(value)) if isinstance(value, list) else {}


_Convert = Callable[[Any], Written | None]


def _quantities(
    content: Mapping[str, Any], after: Mapping[str, Any], units: Units
) -> Iterator[tuple[Location, Any, Any, _Convert]]:
    """Where a file may give a quantity: location, container, key there, and what converts it.

    The law of a phase may stand in an earlier file, so it is looked up in what the files give
    together.
    """
    for name, composite in _entries(content.get("composites")).items():
        for phase, constants in _entries(composite).items():
            at = "composites", name, phase
            if isinstance(constants, dict):
                for key, said in LAWS[law_of(phase, _value(after, at))].parameters().items():
                    if key.name in constants:
                        convert = (
                            partial(_table, said, units)
                            if isinstance(said, TableParameter)
                            else partial(_number, said, units)
                        )
                        yield (*at, key.name), constants, key.name, convert
    for place, said in _fractions(content):
        holder = _value(content, place[:-1])
        if isinstance(holder, dict) and place[-1] in holder:
            yield place, holder, place[-1], partial(_number, said, units)
    references = content.get("references")
    if not isinstance(references, dict):
        return
    amplitudes = references.get("amplitudes")
    for load in amplitudes if isinstance(amplitudes, dict) else ():
        at = "references", "amplitudes", str(load)
        yield at, amplitudes, load, partial(_number, _AMPLITUDE, units)
    timed: list[tuple[Location, Any]] = [(("references",), references)]
    for name, path in _entries(references.get("paths")).items():
        if isinstance(path, dict):
            at = "references", "paths", name
            timed.append((at, path))
            if path.get("table") is not None or "units" in path:
                path.setdefault("units", None)
                yield (*at, "units"), path, "units", partial(_table_units, path, units)
            elif "points" in path:
                path["units"] = None  # those of a table in an earlier file
                yield (*at, "points"), path, "points", partial(_points, units)
    for section, holder in timed:
        given = (*section, "duration"), holder, "duration"
        if isinstance(listed := holder.get("duration"), list):
            for number, _ in enumerate(listed):
                yield (*given[0], number), listed, number, partial(_number, _DURATION, units)
        elif "duration" in holder:
            yield *given, partial(_number, _DURATION, units)


def _fractions(content: Mapping[str, Any]) -> Iterator[tuple[Location, Parameter]]:
    """Where shares of the area or radius of the cell's parts may stand."""
    yield ("rve", "volume_fraction"), _FRACTION
    yield ("rve", "interphase", "thickness"), _THICKNESS
    yield ("rve", "voids", "fraction"), _VOIDS
    for phase in _entries(_value(content, ("rve", "fibres"))):
        yield ("rve", "fibres", phase, "volume_fraction"), _KIND


def _number(said: Parameter, units: Units, value: Any) -> Written | None:
    number, unit = quantity(value, said.unit_in(units))
    if not is_number(number) or (unit == said.unit and number is value):
        return None
    fault = said.within(unit).refusal(number)
    found = said.converted(value, units)
    other = "" if unit == said.unit else f" ({found:g} {said.unit.strip('-')}".rstrip() + ")"
    text = f"= {number:g} {unit}{other}" if unit != said.unit or str(value).endswith(unit) else ""
    return Written(text, found, [fault] if fault else [])


def _table(said: TableParameter, units: Units, value: Any) -> Written | None:
    if isinstance(value, str) and Path(value).is_file():
        return Written("", _File(said, units, value))
    found = said.converted(value, units)
    if _plain(found) == _plain(value):
        return None
    own = said.within(units)
    fault = own.refusal(own.converted(value, units))
    heads = ", ".join(f"{column.description} in {_shown(column.unit)}" for column in own.columns)
    return Written(f"({heads})", found, [fault] if fault else [])


def _read(file: _File, youngs_modulus: Any) -> Written:
    """What a file holds: its rows, or its path where the law may as well read it."""
    said, units, path = file
    modulus, _ = quantity(youngs_modulus, PROJECT.stress)
    rows, _, made = said.read(Path(path), units, modulus)
    shown = ", ".join(
        f"{column.description} {_range(column.unit, column.strain, values)}"
        for column, values in zip(said.columns, zip(*rows, strict=True), strict=True)
    )
    text = f"({path}: {shown}{'; ' if made else ''}{made})"
    as_is = units == PROJECT and not made
    return Written(text, path if as_is else rows, as_is=as_is)


def _range(unit: str, strain: bool, values: Sequence[float]) -> str:
    """The least and the largest value, in the units of data sheets."""
    shown = "%" if strain else {"GPa": "MPa", "-": ""}.get(unit, unit)
    low, high = (value / factor(shown, unit) for value in (min(values), max(values)))
    return f"{low:.4g} to {high:.4g} {shown}".rstrip()


def _points(units: Units, value: Any) -> Written | None:
    if not isinstance(value, list) or not all(isinstance(point, dict) for point in value):
        return None
    found = [_point(point, units) for point in value]
    if found == _plain(value):
        return None
    known = {name: one.within(one.unit_in(units)) for name, one in _COMPONENTS.items()}
    own = [_point(point, units, known) for point in value]
    shown = f"(strains in {_shown(units.strain)}, stresses in {units.stress})"
    return Written(shown, found, list(problems(own, units=units)))


def _point(
    point: Mapping[str, Any], units: Units, known: Mapping[str, Parameter] = _COMPONENTS
) -> dict[str, Any]:
    found = dict(point)
    for name in point.keys() & known.keys():
        try:
            found[name] = known[name].converted(point[name], units)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return found


def _table_units(path: Mapping[str, Any], units: Units, value: Any) -> Written:
    """The units of what has none in the table of a path: its own, or those of the file."""
    if path.get("table") is None:
        raise InputError("they are of the columns of a table; points are in the units of the file")
    own = units if value is None else Units.of(value)
    shown = []
    if own != PROJECT:
        kinds = f"strains in {_shown(own.strain)}, stresses in {own.stress}"
        shown = [f"{kinds}, if they have no unit"]
    with suppress(InputError, TypeError):  # what cannot be read is told where loads are checked
        points = read_load(path["table"], own).points
        values = {
            name: [point[name] for point in points if name in point]
            for name in dict.fromkeys(name for point in points for name in point)
        }
        shown += [
            f"{name} {_range(unit_of(name), name.startswith('eps'), [0.0, *values[name]])}"
            for name in values
        ]
    text = f"({path['table']}: {', '.join(shown)})"
    return Written(text if shown else "", asdict(own), as_is=own == PROJECT)


def _plain(value: Any) -> Any:
    """A value with its rows as lists and its numbers as numbers, where YAML takes 1e-2 for text."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    number, unit = quantity(value, "")
    return value if unit else number


def _shown(unit: str) -> str:
    return {"-": "fractions"}.get(unit, unit)


def converted_lines(written: Mapping[str, Written]) -> list[str]:
    """What was converted, a line for each phase, load path or other section of a configuration."""
    lines: dict[str, list[str]] = {}
    for path, one in written.items():
        if one.text:
            section, _, key = path.rpartition(".")
            key = "table" if key == "units" else key  # of a path: how its table was read
            lines.setdefault(section, []).append(f"{key} {one.text}")
    return [f"{section}: {', '.join(said)}" for section, said in lines.items()]


def in_units_of_files(
    problems_found: Iterable[Problem], written: Mapping[str, Written]
) -> Iterator[Problem]:
    """Problems in the units of the files; those of several numbers with what these were."""
    for problem in problems_found:
        if (one := written.get(problem.path)) and one.faults:
            yield from (Problem(problem.path, fault) for fault in one.faults)
            continue
        of = {
            path: one
            for path, one in written.items()
            if _within(path, problem.path) and not one.as_is
        }
        if lines := converted_lines(of):
            reason, _, _ = problem.reason.partition("; its unit is ")  # it was converted to that
            yield Problem(problem.path, f"{reason}; converted: {'; '.join(lines)}")
        else:
            yield problem


def _within(path: str, section: str) -> bool:
    return path.startswith(section) and path[len(section) :][:1] in ("", ".", "[")

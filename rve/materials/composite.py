"""The base materials of a composite from their constants, Tables 1 and 2."""

import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, replace
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import iter_modules
from traceback import extract_tb
from types import ModuleType
from typing import Any, Self

import rve.materials
from rve import arguments
from rve.errors import DoubtfulConstants, InputError
from rve.materials.declaration import TableParameter
from rve.materials.equations import Declared
from rve.materials.law import Law
from rve.materials.material import Material
from rve.microstructure.phases import PHASES, VOID, ordered
from rve.units import PROJECT, Units

DEFAULTS = {"matrix": "j2", "fibre": "orthotropic"}
"""Phase -> its law if it names none; other phases have to name theirs."""
_NO_LAW = "void: a phase without stiffness has no law; leave it out"


def _named(declared: type[Declared]) -> dict[str, type[Declared]]:
    """A class and those derived from it, by the name that the configuration uses."""
    own = {declared.name: declared} if "name" in vars(declared) else {}
    for derived in declared.__subclasses__():
        named = _named(derived)
        for name in own.keys() & named.keys():
            raise InputError(f"two laws have the name {name}: {own[name]} and {named[name]}")
        own |= named
    return own


for _module in iter_modules(rve.materials.__path__, "rve.materials."):
    import_module(_module.name)


class _Laws(dict[str, type[Declared]]):
    """Laws by name; an unknown name is a user's mistake."""

    def __missing__(self, name: str) -> type[Declared]:
        arguments.choice("law", name, self)
        raise KeyError(name)


LAWS = _Laws(sorted(_named(Declared).items()))  # type: ignore[type-abstract]
"""Name in the configuration -> class that declares the constants; found in this folder's files."""

_loaded: dict[Path, tuple[str, dict[str, type[Declared]]]] = {}
"""File of a user's laws -> its text, and the laws."""


def load_laws(file: Path | str) -> dict[str, type[Declared]]:
    """Add the laws of a Python file of one's own to LAWS; a law that it had before is replaced.

    Args:
        file: its classes with a `name` are laws, as docs/materials.md shows.

    Returns:
        Name -> class, of the laws of this file.

    Raises:
        InputError: the file cannot be read or run, has no law, or one with the name of another law.
    """
    path = Path(file).absolute()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    before, laws = _loaded.get(path, (None, {}))
    if text != before:
        found = _laws_in(file, text)
        if taken := found.keys() & (LAWS.keys() - laws.keys()):
            raise InputError(f"{file}: there is another law {', '.join(sorted(taken))}; rename it")
        for name in laws:
            del LAWS[name]
        LAWS.update(found)
        _loaded[path] = text, found
    return _loaded[path][1]


def _laws_in(file: Path | str, text: str) -> dict[str, type[Declared]]:
    """The laws that the text of a file defines."""
    module = sys.modules[f"laws of {file}"] = ModuleType(f"laws of {file}")  # dataclass looks there
    module.__file__ = str(file)
    try:
        exec(compile(text, str(file), "exec"), vars(module))
    except SyntaxError as error:
        raise InputError(f"{file}, line {error.lineno}: {error.msg}") from error
    except Exception as error:
        frames = [one for one in extract_tb(error.__traceback__) if one.filename == str(file)]
        at = f", line {frames[-1].lineno}" if frames else ""
        raise InputError(f"{file}{at}: {type(error).__name__}: {error}") from error
    classes = (one for one in vars(module).values() if isinstance(one, type))
    own = (one for one in classes if one.__module__ == module.__name__)
    named = [one for one in own if issubclass(one, Declared) and "name" in vars(one)]
    found = {one.name: one for one in named}
    if not named:
        raise InputError(f"{file}: has no law, a class with a `name`; see docs/materials.md")
    if len(found) < len(named):
        raise InputError(f"{file}: two of its laws have one name; rename one")
    for one in named:
        if isabstract(one):
            lacking = ", ".join(sorted(one.__abstractmethods__))  # type: ignore[attr-defined]
            raise InputError(f"{file}: {one.__name__}: lacks {lacking}; see docs/materials.md")
        try:
            one.parameters()
        except InputError as error:
            raise InputError(f"{file}: {error}") from error
    return found


Materials = Sequence[Any] | Mapping[str, Any]
"""Laws, or constants that declare them: in the order of the phases, or by their names."""


class Laws(tuple[Law, ...]):
    """Laws of phases, in their order.

    Attributes:
        names: of the phases.
    """

    names: tuple[str, ...]

    def __new__(cls, laws: Mapping[str, Law]) -> Self:
        """Keep the names of the phases."""
        self = super().__new__(cls, laws.values())
        self.names = tuple(laws)
        return self

    def __getnewargs__(self) -> tuple[dict[str, Law]]:
        """What a copy is made of."""
        return (dict(zip(self.names, self, strict=True)),)


def materials(
    matrix: Mapping[str, Any],
    fibre: Mapping[str, Any] | None = None,
    units: Any = None,
    **others: Mapping[str, Any],
) -> Laws:
    """Laws of the phases in their order: p1, the matrix, p2, the fibre, then others by their names.

    Args:
        matrix: `law`, one of LAWS, j2 if left out, and the constants of that law.
        fibre: likewise; `law` is orthotropic if left out. None if there is no fibre.
        units: of numbers that are written without one: of moduli and stresses, such as "MPa"; or
            also of strains, `{"stress": "MPa", "strain": "%"}`. GPa and fractions if left out.
        others: likewise, by name; each has to name its law. A void has none.

    Constants that are admissible but look like a mistake are a `DoubtfulConstants` warning.

    Raises:
        InputError: there is no such law, or a constant is missing, unknown or not admissible.

    Example:
        >>> from rve.materials import LAWS, materials
        >>> matrix = {"law": "swift", "youngs_modulus": 70, "poisson_ratio": 0.33}
        >>> alloy, glass = materials(
        ...     matrix | {"A": 0.5, "e0": 0.01, "n": 0.2},
        ...     {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22},
        ... )
        >>> isinstance(alloy, LAWS["swift"]), round(float(alloy.flow_stress(0.0)), 6)
        (True, 0.199054)

        As data sheets have them; a number with a unit of its own needs no `units`:

        >>> epoxy = {"youngs_modulus": "3.2 GPa", "poisson_ratio": 0.35, "yield_stress": 45}
        >>> carbon = {"law": "isotropic", "youngs_modulus": 72000, "poisson_ratio": 0.22}
        >>> rubber = {"law": "isotropic", "youngs_modulus": 20, "poisson_ratio": 0.45}
        >>> laws = materials(epoxy, carbon, rubber=rubber, units="MPa")
        >>> laws.names, laws[0].yield_stress
        (('matrix', 'fibre', 'rubber'), 0.045)
    """
    phases = declared_phases(matrix, fibre, units, **others)
    return Laws({name: one.law() for name, one in phases.items()})  # type: ignore[misc]


def laws_of(materials: Materials, names: Sequence[str], kind: type = Material) -> list[Any]:
    """The laws of the phases of a network or cell, in their order; a void has none.

    Args:
        materials: laws, or constants that declare them, by phase or in the order of the phases.
        names: of the phases.
        kind: of the laws.

    Raises:
        InputError: a phase has no law, a law no phase, or one is not of this kind.
    """
    given = by_phase(materials, names, kind)
    return [one.law() if isinstance(one, Declared) else one for one in given.values()]


def by_phase(materials: Materials, names: Sequence[str], kind: type = Material) -> dict[str, Any]:
    """Phase -> its law, or what declares it; arguments and errors of `laws_of`."""
    solid = [name for name in names if name != VOID]
    if isinstance(materials, Laws):
        materials = dict(zip(materials.names, materials, strict=True))
    if isinstance(materials, Mapping):
        _check_phases(materials, names)
        materials = [materials[name] for name in solid]
    given = materials if isinstance(materials, Sequence) else [materials]
    if len(given) != len(solid) or not all(isinstance(one, kind | Declared) for one in given):
        raise InputError(
            f"materials: expected laws of {', '.join(solid)}, got "
            f"{', '.join(type(one).__name__ for one in given)}; make them with "
            f"{call_of(solid)} of rve.materials"
        )
    return dict(zip(solid, given, strict=True))


def call_of(phases: Sequence[str]) -> str:
    """How `materials` is called for phases, in words."""
    others = [f"{name}={name}" for name in phases if name not in PHASES]
    return f"materials({', '.join([*(name for name in phases if name in PHASES), *others])})"


def _check_phases(given: Mapping[str, Any], names: Sequence[str]) -> None:
    """Refuse phases without a law, and laws without a phase."""
    has = f"materials: the phases are {', '.join(names)}"
    if VOID in given:
        raise InputError(f"{has}; {_NO_LAW}")
    lacking = [name for name in names if name not in given and name != VOID]
    for name in given.keys() - set(names):
        raise InputError(f"{has}; {name} is none of them{arguments.did_you_mean(name, lacking)}")
    if lacking:
        raise InputError(f"{has}; {', '.join(lacking)}: no law; give each its law by its name")


def declared_phases(
    matrix: Mapping[str, Any],
    fibre: Mapping[str, Any] | None = None,
    units: Any = None,
    **others: Mapping[str, Any],
) -> dict[str, Declared]:
    """What declares the laws of the phases, by their names and in their order, see `materials`."""
    try:
        known = Units.of(units)
    except InputError as error:
        raise InputError(f"units: {error}") from None
    given = {"matrix": matrix} | ({} if fibre is None else {"fibre": fibre}) | others
    return {phase: _declared(phase, given[phase], known) for phase in ordered(given)}


def _declared(phase: str, constants: Mapping[str, Any], units: Units) -> Declared:
    if phase == VOID:
        raise InputError(_NO_LAW)
    default = DEFAULTS.get(phase)
    if not isinstance(constants, Mapping):
        law = "; laws are given as they are, as (matrix, fibre)"
        raise InputError(
            f"{phase}: expected a dict of constants, as {{'law': '{default or 'j2'}', ...}}, got a "
            f"{type(constants).__name__}{law if isinstance(constants, Declared) else ''}"
        )
    if not (default or constants.get("law")):
        raise InputError(f"{phase}: law: missing; expected one of {', '.join(LAWS)}")
    try:
        return declared(default or "", units, **constants)
    except InputError as error:
        raise InputError(f"{phase}: {error}") from None


def declared(
    default: str, units: Units = PROJECT, law: str | None = None, **constants: Any
) -> Declared:
    """What declares the law of one phase, from its name and constants; degrees, seconds, `units`.

    A table may be given by the path of its CSV file.
    """
    name = law or default
    parameters = LAWS[name].parameters()
    keys = {one.name for one in parameters}
    required = {one.name for one in parameters if one.default is MISSING}
    if unknown := sorted(constants.keys() - keys):
        near = {key: arguments.nearest(key, keys) for key in unknown}
        words = ", ".join(f"{key} (did you mean {n}?)" if n else key for key, n in near.items())
        raise InputError(f"{name}: {words}: unknown; it has {', '.join(sorted(keys))}")
    if missing := sorted(required - constants.keys()):
        raise InputError(f"{name}: {', '.join(missing)}: missing")
    tables = {
        key.name: said
        for key, said in parameters.items()
        if isinstance(said, TableParameter) and isinstance(constants.get(key.name), str | Path)
    }
    for one, declaration in parameters.items():
        if one.name in constants.keys() - tables.keys():
            try:
                constants[one.name] = declaration.converted(constants[one.name], units)
            except InputError as error:
                raise InputError(f"{name}: {one.name}: {error}") from None
    modulus = constants.get("youngs_modulus")
    read = {key: said.read(Path(constants[key]), units, modulus) for key, said in tables.items()}
    try:
        found = LAWS[name](**constants | {key: file.rows for key, file in read.items()})
        for key, (rows, headed, _) in read.items():
            if not headed and _admits(found, **{key: tuple(row[::-1] for row in rows)}):
                head = ",".join(column.description for column in tables[key].columns)
                raise InputError(
                    f"{name}: {key}: without a head its columns may be in either order; expected "
                    f"the head {head}, with units as in stress [MPa]"
                )
    except InputError as error:
        of = "".join(f"; {key} is that of {constants[key]}" for key in read)
        raise InputError(f"{error}{of}") from None
    return found


def _admits(found: Declared, **constants: Any) -> bool:
    try:
        with warnings.catch_warnings(action="ignore", category=DoubtfulConstants):
            replace(found, **constants)
    except InputError:
        return False
    return True

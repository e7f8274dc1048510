"""From the configuration that Snakemake read to a valid `Study`, or all its problems at once."""

import json
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import product
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rve.errors import InputError
from rve.homogenisation.load_path import piecewise_linear
from rve.materials.composite import DEFAULTS, LAWS
from workflow.study.loads import points_of
from workflow.study.model import (
    Convergence,
    Dataset,
    LoadHistory,
    NetworkDefaults,
    Online,
    References,
    Rve,
    Study,
    Sweep,
    Timing,
)
from workflow.study.phases import constants_of, fitting_laws, law_of
from workflow.study.problem import ConfigError, Problem
from workflow.study.reference import Location, Node, allowed_keys, expectation, leaves, node_at
from workflow.study.types import Section

# Discs packed at random jam when they, each with half a gap around it, fill this much of the cell.
DENSEST_PACKING = 0.80

# Beyond these a load is meant in another unit; the stress is in GPa.
LARGEST_STRAIN, LARGEST_STRESS = 0.5, 10.0

Raw = dict[str, Any]
SectionT = TypeVar("SectionT", bound=Section)


def load_study(config: Mapping[Any, Any]) -> Study:
    """The study that a configuration, merged from `config.yaml` and overlays, describes.

    An entry whose value is null is taken as removed, as in a JSON merge patch (RFC 7386).

    Raises:
        ConfigError: with every problem of the configuration.
    """
    raw = _without_nulls(config)
    problems = dict.fromkeys(
        [*_name_laws(raw), *_problems_of_keys(raw), *_problems_across_keys(raw)]
    )
    if problems:
        raise ConfigError(problems)
    return Study.model_validate(raw)


def _without_nulls(mapping: Mapping[Any, Any]) -> Raw:
    """The mapping without its null entries; keys become text, so that 11 and "11" are one load."""
    kept: Raw = {}
    for key, value in mapping.items():
        if value is None:
            kept.pop(str(key), None)
        else:
            kept[str(key)] = _without_nulls(value) if isinstance(value, Mapping) else value
    return kept


def remarks(study: Study) -> list[str]:
    """What is admissible in a study, but looks like a mistake."""
    found = []
    for name, composite in study.composites.items():
        for phase, constants in composite.model_dump().items():
            law = LAWS[constants.pop("law")](**constants)
            if warning := law.warning():
                found.append(f"composites.{name}.{phase}: {warning}")
    return found


# Problems of single keys, as pydantic finds them, in plain words


def _problems_of_keys(raw: Raw) -> Iterator[Problem]:
    try:
        Study.model_validate(raw)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _problem(details, raw)


def _problem(details: ErrorDetails, raw: Raw) -> Problem:
    location = details["loc"]
    if location[-1] == "[key]":
        location = location[:-1]
        named_freely = not allowed_keys(location[:-1], raw)
        reason = "expected a name of letters, digits, - and _" if named_freely else None
        return Problem(_dotted(location, raw), reason or _unknown_key(location, raw))
    if details["type"] == "extra_forbidden":
        return Problem(_dotted(location, raw), _unknown_key(location, raw))
    if details["type"] == "value_error":
        return Problem(_dotted(location, raw), str(details["ctx"]["error"]))
    if details["type"] == "missing":
        if not isinstance(location[-1], int):
            return Problem(_dotted(location, raw), f"missing; expected {_expected(location, raw)}")
        location = location[:-1]  # the list is too short
    if node_at(location, raw) is None:
        return Problem(_dotted(location, raw), details["msg"])
    reason = f"expected {_expected(location, raw)}, got {_shown(details['input'])}"
    return Problem(_dotted(location, raw), reason + _other_unit(node_at(location, raw), details))


def _other_unit(node: Node | None, details: ErrorDetails) -> str:
    """In which unit a value that is too large in GPa would make sense, if in any."""
    if details["type"] != "less_than_equal" or "[GPa]" not in (node or {}).get("description", ""):
        return ""
    value, most = float(details["input"]), float(details["ctx"]["le"])
    for unit, factor in {"MPa": 1e-3, "Pa": 1e-9}.items():
        if value * factor <= most:
            return f"; its unit is GPa, and {value:g} {unit} are {value * factor:g} GPa"
    return "; its unit is GPa"


def _expected(location: Location, raw: Raw) -> str:
    return expectation(node_at(location, raw) or {})


def _dotted(location: Location, raw: Raw) -> str:
    """The path as the user wrote it: a position is named only where there is a list."""
    path = ""
    value: Any = raw
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]" if isinstance(value, list | tuple) else ""
        else:
            path += f".{step}" if path else step
            value = value.get(step) if isinstance(value, Mapping) else None
    return path


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unknown_key(location: Location, raw: Raw) -> str:
    key = str(location[-1])
    parent = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location[:-1])
    known = dict.fromkeys(constant for law in LAWS for constant in constants_of(law))
    paths = [path for path, _ in leaves()]
    paths += [f"composites.<name>.{phase}.{constant}" for phase in DEFAULTS for constant in known]
    if key in paths:
        return f"unknown key; a dot does not nest, write {_nested(key)}"
    if in_phase := len(location) == 4 and location[0] == "composites":
        name, phase = map(str, location[1:3])
        keys = raw["composites"][name][phase]
        if reason := _unfit_key(key, keys[key], law_of(phase, keys), parent.lstrip(".")):
            return reason
    siblings = allowed_keys(location[:-1], raw)
    near = get_close_matches(key, siblings, n=1, cutoff=0.7)
    near = near or [sibling for sibling in siblings if key in sibling.split("_")]
    meant = [f"{parent}.{sibling}".lstrip(".") for sibling in near]
    if not near and in_phase and (of_others := get_close_matches(key, known, n=1, cutoff=0.7)):
        (constant,) = of_others
        return f"unknown key; did you mean {constant}, of {_laws_with(constant)}?"
    meant = meant or _paths_ending(key, paths)
    if meant:
        return f"unknown key; did you mean {' or '.join(meant)}?"
    return f"unknown key; the keys allowed here are {', '.join(siblings)}"


def _unfit_key(key: str, value: object, law: str, phase: str) -> str | None:
    """Why a phase of this law does not take a key that is one of another law, or was one."""
    if key == "hardening" and isinstance(value, Mapping):
        flat = ", ".join(f"{inner}: {_shown(number)}" for inner, number in value.items())
        return f"its keys now stand directly under {phase}: {{{flat}}}; null removes it"
    if laws := _laws_with(key):
        return f"belongs to {laws}, but the law is {law}; null removes it"
    return None


def _laws_with(constant: str) -> str:
    """The laws that have this constant, in words; empty if none has."""
    laws = [law for law in LAWS if constant in constants_of(law)]
    return f"the law{'s' * (len(laws) > 1)} {', '.join(laws)}" if laws else ""


def _paths_ending(key: str, paths: list[str]) -> list[str]:
    """The paths whose last key is the one nearest to `key`, if any is near."""
    last = {path: path.rsplit(".", 1)[-1] for path in paths}
    nearest = get_close_matches(key, sorted(set(last.values())), n=1, cutoff=0.85)
    return [path for path in paths if last[path] in nearest]


def _nested(path: str) -> str:
    *parents, key = path.split(".")
    return "".join(f"{parent}: {{" for parent in parents) + f"{key}: ..." + "}" * len(parents)


def _name_laws(raw: Raw) -> Iterator[Problem]:
    """Phases that name no law, and whose keys fit another than their default.

    The law that they fit is put in its place, so that further problems are those of its keys.
    """
    for name, composite in _mappings(raw.get("composites")).items():
        for phase, keys in _mappings(composite).items():
            if phase not in DEFAULTS or "law" in keys or not (laws := fitting_laws(phase, keys)):
                continue
            default = constants_of(DEFAULTS[phase])
            lacking = [key for key, required in default.items() if required and key not in keys]
            complete = f", or add what {DEFAULTS[phase]} needs: {', '.join(lacking)}"
            yield Problem(
                f"composites.{name}.{phase}.law",
                f"missing; the keys given fit {' or '.join(laws)}: write "
                f"{' or '.join(f'law: {law}' for law in laws)}"
                + (complete if keys.keys() <= default.keys() else ""),
            )
            keys["law"] = laws[0]


# Problems that span keys; each check reads only its own keys: a mistake elsewhere hides nothing


def _problems_across_keys(raw: Raw) -> Iterator[Problem]:
    yield from _problems_of_packing(raw)
    yield from _problems_of_sizes(raw)
    yield from _problems_of_paths(raw)
    yield from _problems_of_convergence(raw)
    yield from _problems_of_online(raw)
    yield from _problems_of_timing(raw)


def _part(section: type[SectionT], raw: object, *keys: str) -> SectionT | None:
    """The section with only these keys, the others at their defaults; None if one is invalid."""
    if not isinstance(raw, Mapping):
        return None
    try:
        return section.model_validate({key: raw[key] for key in keys if key in raw})
    except ValidationError:
        return None


def _mappings(raw: object) -> dict[str, Raw]:
    """The entries of a mapping that are mappings themselves."""
    entries = raw.items() if isinstance(raw, Mapping) else ()
    return {name: entry for name, entry in entries if isinstance(entry, dict)}


def _not_among(path: str, value: str, of: str, known: Collection[str]) -> Iterator[Problem]:
    """The problem of a key whose value has to be one of those given under another key."""
    if value not in known:
        yield Problem(path, f"{value} is not among {of} ({', '.join(known)})")


def _problems_of_packing(raw: Raw) -> Iterator[Problem]:
    rve = _part(Rve, raw.get("rve", {}), "mesh", "volume_fraction", "minimum_gap")
    if rve is None or rve.mesh:
        return
    if (filled := rve.volume_fraction * (1 + rve.minimum_gap / 2) ** 2) > DENSEST_PACKING:
        yield Problem(
            "rve.minimum_gap",
            f"with a gap of {rve.minimum_gap:g} radii the fibres fill {filled:.3g} of the cell, "
            f"and at most {DENSEST_PACKING:g} can be packed; lower rve.minimum_gap or "
            f"rve.volume_fraction (now {rve.volume_fraction:g})",
        )


def _problems_of_sizes(raw: Raw) -> Iterator[Problem]:
    """Samples within the training set, moments and batches within the samples."""
    keys = ("samples", "batch_size")
    yield from _too_many_moments(raw)
    dataset = _part(Dataset, raw.get("dataset", {}), "training_samples")
    network = _part(NetworkDefaults, raw.get("network", {}), *keys)
    if dataset and network:
        yield from _too_many_samples("network.samples", (network.samples,), dataset)
    for name, entry in _mappings(raw.get("sweeps")).items():
        sweep = _part(Sweep, entry, *keys)
        if dataset and sweep:
            yield from _too_many_samples(f"sweeps.{name}.samples", sweep.samples or (), dataset)
        if network and sweep:
            samples = sweep.samples or (network.samples,)
            batches = sweep.batch_size or (network.batch_size,)
            said = next((f"sweeps.{name}.{key}" for key in reversed(keys) if key in entry), None)
            for batch, size in product(batches, samples):
                if batch > size:
                    reason = (
                        f"a batch of {batch} is larger than the {size} samples it is drawn from"
                    )
                    yield Problem(said or "network.batch_size", reason)


def _too_many_moments(raw: Raw) -> Iterator[Problem]:
    """Moments are those of flowing samples that the network learns from."""
    keys = ("flowing_samples", "moments")
    network = _part(NetworkDefaults, raw.get("network", {}), *keys)
    if not network:
        return
    parts = {"network": (network.flowing_samples, network.moments)}
    for name, entry in _mappings(raw.get("sweeps")).items():
        if sweep := _part(Sweep, entry, *keys):
            parts[f"sweeps.{name}"] = (
                min(sweep.flowing_samples or (network.flowing_samples,)),
                max(sweep.moments or (network.moments,)),
            )
    for path, (samples, moments) in parts.items():
        if moments > samples:
            yield Problem(
                f"{path}.moments",
                f"{moments} moments are more than the {samples} of {path}.flowing_samples; "
                "they are those of flowing samples: raise flowing_samples or lower moments",
            )


def _too_many_samples(path: str, samples: tuple[int, ...], dataset: Dataset) -> Iterator[Problem]:
    available = dataset.training_samples
    if (wanted := max(samples, default=0)) > available:
        yield Problem(
            path,
            f"{wanted} samples are more than the {available} of dataset.training_samples; "
            f"raise dataset.training_samples to {wanted} or more",
        )


def _problems_of_paths(raw: Raw) -> Iterator[Problem]:
    """Points or a table, and in either the same components at every point."""
    references = raw.get("references")
    paths = references.get("paths") if isinstance(references, Mapping) else None
    for name, entry in _mappings(paths).items():
        key = f"references.paths.{name}"
        path = _part(LoadHistory, entry, *LoadHistory.model_fields)
        if path is None:
            continue
        if bool(path.points) == (path.table is not None):
            yield Problem(key, "expected either points or a table")
            continue
        given = "points" if path.points else "table"
        try:
            points = points_of(path)
            piecewise_linear(points, path.increments)
            for number, point in enumerate(points, start=1):
                yield from _too_large(f"{key}.{given}", number, point)
            given = "duration"
            piecewise_linear(points, path.increments, path.duration)
        except InputError as error:
            yield Problem(f"{key}.{given}", str(error))


def _too_large(path: str, number: int, point: Mapping[str, float]) -> Iterator[Problem]:
    """Strains and stresses that must be meant in another unit."""
    for name, value in point.items():
        if name.startswith("eps") and abs(value) > LARGEST_STRAIN:
            reason = (
                f"a strain of {value:g}; strains are fractions: {value:g} % are {value / 100:g}"
            )
        elif name.startswith("sig") and abs(value) > LARGEST_STRESS:
            reason = f"a stress of {value:g} GPa; {value:g} MPa are {value / 1000:g} GPa"
        else:
            continue
        yield Problem(path, f"{name} of point {number} is {reason}")


def _problems_of_convergence(raw: Raw) -> Iterator[Problem]:
    convergence = _part(Convergence, raw.get("convergence"), "loads")
    references = _part(References, raw.get("references", {}), "amplitudes")
    if convergence and references:
        for load in convergence.loads:
            yield from _not_among(
                "convergence.loads", load, "references.amplitudes", references.amplitudes
            )
    rve = raw.get("rve")
    if convergence and isinstance(rve, Mapping) and "mesh" in rve:
        yield Problem("convergence", "it compares packed cells; remove it, or remove rve.mesh")


def _problems_of_online(raw: Raw) -> Iterator[Problem]:
    references = _part(References, raw.get("references", {}), "controls")
    online = _part(Online, raw.get("online", {}), "controls")
    if references and online:
        for control in online.controls:
            yield from _not_among(
                "online.controls", control, "references.controls", references.controls
            )
    online = _part(Online, raw.get("online", {}), "schemes")
    network = _part(NetworkDefaults, raw.get("network", {}), "kind")
    if online and network:
        entries = _mappings(raw.get("sweeps")).values()
        sweeps = [sweep for entry in entries if (sweep := _part(Sweep, entry, "kind"))]
        trained = {kind for sweep in sweeps for kind in sweep.kind or (network.kind,)}
        for kind in sorted(trained - set(online.schemes)):
            yield Problem("online.schemes", f"no scheme for {kind}, a kind that the sweeps train")


def _problems_of_timing(raw: Raw) -> Iterator[Problem]:
    timing = _part(Timing, raw.get("timing", {}), "composite")
    composites = raw.get("composites")
    if timing and isinstance(composites, Mapping):
        yield from _not_among("timing.composite", timing.composite, "composites", composites)

"""From the configuration that Snakemake read to a valid `Study`, or all its problems at once."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rve.errors import InputError
from rve.homogenisation.load_path import piecewise_linear
from workflow.study.loads import points_of
from workflow.study.model import (
    LAW_KEYS,
    Convergence,
    Dataset,
    Fibre,
    LoadHistory,
    NetworkDefaults,
    Online,
    References,
    Rve,
    Section,
    Study,
    Sweep,
    Timing,
)
from workflow.study.reference import Location, allowed_keys, expectation, leaves, node_at

# Discs packed at random jam when they, each with half a gap around it, fill this much of the cell.
DENSEST_PACKING = 0.80

Raw = dict[str, Any]
SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one key: its dotted path and the reason, written for the user."""

    path: str
    reason: str

    def __str__(self) -> str:
        """The path and the reason on one line."""
        return f"{self.path}: {self.reason}"


class ConfigError(ValueError):
    """The configuration cannot be used; the message lists every problem on a line of its own."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order given."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """The number of problems, then each on a line."""
        count = len(self.problems)
        header = f"config: {count} problem{'' if count == 1 else 's'}"
        return "\n".join([header, *(f"  {problem}" for problem in self.problems)])


def load_study(config: Mapping[Any, Any]) -> Study:
    """The study that a configuration, merged from `config.yaml` and overlays, describes.

    An entry whose value is null is taken as removed, as in a JSON merge patch (RFC 7386).

    Raises:
        ConfigError: with every problem of the configuration.
    """
    raw = _without_nulls(config)
    problems = dict.fromkeys([*_problems_of_keys(raw), *_problems_across_keys(raw)])
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
        named_freely = not allowed_keys(location[:-1])
        reason = "expected a name of letters, digits, - and _" if named_freely else None
        return Problem(_dotted(location, raw), reason or _unknown_key(location))
    if details["type"] == "extra_forbidden":
        return Problem(_dotted(location, raw), _unknown_key(location))
    if details["type"] == "value_error":
        return Problem(_dotted(location, raw), str(details["ctx"]["error"]))
    if details["type"] == "missing":
        if not isinstance(location[-1], int):
            return Problem(_dotted(location, raw), f"missing; expected {_expected(location)}")
        location = location[:-1]  # the list is too short
    if node_at(location) is None:
        return Problem(_dotted(location, raw), details["msg"])
    reason = f"expected {_expected(location)}, got {_shown(details['input'])}"
    return Problem(_dotted(location, raw), reason)


def _expected(location: Location) -> str:
    return expectation(node_at(location) or {})


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


def _unknown_key(location: Location) -> str:
    key = str(location[-1])
    parent = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location[:-1])
    paths = [path for path, _ in leaves()]
    if key in paths:
        return f"unknown key; a dot does not nest, write {_nested(key)}"
    siblings = allowed_keys(location[:-1])
    near = get_close_matches(key, siblings, n=1, cutoff=0.7)
    near = near or [sibling for sibling in siblings if key in sibling.split("_")]
    meant = [f"{parent}.{sibling}".lstrip(".") for sibling in near] or _paths_ending(key, paths)
    if meant:
        return f"unknown key; did you mean {' or '.join(meant)}?"
    return f"unknown key; the keys allowed here are {', '.join(siblings)}"


def _paths_ending(key: str, paths: list[str]) -> list[str]:
    """The paths whose last key is the one nearest to `key`, if any is near."""
    last = {path: path.rsplit(".", 1)[-1] for path in paths}
    nearest = get_close_matches(key, sorted(set(last.values())), n=1, cutoff=0.85)
    return [path for path in paths if last[path] in nearest]


def _nested(path: str) -> str:
    *parents, key = path.split(".")
    return "".join(f"{parent}: {{" for parent in parents) + f"{key}: ..." + "}" * len(parents)


# Problems that span keys; each check reads only its own keys: a mistake elsewhere hides nothing


def _problems_across_keys(raw: Raw) -> Iterator[Problem]:
    yield from _problems_of_packing(raw)
    yield from _problems_of_matrices(raw)
    yield from _problems_of_fibres(raw)
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


def _mappings(raw: object) -> dict[str, Mapping[str, Any]]:
    """The entries of a mapping that are mappings themselves."""
    entries = raw.items() if isinstance(raw, Mapping) else ()
    return {name: entry for name, entry in entries if isinstance(entry, Mapping)}


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


def _problems_of_matrices(raw: Raw) -> Iterator[Problem]:
    """The keys of the matrix are those of its law."""
    for name, composite in _mappings(raw.get("composites")).items():
        for matrix in _mappings({"matrix": composite.get("matrix")}).values():
            law = matrix.get("law", "j2")
            if law not in LAW_KEYS:
                continue
            needed, known = LAW_KEYS[law]
            location: Location = ("composites", name, "matrix")
            path = ".".join(map(str, location))
            for key in needed:
                if matrix.get(key) is None:
                    expected = expectation(node_at((*location, key)) or {})
                    yield Problem(f"{path}.{key}", f"missing; expected {expected}")
            for other, keys in LAW_KEYS.items():
                for key in sorted({*keys[0], *keys[1]} - {*needed, *known}):
                    if matrix.get(key) is not None:
                        yield Problem(
                            f"{path}.{key}",
                            f"belongs to the law {other}, but the law is {law}; null removes it",
                        )


def _problems_of_fibres(raw: Raw) -> Iterator[Problem]:
    for name, composite in _mappings(raw.get("composites")).items():
        fibre = _part(Fibre, composite.get("fibre"), *Fibre.model_fields)
        if fibre and (reason := _indefinite(fibre)):
            path = f"composites.{name}.fibre"
            yield Problem(path, f"expected a positive definite compliance, but {reason}")


def _indefinite(fibre: Fibre) -> str | None:
    """Why the compliance of the fibre, S_ij = -nu_ij / E_ii, is not positive definite."""
    root = np.sqrt([fibre.E11, fibre.E22, fibre.E33])
    poisson = {(0, 1): fibre.nu12, (0, 2): fibre.nu13, (1, 2): fibre.nu23}
    # Scaled by sqrt(E_ii E_jj), so that the diagonal is one and the result has no unit.
    scaled = np.eye(3)
    for (i, j), nu in poisson.items():
        limit = root[i] / root[j]
        scaled[i, j] = scaled[j, i] = -nu / limit
        if abs(nu) >= limit:
            a, b = i + 1, j + 1
            return (
                f"|nu{a}{b}| = {abs(nu):.3g} is not below sqrt(E{a}{a} / E{b}{b}) = {limit:.3g}; "
                f"check nu{a}{b}, E{a}{a} and E{b}{b}"
            )
    if np.linalg.eigvalsh(scaled)[0] <= 0:
        return "nu12, nu13 and nu23 are too large together; check them against E11, E22 and E33"
    return None


def _problems_of_sizes(raw: Raw) -> Iterator[Problem]:
    """Samples within the training set, batches within the samples."""
    keys = ("samples", "batch_size")
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
        try:
            piecewise_linear(points_of(path), path.increments)
        except InputError as error:
            yield Problem(f"{key}.{'points' if path.points else 'table'}", str(error))


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

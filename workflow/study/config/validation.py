"""From the configuration that Snakemake read to a valid `Study`, or all its problems at once."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import product
from typing import Any, TypeVar

from pydantic import ValidationError

from rve.dataset.sampling import decades_between
from rve.errors import InputError
from rve.loads.load_limits import large_target, refusal_of_stress
from rve.loads.load_path import piecewise_linear, segment_durations
from rve.loads.load_points import prescribed_stress, problems
from rve.materials.composite import LAWS, materials
from workflow.study.config.key_problems import Raw, mappings, name_laws, problems_of_keys
from workflow.study.config.loads import OWN_PATHS, load_cases, load_of
from workflow.study.config.model import (
    Composite,
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
from workflow.study.config.phases import without_warnings
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.types import Section

# Discs packed at random jam when they, each with half a gap around it, fill this much of the cell.
DENSEST_PACKING = 0.80

_DEFAULT_SWEEP = "default"

_SOFT_DECADES = 0.3  # by which a fibre is softer than its matrix in few composites

SectionT = TypeVar("SectionT", bound=Section)


@without_warnings()
def load_study(config: Mapping[Any, Any], read_mesh: bool = False) -> Study:
    """The study that a configuration, merged from `config.yaml` and overlays, describes.

    An entry whose value is null is taken as removed, as in a JSON merge patch (RFC 7386).

    Args:
        config: the configuration.
        read_mesh: whether to check the mesh of `rve.mesh`, too.

    Raises:
        ConfigError: with every problem of the configuration.
    """
    raw = _without_default(_without_nulls(config))
    problems = dict.fromkeys([*name_laws(raw), *problems_of_keys(raw), *_problems_across_keys(raw)])
    if read_mesh:
        problems |= dict.fromkeys(_problems_of_mesh(raw))
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


def _without_default(raw: Raw) -> Raw:
    """The same without the sweep `default` where there are others, which decide alone."""
    sweeps = raw.get("sweeps")
    if isinstance(sweeps, dict) and len(sweeps) > 1:
        sweeps.pop(_DEFAULT_SWEEP, None)
    return raw


@without_warnings()
def remarks(study: Study) -> list[str]:
    """What is admissible in a study, but looks like a mistake."""
    found = []
    for name, composite in study.composites.items():
        for phase, constants in composite.model_dump().items():
            law = LAWS[constants.pop("law")](**constants)
            if warning := law.warning():
                found.append(f"composites.{name}.{phase}: {warning}")
        if remark := _remark_on_contrast(study.dataset, composite):
            found.append(f"composites.{name}: {remark}")
    for control, loads in load_cases(study).items():
        for load, case in loads.items():
            key = "references." + ("paths" if control == OWN_PATHS else "amplitudes")
            if remark := large_target(piecewise_linear(**case)):
                found.append(f"{key}.{load}: {remark}")
    if remark := _remark_on_mesh(study.rve):
        found.append(f"rve.mesh: {study.rve.mesh}: {remark}")
    return list(dict.fromkeys(found))


def _remark_on_contrast(dataset: Dataset, composite: Composite) -> str | None:
    """That the phases differ more in stiffness than those of the samples, or the other way."""
    matrix, fibre = (law.stiffness for law in materials(**composite.model_dump()))  # type: ignore[attr-defined]
    decades, (low, high) = decades_between(matrix, fibre), dataset.contrast_decades
    if low <= decades <= high:
        if decades > -_SOFT_DECADES:
            return None
        return (
            f"the fibre is {10**-decades:.3g} times softer than the matrix; are the phases "
            "exchanged, or is one of them in another unit? Soft inclusions are right as they are"
        )
    return (
        f"the fibre is {10**decades:.4g} times as stiff as the matrix, and networks are trained "
        f"with {10**low:.4g} to {10**high:.4g} times; beyond that they may be wrong by a multiple. "
        "Widen dataset.contrast_decades, or bring the phases nearer: a pore of a thousandth of "
        "the matrix's modulus is soft enough"
    )


# Each check reads only its own keys: a mistake elsewhere hides nothing


def _problems_across_keys(raw: Raw) -> Iterator[Problem]:
    yield from _problems_of_packing(raw)
    yield from _problems_of_groups(raw)
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


def _problems_of_groups(raw: Raw) -> Iterator[Problem]:
    """Groups are those of a mesh, each of one phase."""
    rve = _part(Rve, raw.get("rve", {}), "groups")
    if rve is None or not rve.groups:
        return
    if "mesh" not in raw["rve"]:
        yield Problem("rve.groups", "they are groups of rve.mesh; give it, or remove rve.groups")
    listed = [group for groups in rve.groups.values() for group in groups]
    for group in dict.fromkeys(listed):
        if listed.count(group) > 1:
            yield Problem("rve.groups", f"{group} stands under matrix and fibre; expected one")


def _problems_of_mesh(raw: Raw) -> Iterator[Problem]:
    """What the job that reads the mesh would refuse."""
    rve = _part(Rve, raw.get("rve", {}), "mesh", "groups")
    if rve is None:
        return
    try:
        _remark_on_mesh(rve)
    except InputError as error:
        yield Problem("rve.mesh", str(error))


def _remark_on_mesh(rve: Rve) -> str | None:
    """What is admissible in the user's mesh, but looks like a mistake.

    Raises:
        InputError: as `rve.microstructure.own_mesh.load`.
    """
    if rve.mesh is None:
        return None
    from rve.microstructure import lattice, own_mesh  # gmsh takes long to import

    _, found = own_mesh.checked(rve.mesh, rve.model_dump()["groups"])
    return lattice.offset_remark(found)


def _problems_of_sizes(raw: Raw) -> Iterator[Problem]:
    """Samples within the training set, moments and batches within the samples."""
    keys = ("samples", "batch_size")
    yield from _too_many_moments(raw)
    dataset = _part(Dataset, raw.get("dataset", {}), "training_samples")
    network = _part(NetworkDefaults, raw.get("network", {}), *keys)
    if dataset and network:
        yield from _too_many_samples("network.samples", (network.samples,), dataset)
    for name, entry in mappings(raw.get("sweeps")).items():
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
    for name, entry in mappings(raw.get("sweeps")).items():
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
    """Points or a table, which name the same components; stresses that the composites can have."""
    references = raw.get("references")
    paths = references.get("paths") if isinstance(references, Mapping) else None
    composites = _stiffnesses(raw) if paths else {}
    for name, entry in mappings(paths).items():
        key = f"references.paths.{name}"
        path = _part(LoadHistory, entry, *LoadHistory.model_fields)
        if path is None:
            continue
        if bool(path.points) == (path.table is not None):
            yield Problem(key, "expected either points or a table")
            continue
        given = f"{key}.points" if path.points else f"{key}.table"
        try:
            read = load_of(path)
        except InputError as error:
            yield Problem(given, str(error))
            continue
        named, where = ("row", f"{path.table}: ") if path.table else ("point", "")
        if found := list(problems(read.points, named, read.first)):
            yield from (Problem(given, f"{where}{problem}") for problem in found)
            continue
        for number, point in enumerate(read.points, start=read.first):
            for composite, stiffnesses in composites.items():
                if reason := refusal_of_stress(prescribed_stress(point), stiffnesses, composite):
                    yield Problem(given, f"{where}{named} {number}: {reason}")
                    break
        if read.durations and "duration" in path.model_fields_set:
            reason = "the table has times, which are durations; remove the key or that column"
            yield Problem(f"{key}.duration", reason)
            continue
        try:
            segment_durations(read.durations or path.duration, len(read.points))
        except InputError as error:
            yield Problem(f"{key}.duration", str(error))


def _stiffnesses(raw: Raw) -> dict[str, list[Any]]:
    """Elastic stiffnesses of the phases of each composite whose constants are admissible."""
    found = {}
    for name, entry in mappings(raw.get("composites")).items():
        composite = _part(Composite, entry, *Composite.model_fields)
        with suppress(InputError):
            if composite:
                laws = materials(**composite.model_dump())
                found[name] = [law.stiffness for law in laws]  # type: ignore[attr-defined]
    return found


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
        entries = mappings(raw.get("sweeps")).values()
        sweeps = [sweep for entry in entries if (sweep := _part(Sweep, entry, "kind"))]
        trained = {kind for sweep in sweeps for kind in sweep.kind or (network.kind,)}
        for kind in sorted(trained - set(online.schemes)):
            yield Problem("online.schemes", f"no scheme for {kind}, a kind that the sweeps train")


def _problems_of_timing(raw: Raw) -> Iterator[Problem]:
    timing = _part(Timing, raw.get("timing", {}), "composite")
    composites = raw.get("composites")
    if timing and isinstance(composites, Mapping):
        yield from _not_among("timing.composite", timing.composite, "composites", composites)

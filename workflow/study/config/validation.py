"""From the configuration that Snakemake read to a valid `Study`, or what is wrong with it."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, product
from typing import Any

from rve.arguments import did_you_mean
from rve.dataset.sampling import decades_between
from rve.errors import InputError
from rve.loads.load_limits import doubtful_target, refusal_of_stress
from rve.loads.load_path import piecewise_linear, segment_durations
from rve.loads.load_points import prescribed_stress, problems
from rve.materials.composite import LAWS, materials
from rve.materials.stiffness import engineering_constants
from rve.microstructure.phases import INTERPHASE, VOID, ordered
from workflow.study.config.files import Written, in_units_of_files
from workflow.study.config.key_problems import Raw, validated
from workflow.study.config.loads import OWN_PATHS, load_cases, load_of
from workflow.study.config.model import Composite, Dataset, LoadHistory, Rve, Study
from workflow.study.config.phases import own_laws, without_warnings
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.types import as_list

# Discs packed at random jam when they, each with half a gap around it, fill this much of the cell.
DENSEST_PACKING = 0.80
_NEAR_RADIUS = 0.15  # by which the radius of voids may change so that their number is whole
MOST_DISCS = 400  # they take gmsh and the packing some seconds

_SOFT, _STIFF = 0.5, 500.0
"""Young's moduli, GPa, between which a phase of nearly every composite has its own."""

_SOFT_DECADES = 0.3  # by which a fibre is softer than its matrix in few composites


@without_warnings()
def load_study(
    config: Mapping[Any, Any],
    read_mesh: bool = False,
    written: Mapping[str, Written] = {},
) -> Study:
    """The study that a configuration, merged from `config.yaml` and overlays, describes.

    It is in the units of the project, see `read_files`, which also gives what was written in
    others, for the messages. An entry whose value is null is taken as removed, as in a JSON merge
    patch (RFC 7386). The mesh of `rve.mesh` is checked only if `read_mesh`.

    Raises:
        ConfigError: with every problem of single keys; if there is none, with every problem of
            keys that contradict each other or their files.
    """
    raw = _without_nulls(config)
    own_laws(raw)
    if isinstance(sweeps := raw.get("sweeps"), dict) and len(sweeps) > 1:
        sweeps.pop("default", None)  # gives way to others
    try:
        study = validated(raw)
        if found := list(_problems_across_keys(study, read_mesh)):
            raise ConfigError(found)
        if unused := written.get("units"):
            raise ConfigError(Problem("units", fault) for fault in unused.faults)
    except ConfigError as error:
        raise ConfigError(dict.fromkeys(in_units_of_files(error.problems, written))) from None
    return study


def _without_nulls(mapping: Mapping[Any, Any]) -> Raw:
    """The mapping without its null entries; keys become text, so that 11 and "11" are one load."""
    kept: Raw = {}
    for key, value in mapping.items():
        if value is None:
            kept.pop(str(key), None)
        else:
            kept[str(key)] = _without_nulls(value) if isinstance(value, Mapping) else value
    return kept


@without_warnings()
def remarks(study: Study) -> list[str]:
    """What is admissible in a study, but looks like a mistake."""
    found = []
    for name, composite in study.composites.items():
        for phase, constants in composite.laws.items():
            law = LAWS[constants.pop("law")](**constants)
            if warning := law.warning():
                found.append(f"composites.{name}.{phase}: {warning}")
        of_all = [_remark_on_moduli(composite), *_remarks_on_contrast(study.dataset, composite)]
        found += [f"composites.{name}: {remark}" for remark in of_all if remark]
    doubts: dict[str, list[str]] = {}
    for control, loads in load_cases(study).items():
        for load, case in loads.items():
            key = "references." + ("paths" if control == OWN_PATHS else "amplitudes")
            if doubt := doubtful_target(piecewise_linear(**case)):
                doubts.setdefault(doubt, []).append(f"{key}.{load}")
    found += [f"{', '.join(dict.fromkeys(of))}: {doubt}" for doubt, of in doubts.items()]
    if remark := _remark_on_mesh(study.rve):
        found.append(f"rve.mesh: {study.rve.mesh}: {remark}")
    return list(dict.fromkeys(found))


def _remark_on_moduli(composite: Composite) -> str | None:
    """That the moduli of all phases are those of soft matter, or of no matrix."""
    constants = [engineering_constants(stiffness) for stiffness in _stiffnesses(composite)]
    largest = [max(one["E1"], one["E2"], one["E3"]) for one in constants]
    if max(largest) < _SOFT:
        return (
            f"no phase has a Young's modulus beyond {max(largest):.3g} GPa, and most solids have "
            f"more than {_SOFT:g} GPa; check `units`. Soft matter is right as it is"
        )
    if min(largest) > _STIFF:
        return (
            f"all phases have a Young's modulus of {min(largest):.3g} GPa or more, and few "
            f"solids have more than {_STIFF:g} GPa; if MPa are meant, write `units: MPa`"
        )
    return None


def _remarks_on_contrast(dataset: Dataset, composite: Composite) -> Iterator[str]:
    """That the phases differ more in stiffness than those of the samples, or the other way."""
    low, high = dataset.contrast_decades
    (matrix, *others), (_, *names) = _stiffnesses(composite), ordered(composite.laws)
    widest = max(abs(low), abs(high))
    for (one, first), (two, second) in combinations(zip(names, others, strict=True), 2):
        if (decades := abs(decades_between(first, second))) > widest:
            yield (
                f"{one} and {two} differ {10**decades:.4g} times in stiffness, and phases of the "
                f"samples at most {10**widest:.4g} times; beyond that networks may be wrong by a "
                "multiple. Widen dataset.contrast_decades, or bring the phases nearer"
            )
    for name, stiffness in zip(names, others, strict=True):
        decades = decades_between(matrix, stiffness)
        if not low <= decades <= high:
            yield (
                f"the {name} is {10**decades:.4g} times as stiff as the matrix, and networks are "
                f"trained with {10**low:.4g} to {10**high:.4g} times; beyond that they may be "
                "wrong by a multiple. Widen dataset.contrast_decades, or bring the phases nearer; "
                "a void is a phase without a law"
            )
        elif decades < -_SOFT_DECADES and name != INTERPHASE:
            yield (
                f"the {name} is {10**-decades:.3g} times softer than the matrix; are the phases "
                "exchanged, or is one of them in another unit? Soft inclusions are right as "
                "they are"
            )


def _stiffnesses(composite: Composite) -> list[Any]:
    laws = materials(**composite.laws)
    return [law.stiffness for law in laws]  # type: ignore[attr-defined]


def _remark_on_mesh(rve: Rve) -> str | None:
    """What is admissible in the user's mesh, but looks like a mistake; `mesh` refuses."""
    if rve.mesh is None:
        return None
    from rve.microstructure.mesh import checked  # gmsh takes long to import

    _, lattice = checked(rve.mesh, rve.model_dump()["groups"])
    return lattice.remark


def _problems_across_keys(study: Study, read_mesh: bool) -> Iterator[Problem]:
    found = list(_problems_of_cell(study, read_mesh))
    yield from found
    if not found and (phases := _phases_of_cell(study.rve, read_mesh)):
        yield from _problems_of_phases(study, phases)
    yield from _problems_of_sizes(study)
    for name, path in study.references.paths.items():
        yield from _problems_of_path(f"references.paths.{name}", path, study)
    yield from _problems_of_choices(study)


def _problems_of_cell(study: Study, read_mesh: bool) -> Iterator[Problem]:
    """A packing that fits, or a mesh with groups of one phase each."""
    rve = study.rve
    if rve.mesh is None and rve.groups:
        yield Problem("rve.groups", "they are groups of rve.mesh; give it, or remove rve.groups")
    listed = [group for groups in rve.groups.values() for group in groups]
    for group in dict.fromkeys(listed):
        if listed.count(group) > 1:
            under = [phase for phase, groups in rve.groups.items() if group in groups]
            yield Problem("rve.groups", f"{group} stands under {' and '.join(under)}; expected one")
    for key in ("interphase", "voids"):
        if rve.mesh and getattr(rve, key):
            reason = "packed cells have it; a mesh has groups for it: remove it, or rve.mesh"
            yield Problem(f"rve.{key}", reason)
    if rve.mesh and study.convergence:
        yield Problem("convergence", "it compares packed cells; remove it, or remove rve.mesh")
    if rve.mesh and read_mesh:
        try:
            _remark_on_mesh(rve)
        except InputError as error:
            yield Problem("rve.mesh", str(error))
    if rve.mesh is None:
        yield from _problems_of_packing(study)


def _problems_of_packing(study: Study) -> Iterator[Problem]:
    """Discs that are there, and leave room for each other."""
    rve, kinds = study.rve, study.rve.discs
    several = rve.voids is not None or not isinstance(rve.fibres, int)
    if not kinds:
        yield Problem("rve.fibres", "no fibres and no voids; give a number, or rve.voids")
        return
    if rve.interphase and rve.fibres == 0:
        yield Problem("rve.interphase", "it is around fibres, and rve.fibres is 0; remove it")
    if study.convergence and several:
        yield Problem(
            "convergence", "it compares packings of one kind of fibres without voids; remove it"
        )
    if rve.voids:
        radius = next(one.radius for one in kinds if one.phase == VOID)
        if abs(radius / rve.voids.radius - 1) > _NEAR_RADIUS:
            yield Problem(
                "rve.voids",
                f"a whole number of voids has the fraction {rve.voids.fraction:g} at a radius of "
                f"{radius:.3g} cell edges, not of about {rve.voids.radius:g}; change one of them",
            )
    if (number := sum(one.number for one in kinds)) > MOST_DISCS:
        yield Problem(
            "rve.voids" if rve.voids else "rve.fibres",
            f"{number} fibres and voids are more than {MOST_DISCS}; enlarge rve.voids.radius, or "
            "take fewer fibres",
        )
        return
    filled = sum(
        one.volume_fraction * (1 + one.interphase + rve.minimum_gap / 2) ** 2 for one in kinds
    )
    if filled <= DENSEST_PACKING:
        return
    if several or rve.interphase:
        shares = " + ".join(f"{one.volume_fraction:g} {one.phase}" for one in kinds)
        levers = "the fractions or rve.minimum_gap"
        if rve.interphase:
            shares += f", rings of {rve.interphase.thickness:g} radii"
            levers = "the fractions, rve.minimum_gap or rve.interphase.thickness"
        reason = (
            f"{shares} and gaps of {rve.minimum_gap:g} radii fill {filled:.3g} of the cell, and at "
            f"most {DENSEST_PACKING:g} can be packed; lower {levers}"
        )
        yield Problem("rve", reason)
        return
    yield Problem(
        "rve.minimum_gap",
        f"with a gap of {rve.minimum_gap:g} radii the fibres fill {filled:.3g} of the cell, "
        f"and at most {DENSEST_PACKING:g} can be packed; lower rve.minimum_gap or "
        f"rve.volume_fraction (now {rve.volume_fraction:g})",
    )


def _phases_of_cell(rve: Rve, read_mesh: bool) -> tuple[str, ...] | None:
    """The phases of the cell; None for a mesh that is not to be read."""
    if rve.mesh and read_mesh:
        from rve.microstructure.mesh import checked

        return checked(rve.mesh, rve.model_dump()["groups"])[0].phases
    return rve.phases


def _problems_of_phases(study: Study, phases: tuple[str, ...]) -> Iterator[Problem]:
    """Composites that give a law to each phase of the cell but its voids, and to no other."""
    solid = [phase for phase in phases if phase != VOID]
    if VOID in phases and study.training.precision == "float32":
        reason = "the cell has voids, beside which float32 rounds too much; expected float64"
        yield Problem("training.precision", reason)
    for name, composite in study.composites.items():
        for phase in composite.laws:
            if phase == VOID:
                yield Problem(f"composites.{name}.{phase}", "a void has no law; remove it")
            elif phase not in solid:
                near = did_you_mean(phase, solid)
                reason = f"the cell has no such phase, but {', '.join(solid)}{near}"
                yield Problem(f"composites.{name}.{phase}", reason)
        if missing := [phase for phase in solid if phase not in composite.laws]:
            reason = f"gives no law to {', '.join(missing)}; the cell has {', '.join(solid)}"
            yield Problem(f"composites.{name}", reason)


def _problems_of_sizes(study: Study) -> Iterator[Problem]:
    """Samples within the training set; moments and batches within the samples."""
    available = study.dataset.training_samples
    sweeps: dict[str, Any] = {f"sweeps.{name}": sweep for name, sweep in study.sweeps.items()}
    for part, given in {"network": study.network, **sweeps}.items():
        samples, batches, flowing, moments = (
            as_list(getattr(given, key) or getattr(study.network, key))
            for key in ("samples", "batch_size", "flowing_samples", "moments")
        )
        own = [key for key in ("batch_size", "samples") if key in given.model_fields_set]
        if (most := max(samples)) > available and (part == "network" or given.samples):
            yield Problem(
                f"{part}.samples",
                f"{most} samples are more than the {available} of dataset.training_samples; "
                f"raise dataset.training_samples to {most} or more",
            )
        for batch, size in product(batches, samples):
            if part != "network" and batch > size:
                at = f"{part}.{own[0]}" if own else "network.batch_size"
                reason = f"a batch of {batch} is larger than the {size} samples it is drawn from"
                yield Problem(at, reason)
        if max(moments) > min(flowing):
            yield Problem(
                f"{part}.moments",
                f"{max(moments)} moments are more than the {min(flowing)} of "
                f"{part}.flowing_samples; they are those of flowing samples: raise "
                "flowing_samples or lower moments",
            )


def _problems_of_path(key: str, path: LoadHistory, study: Study) -> Iterator[Problem]:
    """Points or a table, which name the same components; stresses that the composites can have."""
    if bool(path.points) == (path.table is not None):
        got = "both; null removes one" if path.points else "neither"
        yield Problem(key, f"expected either points or a table, got {got}")
        return
    given = f"{key}.points" if path.points else f"{key}.table"
    try:
        read = load_of(path)
    except InputError as error:
        yield Problem(given, str(error))
        return
    named, where = ("row", f"{path.table}: ") if path.table else ("point", "")
    if found := list(problems(read.points, named, read.first)):
        yield from (Problem(given, f"{where}{problem}") for problem in found)
        return
    for number, point in enumerate(read.points, start=read.first):
        for name, composite in study.composites.items():
            stress = prescribed_stress(point)
            if reason := refusal_of_stress(stress, _stiffnesses(composite), name):
                yield Problem(given, f"{where}{named} {number}: {reason}")
                break
    if read.durations and path.duration:
        reason = "the table has times, which are durations; remove the key or that column"
        yield Problem(f"{key}.duration", reason)
        return
    try:
        segment_durations(read.durations or path.duration or 1.0, len(read.points))
    except InputError as error:
        yield Problem(f"{key}.duration", str(error))


def _problems_of_choices(study: Study) -> Iterator[Problem]:
    """Names that have to be among those under another key."""
    references, online = study.references, study.online
    loads = study.convergence.loads if study.convergence else ()
    timed = (study.timing.composite,) if study.timing else ()
    choices: list[tuple[str, Collection[str], str, Collection[str]]] = [
        ("convergence.loads", loads, "references.amplitudes", references.amplitudes),
        ("online.controls", online.controls, "references.controls", references.controls),
        ("timing.composite", timed, "composites", study.composites),
    ]
    for key, values, of, known in choices:
        for value in values:
            if value not in known:
                yield Problem(key, f"{value} is not among {of} ({', '.join(known)})")
    usual = (study.network.kind,)
    trained = {kind for sweep in study.sweeps.values() for kind in sweep.kind or usual}
    for kind in sorted(trained - set(online.schemes)):
        yield Problem("online.schemes", f"no scheme for {kind}, a kind that the sweeps train")

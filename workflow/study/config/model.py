"""The keys of a study: their types, ranges, units and defaults.

The keys of `training`, `network` and `sweeps` are those of `training.specification`, the keys of a
phase those of its law in `rve.materials`; all others stand here. There is no other source of the
defaults: `config.yaml` repeats them for the reader, and `docs/configuration.md` is generated. A
description ends with the unit of its key in brackets; `[-]` is dimensionless. Checks that span keys
are in `workflow.study.config.validation`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, WithJsonSchema, create_model

from evaluation.online.schemes.registry import SchemeName, schemes_for
from rve.loads.load_path import DIRECTIONS, Control
from rve.loads.load_points import NAMES
from rve.microstructure.discs import Discs, discs_of
from rve.microstructure.phases import INTERPHASE, ordered
from rve.units import PROJECT
from training.network import Kind
from training.specification import NETWORK, TRAINING, Parameter, StudyBackend
from workflow.study.config.base import BASES
from workflow.study.config.phases import phase_of
from workflow.study.config.types import (
    READ,
    Amplitude,
    Described,
    Durations,
    FibrePhase,
    File,
    Growing,
    OneOrMore,
    Pair,
    PhaseName,
    PhysicalGroup,
    Positive,
    PositiveOrAuto,
    Real,
    Rising,
    Section,
    SomeOf,
    UnitsOfFile,
    UnitsOfProject,
    limits,
)

Decades = Annotated[float, Field(ge=-6, le=6), READ]
PoissonLimit = Annotated[float, Field(gt=-1, lt=1), READ]
Count = Annotated[int, Field(ge=1, le=1_000_000), READ]
Seed = Annotated[int, Field(ge=0), READ]
Seeds = Annotated[int, Field(ge=1, le=1000), READ]
Fibres = Annotated[int, Field(ge=1, le=400), READ]
FibresOrNone = Annotated[int, Field(ge=0, le=400), READ]
ElementSize = Annotated[float, Field(ge=0.002, le=0.2), READ]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
Phase = Literal["matrix", "fibre"]
Load: TypeAlias = Literal[tuple(DIRECTIONS)]  # type: ignore[valid-type]
LoadComponent: TypeAlias = Literal[NAMES]  # type: ignore[valid-type]


class FibreKind(Described):
    """Fibres of one phase."""

    number: Fibres
    """Number of these fibres in the cell [count]"""
    volume_fraction: Real = Field(ge=0.01, le=0.65, json_schema_extra={"fraction": True})
    """Their area over cell area [-]"""


class Interphase(Described):
    """A ring around each fibre, the phase `interphase`; null: none."""

    thickness: Real = Field(ge=0.01, le=0.5, json_schema_extra={"fraction": True})
    """Its thickness over the fibre's radius [-]"""


class Voids(Described):
    """Round voids, the phase `void`, which has no law; null: none."""

    fraction: Real = Field(ge=0.001, le=0.5, json_schema_extra={"fraction": True})
    """Their area over cell area [-]"""
    radius: Real = Field(ge=0.005, le=0.4)
    """Radius of each, changed a little so that a whole number of them has the fraction [cell
    edges]"""


def _fibres(value: object) -> object:
    """A number of fibres, or their kinds by phase."""
    kinds: Any = Mapping[FibrePhase, FibreKind] if isinstance(value, Mapping) else FibresOrNone
    return TypeAdapter(kinds).validate_python(value)


FibreKinds = Annotated[
    Any,
    PlainValidator(_fibres),
    WithJsonSchema(
        {
            "or_count": TypeAdapter(FibresOrNone).json_schema(),
            "type": "object",
            "additionalProperties": FibreKind.model_json_schema(),
        }
    ),
]


class Rve(Described):
    """The representative volume element: packed fibres and voids, or a mesh of one's own."""

    mesh: File | None = None
    """A periodic cell as a mesh of gmsh (.msh) or Abaqus (.inp), in place of the packed one; of the
    other keys of `rve` only `groups` then has an effect"""
    groups: Mapping[PhaseName, OneOrMore[PhysicalGroup]] = {}
    """The physical groups (gmsh) or element sets (Abaqus) of `mesh` that make up each phase, by the
    phase's name; matrix, fibre and void are also found without it, by the names matrix, fibre,
    fiber, void, pore, hole and their plurals"""
    fibres: FibreKinds = 30
    """Number of fibres in the cell, the phase `fibre`; or several kinds of fibres, each a phase
    with its number and volume fraction, as `{glass: {number: 12, volume_fraction: 0.3}, carbon:
    {number: 24, volume_fraction: 0.3}}`; 0: voids alone [count]"""
    volume_fraction: Real = Field(
        default=0.60, ge=0.05, le=0.65, json_schema_extra={"fraction": True}
    )
    """Fibre area over cell area, where the fibres are of one kind [-]"""
    interphase: Interphase | None = Field(default=None, description=Interphase.__doc__)
    voids: Voids | None = Field(default=None, description=Voids.__doc__)
    minimum_gap: Real = Field(default=0.05, ge=0.01, le=1)
    """Smallest gap between two fibres over the fibre radius, or between the rings around them; of
    two different radii, fibres or voids, over their mean [-]"""
    element_size: ElementSize = 0.025
    """Target length of an element edge [cell edges]"""
    seed: Seed = 1
    """Seed of the random packing [-]"""

    @property
    def discs(self) -> list[Discs]:
        """The kinds of discs that are packed; none for a mesh of one's own."""
        keys = self.model_dump(include={"fibres", "volume_fraction", "interphase", "voids"})
        return [] if self.mesh else discs_of(**keys)

    @property
    def phases(self) -> tuple[str, ...] | None:
        """The phases of the packed cell, in order; None for a mesh, which has to be read."""
        if self.mesh:
            return None
        rings = [INTERPHASE] if any(one.interphase for one in self.discs) else []
        return ordered(["matrix", *(one.phase for one in self.discs), *rings])


class Flowing(Described):
    """Further samples in which phases yield: soft in shear, with their bulk moduli."""

    phase: OneOrMore[Name] = ("auto",)
    """The phases that yield, which are isotropic; auto: those with a law that yields in the
    composites, if these agree"""
    poisson_ratio: Pair[PoissonLimit] = (0.2, 0.45)
    """Limits of their Poisson's ratios before they yield; low <= high [-]"""
    shear_decades: Pair[Decades] = (-2.7, 0.0)
    """Limits of the exponent U in 10^U, the factor on their shear moduli; low <= high [decades]"""
    contrast_decades: Pair[Decades] = (0.3, 2.0)
    """Limits of the exponent U in 10^U, the factor that scales each other phase; low <= high
    [decades]"""


class Dataset(Described):
    """The linear elastic samples: orthotropic phases and the stiffness of the cell."""

    training_samples: Count = 2048
    """Samples to train with [count]"""
    validation_samples: Count = 100
    """Samples to validate with [count]"""
    seed: Seed = 1
    """Seed of the random samples [-]"""
    youngs_modulus: Rising[Positive] = (0.1, 10.0)
    """Limits of the log-uniform draw of each Young's modulus, before the three of a phase are
    normalised to a geometric mean of 1 GPa; low < high [GPa]"""
    contrast_decades: Pair[Decades] = (-3.0, 3.0)
    """Limits of the exponent U in 10^U, the factor that scales phase p2, the fibre, and each
    further phase; no two of these differ by more than one of them and the matrix may; low <= high
    [decades]"""
    shear_ratio: Pair[Positive] = (0.25, 0.5)
    """Limits of G_ij / sqrt(E_i E_j); low <= high [-]"""
    poisson_ratio: Pair[PoissonLimit] = (0.0, 0.5)
    """Limits of nu_ij sqrt(E_j / E_i); low <= high [-]"""
    flowing: Flowing = Flowing()
    """Samples in which phases yield, if a network uses some"""


class Composite(Described):
    """A law with its constants for each phase of the cell but voids, by the phase's name."""

    model_config = ConfigDict(extra="allow")

    matrix: phase_of("matrix")  # type: ignore[valid-type]
    """Law of the matrix, phase p1"""
    fibre: phase_of("fibre") | None = None  # type: ignore[valid-type]
    """Law of the fibre, phase p2"""
    __pydantic_extra__: dict[str, phase_of("")]  # type: ignore[valid-type]

    @property
    def laws(self) -> dict[str, Any]:
        """The law and the constants of each phase."""
        return self.model_dump(exclude_none=True)


class LoadHistory(Described):
    """A load path: straight segments between points, beginning unloaded."""

    points: tuple[Mapping[LoadComponent, Real], ...] = ()
    """End of each segment, by component: `eps_ij` is an engineering strain [-], `sig_ij` a stress
    [GPa]. Every point names the same components, each by its strain or by its stress, the others
    are free of stress; where a component passes from one to the other, its segment begins at the
    value that was reached"""
    table: File | None = None
    """CSV file with the points instead: a row a point, a column a component, its unit in the head
    if it is another, as `sig_22 [MPa]`; a column `time [s]` gives the durations, and a first row of
    zeros is the start"""
    units: UnitsOfFile | None = None
    """Units of the columns of `table` whose heads name none; left out, those of the file in which
    `table` stands"""
    increments: Count = 20
    """Equal increments of each segment [count]"""
    duration: Durations | None = None
    """Duration of each segment, for laws that depend on the rate; left out, that of the times in
    `table`, or 1 s where it has none [s]"""


class References(Described):
    """The nonlinear curves of the cell that the networks are compared with."""

    controls: SomeOf[Control] = ("stress",)
    """What the other five components are held at: zero stress or zero strain"""
    amplitudes: Mapping[Load, Amplitude] = Field(
        default={load: direction.amplitude for load, direction in DIRECTIONS.items()}, min_length=1
    )
    """The loads and the engineering strain at the end of each [-]"""
    increments: Count = 40
    """Equal increments of each load [count]"""
    duration: Positive = 1.0
    """Duration of each load; only laws that depend on the rate heed it [s]"""
    paths: Mapping[Name, LoadHistory] = {}
    """Further load paths, cyclic or multi-axial, by name"""


class Convergence(Described):
    """How the references depend on the cell: one packing meshed ever finer, and other packings."""

    element_sizes: SomeOf[ElementSize] = Field(default=(0.05, 0.025, 0.0125), min_length=2)
    """Target lengths of an element edge, for the packing of `rve` [cell edges]"""
    fibres: SomeOf[Fibres] = (10, 20, 30, 50, 100)
    """Numbers of fibres of further packings; the elements keep the size that `rve` gives them in
    proportion to a fibre [count]"""
    seeds: Seeds = 5
    """Packings of each number of fibres [count]"""
    loads: SomeOf[Load] = ("11", "22", "12")
    """Loads to compare, under the first control"""


def section_of(parameters: Iterable[str], swept: bool = False) -> type[Section]:
    """A section of parameters of a network, each with its default; or `swept`, with values or none.

    In place of the seed of a random initialisation stands the number of these, `seeds`.
    """
    keys: dict[str, Any] = {}
    for name in parameters:
        known = TRAINING.get(name) or NETWORK[name]
        value = _type(known)
        if swept:
            value = (value if name == "seed" else OneOrMore[value]) | None  # type: ignore[valid-type]
        unit = f" [{known.unit}]" if known.unit else ""
        default = None if swept else known.default
        field = Field(default, description=known.description + unit)
        keys["seeds" if name == "seed" else name] = value, field
    return create_model("Parameters", __base__=Section, **keys)


def _type(known: Parameter) -> Any:
    if known.auto:
        return PositiveOrAuto
    if known.words:
        return Literal[known.words]
    return Annotated[known.type, Field(**limits(known)), READ]


class Training(section_of(TRAINING)):  # type: ignore[misc]
    """How a network is trained: Adam, and a learning rate that falls on plateaus."""


class NetworkDefaults(section_of(name for name in NETWORK if name not in TRAINING)):  # type: ignore[misc]
    """Values of the keys that a sweep does not name."""


class Sweep(section_of(NETWORK, swept=True)):  # type: ignore[misc]
    """Networks trained for one comparison: every combination of the values given here."""


class Online(Described):
    """The nonlinear predictions of the trained networks."""

    controls: SomeOf[Control] = ("stress",)
    """Controls to predict, among references.controls; figures and timings are of the first"""
    schemes: Mapping[Kind, SomeOf[SchemeName]] = Field(
        default={kind: schemes_for(kind) for kind in get_args(Kind)}, min_length=1
    )
    """Online schemes to run for each kind of network; figures and means show the first"""
    tolerance: Real = Field(default=1.0e-8, gt=0, le=1.0e-2)
    """Relative change of the base-node strains at which an increment ends [-]"""
    max_iterations: Count = 50
    """Iterations of an increment [count]"""


class Timing(Described):
    """Timings measured alone on the machine, on one thread, as medians; null: none."""

    composite: Name = "composite_1"
    """Composite to predict"""
    repeats: Count = 3
    """Repeats of each measurement [count]"""
    training_epochs: Mapping[StudyBackend, Count] = {"fused": 500, "torch": 2}
    """Epochs measured for each kind and depth, with each backend [epochs]"""
    networks: Count = 10
    """Networks of a configuration to predict with, the first ones [count]"""


class Findings(Described):
    """How the paper's claims are judged."""

    looks: Growing[Seeds] = ()
    """Numbers of seeds at which all claims are judged, one after the other; the first that decides
    a claim counts. None: once, on all networks [count]"""
    beside: Name | None = None
    """Another study, already there in `results/`, whose verdicts stand beside"""


class Study(Described):
    """A whole study, from the microstructure to the report."""

    study: Name
    """Name of the study; its results go to the folder of this name below `results/`."""
    units: UnitsOfProject = asdict(PROJECT)
    """Units of the numbers that the same file gives without one: of the moduli and stresses of
    composites and load paths, as `MPa`, or also of strains, as `{stress: MPa, strain: percent}`."""
    base: Literal[tuple(BASES)] = "paper"  # type: ignore[valid-type]
    """What an overlay applies to: config.yaml, which is the paper's study, or the networks of the
    recipe for a composite of one's own, whose composites and amplitudes are those of the overlay
    alone"""
    networks_of: Name | None = None
    """A finished study in `results/` whose networks are tested here, for other composites or loads;
    an overlay then applies to its configuration, and so composites and amplitudes that it gives are
    in place of those there"""
    laws: File | None = None
    """A Python file with material laws of one's own, which the composites then name"""
    rve: Rve = Rve()
    dataset: Dataset = Dataset()
    composites: Mapping[Name, Composite] = Field(min_length=1)
    """The composites to test online, by name; at least one. A matrix or a fibre names a material
    law, any of those below, and gives its constants beside it."""
    references: References = References()
    convergence: Convergence | None = Field(default=None, description=Convergence.__doc__)
    training: Training = Training()
    network: NetworkDefaults = NetworkDefaults()
    sweeps: Mapping[Name, Sweep] = {}
    """The networks to train, by comparison. A sweep trains every combination of its values; each is
    one value or a list, and what it leaves out is taken from `network`. A sweep of the name
    `default` gives way to all others: it is trained only where a study has none."""
    online: Online = Online()
    timing: Timing | None = Field(default=None, description=Timing.__doc__)
    findings: Findings = Findings()

    def __hash__(self) -> int:
        """By the name: what follows from a study is kept by it, as it never changes."""
        return hash(self.study)

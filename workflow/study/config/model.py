"""The keys of a study: their types, ranges, units and defaults.

The keys of `training`, `network` and `sweeps` are those of `training.specification`, the keys of a
phase those of its law in `rve.materials`; all others stand here. There is no other source of the
defaults: `config.yaml` repeats them for the reader, and `docs/configuration.md` is generated. A
description ends with the unit of its key in brackets; `[-]` is dimensionless. Checks that span keys
are in `workflow.study.config.validation`.
"""

from collections.abc import Mapping
from typing import get_args

from evaluation.online.schemes.registry import SchemeName, schemes_for
from rve.loads.load_path import DIRECTIONS, Control
from training.network import Kind
from training.specification import NETWORK, TRAINING, StudyBackend
from workflow.study.config.parameters import IN_NETWORK, section_of
from workflow.study.config.phases import phase_of
from workflow.study.config.types import (
    Amplitude,
    Count,
    Decades,
    Durations,
    ElementSize,
    Fibres,
    File,
    Load,
    LoadComponent,
    Looks,
    Name,
    OneOrMore,
    Pair,
    Phase,
    PhaseOrAuto,
    PhysicalGroup,
    PoissonLimit,
    Positive,
    Real,
    Rising,
    Section,
    Seed,
    Seeds,
    SomeOf,
    key,
)


class Rve(Section):
    """The representative volume element: a periodic packing of fibres, or a mesh of one's own."""

    mesh: File | None = key(
        None,
        "A periodic cell as a mesh of gmsh (.msh) or Abaqus (.inp), in place of the "
        "packed one; of the other keys of `rve` only `groups` then has an effect",
    )
    groups: Mapping[Phase, OneOrMore[PhysicalGroup]] = key(
        {},
        "The physical groups (gmsh) or element sets (Abaqus) of `mesh` that are matrix "
        "or fibre; what is not named here is found by the names matrix, fibre, fiber and their "
        "plurals",
    )
    fibres: Fibres = key(30, "Number of fibres in the cell [count]")
    volume_fraction: Real = key(0.60, "Fibre area over cell area [-]", ge=0.05, le=0.65)
    minimum_gap: Real = key(
        0.05, "Smallest gap between two fibres over the fibre radius [-]", ge=0.01, le=1
    )
    element_size: ElementSize = key(0.025, "Target length of an element edge [cell edges]")
    seed: Seed = key(1, "Seed of the random packing [-]")


class Flowing(Section):
    """Further samples in which one phase yields: soft in shear, with its bulk modulus."""

    phase: PhaseOrAuto = key(
        "auto",
        "The phase that yields, which is isotropic; auto: the one with a law that "
        "yields in the composites",
    )
    poisson_ratio: Pair[PoissonLimit] = key(
        (0.2, 0.45), "Limits of its Poisson's ratio before it yields; low <= high [-]"
    )
    shear_decades: Pair[Decades] = key(
        (-2.7, 0.0),
        "Limits of the exponent U in 10^U, the factor on its shear modulus; low <= high [decades]",
    )
    contrast_decades: Pair[Decades] = key(
        (0.3, 2.0),
        "Limits of the exponent U in 10^U, the factor that scales the other phase; "
        "low <= high [decades]",
    )


class Dataset(Section):
    """The linear elastic samples: pairs of orthotropic phases and the stiffness of the cell."""

    training_samples: Count = key(2048, "Samples to train with [count]")
    validation_samples: Count = key(100, "Samples to validate with [count]")
    seed: Seed = key(1, "Seed of the random samples [-]")
    youngs_modulus: Rising[Positive] = key(
        (0.1, 10.0),
        "Limits of the log-uniform draw of each Young's modulus, before the three of "
        "a phase are normalised to a geometric mean of 1 GPa; low < high [GPa]",
    )
    contrast_decades: Pair[Decades] = key(
        (-3.0, 3.0),
        "Limits of the exponent U in 10^U, the factor that scales phase p2, "
        "the fibre; low <= high [decades]",
    )
    shear_ratio: Pair[Positive] = key(
        (0.25, 0.5), "Limits of G_ij / sqrt(E_i E_j); low <= high [-]"
    )
    poisson_ratio: Pair[PoissonLimit] = key(
        (0.0, 0.5), "Limits of nu_ij sqrt(E_j / E_i); low <= high [-]"
    )
    flowing: Flowing = key(Flowing(), "Samples in which one phase yields, if a network uses some")


class Composite(Section):
    """A matrix and a fibre, each with a law and its constants."""

    matrix: phase_of("matrix") = key(..., "Law of the matrix, phase p1")  # type: ignore[valid-type]
    fibre: phase_of("fibre") = key(..., "Law of the fibre, phase p2")  # type: ignore[valid-type]


class LoadHistory(Section):
    """A load path: straight segments between points, beginning unloaded."""

    points: tuple[Mapping[LoadComponent, Real], ...] = key(
        (),
        "End of each segment, by component: `eps_ij` is an engineering strain [-], "
        "`sig_ij` a stress [GPa]. Every point names the same components, each by its strain or by "
        "its stress, the others are free of stress; where a component passes from one to the "
        "other, its segment begins at the value that was reached",
    )
    table: File | None = key(
        None,
        "CSV file with the points instead: a row a point, a column a component, its "
        "unit in the head if it is another, as `sig_22 [MPa]`; a column `time [s]` gives the "
        "durations, and a first row of zeros is the start",
    )
    increments: Count = key(20, "Equal increments of each segment [count]")
    duration: Durations = key(
        (1.0,),
        "Duration of each segment, for laws that depend on the rate; not beside a "
        "table with times [s]",
    )


class References(Section):
    """The nonlinear curves of the cell that the networks are compared with."""

    controls: SomeOf[Control] = key(
        ("stress",), "What the other five components are held at: zero stress or zero strain"
    )
    amplitudes: Mapping[Load, Amplitude] = key(
        {load: direction.amplitude for load, direction in DIRECTIONS.items()},
        "The loads and the engineering strain at the end of each [-]",
        min_length=1,
    )
    increments: Count = key(40, "Equal increments of each load [count]")
    duration: Positive = key(
        1.0, "Duration of each load; only laws that depend on the rate heed it [s]"
    )
    paths: Mapping[Name, LoadHistory] = key(
        {}, "Further load paths, cyclic or multi-axial, by name"
    )


class Convergence(Section):
    """How the references depend on the cell: one packing meshed ever finer, and other packings."""

    element_sizes: SomeOf[ElementSize] = key(
        (0.05, 0.025, 0.0125),
        "Target lengths of an element edge, for the packing of `rve` [cell edges]",
        min_length=2,
    )
    fibres: SomeOf[Fibres] = key(
        (10, 20, 30, 50, 100),
        "Numbers of fibres of further packings; the elements keep the size that "
        "`rve` gives them in proportion to a fibre [count]",
    )
    seeds: Seeds = key(5, "Packings of each number of fibres [count]")
    loads: SomeOf[Load] = key(("11", "22", "12"), "Loads to compare, under the first control")


class Training(section_of(TRAINING)):  # type: ignore[misc]
    """How a network is trained: Adam, and a learning rate that falls on plateaus."""


class NetworkDefaults(section_of(IN_NETWORK)):  # type: ignore[misc]
    """Values of the keys that a sweep does not name."""


class Sweep(section_of(NETWORK, swept=True)):  # type: ignore[misc]
    """Networks trained for one comparison: every combination of the values given here."""


class Online(Section):
    """The nonlinear predictions of the trained networks."""

    controls: SomeOf[Control] = key(
        ("stress",),
        "Controls to predict, among references.controls; figures and timings are of the first",
    )
    schemes: Mapping[Kind, SomeOf[SchemeName]] = key(
        {kind: schemes_for(kind) for kind in get_args(Kind)},
        "Online schemes to run for each kind of network; figures and means show the first",
        min_length=1,
    )
    tolerance: Real = key(
        1.0e-8,
        "Relative change of the base-node strains at which an increment ends [-]",
        gt=0,
        le=1.0e-2,
    )
    max_iterations: Count = key(50, "Iterations of an increment [count]")


class Timing(Section):
    """Timings measured alone on the machine, on one thread, as medians."""

    composite: Name = key("composite_1", "Composite to predict")
    repeats: Count = key(3, "Repeats of each measurement [count]")
    training_epochs: Mapping[StudyBackend, Count] = key(
        {"fused": 500, "torch": 2},
        "Epochs measured for each kind and depth, with each backend [epochs]",
    )
    networks: Count = key(10, "Networks of a configuration to predict with, the first ones [count]")


class Findings(Section):
    """How the paper's claims are judged."""

    looks: Looks = key(
        (),
        "Numbers of seeds at which all claims are judged, one after the other; the "
        "first that decides a claim counts. None: once, on all networks [count]",
    )
    beside: Name | None = key(
        None, "Another study, already there in `results/`, whose verdicts stand beside"
    )


class Study(Section):
    """A whole study, from the microstructure to the report."""

    study: Name = key(
        ..., "Name of the study; its results go to the folder of this name below `results/`."
    )
    rve: Rve = key(Rve(), Rve.__doc__)
    dataset: Dataset = key(Dataset(), Dataset.__doc__)
    composites: Mapping[Name, Composite] = key(
        ...,
        "The composites to test online, by name; at least one. A matrix or a fibre "
        "names a material law, any of those below, and gives its constants beside it.",
        min_length=1,
    )
    references: References = key(References(), References.__doc__)
    convergence: Convergence | None = key(None, Convergence.__doc__)
    training: Training = key(Training(), Training.__doc__)
    network: NetworkDefaults = key(NetworkDefaults(), NetworkDefaults.__doc__)
    sweeps: Mapping[Name, Sweep] = key(
        {},
        "The networks to train, by comparison. A sweep trains every "
        "combination of its values; each is one value or a list, and what it leaves out is taken "
        "from `network`. A sweep of the name `default` gives way to all others: it is trained only "
        "where a study has none.",
    )
    online: Online = key(Online(), Online.__doc__)
    timing: Timing = key(Timing(), Timing.__doc__)
    findings: Findings = key(Findings(), Findings.__doc__)

    def __hash__(self) -> int:
        """By the name: what follows from a study is kept by it, as it never changes."""
        return hash(self.study)

"""The keys of a study: their types, ranges, units and defaults.

This module and the material laws, which declare their own constants, are the only source of the
defaults; `config.yaml` repeats them for the reader, and `docs/configuration.md` is generated from
them. A description ends with the unit of its key in brackets; `[-]` is dimensionless. Checks that
span keys are in `workflow.study.config.validation`.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from workflow.study.config.phases import phase_of
from workflow.study.config.types import (
    READ,
    Amplitude,
    BackendName,
    Control,
    Count,
    CountOrNone,
    Decades,
    Durations,
    ElementSize,
    Fibres,
    File,
    Initialisation,
    Kind,
    Layers,
    Load,
    LoadComponent,
    Looks,
    LossName,
    Name,
    NonNegative,
    OneOrMore,
    Phase,
    PhaseOrAuto,
    PhysicalGroup,
    PoissonLimit,
    Positive,
    PositiveOrAuto,
    Precision,
    Real,
    Scheme,
    Section,
    Seed,
    Seeds,
    SomeOf,
    increasing,
    ordered,
)


class Rve(Section):
    """The representative volume element: a periodic packing of fibres, or a mesh of one's own."""

    mesh: File | None = Field(
        default=None,
        description="A periodic cell as a mesh of gmsh (.msh) or Abaqus (.inp), in place of the "
        "packed one; of the other keys of `rve` only `groups` then has an effect",
    )
    groups: Mapping[Phase, OneOrMore[PhysicalGroup]] = Field(
        default={},
        description="The physical groups (gmsh) or element sets (Abaqus) of `mesh` that are matrix "
        "or fibre; what is not named here is found by the names matrix, fibre, fiber and their "
        "plurals",
    )
    fibres: Fibres = Field(default=30, description="Number of fibres in the cell [count]")
    volume_fraction: Real = Field(
        default=0.60, ge=0.05, le=0.65, description="Fibre area over cell area [-]"
    )
    minimum_gap: Real = Field(
        default=0.05,
        ge=0.01,
        le=1,
        description="Smallest gap between two fibres over the fibre radius [-]",
    )
    element_size: ElementSize = Field(
        default=0.025, description="Target length of an element edge [cell edges]"
    )
    seed: Seed = Field(default=1, description="Seed of the random packing [-]")


class Flowing(Section):
    """Further samples in which one phase yields: soft in shear, with its bulk modulus."""

    phase: PhaseOrAuto = Field(
        default="auto",
        description="The phase that yields, which is isotropic; auto: the one with a law that "
        "yields in the composites",
    )
    poisson_ratio: Annotated[tuple[PoissonLimit, PoissonLimit], AfterValidator(ordered)] = Field(
        default=(0.2, 0.45),
        description="Limits of its Poisson's ratio before it yields; low <= high [-]",
    )
    shear_decades: Annotated[tuple[Decades, Decades], AfterValidator(ordered)] = Field(
        default=(-2.7, 0.0),
        description="Limits of the exponent U in 10^U, the factor on its shear modulus; "
        "low <= high [decades]",
    )
    contrast_decades: Annotated[tuple[Decades, Decades], AfterValidator(ordered)] = Field(
        default=(0.3, 2.0),
        description="Limits of the exponent U in 10^U, the factor that scales the other phase; "
        "low <= high [decades]",
    )


class Dataset(Section):
    """The linear elastic samples: pairs of orthotropic phases and the stiffness of the cell."""

    training_samples: Count = Field(default=2048, description="Samples to train with [count]")
    validation_samples: Count = Field(default=100, description="Samples to validate with [count]")
    seed: Seed = Field(default=1, description="Seed of the random samples [-]")
    youngs_modulus: Annotated[tuple[Positive, Positive], AfterValidator(increasing)] = Field(
        default=(0.1, 10.0),
        description="Limits of the log-uniform draw of each Young's modulus, before the three of "
        "a phase are normalised to a geometric mean of 1 GPa; low < high [GPa]",
    )
    contrast_decades: Annotated[tuple[Decades, Decades], AfterValidator(ordered)] = Field(
        default=(-3.0, 3.0),
        description="Limits of the exponent U in 10^U, the factor that scales phase p2, "
        "the fibre; low <= high [decades]",
    )
    shear_ratio: Annotated[tuple[Positive, Positive], AfterValidator(ordered)] = Field(
        default=(0.25, 0.5), description="Limits of G_ij / sqrt(E_i E_j); low <= high [-]"
    )
    poisson_ratio: Annotated[tuple[PoissonLimit, PoissonLimit], AfterValidator(ordered)] = Field(
        default=(0.0, 0.5), description="Limits of nu_ij sqrt(E_j / E_i); low <= high [-]"
    )
    flowing: Flowing = Field(
        default=Flowing(), description="Samples in which one phase yields, if a network uses some"
    )


class Composite(Section):
    """A matrix and a fibre, each with a law and its constants."""

    matrix: phase_of("matrix") = Field(description="Law of the matrix, phase p1")  # type: ignore[valid-type]
    fibre: phase_of("fibre") = Field(description="Law of the fibre, phase p2")  # type: ignore[valid-type]


class LoadHistory(Section):
    """A load path: straight segments between points, beginning unloaded."""

    points: tuple[Mapping[LoadComponent, Real], ...] = Field(
        default=(),
        description="End of each segment, by component: `eps_ij` is an engineering strain [-], "
        "`sig_ij` a stress [GPa]. Every point names the same components, each by its strain or by "
        "its stress, the others are free of stress; where a component passes from one to the "
        "other, its segment begins at the value that was reached",
    )
    table: File | None = Field(
        default=None,
        description="CSV file with the points instead: a row a point, a column a component, its "
        "unit in the head if it is another, as `sig_22 [MPa]`; a column `time [s]` gives the "
        "durations, and a first row of zeros is the start",
    )
    increments: Count = Field(default=20, description="Equal increments of each segment [count]")
    duration: Durations = Field(
        default=(1.0,),
        description="Duration of each segment, for laws that depend on the rate; not beside a "
        "table with times [s]",
    )


class References(Section):
    """The nonlinear curves of the cell that the networks are compared with."""

    controls: SomeOf[Control] = Field(
        default=("stress",),
        description="What the other five components are held at: zero stress or zero strain",
    )
    amplitudes: Mapping[Load, Amplitude] = Field(
        default={"11": 0.04, "22": 0.04, "33": 0.02, "23": 0.04, "31": 0.04, "12": 0.04},
        min_length=1,
        description="The loads and the engineering strain at the end of each [-]",
    )
    increments: Count = Field(default=40, description="Equal increments of each load [count]")
    duration: Positive = Field(
        default=1.0,
        description="Duration of each load; only laws that depend on the rate heed it [s]",
    )
    paths: Mapping[Name, LoadHistory] = Field(
        default={}, description="Further load paths, cyclic or multi-axial, by name"
    )


class Convergence(Section):
    """How the references depend on the cell: one packing meshed ever finer, and other packings."""

    element_sizes: SomeOf[ElementSize] = Field(
        default=(0.05, 0.025, 0.0125),
        min_length=2,
        description="Target lengths of an element edge, for the packing of `rve` [cell edges]",
    )
    fibres: SomeOf[Fibres] = Field(
        default=(10, 20, 30, 50, 100),
        description="Numbers of fibres of further packings; the elements keep the size that "
        "`rve` gives them in proportion to a fibre [count]",
    )
    seeds: Seeds = Field(default=5, description="Packings of each number of fibres [count]")
    loads: SomeOf[Load] = Field(
        default=("11", "22", "12"), description="Loads to compare, under the first control"
    )


class Training(Section):
    """How a network is trained: Adam, and a learning rate that falls on plateaus."""

    epochs: Count = Field(default=10_000, description="Passes over the training samples [epochs]")
    learning_rate: Positive = Field(default=0.01, description="Initial learning rate of Adam [-]")
    factor: Real = Field(
        default=0.8,
        gt=0,
        lt=1,
        description="Factor on the learning rate when the validation loss stops falling [-]",
    )
    patience: Annotated[int, READ] = Field(
        default=50, ge=0, description="Epochs without improvement before that [epochs]"
    )

    stop_below: NonNegative = Field(
        default=1e-6,
        description="Learning rate below which a training ends early; 0 runs all epochs [-]",
    )
    backend: BackendName = Field(
        default="fused",
        description="Compiled, or PyTorch, which is some hundred times slower",
    )
    precision: Precision = Field(
        default="float64", description="Of the stiffnesses in the fused backend"
    )


class NetworkDefaults(Section):
    """Values of the keys that a sweep does not name."""

    kind: Kind = Field(default="IMN", description="Deep or interaction-based material network")
    layers: Layers = Field(default=7, description="Depth; the tree has 2^layers base nodes [count]")
    samples: Count = Field(default=400, description="Training samples used [count]")
    batch_size: Count = Field(default=40, description="Samples in one step of Adam [count]")
    eta: NonNegative = Field(
        default=1.0, description="Weight of the regularisation in the loss, Eq. 9 [-]"
    )
    xi: PositiveOrAuto = Field(
        default=1.0,
        description="Target of the sum of weights in Eq. 9; auto: a quarter of the number of base "
        "nodes [-]",
    )
    initialisation: Initialisation = Field(
        default="random",
        description="Start of a training: random parameters, or laminates in which matrix coats "
        "every fibre node; the weights of these add up to xi",
    )
    loss: LossName = Field(
        default="frobenius",
        description="Norm of the errors in Eq. 9: Frobenius, or energy, in which every direction "
        "counts by its own stiffness",
    )
    flowing_samples: CountOrNone = Field(
        default=0, description="Further training samples in which one phase yields [count]"
    )
    moments: CountOrNone = Field(
        default=0,
        description="Flowing samples, the first of them, whose first moments of strain end the "
        "training [count]",
    )
    seeds: Seeds = Field(
        default=5, description="Random initialisations, numbered from zero [count]"
    )


class Sweep(Section):
    """Networks trained for one comparison: every combination of the values given here."""

    kind: OneOrMore[Kind] | None = Field(default=None, description="Kinds of network")
    layers: OneOrMore[Layers] | None = Field(default=None, description="Depths [count]")
    samples: OneOrMore[Count] | None = Field(default=None, description="Training samples [count]")
    batch_size: OneOrMore[Count] | None = Field(default=None, description="Batch sizes [count]")
    eta: OneOrMore[NonNegative] | None = Field(
        default=None, description="Weights of the regularisation, Eq. 9 [-]"
    )
    xi: OneOrMore[PositiveOrAuto] | None = Field(
        default=None, description="Targets of the sum of weights in Eq. 9 [-]"
    )
    initialisation: OneOrMore[Initialisation] | None = Field(
        default=None, description="Starts of a training"
    )
    loss: OneOrMore[LossName] | None = Field(default=None, description="Norms of the errors")
    flowing_samples: OneOrMore[CountOrNone] | None = Field(
        default=None, description="Further training samples in which one phase yields [count]"
    )
    moments: OneOrMore[CountOrNone] | None = Field(
        default=None, description="Flowing samples whose first moments end the training [count]"
    )
    epochs: OneOrMore[Count] | None = Field(
        default=None, description="Passes over the training samples [epochs]"
    )
    learning_rate: OneOrMore[Positive] | None = Field(
        default=None, description="Initial learning rates of Adam [-]"
    )
    seeds: Seeds | None = Field(default=None, description="Random initialisations [count]")


class Online(Section):
    """The nonlinear predictions of the trained networks."""

    controls: SomeOf[Control] = Field(
        default=("stress",),
        description="Controls to predict, among references.controls; figures and timings are "
        "of the first",
    )
    schemes: Mapping[Kind, SomeOf[Scheme]] = Field(
        default={
            "DMN": ("residual_stress", "fixed_point", "tree_newton"),
            "IMN": ("newton", "fixed_point", "tree_newton"),
        },
        min_length=1,
        description="Online schemes to run for each kind of network; figures and means show the "
        "first",
    )
    tolerance: Real = Field(
        default=1.0e-8,
        gt=0,
        le=1.0e-2,
        description="Relative change of the base-node strains at which an increment ends [-]",
    )
    max_iterations: Count = Field(default=50, description="Iterations of an increment [count]")


class Timing(Section):
    """Timings measured alone on the machine, on one thread, as medians."""

    composite: Name = Field(default="composite_1", description="Composite to predict")
    repeats: Count = Field(default=3, description="Repeats of each measurement [count]")
    training_epochs: Mapping[BackendName, Count] = Field(
        default={"fused": 500, "torch": 2},
        description="Epochs measured for each kind and depth, with each backend [epochs]",
    )
    networks: Count = Field(
        default=10,
        description="Networks of a configuration to predict with, the first ones [count]",
    )


class Findings(Section):
    """How the paper's claims are judged."""

    looks: Looks = Field(
        default=(),
        description="Numbers of seeds at which all claims are judged, one after the other; the "
        "first that decides a claim counts. None: once, on all networks [count]",
    )
    beside: Name | None = Field(
        default=None,
        description="Another study, already there in `results/`, whose verdicts stand beside",
    )


class Study(Section):
    """A whole study, from the microstructure to the report."""

    study: Name = Field(
        description="Name of the study; its results go to the folder of this name below `results/`."
    )
    rve: Rve = Field(default=Rve(), description=Rve.__doc__)
    dataset: Dataset = Field(default=Dataset(), description=Dataset.__doc__)
    composites: Mapping[Name, Composite] = Field(
        min_length=1,
        description="The composites to test online, by name; at least one. A matrix or a fibre "
        "names a material law, any of those below, and gives its constants beside it.",
    )
    references: References = Field(default=References(), description=References.__doc__)
    convergence: Convergence | None = Field(default=None, description=Convergence.__doc__)
    training: Training = Field(default=Training(), description=Training.__doc__)
    network: NetworkDefaults = Field(default=NetworkDefaults(), description=NetworkDefaults.__doc__)
    sweeps: Mapping[Name, Sweep] = Field(
        default={},
        description="The networks to train, by comparison. A sweep trains every "
        "combination of its values; each is one value or a list, and what it leaves out is taken "
        "from `network`. A sweep of the name `default` gives way to all others: it is trained only "
        "where a study has none.",
    )
    online: Online = Field(default=Online(), description=Online.__doc__)
    timing: Timing = Field(default=Timing(), description=Timing.__doc__)
    findings: Findings = Field(default=Findings(), description=Findings.__doc__)

    def __hash__(self) -> int:
        """By the name: what follows from a study is kept by it, as it never changes."""
        return hash(self.study)

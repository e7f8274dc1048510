"""What specifies a network and its training: one record for each parameter.

A field of `Network` is the one place of a parameter that a study may sweep. From the fields follow
the keys of a study's `network` and `sweeps` with their ranges and defaults, docs/configuration.md,
the names of networks, the columns of training.csv, and words of figures and of the report. The
fields of `Settings` with a record are further keys of a study's `training`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from rve import arguments
from rve.errors import InputError
from rve.microstructure.phases import PHASES, VOID, ordered
from training.loss import LossName
from training.network import Kind

Initialisation = Literal["random", "coated"]
StudyBackend = Literal["fused", "torch"]
BackendName = Literal[StudyBackend, "literal"]
Precision = Literal["float64", "float32"]
Role = Literal["size", "data", "loss", "recipe", "schedule", "seed", "training"]


@dataclass(frozen=True)
class Parameter:
    """What is known of a parameter."""

    default: Any  # in a study that does not say; that of the paper
    description: str  # what it is, without its unit
    # What it decides. A `recipe` is what this project has beyond the paper, and files are named by
    # it only where it differs; by a `schedule` only where it is not that of the study's `training`.
    role: Role = "training"
    unit: str = ""  # empty for a word
    above: float | None = None  # it must be greater
    at_least: float | None = None  # it must not be smaller
    below: float | None = None  # in a study it must be smaller
    at_most: float | None = None  # in a study it must not be greater
    auto: bool = False  # whether a study may say `auto`
    type: Any = None  # of a value
    words: tuple[str, ...] = ()  # that a study may say, if a value is a word
    mark: str = ""  # how a value stands in the name of a network
    order: int = 0  # of the mark among the others; equal ones stand as the fields do
    label: str = ""  # of a value, in figures
    title: str = ""  # of the parameter, in tables

    def plain(self, value: object) -> bool:
        """Whether names need not say a value."""
        return value is None or (self.role in ("loss", "recipe") and value == self.default)


def parameter(default: Any, description: str, role: Role = "training", **known: Any) -> Any:
    """A field with its `Parameter`; one of a training alone has the default itself."""
    record = Parameter(default, description, role, **known)
    own = default if role == "training" else MISSING
    return field(default=own, metadata={"parameter": record})


_MANY: Any = {"unit": "count", "at_least": 1, "at_most": 1_000_000}
_FURTHER: Any = {**_MANY, "at_least": 0}


@dataclass(frozen=True)
class Network:
    """One network to train: its architecture, data, loss weights, recipe and initialisation.

    Epochs and learning rate are None where they are those of the study's `training`.
    """

    kind: Kind = parameter(
        "IMN", "Deep or interaction-based material network", "size", mark="{}", label="{}"
    )
    layers: int = parameter(
        7, "Depth; the tree has 2^layers base nodes", "size", unit="count", at_least=1, at_most=12,
        mark="d{}", label="{} layers",
    )  # fmt: skip
    samples: int = parameter(
        400, "Training samples used", "data", **_MANY,
        mark="n{}", label="{} samples", title="orthotropic samples",
    )  # fmt: skip
    batch_size: int = parameter(
        40, "Samples in one step of Adam", "data", **_MANY,
        mark="b{}", label="batch {}", title="batch size",
    )  # fmt: skip
    eta: float = parameter(
        1.0, "Weight of the regularisation in the loss, Eq. 9", "loss", unit="-", at_least=0,
        mark="eta{:g}", label="η = {:g}", title="η",
    )  # fmt: skip
    xi: float = parameter(
        1.0, "Target of the sum of weights in Eq. 9; auto: a quarter of the number of base nodes",
        "loss", unit="-", at_least=0, auto=True,
        mark="xi{:g}", label="ξ = {:g}", title="ξ over base nodes",
    )  # fmt: skip
    initialisation: Initialisation = parameter(
        "random", "Start of a training: random parameters, or laminates in which matrix coats "
        "every fibre or void node; the weights of these add up to xi", "recipe",
        mark="{}", order=1, label="{} start", title="start",
    )  # fmt: skip
    loss: LossName = parameter(
        "frobenius", "Norm of the errors in Eq. 9: Frobenius, or energy, in which every direction "
        "counts by its own stiffness", "recipe",
        mark="{}", order=1, label="{} norm", title="norm of the errors",
    )  # fmt: skip
    flowing_samples: int = parameter(
        0, "Further training samples in which one phase yields", "recipe", **_FURTHER,
        mark="flowing{}", label="{} flowing samples", title="flowing samples",
    )  # fmt: skip
    moments: int = parameter(
        0, "Flowing samples, the first of them, whose first moments of strain end the training",
        "recipe", **_FURTHER,
        mark="moments{}", label="{} moments", title="samples with moments",
    )  # fmt: skip
    epochs: int | None = parameter(
        10_000, "Passes over the training samples", "schedule", **{**_MANY, "unit": "epochs"},
        mark="e{}", order=2, label="{} epochs", title="epochs",
    )  # fmt: skip
    learning_rate: float | None = parameter(
        0.01, "Initial learning rate of Adam", "schedule", unit="-", above=0,
        mark="r{:g}", order=2, label="learning rate {:g}", title="learning rate",
    )  # fmt: skip
    seed: int = parameter(
        5, "Random initialisations, numbered from zero", "seed", unit="count", at_least=1,
        at_most=1000, mark="s{:02d}", order=3,
    )  # fmt: skip

    @property
    def id(self) -> str:
        """The stable name of the network in files, as `imn_d7_n400_b40_eta1_xi1_s00`.

        What differs from the paper stands before the seed, as `_flowing200_coated_energy`.
        """
        marks = []
        for name, known in IN_ORDER:
            value = getattr(self, name)
            if known.role not in ("recipe", "schedule") or not known.plain(value):
                same = value + 0.0 if isinstance(value, float) else value  # -0.0 is 0.0
                marks.append(known.mark.format(same))
        return "_".join(marks).lower()


def parameters(of: type) -> dict[str, Parameter]:
    """Names of the fields of a dataclass that have a record, each with it."""
    found = {}
    for one in fields(of):
        if known := one.metadata.get("parameter"):
            options = get_args(one.type)  # words, or a type beside None
            words = known.words or tuple(word for word in options if isinstance(word, str))
            type_ = str if words else options[0] if options else one.type
            found[one.name] = replace(known, type=type_, words=words)
    return found


NETWORK: dict[str, Parameter] = parameters(Network)
IN_ORDER = sorted(NETWORK.items(), key=lambda entry: entry[1].order)
"""Parameters as names of networks tell them."""

CONFIGURATION = [name for name, known in NETWORK.items() if known.role != "seed"]
"""What the networks of a group share; they differ in their seed alone."""


def parameter_names(*roles: Role) -> list[str]:
    """Names of the parameters of a network that have one of these roles."""
    return [name for name, known in NETWORK.items() if known.role in roles]


@dataclass(frozen=True)
class Settings:
    """How a network is trained, Section 3.

    Attributes:
        epochs: passes over the training samples.
        batch_size: samples of an optimiser step; the last step of an epoch has the remaining ones.
        eta: strength of the regularisation in Eq. 9.
        xi: sum of the weights that the regularisation prescribes.
        seed: of the initial parameters and of the order of the samples.
        initialisation: random, Section 3, or coated laminates, see `training.coated`.
        fractions: volume fractions of the phases by their names, which a coated start needs, and
            any start where the phases are not matrix and fibre.
        loss: metric of the errors, see `training.loss`.
        learning_rate: of Adam, at the start.
        factor: of the learning rate when the validation loss no longer improves.
        patience: epochs without improvement before that.
        stop_below: the training ends when the learning rate falls below this value. Below 1e-6 the
            errors still change by some 1e-4 of their values, see docs/training.md.
        backend: compiled, PyTorch, or PyTorch with the DMN as printed, see `training.as_printed`;
            the results differ by rounding.
        precision: of the stiffnesses in the fused backend; parameters are float64.

    Raises:
        InputError: a setting is not admissible.

    Example:
        What is not given is as in the paper; what cannot be meant is refused:

        >>> from training import Settings
        >>> Settings(epochs=100, batch_size=40, eta=1.0, xi=1.0, seed=0).learning_rate
        0.01
        >>> Settings(epochs=100, batch_size=40, eta=1.0, xi=1.0, seed=0, factor=1.5)
        Traceback (most recent call last):
        rve.errors.InputError: factor: expected a number above 0 and at most 1, got 1.5
    """

    epochs: int
    batch_size: int
    eta: float
    xi: float
    seed: int
    initialisation: Initialisation = NETWORK["initialisation"].default
    fractions: Mapping[str, float] | None = None
    loss: LossName = NETWORK["loss"].default
    learning_rate: float = NETWORK["learning_rate"].default
    factor: float = parameter(
        0.8, "Factor on the learning rate when the validation loss stops falling",
        unit="-", above=0, below=1,
    )  # fmt: skip
    patience: int = parameter(
        50, "Epochs without improvement before that", unit="epochs", at_least=0
    )
    stop_below: float = parameter(
        1e-6, "Learning rate below which a training ends early; 0 runs all epochs",
        unit="-", at_least=0,
    )  # fmt: skip
    backend: BackendName = parameter(
        "fused", "Compiled, or PyTorch, which is some hundred times slower",
        words=get_args(StudyBackend),
    )  # fmt: skip
    precision: Precision = parameter("float64", "Of the stiffnesses in the fused backend")

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        arguments.count("seed", self.seed, at_least=0)
        for phase, fraction in (self.fractions or {}).items():
            arguments.number(f"fractions: {phase}", fraction, above=0, at_most=1)
        if self.precision == "float32" and VOID in self.phases:
            raise InputError(
                "precision: in float32 the rounding of stiff phases hides that a void has none; "
                "expected float64"
            )
        known = NETWORK | parameters(Settings)
        for one in fields(self):
            if one.name not in ("seed", "fractions"):
                _check(one.name, getattr(self, one.name), one.type, known[one.name])

    @property
    def weights_of_phases(self) -> tuple[float, ...]:
        """Sum of the weights of each phase that the regularisation prescribes beside that of all.

        Empty for two phases, which fit their fractions without it, and for a random start, which
        does not know them.
        """
        if self.initialisation == "random" or not self.fractions or len(self.phases) == 2:
            return ()
        return tuple(self.xi * self.fractions[name] for name in self.phases)

    @property
    def phases(self) -> tuple[str, ...]:
        """Names of the phases, in the order of those of a dataset."""
        return ordered(self.fractions) if self.fractions else PHASES


def _check(name: str, value: Any, type_: Any, known: Parameter) -> None:
    """Refuse a value that no training can have; more is possible than a study may say."""
    if choices := get_args(type_):
        arguments.choice(name, value, choices)
    elif type_ is int:
        arguments.count(name, value, at_least=int(known.at_least or 0))
    else:
        limits = {"above": known.above, "at_least": known.at_least, "at_most": known.below}
        given = {side: limit for side, limit in limits.items() if limit is not None}
        arguments.number(name, value, **given)


TRAINING: dict[str, Parameter] = {
    **{name: NETWORK[name] for name in parameter_names("schedule")},
    **parameters(Settings),
}
"""Keys of a study's `training`."""


def own_settings(network: Network) -> dict[str, Any]:
    """The settings that a network has of its own, beside those of `training`."""
    names = [one.name for one in fields(Settings) if one.name in NETWORK]
    return {name: value for name in names if (value := getattr(network, name)) is not None}

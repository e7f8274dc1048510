"""What a study compares, as its configuration says: for figures, findings and the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Groups = Mapping[str, Sequence[str]]
"""Label -> networks, which differ in their seed alone."""

Depth = Mapping[str, Mapping[int, Sequence[str]]]
"""Kind -> layers -> networks."""

Answer = Literal["stress", "strain"]

Paths = Mapping[str, Mapping[str, Sequence[Answer]]]
"""Load path of a study's own -> component that it prescribes, as 11 -> what is shown over time."""


@dataclass(frozen=True)
class Comparisons:
    """Which networks a study holds against each other; what it does not compare is empty.

    Attributes:
        batches: sweep over batch sizes -> batch size -> networks.
        eta, xi: networks of the sweeps over them.
        depth: networks of both kinds and several depths.
        recipes: recipe of a training -> networks of any kind and depth.
        pictured: recipe -> its networks of the kind and depth whose stresses are drawn.
        ablation: ingredients of a recipe -> networks.
    """

    batches: Mapping[str, Groups] = field(default_factory=dict)
    eta: Sequence[str] = ()
    xi: Sequence[str] = ()
    depth: Depth = field(default_factory=dict)
    recipes: Groups = field(default_factory=dict)
    pictured: Groups = field(default_factory=dict)
    ablation: Groups = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether any networks are held against each other."""
        return any(vars(self).values())

    @property
    def in_paper(self) -> bool:
        """Whether any sweep is one of the paper's, so that claims are tested."""
        return any([self.batches, self.eta, self.xi, self.depth])

    @cached_property
    def batch_networks(self) -> list[str]:
        """Networks of all sweeps over batch sizes, each once."""
        groups = [ids for sweep in self.batches.values() for ids in sweep.values()]
        return list(dict.fromkeys(id for ids in groups for id in ids))

    @cached_property
    def depth_networks(self) -> list[str]:
        """Networks of the comparison of the kinds."""
        return [id for layers in self.depth.values() for ids in layers.values() for id in ids]

    @cached_property
    def recipe_of(self) -> dict[str, str]:
        """Network -> its recipe."""
        return {id: recipe for recipe, ids in self.recipes.items() for id in ids}


@dataclass(frozen=True)
class StudySettings:
    """What figures, findings and the report know of a study beside its tables.

    Attributes:
        control: of all figures and means.
        composite: that the timings and the comparisons of Sections 3.2 to 3.6 are about.
        schemes: kind -> its online schemes, the first being that of all comparisons but those of
            schemes.
        looks: numbers of seeds at which claims are judged, one after the other; none if once.
        comparisons: of the networks.
        networks: whether the study trains any.
        samples: of the trainings in the sweeps over batch sizes, each number once.
        composites: names of all.
        packed: whether the cell holds packed fibres, and is not a mesh of the user's.
        paths: of the study's own.
        convergence: element size and number of fibres of the cell, if these are varied.
    """

    control: str
    composite: str
    schemes: Mapping[str, Sequence[str]]
    looks: Sequence[int] = ()
    comparisons: Comparisons = field(default_factory=Comparisons)
    networks: bool = True
    samples: Sequence[int] = ()
    composites: Sequence[str] = ()
    packed: bool = True
    paths: Paths = field(default_factory=dict)
    convergence: tuple[float, int] | None = None

    @property
    def of_composites(self) -> bool:
        """Whether its networks are not compared, so that it is about its composites."""
        return self.networks and not self.comparisons


def study_settings(values: Mapping[str, Any]) -> StudySettings:
    """The settings from a mapping of plain values, as a job has it."""
    return StudySettings(**{**values, "comparisons": Comparisons(**values["comparisons"])})

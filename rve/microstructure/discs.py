"""What is to be packed: kinds of discs, from the keys of a configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

from rve.microstructure.phases import VOID, ordered


@dataclass(frozen=True)
class Discs:
    """Discs of one kind that are to be packed.

    Attributes:
        number: of discs.
        volume_fraction: their area over that of the cell.
        phase: that they are of.
        interphase: thickness of the ring of the phase `interphase` around each, in radii.

    Example:
        >>> from rve.microstructure import Discs
        >>> round(Discs(30, 0.6, interphase=0.05).radius, 4)  # in cell edges
        0.0798
    """

    number: int
    volume_fraction: float
    phase: str = "fibre"
    interphase: float = 0.0

    @property
    def radius(self) -> float:
        """Of each disc, in cell edges."""
        return sqrt(self.volume_fraction / (self.number * pi))

    def reach(self, minimum_gap: float) -> float:
        """Half the smallest distance of two centres, with their rings and a gap in radii."""
        return self.radius * (1 + self.interphase + minimum_gap / 2)


def discs_of(
    fibres: int | Mapping[str, Mapping[str, Any]],
    volume_fraction: float,
    interphase: Mapping[str, float] | None = None,
    voids: Mapping[str, float] | None = None,
) -> list[Discs]:
    """The kinds of discs of a cell, from the keys of `rve` in the configuration.

    Args:
        fibres: number of fibres, or of each phase of them its `number` and `volume_fraction`.
        volume_fraction: area of the fibres over that of the cell, where they are of one kind.
        interphase: its `thickness` around each fibre, in radii.
        voids: their `fraction` of the cell, and a `radius`, in cell edges, which is changed so
            that a whole number of them has that fraction.

    Example:
        >>> from rve.microstructure.discs import discs_of
        >>> kinds = discs_of(30, 0.5, voids={"fraction": 0.03, "radius": 0.02})
        >>> [(one.phase, one.number) for one in kinds]
        [('fibre', 30), ('void', 24)]
    """
    if isinstance(fibres, int):
        fibres = {"fibre": {"number": fibres, "volume_fraction": volume_fraction}}
    thickness = interphase["thickness"] if interphase else 0.0
    found = [
        Discs(one["number"], one["volume_fraction"], phase, thickness)
        for phase, one in fibres.items()
        if one["number"]
    ]
    if voids:
        number = max(1, round(voids["fraction"] / (pi * voids["radius"] ** 2)))
        found.append(Discs(number, voids["fraction"], VOID))
    return sorted(found, key=lambda one: ordered(kind.phase for kind in found).index(one.phase))

"""The elements of one phase of the cell: strains, forces and stiffness."""

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import numpy as np

from rve.arrays import Array
from rve.homogenisation.cell import Cell, accumulate


class Linearised(NamedTuple):
    """Derivatives: entries of K, K_eps (n, 6) and mean tangent (6, 6)."""

    stiffness: Array
    coupling: Array
    tangent: Array


def total(parts: Iterable[Linearised]) -> Linearised:
    """The sum of the contributions of several phases."""
    return Linearised(*(reduce(np.add, of_parts) for of_parts in zip(*parts, strict=True)))


class Elements:
    """The k elements of one phase, with d element unknowns and q integration points each."""

    def __init__(self, cell: Cell, phase: int, averaged: bool) -> None:
        """Gather the elements of a phase, with the averaged dilatation or without."""
        self.elements = np.flatnonzero(cell.phase == phase)
        self.weights = cell.weights[self.elements]
        B = cell.averaged_dilatation if averaged else cell.strain_displacement
        self._shape = B[self.elements]
        self._shape_size = np.linalg.norm(self._shape, axis=2)
        self._unknowns = cell.element_unknowns[self.elements]
        self._size, self._entries = cell.size, len(cell.pattern)
        self._places = cell.places[self.elements]
        k, self._points, _, d = self._shape.shape
        self._flat_shape = self._shape.reshape(k, self._points * 6, d)
        self._transposed = np.ascontiguousarray(self._flat_shape.transpose(0, 2, 1))

    def strain(self, displacement: Array) -> Array:
        """Strain (k, q, 6) of a displacement (n,)."""
        return (self._flat_shape @ self._nodal(displacement)[..., None]).reshape(
            -1, self._points, 6
        )

    def forces(self, stress: Array) -> tuple[Array, Array]:
        """Forces (n,) of the stresses (k, q, 6), and the sizes (n,) of their contributions."""
        weighted = stress * self.weights[..., None]
        forces = (self._transposed @ weighted.reshape(len(stress), -1, 1))[..., 0]
        return self._scatter(forces), self.sizes(np.linalg.norm(stress, axis=-1))

    def sizes(self, magnitudes: Array) -> Array:
        """Sizes (n,) of the contributions to the forces of stresses of these magnitudes (k, q)."""
        return self._scatter(np.einsum("kq,kqd->kd", self.weights * magnitudes, self._shape_size))

    def strain_sizes(self, displacement: Array) -> Array:
        """Sizes (k, q) of the contributions to the strain of a displacement (n,)."""
        return np.einsum("kqd,kd->kq", self._shape_size, np.abs(self._nodal(displacement)))

    def linearised(self, tangent: Array) -> Linearised:
        """Contribution of symmetric tangents (k q, 6, 6), or of one (6, 6) everywhere."""
        k, d = self._unknowns.shape
        tangent = np.broadcast_to(tangent, (self.weights.size, 6, 6))
        tangent = tangent.reshape(k, self._points, 6, 6) * self.weights[..., None, None]
        stiffness = self._transposed @ (tangent @ self._shape).reshape(k, -1, d)
        coupling = self._transposed @ tangent.reshape(k, -1, 6)
        return Linearised(
            accumulate(self._places, stiffness, self._entries),
            np.stack([self._scatter(coupling[..., i]) for i in range(6)], axis=1),
            tangent.sum(axis=(0, 1)),
        )

    def _nodal(self, displacement: Array) -> Array:
        return np.append(displacement, 0.0)[self._unknowns]

    def _scatter(self, values: Array) -> Array:
        return accumulate(self._unknowns, values, self._size)

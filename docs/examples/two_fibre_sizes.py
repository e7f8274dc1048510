"""Mesh thick and thin fibres at random places: python docs/examples/two_fibre_sizes.py cell.msh."""

import sys
from math import pi, sqrt

import numpy as np
from hexagonal_cell import mesh_cell

FRACTION = 0.45  # fibre area over cell area; placed one by one, fibres jam above 0.5
THICK, THIN = 6, 14  # numbers of fibres
RATIO = 1.8  # of their radii
GAP = 0.2  # smallest distance of two fibres, in radii of the thin ones
ELEMENT_SIZE = 0.03

thin = sqrt(FRACTION / (pi * (THICK * RATIO**2 + THIN)))
radii = [RATIO * thin] * THICK + [thin] * THIN
rng = np.random.default_rng(1)
fibres: list[tuple[float, float, float]] = []
while len(fibres) < len(radii):
    radius = radii[len(fibres)]
    x, y = rng.random(2)
    apart = True
    for a, b, other in fibres:
        dx, dy = x - a - round(x - a), y - b - round(y - b)
        apart &= dx**2 + dy**2 > (radius + other + GAP * thin) ** 2
    # An edge of the cell that only touches a fibre would cut off a sliver.
    slivers = [abs(abs(c - edge) - radius) < 0.01 for c in (x, y) for edge in (0, 1)]
    if apart and not any(slivers):
        fibres.append((x, y, radius))

images = [(x + i, y + j, r) for x, y, r in fibres for i in (-1, 0, 1) for j in (-1, 0, 1)]
discs = [(x, y, r) for x, y, r in images if -r < x < 1 + r and -r < y < 1 + r]
mesh_cell(sys.argv[1], 1.0, 1.0, discs, ELEMENT_SIZE)

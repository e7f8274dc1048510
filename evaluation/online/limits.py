"""Where the search for equilibrium changes its ways, and where it ends; see docs/online.md."""

PLAIN_ITERATIONS = 10
"""Newton's steps before they are shortened and the stiffnesses raised."""
STIFFENING, FADING = 1e-5, 0.7
"""Share of the largest stiffness that is added, and its factor in each further iteration."""
TRIALS, SLACK = 10, 0.5
"""Lengths of a step that are tried, until its slope has fallen to this share."""
HALVINGS = 8
"""Of a step that finds no equilibrium."""
ROUNDING = 1e-12
"""Changes of strain, relative to the strain, that count as zero."""
BALANCED = 1e-6
"""Traction defect of an equilibrium: after a step far astray the strains rest without it."""
UNLOADED = 1e-6
"""Share of the stresses that counts as a traction; without tractions only rounding is left."""

"""Where the search for equilibrium changes its ways, and where it ends; see docs/online.md.

A step ends in equilibrium when the strains of the base nodes are at rest and their tractions in
balance. At rest: the change of the strains (Euclidean norm over all base nodes) is at most the
tolerance times their increment in the step; or it is rounding, at most ROUNDING of the strains; or
it changes the stresses by at most RESOLUTION of the largest stiffness times the strains, which is
what stresses can be computed to. In balance: the jumps of the tractions are at most BALANCED of the
tractions that the stresses could make, be it those at the end of the step or those at its
beginning. So a step that ends without load is judged by the load that it took away, and one that
begins and ends without load by RESOLUTION of the largest stiffness times the largest strain at its
beginning. Everything scales with stress and strain; nothing that is infinite counts as equal.
"""

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
RESOLUTION = 4e-15
"""Stresses, relative to the largest stiffness times the strain, that count as zero."""
BALANCED = 1e-6
"""Traction defect of an equilibrium: after a step far astray the strains rest without it."""
UNLOADED = 1e-6
"""Share of the stresses that counts as a traction; without tractions only rounding is left."""

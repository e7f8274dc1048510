"""Tiles: the layout of numbers that compiled code works on.

A tile holds LANES points side by side, entry q of point s at `tile[q * LANES + s]`, so that a loop
over the points reads and writes neighbours, which the compiler turns into vector instructions.
Symmetric matrices are stored as the ENTRIES of their upper triangle.
"""

LANES = 16
UPPER = tuple((i, j) for i in range(6) for j in range(i, 6))
ENTRIES = len(UPPER)

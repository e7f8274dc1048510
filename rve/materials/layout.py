"""The tile that a compiled law works on, see `rve.kernels.tile`.

entries                  what
TANGENT, 21              consistent tangent, its symmetric part, upper triangle by rows, GPa
STRESS, 6                stress at the end of the step, GPa
STRAIN, 6                total strain at the end of the step
DURATION, 1              duration of the step, s
STATE, state_size        internal variables at its start
STATE + state_size, ..   internal variables at its end
after these              SKEW_ENTRIES of a tangent that is not symmetric; what the law's own
                         iteration keeps
"""

from rve.kernels.tile import ENTRIES

TANGENT, STRESS, STRAIN = 0, ENTRIES, ENTRIES + 6
DURATION, STATE = STRAIN + 6, STRAIN + 7
SKEW = tuple((i, j) for i in range(6) for j in range(i + 1, 6))
SKEW_ENTRIES = len(SKEW)

"""The active part of a network as index arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.compiled.structure import structure
from training.network import Kind, initialise


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 7), st.sampled_from(["DMN", "IMN"]), st.floats(0.1, 1)
)
def test_no_row_is_used_again_while_it_is_needed(
    seed: int, layers: int, kind: Kind, share: float
) -> None:
    """Up the tree, where a row holds a stiffness, and down, where it holds a derivative."""
    rng = np.random.default_rng(seed)
    alive = rng.uniform(size=2**layers) < share
    alive[rng.integers(2**layers)] = True
    shape = structure(initialise(kind, layers, rng), alive, orthotropic=True)
    k, rows = len(shape.base), shape.shared_rows
    own_row = kind == "DMN"  # else base nodes have those of the phases
    held: dict[int, int] = {}
    for number, children in enumerate(shape.children):
        held.update({rows[child]: child for child in children if own_row and child < k})
        for child in children:
            if own_row or child >= k:
                assert held[rows[child]] == child
            else:
                assert rows[child] == shape.base[child] % 2
        assert own_row or rows[k + number] > 1
        held[rows[k + number]] = k + number
    held = {rows[-1]: len(rows) - 1}
    for number in reversed(range(len(shape.children))):
        assert held[rows[k + number]] == k + number
        held.update({rows[child]: child for child in shape.children[number]})

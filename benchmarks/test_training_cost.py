"""Cost of an IMN's epoch against depth, batch size and samples, and the kernels' share of it."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from common import BATCH, Record, best_seconds, taught
from numba import njit

from evaluation.figures.style import KIND_COLOURS, MUTED, figure_of, panels, save, styled
from training.compiled import loops
from training.compiled.backend import FusedBackend
from training.compiled.workspace import DOUBLES, TILE
from training.network import initialise
from training.specification import Settings
from training.tree import active_base_nodes

RESULTS = Path("results")
PLAIN = {"layers": 7, "batch_size": BATCH, "samples": 400}
VARIED = {
    "layers": range(4, 11),
    "batch_size": (20, 40, 80, 160, 400),
    "samples": (400, 1024, 2048),
}
SETTLING, MEASURED = 300, 30


def epoch_cost(layers: int, batch_size: int, samples: int) -> dict[str, float]:
    """Milliseconds of an epoch's steps once dead subtrees are cut, and of their kernels."""
    data, random = taught(samples), np.random.default_rng(0)
    network = initialise("IMN", layers, random)
    backend = FusedBackend(
        network, data, data.first(1), Settings(1, batch_size, eta=1, xi=1, seed=0)
    )
    for _ in range(SETTLING):
        backend.step(random.permutation(samples), batch_size, 0.01)
    start = perf_counter()
    for _ in range(MEASURED):
        backend.step(random.permutation(samples), batch_size, 0.01)
    seconds = (perf_counter() - start) / MEASURED
    return {
        "blocks": active_base_nodes(backend.network) - 1,
        "milliseconds": 1e3 * seconds,
        "kernels": 1e3 * kernel_seconds(backend, batch_size, samples),
    }


def kernel_seconds(backend: FusedBackend, batch_size: int, samples: int) -> float:
    """What the kernels alone take of an epoch's steps, in the memory that these use."""
    shape, memory = backend._parameters.structure, backend._workspace
    forward, backward = loops.homogenise, loops.homogenise_adjoint
    group = DOUBLES * memory.tiles.shape[1]
    parts = [p for batch in _parts(samples, batch_size) for p in _parts(batch, group)]

    @njit
    def epochs(repeats, counts, shape, memory):
        for _ in range(repeats):
            for count in counts:
                forward((TILE, count, 1.0), shape, shape.rows, memory)
                backward((TILE, count, 1.0), shape, memory)

    tiles = -(-np.array(parts) // DOUBLES)
    return best_seconds(epochs, tiles, shape, memory, repeats=MEASURED)


def _parts(samples: int, size: int) -> list[int]:
    """Sizes of the parts of samples that are taken so many at a time."""
    return [min(size, samples - start) for start in range(0, samples, size)]


def test_cost_of_an_epoch(record: Record) -> None:
    rows = [
        {"varied": name, **PLAIN, name: value, **epoch_cost(**{**PLAIN, name: value})}
        for name, values in VARIED.items()
        for value in values
    ]
    table = pd.DataFrame(rows)
    table.to_csv(RESULTS / "training_cost.csv", index=False)
    save(cost_figure(table), RESULTS / "training_cost.svg")
    plain = table[(table["varied"] == "layers") & (table["layers"] == PLAIN["layers"])].iloc[0]
    outside = 1 - plain["kernels"] / plain["milliseconds"]
    record("training.share_outside_kernels", outside, "of an epoch's steps, depth 7, batch 40")


@styled
def cost_figure(table: pd.DataFrame):
    axes = panels([f"against {name.replace('_', ' ')}" for name in VARIED], 3, (3.1, 2.6))
    for axis, name in zip(axes, VARIED, strict=True):
        rows = table[table["varied"] == name]
        axis.plot(rows[name], rows["milliseconds"], "o-", color=KIND_COLOURS["IMN"])
        axis.plot(rows[name], rows["kernels"], "o--", color=MUTED, markersize=3)
        axis.set(xlabel=name.replace("_", " "), ylabel="epoch [ms]", ylim=(0, None))
    return figure_of(axes)

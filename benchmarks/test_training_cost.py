"""Cost of an IMN's epoch against depth, batch size and samples, and the kernels' share of it."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from common import Record, block_seconds, taught

from evaluation.figures.style import KIND_COLOURS, MUTED, figure_of, panels, save, styled
from training.fused.backend import FusedBackend
from training.fused.source import LANES
from training.network import initialise
from training.tree import active_base_nodes

RESULTS = Path("results")
PLAIN = {"layers": 7, "batch_size": 40, "samples": 400}
VARIED = {
    "layers": range(4, 11),
    "batch_size": (20, 40, 80, 160, 400),
    "samples": (400, 1024, 2048),
}
SETTLING, MEASURED = 300, 30


def epoch_cost(layers: int, batch_size: int, samples: int, per_block: float) -> dict[str, float]:
    """Milliseconds of an epoch's steps once dead subtrees are cut, and the kernels' share."""
    data, random = taught(samples), np.random.default_rng(0)
    network = initialise("IMN", layers, random)
    backend = FusedBackend(network, data, data.first(1), eta=1.0, xi=1.0)
    for _ in range(SETTLING):
        backend.step(random.permutation(samples), batch_size, 0.01)
    start = perf_counter()
    for _ in range(MEASURED):
        backend.step(random.permutation(samples), batch_size, 0.01)
    seconds = (perf_counter() - start) / MEASURED
    blocks = active_base_nodes(backend.network) - 1
    tiles = samples // batch_size * -(-batch_size // LANES) + -(-(samples % batch_size) // LANES)
    return {
        "blocks": blocks,
        "milliseconds": 1e3 * seconds,
        "kernel_share": blocks * tiles * LANES * per_block / seconds,
    }


def test_cost_of_an_epoch(record: Record) -> None:
    per_block = block_seconds()
    rows = [
        {
            "varied": name,
            **PLAIN,
            name: value,
            **epoch_cost(**{**PLAIN, name: value}, per_block=per_block),
        }
        for name, values in VARIED.items()
        for value in values
    ]
    table = pd.DataFrame(rows)
    table.to_csv(RESULTS / "training_cost.csv", index=False)
    save(cost_figure(table), RESULTS / "training_cost.svg")
    plain = table[(table["varied"] == "layers") & (table["layers"] == PLAIN["layers"])].iloc[0]
    outside = 1 - plain["kernel_share"]
    record("training.share_outside_kernel", outside, "of an epoch's steps, depth 7, batch 40")


@styled
def cost_figure(table: pd.DataFrame):
    axes = panels([f"against {name.replace('_', ' ')}" for name in VARIED], 3, (3.1, 2.6))
    for axis, name in zip(axes, VARIED, strict=True):
        rows = table[table["varied"] == name]
        axis.plot(rows[name], rows["milliseconds"], "o-", color=KIND_COLOURS["IMN"])
        kernels = rows["milliseconds"] * rows["kernel_share"]
        axis.plot(rows[name], kernels, "o--", color=MUTED, markersize=3)
        axis.set(xlabel=name.replace("_", " "), ylabel="epoch [ms]", ylim=(0, None))
    return figure_of(axes)

"""Online prediction: compiled against plain numpy, many points at once, and tree against matrix."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from common import COMPOSITE_1, PATH, Record, tree_of

from evaluation.figures.style import KIND_COLOURS, MUTED, figure_of, panels, save, styled
from evaluation.online import as_printed
from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import SchemeName, predict, predict_many
from rve.homogenisation.cell import Cell
from rve.homogenisation.dns import simulate
from rve.loads.load_path import LoadPath, monotonic
from rve.mandel import COMPONENTS

RESULTS = Path("results")
POINTS = 64
NODES = (8, 16, 32, 64, 128, 256, 500)


def milliseconds(repeats: int, run: Callable[..., object], *arguments: object) -> float:
    """Median time, after a warm-up."""
    run(*arguments)
    times = []
    for _ in range(repeats):
        start = perf_counter()
        run(*arguments)
        times.append(1e3 * (perf_counter() - start))
    return float(np.median(times))


def test_path(record: Record, cell: Cell) -> None:
    start = perf_counter()
    simulate(cell, COMPOSITE_1, PATH)
    reference = 1e3 * (perf_counter() - start)
    for active, layers in ((20, 7), (50, 10)):
        tree = tree_of(active, layers)
        ours = milliseconds(10, predict, tree, COMPOSITE_1, PATH)
        record(f"online.ms_per_path_{active}", ours, "ms, 40 increments, tree_newton")
        if active == 20:
            record("online.speedup_vs_dns", reference / ours, "times")


def test_against_literal(record: Record) -> None:
    """The same scheme in numpy, as many iterations; tree_newton has the iterates of Algorithm 1."""
    tree = tree_of(20)
    schemes: dict[SchemeName, as_printed.PrintedScheme] = {
        "tree_newton": "residual_stress",
        "residual_stress": "residual_stress",
        "fixed_point": "fixed_point",
        "newton": "newton",
    }
    for name, plain in schemes.items():
        ours = milliseconds(10, predict, tree, COMPOSITE_1, PATH, name)
        theirs = milliseconds(3, as_printed.predict, tree, COMPOSITE_1, PATH, plain)
        record(f"online.{name}.ms_per_path_20", ours, "ms, 40 increments", theirs)
        if name == "tree_newton":
            record("online.speedup_vs_numpy", theirs / ours, "times, same scheme")


def test_many_points(record: Record) -> None:
    rng = np.random.default_rng(0)
    ends = 0.02 * rng.normal(size=(POINTS, 6))
    steps = np.linspace(0, 1, 41)[1:, None]
    walks = [LoadPath(np.ones(6, dtype=bool), steps * end) for end in ends]
    loads = [monotonic(load, 0.04, 40, "stress") for load in COMPONENTS] * 16
    tree = tree_of(20)

    def one_by_one(paths: list[LoadPath]) -> None:
        for path in paths:
            predict(tree, COMPOSITE_1, path)

    for name, paths in (("", walks), (".six_loads", loads)):
        single = milliseconds(3, one_by_one, paths)
        together = milliseconds(3, predict_many, tree, COMPOSITE_1, paths)
        unit = "times cheaper, 20 active nodes"
        record(f"online{name}.points_per_call_gain", single / together, unit)
    law = NetworkLaw(tree_of(20), COMPOSITE_1)
    strain, state = 0.005 * rng.normal(size=(4096, 6)), np.zeros((4096, law.state_size))
    spent = milliseconds(3, law.respond, strain, state)
    record("online.us_per_point_of_law", 1e3 * spent / 4096, "us a step, 20 active nodes")


def test_cost_of_the_tree_and_of_the_matrix(record: Record) -> None:
    """An iteration of tree_newton and of Algorithm 3 over the number of active base nodes."""
    rows = []
    for active in NODES:
        tree = tree_of(active, 10)
        for scheme in ("tree_newton", "newton"):
            path = monotonic("11", 0.02, 4 if active < 200 else 1, "stress")
            count = predict(tree, COMPOSITE_1, path, scheme).curve.iterations.sum()
            repeats = 10 if scheme == "tree_newton" or active < 100 else 2
            spent = milliseconds(repeats, predict, tree, COMPOSITE_1, path, scheme)
            cost = 1e3 * spent / count
            rows.append({"scheme": scheme, "nodes": active, "us_per_iteration": cost})
    table = pd.DataFrame(rows)
    RESULTS.mkdir(exist_ok=True)
    table.to_csv(RESULTS / "online_cost.csv", index=False)
    save(cost_figure(table), RESULTS / "online_cost.svg")
    tree_cost, matrix_cost = (
        table[table["scheme"] == scheme]["us_per_iteration"].to_numpy()
        for scheme in ("tree_newton", "newton")
    )
    ratio = matrix_cost / tree_cost
    record("online.newton_over_tree_8", ratio[0], "times an iteration, 8 nodes")
    record("online.newton_over_tree_500", ratio[-1], "times an iteration, 500 nodes")
    exponent = np.polyfit(np.log(NODES[2:]), np.log(tree_cost[2:]), 1)[0]
    record("online.tree_cost_exponent", exponent, "of the nodes, 32 to 500")


@styled
def cost_figure(table: pd.DataFrame):
    axes = panels(["an iteration of a path"], 1, (3.6, 2.8))
    for scheme, colour in (("tree_newton", KIND_COLOURS["IMN"]), ("newton", MUTED)):
        rows = table[table["scheme"] == scheme]
        axes[0].loglog(rows["nodes"], rows["us_per_iteration"], "o-", color=colour, label=scheme)
    axes[0].set(xlabel="active base nodes", ylabel="time [µs]")
    axes[0].legend()
    return figure_of(axes)

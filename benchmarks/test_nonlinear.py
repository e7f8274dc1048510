from time import perf_counter

from common import COMPOSITE_1, PATH, Record

from rve.homogenisation.cell import Cell
from rve.homogenisation.dns import simulate


def test_simulation(cell: Cell, record: Record) -> None:
    simulation_seconds("2k", cell, record)


def simulation_seconds(size: str, cell: Cell, record: Record) -> float:
    start = perf_counter()
    curve = simulate(cell, COMPOSITE_1, PATH)
    seconds = perf_counter() - start
    unit = f"s with {len(cell.phase)} elements, 40 increments"
    record(f"dns.s_per_curve_{size}", seconds, unit)
    record(f"dns.newton_per_increment_{size}", curve.iterations[1:].mean(), "iterations")
    return seconds


def test_simulation_of_a_fine_mesh(fine_cell: Cell, record: Record) -> None:
    simulation_seconds("10k", fine_cell, record)

"""Load points from a table."""

from pathlib import Path

from rve.table import read_numbers

LEFT_OUT = ("", "time", "t")


def read_points(path: Path) -> list[dict[str, float]]:
    """Load points of `piecewise_linear` from a CSV table: a row a point, a column a component."""
    return [
        {name: value for name, value in row.items() if name.lower() not in LEFT_OUT}
        for row in read_numbers(path)
    ]

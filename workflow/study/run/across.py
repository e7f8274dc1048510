"""Errors of recipes over several finished studies, as one table in Markdown.

`python -m workflow.study.run.across results/held_out_*`; each folder has the tables of a study that
compares recipes, such as those of workflow/studies/held_out.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from evaluation.formatting import percent, spaced
from evaluation.measures.recipes import case_errors
from rve.errors import InputError
from workflow.study.run.judge import read


def table(folders: Iterable[Path]) -> Iterator[str]:
    """Lines of the table: a row a study, composite, control and kind, three columns a recipe."""
    studies = {}
    for folder in folders:
        _, studies[folder.name] = read(folder)
        if not studies[folder.name].comparisons.recipes:
            raise InputError(f"{folder}: its sweeps compare no recipes of a training")
    recipes = list(dict.fromkeys(r for s in studies.values() for r in s.comparisons.recipes))
    heads = ["study", "composite", "control", "kind"]
    heads += [f"{spaced(r)}, {n}" for r in recipes for n in ("mean ± deviation", "worst", "seeds")]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for name, study in studies.items():
        cases = case_errors(study).groupby(["composite", "control", "kind"], sort=False)
        for key, rows in cases:
            cells = [spaced(str(part)) for part in (name, *key)]
            found = dict.fromkeys(recipes, ["–"] * 3)
            for row in rows.to_dict("records"):
                errors = percent(row["mean"], row["std"]), percent(row["worst"])
                found[row["recipe"]] = [*errors, row["networks"]]
            yield _row([*cells, *chain(*found.values())])


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    try:
        print("\n".join(table(map(Path, sys.argv[1:]))))
    except InputError as error:
        sys.exit(f"error: {error}")

"""Inputs and what is said of them: messages.txt, written by `python tests/helpers/messages.py`.

The lines of an input are an overlay of config.yaml, and those that begin with `own.csv| ` a file
beside it. What follows is a problem (`! `), a remark (`? `) or nothing (`= `).
"""

import os
import tempfile
from itertools import groupby
from pathlib import Path

from configs import ROOT

from workflow.study.config.files import read_files
from workflow.study.config.problem import ConfigError
from workflow.study.config.text import check_files
from workflow.study.config.validation import load_study, remarks

TABLE = Path(__file__).with_suffix(".txt")
_OWN = "own.csv| "
_SHORT = {
    "EPOXY": "youngs_modulus: 3.8, poisson_ratio: 0.387",
    "STEEL": "youngs_modulus: 190, poisson_ratio: 0.3",
    "GLASS": "{law: isotropic, youngs_modulus: 72, poisson_ratio: 0.22}",
    "LONG": 400 * "x",
}


def inputs(table: str) -> list[tuple[str, list[str]]]:
    """Inputs, each with what is said of it."""
    lines = [line for line in table.splitlines() if line and not line.startswith("# ")]
    parts = [list(part) for _, part in groupby(lines, lambda line: line[:2] in ("! ", "? ", "= "))]
    return [("\n".join(text), said) for text, said in zip(parts[::2], parts[1::2], strict=True)]


def answer(text: str) -> list[str]:
    """What is said of an input, whose files are written where this runs."""
    own = [line.removeprefix(_OWN) for line in text.splitlines() if line.startswith(_OWN)]
    overlay = "\n".join(line for line in text.splitlines() if not line.startswith(_OWN))
    if overlay.startswith("matrix: "):
        overlay = f"composites: {{mine: {{{overlay}, fibre: GLASS}}}}"
    for name, constants in _SHORT.items():
        overlay = overlay.replace(name, constants)
    Path("own.csv").write_text("\n".join(own) + "\n", encoding="utf-8")
    Path("overlay.yaml").write_text(overlay, encoding="utf-8")
    try:
        files = [ROOT / "config.yaml", Path("overlay.yaml")]
        configuration = read_files(files)
        check_files(files)
        study = load_study(configuration.raw, written=configuration.written)
    except ConfigError as error:
        return [f"! {problem}" for problem in error.problems]
    return [f"? {remark}" for remark in remarks(study)] or ["= nothing"]


if __name__ == "__main__":
    table = TABLE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for text, said in inputs(table):
            old = "\n".join([text, *said, ""])
            table = table.replace(old, "\n".join([text, *answer(text), ""]), 1)
    TABLE.write_text(table, encoding="utf-8")

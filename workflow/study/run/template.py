"""The commented configuration of a composite of one's own, for a folder of one's own.

`snakemake --snakefile .../Snakefile template` writes it. It is no rule, which would write over the
user's file when the template changes.
"""

import shlex
import sys
from collections.abc import Collection
from pathlib import Path

from rve.imports import ROOT

WORD = "template"
_STUDIES = ROOT / "workflow/studies"
_SOURCE, _TARGET = "composite.yaml", Path("composite.yaml")


def write(arguments: Collection[str]) -> str | None:
    """Write composite.yaml into this folder; return why not if it cannot be."""
    if {"-n", "--dry-run", "--dryrun"} & set(arguments):
        return f"{_TARGET}: is written without --dry-run"
    text = (_STUDIES / _SOURCE).read_text(encoding="utf-8")
    command = f"snakemake --snakefile {shlex.quote(str(ROOT / 'Snakefile'))} --cores"
    for here, there in {
        "$schema=schema.json": f"$schema={_STUDIES / 'schema.json'}",
        f"workflow/studies/{_SOURCE}": str(_TARGET),
        "snakemake --cores": command,
    }.items():
        text = text.replace(here, there, 1)
    try:
        with _TARGET.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return f"{_TARGET}: is already in this folder and is kept; rename it to get a new one"
    except OSError as error:
        return f"{_TARGET.absolute()}: cannot be written: {error.strerror}"
    print(f"{_TARGET} is written. Edit it, then run", file=sys.stderr)
    print(f"{command} 2 --configfile {_TARGET}", file=sys.stderr)
    return None

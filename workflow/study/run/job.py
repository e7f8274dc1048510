"""The frame of every script: its log, its files' checksums, and errors that a user can read."""

import logging
import sys
import warnings
from collections.abc import Callable
from inspect import unwrap
from pathlib import Path
from time import monotonic
from typing import Any

from rve.errors import ConvergenceError, InputError
from workflow.study.run import alone, checksums

_SECONDS_BETWEEN_MESSAGES = 10

Job = Any
"""What Snakemake gives a script: `input`, `output`, `params` and the like; files are paths."""


def script(main: Callable[[Job], None]) -> Callable[[Job], None]:
    """Call the function of a script where Snakemake runs it; where it is imported, let it be.

    What is read is checked, what is written sealed.
    Messages go to the rule's log; on a user's error the job ends with its message alone.
    """
    if snakemake := unwrap(main).__globals__.get("snakemake"):
        _run(main, snakemake)
    return main


def _run(main: Callable[[Job], None], snakemake: Job) -> None:
    logging.basicConfig(
        filename=snakemake.log[0],
        filemode="w",
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        encoding="utf-8",
    )
    logging.captureWarnings(True)
    warnings.formatwarning = lambda message, *_args, **_kwargs: str(message)
    logging.getLogger("skfem").setLevel(logging.WARNING)
    root = Path("results", snakemake.config["study"])
    alone.join(root)
    for named in ("input", "output"):
        files = getattr(snakemake, named)
        setattr(snakemake, named, type(files)(files, custom_map=Path))
    # Where a script imports laws; to others, which do not depend on them, they are no matter.
    laws = snakemake.config.get("laws") and sys.modules.get("rve.materials.composite")
    try:
        if laws:
            laws.load_laws(snakemake.config["laws"])
        for study in filter(None, (root.name, snakemake.config.get("networks_of"))):
            checksums.check(root.with_name(study), snakemake.input)
        main(snakemake)
        checksums.seal(root, snakemake.output)
    except (InputError, ConvergenceError, OSError) as error:
        logging.error("error: %s", error)
        sys.exit(1)
    except Exception:
        logging.exception("an error that this program should have met with a better message")
        sys.exit(1)


def progress(what: str, total: int) -> Callable[[int], None]:
    """A function that reports the number done, now and then, with the time left."""
    start = monotonic()
    due = start + _SECONDS_BETWEEN_MESSAGES

    def report(done: int) -> None:
        nonlocal due
        now = monotonic()
        if now >= due or done == total:
            due = now + _SECONDS_BETWEEN_MESSAGES
            left = (now - start) / done * (total - done)
            logging.info("%d of %d %s done, %.0f s left", done, total, what, left)

    return report

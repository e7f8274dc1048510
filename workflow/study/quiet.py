"""Errors that Snakemake's `--quiet` would hide: a quiet run still says why it failed."""

import logging
import sys
from pathlib import Path


class Errors(logging.Handler):
    """A handler of Snakemake's log that prints, a line each, failed jobs and what stops a run."""

    def __init__(self, hidden: bool) -> None:
        """Begin to print.

        Args:
            hidden: whether Snakemake prints nothing at all, or leaves out its jobs alone.
        """
        super().__init__(logging.ERROR)
        self._hidden = hidden

    def emit(self, record: logging.LogRecord) -> None:
        """Print an error."""
        if str(getattr(record, "event", "")) == "job_error":
            for log in record.log:  # type: ignore[attr-defined]
                words = _last_line(Path(log))
                print(f"{record.rule_name} failed: {words} ({log})", file=sys.stderr)  # type: ignore[attr-defined]
        elif self._hidden:
            print(record.getMessage(), file=sys.stderr)


def _last_line(log: Path) -> str:
    if not log.exists():
        return "it has no log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1].partition("error: ")[2] or lines[-1] if lines else "its log is empty"

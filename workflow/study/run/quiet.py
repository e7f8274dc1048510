"""Why a run failed, in a line a job: at once where `--quiet` hides it, else as last words."""

import atexit
import logging
import sys
from pathlib import Path

_MOST_LINES = 20


class Errors(logging.Handler):
    """A handler of Snakemake's log that prints, a line each, failed jobs and what stops a run.

    Snakemake frames the reason of a failed job with a dozen lines of its own. So where it is not
    quiet the lines come once more, when the process ends, and nothing stands below them. `quiet`
    is whether it leaves out its jobs, `hidden` whether it prints nothing at all.
    """

    def __init__(self, quiet: bool, hidden: bool) -> None:
        super().__init__(logging.ERROR)
        self._hidden = hidden
        self._later: list[str] | None = None if quiet else []
        if not quiet:
            atexit.register(self._last_words)

    def emit(self, record: logging.LogRecord) -> None:
        """Print an error, or keep it for the end."""
        if str(getattr(record, "event", "")) == "job_error":
            for log in record.log:  # type: ignore[attr-defined]
                words = _last_line(Path(log))
                line = f"{record.rule_name} failed: {words} ({log})"  # type: ignore[attr-defined]
                if self._later is None:
                    print(line, file=sys.stderr)
                else:
                    self._later.append(line)
        elif self._hidden:
            print(record.getMessage(), file=sys.stderr)

    def _last_words(self) -> None:
        lines = list(dict.fromkeys(self._later or ()))
        if (more := len(lines) - _MOST_LINES) > 0:
            lines[_MOST_LINES:] = [f"and {more} more jobs"]
        if lines:
            print("\n".join(["", *lines]), file=sys.stderr)


def _last_line(log: Path) -> str:
    if not log.exists():
        return "it has no log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1].partition("error: ")[2] or lines[-1] if lines else "its log is empty"

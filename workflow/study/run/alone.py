"""One run at a time in the folder of a study, by locks of the kernel.

Such a lock ends with the process that holds it, so that nothing has to be unlocked after a kill.

| file    | held by                                  | says                                       |
|---------|------------------------------------------|--------------------------------------------|
| `.run`  | the main process, alone                  | which process, on which machine, since when |
| `.jobs` | the processes of jobs, beside each other |                                            |

A job that outlives its main process ends within a second or two, and the next run waits for that.
"""

import fcntl
import logging
import os
import socket
import threading
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from rve.errors import InputError
from rve.files import temporaries

logger = logging.getLogger(__name__)

_RUN, _JOBS = ".run", ".jobs"
_VARIABLE = "MATERIAL_NETWORK_RUN"
_SECONDS_BETWEEN_LOOKS = 1.0
_PATIENCE = 60.0
"""How long the next run waits for the jobs of a killed one, s."""

_held: list[IO[str]] = []


def check_writable() -> None:
    """Refuse a folder in which Snakemake cannot keep its records, or a study its results.

    Raises:
        InputError: the folder where Snakemake runs, or one of these two in it, is not the user's.
    """
    for kept in (Path(".snakemake"), Path("results")):
        folder = kept if kept.exists() else Path()
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(
                f"{folder.absolute()}: cannot be written, and a study keeps its files in "
                ".snakemake and results where it is started; start it in a folder of your own, or "
                "change the permissions of this one"
            )


def claim(folder: Path) -> None:
    """Hold the folder until this process ends; remove what a killed run left half-written.

    An `InputError` says if it cannot be written, or is held by another run or a killed one's jobs.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run, jobs = ((folder / name).open("a+", encoding="utf-8") for name in (_RUN, _JOBS))
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    try:
        # A job that looks whether its run is on holds the lock for a moment.
        if not _within(2 * _SECONDS_BETWEEN_LOOKS, run, fcntl.LOCK_EX):
            raise InputError(
                f"{folder}: another run of this study is on, {_text(folder)}; wait for its end, "
                "or give this study another name (key `study`)"
            )
        token = f"process {os.getpid()} on {socket.gethostname()} since {datetime.now():%F %T.%f}"
        run.truncate(0)
        run.write(token)
        run.flush()
        if not _within(_PATIENCE, jobs, fcntl.LOCK_EX):
            raise InputError(
                f"{folder}: jobs of a run that was killed are still on after {_PATIENCE:.0f} s; "
                "end these processes and run again"
            )
        fcntl.flock(jobs, fcntl.LOCK_UN)
    except OSError as error:
        words = "its file system has no locks (%s); see to it that one run at a time writes there"
        logger.warning(f"%s: {words}", folder, error.strerror)
        return
    os.environ[_VARIABLE] = token
    _held.append(run)
    for path in temporaries(folder):
        path.unlink(missing_ok=True)


def join(folder: Path) -> None:
    """Count this process among the jobs of the run, and end it when the run has ended."""
    try:
        run, jobs = (folder / _RUN).open(encoding="utf-8"), (folder / _JOBS).open(encoding="utf-8")
        fcntl.flock(jobs, fcntl.LOCK_SH)
    except OSError:
        return  # Without locks, or without a run: a script that is run by hand.
    _held.append(jobs)
    threading.Thread(target=_end_with_run, args=(folder, run), daemon=True).start()


def _end_with_run(folder: Path, run: IO[str]) -> None:
    token = os.environ.get(_VARIABLE) or _text(folder)
    # Locks of some file systems hold on one machine only, so that from another they seem free.
    here = _VARIABLE in os.environ and f" on {socket.gethostname()} since " in token
    while _text(folder) == token and not (here and _lock(run, fcntl.LOCK_SH)):
        sleep(_SECONDS_BETWEEN_LOOKS)
    logger.error("the run that this job belongs to has ended: %s", token)
    os._exit(1)


def _text(folder: Path) -> str:
    return (folder / _RUN).read_text(encoding="utf-8")


def _within(seconds: float, file: IO[str], kind: int) -> bool:
    """Whether the lock was got in this time."""
    last = monotonic() + seconds
    while not _lock(file, kind):
        if monotonic() > last:
            return False
        sleep(0.05)
    return True


def _lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""The frame of every script: its log, and errors that a user can read."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rve.errors import ConvergenceError, InputError

_SECONDS_BETWEEN_MESSAGES = 10


@contextmanager
def job(log: Sequence[str]) -> Iterator[None]:
    """Send messages to the rule's log and end on a user's error with its message alone."""
    logging.basicConfig(
        filename=log[0], filemode="w", level=logging.INFO, format="%(asctime)s %(message)s"
    )
    logging.getLogger("skfem").setLevel(logging.WARNING)
    try:
        yield
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

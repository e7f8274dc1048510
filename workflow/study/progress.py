"""How far a run is: one line now and then, from the events that Snakemake logs."""

import logging
import sys
from collections.abc import Callable, Mapping
from time import monotonic

_SECONDS_BETWEEN_LINES = 30
_STAGES = {
    "curves simulated": {"reference": 1},
    "networks trained": {"train": 1, "train_first_five": 5, "train_second_five": 5},
    "networks tested": {"online": 1, "online_first_five": 5, "online_second_five": 5},
}
"""What is counted -> how many of it a job of a rule makes."""


class Progress(logging.Handler):
    """A handler of Snakemake's log that reports what is done and how long the rest will take.

    The time left is the work left, at the mean duration of the finished jobs of each rule, over
    the mean number of jobs that ran side by side.
    """

    def __init__(
        self, planned: Mapping[str, int], say: Callable[[str], None] | None = None
    ) -> None:
        """Begin to count.

        Args:
            planned: rule -> number of its jobs in this run.
            say: takes a line; prints it to the standard error by default.
        """
        super().__init__()
        self._planned = {rule: n for rule, n in planned.items() if rule not in ("all", "total")}
        self._say = say or (lambda line: print(line, file=sys.stderr, flush=True))
        self._begun: dict[int, tuple[str, float]] = {}
        self._durations: dict[str, list[float]] = {}
        self._start = monotonic()
        self._due = self._start + _SECONDS_BETWEEN_LINES

    def emit(self, record: logging.LogRecord) -> None:
        """Count a job that begins or ends, and say a line when one is due."""
        event, now = str(getattr(record, "event", "")), monotonic()
        if event == "job_info":
            self._begun[record.jobid] = (record.rule_name, now)  # type: ignore[attr-defined]
        elif event == "job_finished":
            rule, begun = self._begun.pop(record.job_id, ("all", now))  # type: ignore[attr-defined]
            if rule in self._planned:
                self._durations.setdefault(rule, []).append(now - begun)
                if now >= self._due or self._done() == sum(self._planned.values()):
                    self._due = now + _SECONDS_BETWEEN_LINES
                    self._say(self._line(now))

    def _done(self) -> int:
        return sum(map(len, self._durations.values()))

    def _line(self, now: float) -> str:
        done, total = self._done(), sum(self._planned.values())
        stages = []
        for words, rules in _STAGES.items():
            ready = sum(made * len(self._durations.get(rule, ())) for rule, made in rules.items())
            wanted = sum(made * self._planned.get(rule, 0) for rule, made in rules.items())
            stages += [f"{ready} of {wanted} {words}"] if wanted else []
        left = f"about {_duration(self._left(now))} left" if done < total else "done"
        return f"progress: {', '.join([*stages, f'{done} of {total} jobs'])}; {left}"

    def _left(self, now: float) -> float:
        """Seconds until the end."""
        spent = {rule: sum(seconds) for rule, seconds in self._durations.items()}
        mean_of_all = sum(spent.values()) / self._done()
        work = sum(
            (planned - len(self._durations.get(rule, ())))
            * (spent[rule] / len(self._durations[rule]) if rule in spent else mean_of_all)
            for rule, planned in self._planned.items()
        )
        running = sum(now - begun for _, begun in self._begun.values())
        busy = sum(spent.values()) + running
        side_by_side = max(busy / max(now - self._start, 1e-9), 1.0)
        return max(work - running, 0.0) / side_by_side


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"

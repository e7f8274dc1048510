"""How far a run is: one line now and then, from the events that Snakemake logs."""

import logging
import re
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from statistics import mean, median
from time import monotonic
from typing import Any, NamedTuple

_SECONDS_BETWEEN_LINES = 30
_STAGES = {
    "reference": "curves simulated",
    "train": "networks trained",
    "online": "networks tested",
}
"""Rule, which blocks extend by their digits -> what its jobs make."""

_ALONE = ("timing_online", "timing_training")
"""Rules whose jobs run alone on the machine."""

_RECENT = 20
"""Finished jobs, the last ones, that tell how many run side by side."""

_SAME, _ALIKE, _UNKNOWN = (0.75, 1.25), (0.5, 2.0), (0.25, 2.0)
"""Least and most that a job may take over what is expected: the mean of its sort, the mean of the
sorts of its work, the median of all sorts."""


class Sort(NamedTuple):
    """Jobs that take about equally long: what they make, and the configuration of its networks."""

    work: str
    of: str


def sort_of(rule: str, wildcards: Mapping[str, str]) -> Sort:
    """The sort of a job; the seed, in which the names of networks end, does not count."""
    of = wildcards.get("block", wildcards.get("size", ""))
    return Sort(_STAGES.get(_stage(rule), rule), re.sub(r"_s\d*$", "", of))


def made(rule: str, files: int) -> int:
    """How many networks or curves a job makes that writes so many files, two for each network."""
    return {"reference": files, "train": files // 2, "online": files // 2}.get(_stage(rule), 1)


def _stage(rule: str) -> str:
    return re.sub(r"_\d+$", "", rule)


class Progress(logging.Handler):
    """A handler of Snakemake's log that reports what is done and how long the rest will take.

    Jobs of a sort that has finished some take about their mean; those of another configuration
    take about that of the configurations that have. So the time left is a range. It is told once
    each stage has a finished job; before that nothing is known of the most of the work.

    `planned` are rule, wildcards and number of output files of each job in this run; `say` takes a
    line, and prints it to the standard error by default.
    """

    def __init__(
        self,
        planned: Iterable[tuple[str, Mapping[str, str], int]],
        say: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._jobs, self._jobs_done = 0, 0
        self._left, self._wanted, self._done = Counter[Sort](), Counter[str](), Counter[str]()
        for rule, of, files in planned:
            if rule != "all":
                sort, number = sort_of(rule, of), made(rule, files)
                self._jobs += 1
                self._left[sort] += number
                self._wanted[sort.work] += number
        self._say = say or (lambda line: print(line, file=sys.stderr, flush=True))
        self._begun: dict[int, tuple[Sort, int, float]] = {}
        self._durations: defaultdict[Sort, list[float]] = defaultdict(list)
        self._recent: deque[tuple[float, float]] = deque(maxlen=_RECENT)
        self._due = monotonic() + _SECONDS_BETWEEN_LINES

    def emit(self, record: logging.LogRecord) -> None:
        """Count a job that begins or ends, and say a line when one is due."""
        event, now = str(getattr(record, "event", "")), monotonic()
        told: Any = record  # Snakemake adds attributes to it.
        if event == "job_info":
            sort = sort_of(told.rule_name, dict(told.wildcards or {}))
            self._begun[told.jobid] = sort, made(told.rule_name, len(told.output or ())), now
        elif event == "job_finished":
            job = self._begun.pop(told.job_id, None)
            if job and job[0] in self._left:
                self._count(*job, now)
                if now >= self._due or self._jobs_done == self._jobs:
                    self._due = now + _SECONDS_BETWEEN_LINES
                    self._say(self._line(now))

    def _count(self, sort: Sort, number: int, begun: float, now: float) -> None:
        self._jobs_done += 1
        self._done[sort.work] += number
        self._left[sort] -= number
        self._durations[sort] += [(now - begun) / number] * number
        if sort.work not in _ALONE:
            self._recent.append((begun, now))

    def _line(self, now: float) -> str:
        stages = [work for work in _STAGES.values() if self._wanted[work]]
        counts = [f"{self._done[work]} of {self._wanted[work]} {work}" for work in stages]
        counts.append(f"{self._jobs_done} of {self._jobs} jobs")
        if self._jobs_done == self._jobs:
            left = "done"
        elif not all(self._done[work] for work in stages):
            left = "time left not known yet"
        else:
            first, last = map(_duration, self._range(now))
            left = f"about {last} left" if first == last else f"{_between(first, last)} left"
        return f"progress: {', '.join(counts)}; {left}"

    def _range(self, now: float) -> tuple[float, float]:
        """Least and most seconds until the end."""
        known = {sort: mean(found) for sort, found in self._durations.items()}
        side_by_side = self._side_by_side()
        least = most = -sum(now - begun for *_, begun in self._begun.values()) / side_by_side
        for sort, number in self._left.items():
            alike = [seconds for other, seconds in known.items() if other.work == sort.work]
            if sort in known:
                seconds, (low, high) = known[sort], _SAME
            elif alike:
                seconds, (low, high) = mean(alike), _ALIKE
            else:
                seconds, (low, high) = median(known.values()), _UNKNOWN
            seconds *= number / (1.0 if sort.work in _ALONE else side_by_side)
            least, most = least + low * seconds, most + high * seconds
        return max(least, 0.0), max(most, 0.0)

    def _side_by_side(self) -> float:
        """Mean number of jobs that lately ran beside each other."""
        if not self._recent:
            return 1.0
        begun, ended = zip(*self._recent, strict=True)
        busy = sum(end - start for start, end in self._recent)
        return max(busy / max(max(ended) - min(begun), 1e-9), 1.0)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(5 * round(seconds / 5), 5)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _between(first: str, last: str) -> str:
    """Two durations, with their unit once if it is one."""
    number, _, unit = first.partition(" ")
    return f"{number} to {last}" if last.endswith(f" {unit}") else f"{first} to {last}"

"""The line that tells how far a run is."""

import csv
import logging
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from workflow.study.run import progress
from workflow.study.run.progress import Progress, made, sort_of

RECORDED = sorted((Path(__file__).parent / "data").glob("*_run.csv"))
"""Rule, network, begin and end (s) of the jobs of whole runs, on two cores of a busy machine."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    time = SimpleNamespace(now=0.0)
    monkeypatch.setattr(progress, "monotonic", lambda: time.now)
    return time


def told(handler: logging.Handler, event: str, **values: object) -> None:
    record = logging.makeLogRecord({"event": event, **values})
    handler.handle(record)


def files(rule: str) -> int:
    """How many files a job of a rule writes: train_01 those of two networks."""
    return 2 * max(len(rule.partition("_")[2]), 1) if rule.startswith(("train", "online")) else 1


def begun(handler: logging.Handler, job: int, rule: str, **wildcards: str) -> None:
    output = [""] * files(rule)
    told(handler, "job_info", jobid=job, rule_name=rule, wildcards=wildcards, output=output)


def test_a_line_tells_what_is_done_and_the_time_left(clock: SimpleNamespace) -> None:
    lines: list[str] = []
    planned = ["train"] * 4 + ["reference"] * 2 + ["report", "all"]
    handler = Progress([(rule, {}, files(rule)) for rule in planned], lines.append)
    for job in range(4):  # two side by side, twenty seconds each
        clock.now = 20.0 * (job // 2)
        begun(handler, job, "train" if job < 3 else "reference")
        if job % 2:
            clock.now += 20
            told(handler, "job_finished", job_id=job - 1)
            told(handler, "job_finished", job_id=job)
    # When the third ends, the fourth is about to; nothing is known yet of curves.
    assert lines == [
        "progress: 0 of 2 curves simulated, 3 of 4 networks trained, 3 of 7 jobs; "
        "time left not known yet"
    ]
    begun(handler, 4, "reference")
    clock.now += 30
    told(handler, "job_finished", job_id=4)
    # One network of 20 s, and the report, of which nothing is known: 20 s and as much again.
    assert lines[1].startswith("progress: 2 of 2 curves simulated, 3 of 4 networks trained, 5 of 7")
    low, high = seconds_told(lines[1])
    assert low <= 20 + 20 <= high
    for job, rule in enumerate(("train", "report"), start=5):
        begun(handler, job, rule)
        clock.now += 5
        told(handler, "job_finished", job_id=job)
    told(handler, "job_finished", job_id=99)  # the rule `all`, of which nothing was told
    assert lines[2:] == [
        "progress: 2 of 2 curves simulated, 4 of 4 networks trained, 7 of 7 jobs; done"
    ]


def test_a_job_of_five_networks_counts_five(clock: SimpleNamespace) -> None:
    lines: list[str] = []
    rules = ("train_01234", "train", "train_01234")
    handler = Progress([(rule, {}, files(rule)) for rule in rules], lines.append)
    for job, rule in enumerate(rules):
        begun(handler, job, rule)
        clock.now += 20
        told(handler, "job_finished", job_id=job)
    assert [line.split(",")[0] for line in lines] == [
        "progress: 6 of 11 networks trained",
        "progress: 11 of 11 networks trained",
    ]


def test_jobs_of_one_configuration_are_of_one_sort() -> None:
    one = sort_of("train", {"block": "imn_d7_n400_b40_eta1_xi1_s03"})
    assert one == sort_of("train_01234", {"block": "imn_d7_n400_b40_eta1_xi1_s0"})
    assert one != sort_of("train", {"block": "imn_d8_n400_b40_eta1_xi1_s03"})
    assert one != sort_of("online", {"block": "imn_d7_n400_b40_eta1_xi1_s03"})


def test_a_job_of_several_curves_counts_each() -> None:
    assert [made("reference", 3), made("train_01", 4), made("online_table", 1)] == [3, 2, 1]


def seconds_told(line: str) -> tuple[float, float]:
    """The range of a line."""
    units = {"s": 1, "min": 60, "h": 3600}
    text = line.rpartition("; ")[2].removeprefix("about ").removesuffix(" left")
    first, _, last = text.rpartition(" to ")
    number, unit = last.split()
    high = float(number) * units[unit]
    if not first:
        return high, high
    low, _, own = first.partition(" ")
    return float(low) * units[own or unit], high


def replayed(
    path: Path, clock: SimpleNamespace, slower: float
) -> list[tuple[float, dict[str, int], str]]:
    """Time left in truth, finished jobs by rule, and line, of a recorded run."""
    with path.open() as file:
        jobs = [row for row in csv.DictReader(file) if row["rule"] != "all"]
    lines: list[tuple[float, dict[str, int], str]] = []
    times = [(slower * float(job["begun"]), slower * float(job["ended"])) for job in jobs]
    end = max(last for _, last in times)
    done: Counter[str] = Counter()

    def say(line: str) -> None:
        lines.append((end - clock.now, dict(done), line))

    planned = [(job["rule"], {"block": job["of"]}, files(job["rule"])) for job in jobs]
    handler = Progress(planned, say)
    # A job ends before the next begins at the same second; one of no duration first begins.
    events = [(last, 0 if last > first else 2, n) for n, (first, last) in enumerate(times)]
    events += [(first, 1, n) for n, (first, _) in enumerate(times)]
    for when, what, n in sorted(events):
        clock.now = when
        if what == 1:
            begun(handler, n, jobs[n]["rule"], block=jobs[n]["of"])
        else:
            done[jobs[n]["rule"]] += 1
            told(handler, "job_finished", job_id=n)
    return lines


@pytest.mark.parametrize("slower", [1, 5], ids=["as recorded", "five times slower"])
@pytest.mark.parametrize("run", RECORDED, ids=lambda path: path.stem)
def test_recorded_runs_end_within_the_range_that_is_told(
    run: Path, slower: float, clock: SimpleNamespace
) -> None:
    """Give or take a fifth and a quarter of a minute; and no time before each stage has a job."""
    lines = replayed(run, clock, slower)
    assert lines[-1][2].endswith("; done")
    told_once = False
    for left, done, line in lines[:-1]:
        if line.endswith("; time left not known yet"):
            assert not told_once
            continue
        told_once = True
        assert {"reference", "train", "online"} <= {rule.split("_")[0] for rule in done}
        low, high = seconds_told(line)
        assert 0.8 * low - 15 <= left <= 1.2 * high + 15, line
        assert high <= 3 * left + 120 * slower, line
    assert told_once


def test_other_messages_of_snakemake_are_let_be() -> None:
    handler = Progress([("train", {}, 2)], pytest.fail)
    told(handler, "progress", done=1, total=2)
    handler.handle(logging.makeLogRecord({"msg": "Building DAG of jobs..."}))


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "60 s"), (1, "5 s"), (600, "10 min"), (3 * 3600, "3.0 h")]
)
def test_durations(seconds: float, words: str) -> None:
    assert progress._duration(seconds) == words

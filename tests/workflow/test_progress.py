"""The line that tells how far a run is."""

import logging
from types import SimpleNamespace

import pytest

from workflow.study import progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    time = SimpleNamespace(now=0.0)
    monkeypatch.setattr(progress, "monotonic", lambda: time.now)
    return time


def told(handler: logging.Handler, event: str, **values: object) -> None:
    record = logging.makeLogRecord({"event": event, **values})
    handler.handle(record)


def test_a_line_tells_what_is_done_and_the_time_left(clock: SimpleNamespace) -> None:
    lines: list[str] = []
    planned = {"train": 4, "reference": 2, "report": 1, "all": 1}
    handler = progress.Progress(planned, lines.append)
    for job in range(4):  # two side by side, twenty seconds each
        clock.now = 20.0 * (job // 2)
        told(handler, "job_info", jobid=job, rule_name="train" if job < 3 else "reference")
        if job % 2:
            clock.now += 20
            told(handler, "job_finished", job_id=job - 1)
            told(handler, "job_finished", job_id=job)
    # When the third ends, the fourth is about to: three of 20 s are left, two at a time.
    assert lines == [
        "progress: 0 of 2 curves simulated, 3 of 4 networks trained, 3 of 7 jobs; about 30 s left"
    ]
    for job, rule in enumerate(("reference", "train", "report"), start=4):
        told(handler, "job_info", jobid=job, rule_name=rule)
        clock.now += 5
        told(handler, "job_finished", job_id=job)
    told(handler, "job_finished", job_id=99)  # the rule `all`, of which nothing was told
    assert lines[1:] == [
        "progress: 2 of 2 curves simulated, 4 of 4 networks trained, 7 of 7 jobs; done"
    ]


def test_a_job_of_five_networks_counts_five(clock: SimpleNamespace) -> None:
    lines: list[str] = []
    handler = progress.Progress({"train": 1, "train_first_five": 2}, lines.append)
    for job, rule in enumerate(("train_first_five", "train", "train_first_five")):
        told(handler, "job_info", jobid=job, rule_name=rule)
        clock.now += 20
        told(handler, "job_finished", job_id=job)
    assert [line.split(",")[0] for line in lines] == [
        "progress: 6 of 11 networks trained",
        "progress: 11 of 11 networks trained",
    ]


def test_other_messages_of_snakemake_are_let_be() -> None:
    handler = progress.Progress({"train": 1}, pytest.fail)
    told(handler, "progress", done=1, total=2)
    handler.handle(logging.makeLogRecord({"msg": "Building DAG of jobs..."}))


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 s"), (600, "10 min"), (3 * 3600, "3.0 h")])
def test_durations(seconds: float, words: str) -> None:
    assert progress._duration(seconds) == words

"""What shares a job."""

import re

import pytest
from configs import PAPER

from workflow.study.config.validation import load_study
from workflow.study.plan.blocks import blocks, one_of, short_curves, span, trained_together
from workflow.study.plan.grid import networks

NAMES = [f"a_s{seed:02d}" for seed in range(12)] + [f"b_s{seed:02d}" for seed in range(4)]


def test_a_block_is_networks_whose_seeds_differ_in_the_last_digit() -> None:
    assert blocks(NAMES, lambda name: 5) == {
        "01234": ["a_s0"],
        "56789": ["a_s0"],
        "01": ["a_s1"],
        "0123": ["b_s0"],
    }
    hundred = [f"a_s{seed:02d}" for seed in range(105)]
    assert blocks(hundred, lambda name: 10) == {
        "0123456789": [f"a_s{tens}" for tens in range(10)],
        "01234": ["a_s10"],
    }


def test_networks_that_take_long_are_alone() -> None:
    assert blocks(NAMES, lambda name: 5 if name.startswith("a") else 1)[""] == NAMES[12:]
    assert blocks(["a_s00"], lambda name: 5) == {"": ["a_s00"]}


@pytest.mark.parametrize("seeds", [5, 12])
@pytest.mark.parametrize("depths", [[4], [4, 5], [4, 5, 6]])
def test_first_networks_are_alone_where_they_are_few(depths: list[int], seeds: int) -> None:
    """More seeds change no block of those before."""
    config = {"sweeps": {"depth": {"layers": depths, "seeds": seeds}}}
    study = load_study({"study": "mine", "composites": PAPER["composites"], **config})
    grid = networks(study)
    found, few = trained_together(grid, study.training), len(depths) < 3
    assert [grid[name].seed for name in found.get("", [])] == [0] * len(depths) * few
    assert len(found["1234" if few else "01234"]) == len(depths)
    trained = sum(len(some) * max(1, len(digits)) for digits, some in found.items())
    assert trained == len(grid)


@pytest.mark.parametrize("size", [1, 2, 5, 10])
def test_every_network_has_one_job(size: int) -> None:
    found = blocks(reversed(NAMES), lambda name: size)
    shared = [
        f"{block}{digit}"
        for digits, some in found.items()
        for block in some
        for digit in digits or [""]
    ]
    assert sorted(shared) == sorted(NAMES)


def test_names_match_themselves_alone() -> None:
    names = ["a_eta0.1_s0", "a_eta1_s0"]
    for name in names:
        assert re.fullmatch(one_of(names), name)
    assert not re.fullmatch(one_of(names), "a_eta0x1_s0")
    assert [span(digits) for digits in ("", "01", "56789")] == ["", "0-1", "5-9"]


def test_curves_share_a_job_where_they_are_short() -> None:
    path = {"points": [{}, {}], "increments": 10}
    assert short_curves(0.08, [path])
    assert not short_curves(0.025, [path])
    assert not short_curves(0.08, [path, path | {"increments": 100}])

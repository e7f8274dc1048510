"""Which networks share a job."""

import re

from workflow.study.plan.blocks import blocks, five, one_of, single


def test_a_block_is_five_seeds_that_are_all_there() -> None:
    names = [f"a_s{seed:02d}" for seed in range(12)] + [f"b_s{seed:02d}" for seed in range(4)]
    assert blocks(names) == {"first": ["a_s0"], "second": ["a_s0"]}
    assert blocks(names[:9]) == {"first": ["a_s0"], "second": []}
    assert five("a_s0", "second") == ["a_s05", "a_s06", "a_s07", "a_s08", "a_s09"]
    hundred = [f"a_s{seed:02d}" for seed in range(105)]
    assert blocks(hundred)["first"] == [f"a_s{tens}" for tens in range(11)]
    assert blocks(hundred)["second"] == [f"a_s{tens}" for tens in range(10)]


def test_the_names_of_blocks_match_themselves_alone() -> None:
    names = ["a_eta0.1_s0", "a_eta1_s0"]
    for name in names:
        assert re.fullmatch(one_of(names), name)
    assert not re.fullmatch(one_of(names), "a_eta0x1_s0")
    assert not re.fullmatch(one_of([]), "")


def test_every_network_has_one_job() -> None:
    names = [f"a_s{seed:02d}" for seed in range(12)] + [f"b_s{seed:02d}" for seed in range(4)]
    together = blocks(names)
    in_blocks = [
        id for half, some in together.items() for block in some for id in five(block, half)
    ]
    alone = single(names, together)
    assert alone == ["a_s10", "a_s11", *names[12:]]
    assert sorted(in_blocks + alone) == sorted(names)

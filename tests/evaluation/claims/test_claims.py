"""The claims and the sentences that they are read from."""

import re
from pathlib import Path

import pytest

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.ranges import ERROR_MARGIN, FAR_BELOW, MARGIN, SLIGHTLY_BELOW

GUIDE = Path(__file__).resolve().parents[3] / "docs/claims.md"


def test_the_guide_counts_the_claims() -> None:
    assert set(re.findall(r"(\d+) claims(?: are our|, without)", GUIDE.read_text())) == {
        str(len(CLAIMS))
    }


def test_every_claim_quotes_a_sentence_of_the_paper() -> None:
    sentences = {claim.sentence for claim in CLAIMS.values()}
    assert len({sentence.quote for sentence in sentences}) == len(sentences)
    for sentence in sentences:
        assert re.fullmatch(r"[A-Z].*\.", sentence.quote)
        assert re.fullmatch(r"3\.\d|A|B", sentence.section)


def test_claims_of_a_figure_are_about_the_same_sweeps() -> None:
    sweeps: dict[str, str] = {}
    for claim in CLAIMS.values():
        assert (
            sweeps.setdefault(claim.sentence.figure, claim.compared.sweeps) == claim.compared.sweeps
        )


@pytest.mark.parametrize(
    ("words", "claimed"),
    [
        (r"slightly|modest", SLIGHTLY_BELOW),
        (r"in significantly fewer", FAR_BELOW),
    ],
)
def test_the_papers_qualifiers_are_read_as_they_are_said(words: str, claimed: object) -> None:
    qualified = {id for id, one in CLAIMS.items() if re.search(words, one.sentence.quote)}
    found = {id for id, one in CLAIMS.items() if one.claimed is claimed}
    assert found == qualified - {"iterations-depth"}  # whose slight difference is no claim of ours


def test_ranges_are_those_of_the_sentence() -> None:
    for claim in CLAIMS.values():
        if printed := re.findall(r"(\d\.\d)×", claim.sentence.quote):
            assert claim.claimed.text == "–".join(printed) + "×"


def test_the_wide_margin_is_for_different_networks_alone() -> None:
    def margin(id: str) -> float:
        claimed = CLAIMS[id].claimed
        return claimed.margin or claimed.high

    paired = ("residual-accuracy", "newton-accuracy")
    assert {margin(id) for id in paired} == {MARGIN}
    assert margin("error-kinds-deep") == margin("data-error") == ERROR_MARGIN

"""The claims and the sentences that they are read from."""

import re
from collections import Counter

import pytest

from evaluation.claims import quotes
from evaluation.claims.claims import CLAIMS, ERROR_MARGIN, FAR_BELOW, MARGIN, SLIGHTLY_BELOW
from evaluation.claims.quotes import Quote

QUOTES = [quote for quote in vars(quotes).values() if isinstance(quote, Quote)]


def test_every_claim_quotes_a_sentence_of_its_section() -> None:
    for claim in CLAIMS.values():
        assert claim.quote.section == claim.section.split(", ")[0]
        assert re.fullmatch(r"[A-Z].*\.", claim.quote.text)
        assert re.fullmatch(r"(3\.\d|A|B), paragraph \d", claim.quote.place)


def test_a_sentence_is_typed_once_and_read_by_some_claim() -> None:
    assert max(Counter(quote.text for quote in QUOTES).values()) == 1
    assert {claim.quote for claim in CLAIMS.values()} == set(QUOTES)


def test_ids_figures_and_networks_go_together() -> None:
    sweeps: dict[str, str] = {}
    for id, claim in CLAIMS.items():
        assert sweeps.setdefault(claim.figure, claim.compared.sweeps) == claim.compared.sweeps
        numbers = re.findall(r"\d{3,}", id)
        assert numbers == ([] if claim.compared.samples is None else [str(claim.compared.samples)])


@pytest.mark.parametrize(
    ("words", "claimed"),
    [
        (r"slightly|modest", SLIGHTLY_BELOW),
        (r"in significantly fewer", FAR_BELOW),
    ],
)
def test_the_papers_qualifiers_are_read_as_they_are_said(words: str, claimed: object) -> None:
    qualified = {id for id, one in CLAIMS.items() if re.search(words, one.quote.text)}
    found = {id for id, one in CLAIMS.items() if one.claimed is claimed}
    assert found == qualified - {"iterations-depth"}  # whose slight difference is no claim of ours


def test_ranges_are_those_of_the_sentence() -> None:
    for claim in CLAIMS.values():
        if printed := re.findall(r"(\d\.\d)×", claim.quote.text):
            assert claim.claimed.text == "–".join(printed) + "×"


def test_the_wide_margin_is_for_different_networks_alone() -> None:
    def margin(id: str) -> float:
        claimed = CLAIMS[id].claimed
        return claimed.margin or claimed.high

    paired = ("residual-accuracy", "newton-accuracy")
    assert {margin(id) for id in paired} == {MARGIN}
    assert margin("error-kinds-deep") == margin("data-error") == ERROR_MARGIN

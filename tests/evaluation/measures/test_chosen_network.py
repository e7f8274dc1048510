"""The network that a user should take: chosen by linear errors, told with its nonlinear ones."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import COMPOSITE, COMPOSITES, FAILED, SCHEMES, UNPREDICTED, made_up_study

from evaluation.figures.style import LOADS
from evaluation.measures.chosen_network import catalogue, chosen_network
from evaluation.online.known_error import constants, known_error, nonlinear_errors
from rve.errors import InputError
from rve.materials.composite import declared_phases

PHASES = declared_phases(**COMPOSITE)


def networks(*moments: dict[str, Any], **shared: Any) -> pd.DataFrame:
    """training.csv of networks that were trained with moments, unless they or `shared` say else."""
    first = made_up_study().training.iloc[:1]
    rows = [{"moments": 24, "error_validation": 0.1} | shared | one for one in moments]
    return pd.concat(
        [first.assign(network=f"n{place}", **row) for place, row in enumerate(rows)],
        ignore_index=True,
    )


def chosen(*rows: dict[str, Any], **shared: Any) -> str:
    return chosen_network(networks(*rows, **shared)).id


def test_the_smallest_error_of_moments_is_chosen() -> None:
    errors = [0.03, 0.01, 0.02]
    assert chosen(*({"error_moments": error} for error in errors)) == "n1"
    by_stiffness = [0.1, 0.3, 0.2]
    both = zip(errors, by_stiffness, strict=True)
    assert chosen(*({"error_moments": m, "error_validation": v} for m, v in both)) == "n1"


@pytest.mark.parametrize(("dmn", "expected"), [(0.0099, "n1"), (0.0081, "n1"), (0.0079, "n0")])
def test_an_imn_comes_before_a_dmn_of_nearly_the_same_error(dmn: float, expected: str) -> None:
    kinds = {"kind": "DMN", "error_moments": dmn}, {"kind": "IMN", "error_moments": 0.01}
    assert chosen(*kinds) == expected


def test_depth_counts_by_the_error_alone() -> None:
    deep = {"kind": "IMN", "layers": 9, "error_moments": 0.0101}
    assert chosen(deep, {"kind": "IMN", "layers": 5, "error_moments": 0.01}) == "n1"


def test_a_network_without_moments_or_a_failed_one_is_not_chosen_for_a_small_error() -> None:
    good = {"error_moments": 0.02}
    assert chosen({"error_moments": 0.01, "moments": 0}, good) == "n1"
    assert chosen({"error_moments": 0.01, "status": "failed"}, good) == "n1"


def test_where_all_with_moments_failed_the_others_are_left() -> None:
    lost = {"error_moments": 0.01, "status": "failed"}
    others = [{"moments": 0, "error_moments": error} for error in (0.3, 0.2)]
    assert chosen(lost, *others) == "n2"


def test_without_moments_the_stiffness_decides_and_the_reason_says_what_that_means() -> None:
    rows = [{"error_validation": error} for error in (0.03, 0.02)]
    table = networks(*rows, moments=0, error_moments=None)
    id, reason = chosen_network(table)
    assert id == "n1"
    assert reason == (
        "the smallest error_validation, as no network of its study was trained with moments; this "
        "says little about its stresses once a phase yields"
    )


def test_a_study_whose_trainings_all_failed_says_so() -> None:
    rows = networks({}, {}, status="failed", reason="all base nodes died")
    message = "all 2 trainings failed, the first with 'all base nodes died'; tables/training.csv"
    with pytest.raises(InputError, match=message):
        chosen_network(rows)


def predictions(name: str) -> pd.DataFrame:
    """Rows of online.csv of a made-up network, and one of a path of its own."""
    online = made_up_study().online
    rows = online[online["network"] == name]
    errors = {load: 0.01 * place for place, load in enumerate(LOADS, start=1)}
    rows = rows.assign(error=rows["load"].map(errors).where(rows["status"] == "ok"))
    path = rows.iloc[:1].assign(control="path", load="cyclic", error=0.5)
    return pd.concat([rows, path], ignore_index=True)


def known_of(name: str) -> dict[str, Any]:
    """The tests of a made-up network, as in its record."""
    found = nonlinear_errors(predictions(name).to_dict("records"), "stress")
    return {name: test | {"materials": constants(PHASES)} for name, test in found.items()}


def test_what_is_tested_is_the_mean_over_loads_and_the_worst_curve_of_all() -> None:
    found = known_of("IMN_2_0")
    assert list(found) == list(COMPOSITES)
    first, second = found.values()
    assert first["e_sigma"] == second["e_sigma"] == pytest.approx(0.035)  # of 1 to 6 %
    assert (first["worst_load"], first["worst_error"]) == ("cyclic", 0.5)
    assert (second["worst_load"], second["worst_error"]) == (LOADS[-1], pytest.approx(0.06))
    assert {one["scheme"] for one in found.values()} == {SCHEMES["IMN"]}
    assert first["loads"] == 6


def test_a_load_without_equilibrium_is_the_worst_and_leaves_no_mean() -> None:
    name, composite, load = UNPREDICTED
    found = known_of(name)[composite]
    assert (found["e_sigma"], found["worst_load"], found["worst_error"]) == (None, load, None)
    told, warnings = known_error({"tested": {composite: found}}, composite, PHASES)
    assert told == []
    assert warnings == [f"on {composite} it found no equilibrium under the load {load} with newton"]


def test_the_catalogue_lists_all_networks_the_chosen_one_first() -> None:
    study = made_up_study()
    found = chosen_network(study.training)
    files = [Path(f"results/made_up/networks/{name}.npz") for name in study.training["network"]]
    table = catalogue(study.training, study.predictions, files, found)
    names = [Path(file).stem for file in table["file"]]
    assert sorted(names) == sorted(study.training["network"])
    assert (names[0], names[-1]) == (found.id, FAILED)
    use = dict(zip(names, table["use"], strict=True))
    assert use[found.id].startswith("the network to use, copied to network.npz")
    assert use[FAILED] == "none: its training failed, all base nodes died"
    sibling = f"{found.id[:-1]}{1 - int(found.id[-1])}"
    assert sibling == FAILED or use[sibling].startswith("in an ensemble with network.npz")
    assert sum("a comparison" in text for text in use.values()) >= 4
    errors = study.first_scheme_errors.set_index(["network", "composite"])["e_sigma"]
    rows = table.assign(network=names).set_index("network")
    for composite in COMPOSITES:
        measured = rows[f"e_sigma_{composite}"].dropna()
        assert measured.to_dict() == pytest.approx(errors.xs(composite, level=1).to_dict())
    assert pd.isna(rows.loc[FAILED, "e_sigma_composite_1"])


def test_constants_that_differ_by_rounding_are_the_same_and_others_are_not() -> None:
    record = {"tested": known_of("IMN_3_1")}
    modulus = COMPOSITE["matrix"]["youngs_modulus"]

    def said(modulus: float, name: str) -> list[str]:
        matrix = COMPOSITE["matrix"] | {"youngs_modulus": modulus}
        return known_error(record, name, declared_phases(matrix, COMPOSITE["fibre"]))[1]

    assert said(modulus * (1 + 1e-12), "mine") == []
    assert "constants differ from these" in said(1.01 * modulus, "composite_1")[0]
    assert said(1.01 * modulus, "mine") == [
        "it was never tested on mine, so that its error there is not known; it was tested on "
        "composite_1, composite_2"
    ]
    wood = declared_phases(
        COMPOSITE["matrix"], {"law": "isotropic", "youngs_modulus": 9, "poisson_ratio": 0.3}
    )
    assert "constants differ" in known_error(record, "composite_1", wood)[1][0]

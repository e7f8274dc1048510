"""Groups of networks that are shown together: trained in one way, and named."""

from dataclasses import replace

from made_up import RECIPES, made_up_study

from evaluation.measures.choice import choose
from evaluation.measures.comparisons import Comparisons
from evaluation.naming.groups import Pair, configuration_labels, pairs, shown_groups


def test_the_greatest_depth_is_compared_of_networks_that_are_trained_alike() -> None:
    study = made_up_study()
    deepest = ["DMN_3_0", "DMN_3_1", "IMN_3_0", "IMN_3_1"]
    assert pairs(study) == [Pair("", 3, deepest)]
    alone = replace(study, comparisons=Comparisons())
    (pair,) = pairs(alone)
    assert (pair.layers, sorted(pair.networks)) == (3, deepest)
    by_recipe = replace(study, comparisons=Comparisons(recipes=RECIPES))
    assert pairs(by_recipe) == [
        Pair("first", 3, ["DMN_3_0", "IMN_3_0"]), Pair("second", 3, ["DMN_3_1", "IMN_3_1"])
    ]  # fmt: skip
    one_kind = study.training[study.training["kind"] == "IMN"]
    assert pairs(replace(alone, training=one_kind)) == []


def test_no_group_of_errors_by_load_mixes_two_ways_to_train() -> None:
    """Those of the recipes and of the choice stand apart, whatever the study compares."""
    study = made_up_study()
    training = study.training.assign(
        initialisation=[
            "random" if id.endswith("0") else "coated" for id in study.training["network"]
        ]
    )
    online = study.online.assign(status="ok", error=study.online["error"].fillna(0.2))
    mixed = replace(study, training=training.assign(status="ok"), online=online)
    keys = training.set_index("network")[["kind", "layers", "initialisation"]].apply(tuple, axis=1)
    for comparisons in (
        Comparisons(recipes=RECIPES),
        Comparisons(recipes=RECIPES, depth=study.comparisons.depth),
        Comparisons(),
    ):
        tables = replace(mixed, comparisons=comparisons)
        choice = choose(tables)
        assert choice
        groups = shown_groups(tables, choice.chosen)
        assert choice.chosen.ids == next(iter(groups.values()))
        assert all(keys[ids].nunique() == 1 for ids in groups.values())
        shown = [tuple(sorted(ids)) for ids in groups.values()]
        assert len(set(shown)) == len(shown)
    assert len(groups) <= 7


def test_configurations_are_named_in_as_few_words_as_tell_them_apart() -> None:
    study = made_up_study()
    plain = sorted(set(configuration_labels(study).values()))
    assert plain == ["DMN, 2 layers", "DMN, 3 layers", "IMN, 2 layers", "IMN, 3 layers"]
    epochs = study.training["seed"].map({0: 12, 1: 24})
    lengths = replace(study, training=study.training.assign(epochs=epochs))
    labels = list(configuration_labels(lengths).values())
    assert len(set(labels)) == 8
    assert "IMN, 2 layers, 24 epochs, learning rate 0.01" in labels
    recipes = {"paper_as_rebuilt": [id for ids in RECIPES.values() for id in ids]}
    named = replace(study, comparisons=Comparisons(recipes=recipes))
    assert "paper as rebuilt, IMN, 2 layers" in configuration_labels(named).values()

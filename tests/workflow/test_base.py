"""What the configuration of a study applies to."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import GLASS, MATRIX, PAPER, RECIPE, ROOT, merged
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]

from workflow.study.config.files import read_files
from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study
from workflow.study.plan.grid import networks

BASE = load_configfile(ROOT / "workflow/studies/base/composite.yaml")
TEMPLATE = ROOT / "workflow/studies/composite.yaml"
MINE = {"study": "mine", "composites": {"glass": {"matrix": MATRIX, "fibre": GLASS}}}


def study_of(*overlays: dict[str, Any], folder: Path) -> Study:
    """A study as the Snakefile reads it from files."""
    files = [folder / f"{number}.yaml" for number, _ in enumerate(overlays)]
    for file, overlay in zip(files, overlays, strict=True):
        file.write_text(yaml.safe_dump(overlay))
    return load_study(read_files(files).raw)


def test_a_composite_and_its_base_are_a_whole_study(tmp_path: Path) -> None:
    study = study_of(MINE | {"base": "composite"}, folder=tmp_path)
    assert set(study.composites) == {"glass"}
    recipe = load_study(merged(PAPER, RECIPE))
    (mine, *others), (known, *_) = (list(networks(one).values()) for one in (study, recipe))
    assert len(others) == 4
    sizes = {"samples": 200, "flowing_samples": 200, "moments": 24}
    assert vars(mine) == vars(known) | sizes
    assert study.training == recipe.training
    assert study.timing is None


def test_the_base_says_only_what_differs_from_the_recipe() -> None:
    recipe = merged(PAPER, RECIPE)
    for section, keys in BASE.items():
        if isinstance(keys, dict):
            for key, value in keys.items():
                assert recipe[section][key] != value, f"{section}.{key}"


def test_the_template_is_a_study_of_one_composite() -> None:
    study = load_study(read_files([TEMPLATE]).raw)
    assert study.study == TEMPLATE.stem
    assert set(study.composites) == {"glass_epoxy"}
    assert set(study.references.paths) == {"cyclic_31"}


@pytest.mark.parametrize(("base", "composites", "loads"), [("composite", 1, 1), ("paper", 4, 6)])
def test_composites_and_loads_replace_those_of_the_base_but_merge_into_the_papers(
    tmp_path: Path, base: str, composites: int, loads: int
) -> None:
    own = {"base": base, "references": {"amplitudes": {"12": 0.01}}}
    study = study_of(MINE | own, folder=tmp_path)
    assert len(study.composites) == composites
    assert len(study.references.amplitudes) == loads
    assert study.references.amplitudes["12"] == 0.01


def test_files_of_one_study_merge_into_each_other(tmp_path: Path) -> None:
    harder = {"composites": {"glass": {"matrix": {"H": 0.2}}, "more": MINE["composites"]["glass"]}}
    study = study_of(MINE, {"base": "composite"}, harder, folder=tmp_path)
    assert set(study.composites) == {"glass", "more"}
    assert study.composites["glass"].matrix.H == 0.2
    assert len(study.references.amplitudes) == 6


def test_the_composites_of_the_paper_are_none_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="composites: missing; expected a mapping with at least"):
        study_of({"study": "mine", "base": "composite"}, folder=tmp_path)


def test_a_base_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='base: expected paper or composite, got "composit"'):
        study_of(MINE | {"base": "composit"}, folder=tmp_path)

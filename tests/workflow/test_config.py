"""The configuration: what is read, what is refused and in which words, and the grid it spans."""

import copy
import pickle
import re
import warnings
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from meshes import corrugated
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]
from snakemake.utils import update_config  # type: ignore[import-untyped, unused-ignore]

from rve.errors import InputError
from rve.homogenisation.load_path import piecewise_linear
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.composite import LAWS, materials
from rve.materials.elastic import Elastic
from rve.materials.law import Declared, parameter
from rve.microstructure.mesh import write
from rve.microstructure.own_mesh import load
from workflow.study.comparisons import ablation, pictured_recipes, recipe_comparison
from workflow.study.grid import flowing_phase, members, networks
from workflow.study.loads import load_cases
from workflow.study.model import Study
from workflow.study.problem import ConfigError
from workflow.study.reference import constants, key_reference, leaves
from workflow.study.types import Section
from workflow.study.validation import load_study, remarks

Config = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = sorted((ROOT / "workflow" / "studies").glob("*.yaml"))
PAPER: Config = load_configfile(ROOT / "config.yaml")


RECIPE: Config = load_configfile(ROOT / "workflow/studies/recipe.yaml")
HELD_OUT = sorted((ROOT / "workflow/studies/held_out").glob("*.yaml"))


def paper_with(overlay: Config) -> Config:
    """The paper's configuration with an overlay merged in."""
    return merged(PAPER, overlay)


def merged(base: Config, overlay: Config) -> Config:
    """A configuration with an overlay merged in by Snakemake itself."""
    config = copy.deepcopy(base)
    update_config(config, copy.deepcopy(overlay))
    return config


def problems_of(overlay: Config) -> list[str]:
    """The lines below the header of the message that the overlay provokes."""
    with pytest.raises(ConfigError) as caught:
        load_study(paper_with(overlay))
    header, *lines = str(caught.value).splitlines()
    assert header == f"config: {len(lines)} problem{'' if len(lines) == 1 else 's'}"
    assert all(line.startswith("  ") for line in lines)
    return [line.strip() for line in lines]


MATRIX = {"youngs_modulus": 3.8, "poisson_ratio": 0.3, "yield_stress": 0.01}
ELASTIC = {"youngs_modulus": 3.8, "poisson_ratio": 0.3}
GLASS = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}


ALONG_3 = "transversely_isotropic"
LONG_FIBRE = {
    "axial_modulus": 23,
    "transverse_modulus": 15,
    "axial_shear_modulus": 15,
    "axial_poisson_ratio": 2,
    "transverse_poisson_ratio": 0.07,
}


def tabulated(table: object) -> Config:
    """A matrix with a hardening table."""
    return {"law": "j2_table", **ELASTIC, "table": table}


FIBRE = "composites.composite_1.fibre: expected a positive definite compliance, but "

MALFORMED: list[tuple[Config, list[str]]] = [
    ({"training": {"epoch": 100}}, ["training.epoch: unknown key; did you mean training.epochs?"]),
    (
        {"epochs": 100},
        ["epochs: unknown key; did you mean training.epochs or sweeps.<name>.epochs?"],
    ),
    ({"network": {"xi": "many"}}, ["network.xi: expected a number above 0, or auto, got"]),
    (
        {"study": date(2024, 1, 5)},
        ["study: expected ", 'got "2024-01-05"; YAML reads a date here: write "2024-01-05", with'],
    ),
    ({"study": 7}, ['got 7; YAML reads a number here: write "7", with the quotes']),
    (
        {"composites": {"composite_1": {"fibre": {"nu31": 0.02}}}},
        ["composites.composite_1.fibre.nu31: unknown key; nu31 = nu13 E33 / E11, and nu13 is the"],
    ),
    ({"seed": 3}, ["seed: unknown key; did you mean rve.seed or dataset.seed?"]),
    (
        {"training.epochs": 100},
        ["training.epochs: unknown key; a dot does not nest, write training: {epochs: ...}"],
    ),
    (
        {"rve": {"voxels": 64}},
        [
            "rve.voxels: unknown key; the keys allowed here are "
            "mesh, groups, fibres, volume_fraction, minimum_gap, element_size, seed"
        ],
    ),
    (
        {"rve": {"mesh": "nowhere.msh"}},
        [
            "rve.mesh: expected an existing file, its path from the folder where snakemake runs, "
            'got "nowhere.msh"'
        ],
    ),
    (
        {"rve": {"mesh": "tests"}},
        ["rve.mesh: expected an existing file", 'got "tests"'],
    ),
    ({"rve": {"mesh": 3}}, ["rve.mesh: expected an existing file", "got 3"]),
    ({"rve": {"mesh": 400 * "x"}}, ["rve.mesh: expected an existing file", 'got "xxx']),
    (
        {"references": {"paths": {"own": {"table": 5000 * "x"}}}},
        ["references.paths.own.table: expected an existing file"],
    ),
    (
        {"rve": {"groups": {"matrix": ["Domain"]}}},
        ["rve.groups: they are groups of rve.mesh; give it, or remove rve.groups"],
    ),
    (
        {"rve": {"mesh": "config.yaml", "groups": {"matrix": [2, "a"], "fibre": ["b", 2]}}},
        ["rve.groups: 2 stands under matrix and fibre; expected one"],
    ),
    (
        {"rve": {"mesh": "config.yaml", "groups": {"matrix": ["a", "a"]}}},
        ["rve.groups.matrix: expected no repeats, got a more than once"],
    ),
    (
        {"rve": {"mesh": "config.yaml", "groups": {"matrix": True}}},
        [
            "rve.groups.matrix: expected the name of a physical group, or its number if it has no "
            "name, got true"
        ],
    ),
    ({"rve": {"mesh": "config.yaml", "groups": {"fiber": ["a"]}}}, ["rve.groups.fiber: unknown"]),
    ({"rve": {"groups": ["Domain"]}}, ["rve.groups: expected a mapping from matrix or fibre to"]),
    (
        {"dataset": {"samples": 64}},
        ["did you mean dataset.training_samples or dataset.validation_samples?"],
    ),
    (
        {"training": {5: 1}},
        ["training.5: unknown key; the keys allowed here are epochs, learning_rate, factor"],
    ),
    (
        {"composites": {"composite_1": {"fibre": {"E_11": 20}}}},
        [
            "composites.composite_1.fibre.E_11: unknown key; "
            "did you mean composites.composite_1.fibre.E11?"
        ],
    ),
    (
        {"rve": {"volume_fraction": 0.9}},
        ["rve.volume_fraction: expected a number between 0.05 and 0.65, got 0.9"],
    ),
    ({"rve": {"fibres": 2.5}}, ["rve.fibres: expected a whole number between 1 and 400, got 2.5"]),
    (
        {"rve": {"fibres": "many"}},
        ['rve.fibres: expected a whole number between 1 and 400, got "many"'],
    ),
    (
        {"rve": {"fibres": True}},
        ["rve.fibres: expected a whole number between 1 and 400, got true"],
    ),
    ({"rve": 30}, ["rve: expected a mapping with the keys mesh, groups, fibres", "got 30"]),
    (
        {"rve": {"minimum_gap": 0.5}},
        [
            "rve.minimum_gap: with a gap of 0.5 radii the fibres fill 0.938 of the cell",
            "at most 0.8",
        ],
    ),
    (
        {"training": {"learning_rate": float("nan")}},
        ["training.learning_rate: expected a number above 0, got NaN"],
    ),
    (
        {"training": {"learning_rate": ".inf"}},
        ['training.learning_rate: expected a number above 0, got ".inf"'],
    ),
    (
        {"network": {"eta": float("inf")}},
        ["network.eta: expected a number of at least 0, got Infinity"],
    ),
    (
        {"training": {"factor": 1}},
        ["training.factor: expected a number above 0 and below 1, got 1"],
    ),
    ({"study": "my study"}, ['study: expected a name (letters, digits, - and _), got "my study"']),
    ({"study": None}, ["study: missing; expected a name (letters, digits, - and _)"]),
    (
        {"composites": {"my composite": {"matrix": MATRIX}}},
        ["composites.my composite: expected a name of letters, digits, - and _"],
    ),
    (
        {"dataset": {"youngs_modulus": [0.1]}},
        ["dataset.youngs_modulus: expected a list [low, high], each a number above 0, got [0.1]"],
    ),
    (
        {"dataset": {"youngs_modulus": [1, 2, 3]}},
        ["dataset.youngs_modulus: expected a list [low, high]", "got [1, 2, 3]"],
    ),
    (
        {"dataset": {"youngs_modulus": [10, 10]}},
        ["dataset.youngs_modulus: expected low < high, got [10, 10]"],
    ),
    (
        {"dataset": {"shear_ratio": [0.5, 0.25]}},
        ["dataset.shear_ratio: expected low <= high, got [0.5, 0.25]"],
    ),
    (
        {"dataset": {"contrast_decades": [-3, 8]}},
        ["dataset.contrast_decades[1]: expected a number between -6 and 6, got 8"],
    ),
    (
        {"dataset": {"poisson_ratio": 0.3}},
        ["dataset.poisson_ratio: expected a list [low, high]", "got 0.3"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"poisson_ratio": 0.5}}}},
        ["composites.composite_1.matrix.poisson_ratio: expected a number above -1 and below 0.5"],
    ),
    (
        {"composites": {"mine": {"matrix": {"poisson_ratio": 0.3}, "fibre": GLASS}}},
        ["composites.mine.matrix.youngs_modulus: missing; expected a number above 0"],
    ),
    (
        {"references": {"paths": {"p": {"points": [{"eps_11": 0.01}, {"eps_11": 2}]}}}},
        ["references.paths.p.points: eps_11 of point 2 is a strain of 2", "2 % are 0.02"],
    ),
    (
        {"references": {"paths": {"p": {"points": [{"sig_11": -50}]}}}},
        ["sig_11 of point 1 is a stress of -50 GPa; its unit is GPa, and -50 MPa are -0.05 GPa"],
    ),
    (
        {"composites": {"mine": {"matrix": {**MATRIX, "youngs_modulus": 3800}, "fibre": GLASS}}},
        ["matrix.youngs_modulus: expected", "its unit is GPa, and 3800 MPa are 3.8 GPa"],
    ),
    (
        {"composites": {"mine": {"matrix": {**MATRIX, "yield_stress": 1e7}, "fibre": GLASS}}},
        ["matrix.yield_stress: expected", "its unit is GPa, and 1e+07 Pa are 0.01 GPa"],
    ),
    (
        {"composites": {"mine": {"matrix": {**MATRIX, "H": 1e308}, "fibre": GLASS}}},
        ["matrix.H: expected a number between 0 and 2000, got 1e+308; its unit is GPa"],
    ),
    (
        {"composites": {"mine": {"matrix": {**MATRIX, "Q": -0.1}, "fibre": GLASS}}},
        ["composites.mine.matrix.Q: expected a number between 0 and 5, got -0.1"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"hardening": {"Q": -0.1}}}}},
        [
            "composites.composite_1.matrix.hardening: its keys now stand directly under "
            "composites.composite_1.matrix: {Q: -0.1}; null removes it"
        ],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": "drucker_prager"}}}},
        ["composites.composite_1.matrix.cohesion: missing; expected a number above 0"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": "drucker_prager"}}}},
        ["composites.composite_1.matrix.friction_angle: missing; expected a number above 0"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": "drucker_prager"}}}},
        [
            "composites.composite_1.matrix.Q: belongs to the laws armstrong_frederick, j2, but ",
            "the law is drucker_prager; null removes it",
        ],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": "drucker_prager"}}}},
        [
            "composites.composite_1.matrix.H: belongs to the laws armstrong_frederick, j2, ",
            "viscoplastic, but the law is drucker_prager; null removes it",
        ],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"cohesion": 0.1}}}},
        ["composites.composite_1.matrix.cohesion: belongs to the law drucker_prager"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": "mohr"}}}},
        ["composites.composite_1.matrix.law: expected armstrong_frederick, ", 'got "mohr"'],
    ),
    (
        {"composites": {"mine": {"matrix": ELASTIC, "fibre": GLASS}}},
        [
            "composites.mine.matrix.law: missing; the keys given fit isotropic: write "
            "law: isotropic, or add what j2 needs: yield_stress"
        ],
    ),
    (
        {"composites": {"mine": {"matrix": MATRIX, "fibre": ELASTIC}}},
        ["composites.mine.fibre.law: missing; the keys given fit isotropic: write law: isotropic"],
    ),
    (
        {"composites": {"mine": {"matrix": {**ELASTIC, "A": 0.1, "n": 0.2}, "fibre": GLASS}}},
        ["mine.matrix.law: missing; the keys given fit ludwik or swift: write law: ludwik or law"],
    ),
    (
        {"composites": {"mine": {"matrix": {"cohesion": 0, "friction_angle": 9}, "fibre": GLASS}}},
        ["composites.mine.matrix.cohesion: expected a number above 0 and at most 5, got 0"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"coheson": 0.1}}}},
        ["matrix.coheson: unknown key; did you mean cohesion, of the law drucker_prager?"],
    ),
    (
        {"composites": {"composite_1": {"matrix": {"law": ["j2"]}}}},
        ["composites.composite_1.matrix.law: expected armstrong_frederick, ", 'got ["j2"]'],
    ),
    (
        {"cohesion": 0.1},
        ["cohesion: unknown key; did you mean composites.<name>.matrix.cohesion or composites"],
    ),
    (
        {"composites": {"mine": {"matrix": {**LONG_FIBRE, "law": ALONG_3}, "fibre": GLASS}}},
        ["mine.matrix: expected a positive definite compliance, but |axial_poisson_ratio| = 2 is"],
    ),
    ({"composites": {"composite_1": {"fibre": 3}}}, ["composite_1.fibre: expected a mapping with"]),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, 0.1], [0.2]]), "fibre": GLASS}}},
        [
            "composites.mine.matrix.table: expected rows of plastic strain and flow stress, "
            "but row 2 is [0.2]",
        ],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, 0.1], [0.2, "x"]]), "fibre": GLASS}}},
        ["composites.mine.matrix.table: row 2, flow stress: expected a finite number, got 'x'"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, 0.1], [0.2, -1]]), "fibre": GLASS}}},
        ["composites.mine.matrix.table: row 2, flow stress: expected greater than 0 GPa, got -1"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, 0.1], [True, 1]]), "fibre": GLASS}}},
        ["composites.mine.matrix.table: row 2, plastic strain: expected a finite number, got True"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, [0.1]]]), "fibre": GLASS}}},
        ["composites.mine.matrix.table: row 1, flow stress: expected a finite number, got [0.1]"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated(0.1), "fibre": GLASS}}},
        ["composites.mine.matrix.table: expected rows [plastic strain, flow stress]", "got 0.1"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([[0, 0.1], [0.2, 0.05]]), "fibre": GLASS}}},
        ["matrix.table: row 2, flow stress: expected a value that never falls, got 0.05 after 0.1"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated([]), "fibre": GLASS}}},
        ["composites.mine.matrix.table: expected rows of plastic strain and flow stress, got []"],
    ),
    (
        {"composites": {"mine": {"matrix": tabulated("nowhere.csv"), "fibre": GLASS}}},
        ["composites.mine.matrix.table: expected rows, or an existing CSV file, ", "nowhere.csv"],
    ),
    (
        {"references": {"duration": 0}},
        ["references.duration: expected a number above 0, got 0"],
    ),
    (
        {"references": {"paths": {"loop": {"points": [{"eps_11": 0.01}], "duration": [1, 2]}}}},
        ["references.paths.loop.duration: expected one duration, or one for each of the 1"],
    ),
    (
        {"composites": {"composite_1": {"fibre": {"nu13": 0.3}}}},
        [FIBRE + "|nu13| = 0.3 is not below sqrt(E11 / E33) = 0.284; check nu13, E11 and E33"],
    ),
    (
        {"composites": {"composite_1": {"fibre": {"nu13": 0.25, "nu23": 0.25}}}},
        [FIBRE + "nu12, nu13 and nu23 are too large together"],
    ),
    (
        {"references": {"controls": []}},
        ["references.controls: expected a list", "at least one of stress and strain, got []"],
    ),
    (
        {"references": {"controls": "stress"}},
        ["references.controls: expected a list", 'got "stress"'],
    ),
    (
        {"references": {"controls": ["stress", "stress"]}},
        ["references.controls: expected no repeats, got stress more than once"],
    ),
    (
        {"references": {"amplitudes": {13: 0.04}}},
        ["references.amplitudes.13: unknown key; the keys allowed here are 11, 22, 33, 23, 31, 12"],
    ),
    (
        {"references": {"amplitudes": {33: 0}}},
        ["references.amplitudes.33: expected a number above 0 and at most 0.5, got 0"],
    ),
    (
        {"references": {"amplitudes": {33: 4}}},
        ["references.amplitudes.33: expected a number", "it is a fraction, and 4 % are 0.04"],
    ),
    (
        {"references": {"paths": {"creep": {"points": [{"sig_22": -5}]}}}},
        [
            "references.paths.creep.points: point 1: sig_22 is -5 GPa, which would strain "
            "composite_1 by more than ",
            "; its unit is GPa, and -5 MPa are -0.005 GPa",
        ],
    ),
    (
        {"references": {"paths": {"loop": {"points": [{"gamma_12": 0.01}]}}}},
        ["did you mean eps_12? eps_12 is the engineering shear strain gamma_12"],
    ),
    (
        {"references": {"amplitudes": dict.fromkeys([11, 22, 33, 23, 31, 12])}},
        ["references.amplitudes: expected a mapping", "at least one entry, got {}"],
    ),
    (
        {"references": {"paths": {"loop": {"points": [{"eps_11": 0.01}, {"eps_22": 0.01}]}}}},
        ["references.paths.loop.points: point 1 names neither eps_22 nor sig_22, but another does"],
    ),
    (
        {"references": {"paths": {"loop": {"points": [{"eps_11": 0.01, "sig_11": 0.01}]}}}},
        ["references.paths.loop.points: point 1: both eps_11 and sig_11 are given; keep one"],
    ),
    (
        {"references": {"paths": {"loop": {"points": [{"eps_21": 0.01}]}}}},
        ["references.paths.loop.points[0].eps_21: unknown key; did you mean eps_12?"],
    ),
    (
        {"references": {"paths": {"loop": {"increments": 3}}}},
        ["references.paths.loop: expected either points or a table"],
    ),
    (
        {"references": {"paths": {"loop": {"table": "no_such_table.csv"}}}},
        ["references.paths.loop.table: expected an existing file", "no_such_table.csv"],
    ),
    ({"network": {"kind": "imn"}}, ['network.kind: expected DMN or IMN, got "imn"']),
    (
        {"network": {"samples": 4096}},
        [
            "network.samples: 4096 samples are more than the 2048 of dataset.training_samples; "
            "raise dataset.training_samples to 4096 or more"
        ],
    ),
    (
        {"network": {"moments": 48, "flowing_samples": 20}},
        ["network.moments: 48 moments are more than the 20 of network.flowing_samples"],
    ),
    (
        {"network": {"moments": 48, "flowing_samples": 50}, "sweeps": {"x": {"moments": [0, 60]}}},
        ["sweeps.x.moments: 60 moments are more than the 50", "lower moments"],
    ),
    (
        {"sweeps": {"depth": {"layers": 99}}},
        ["sweeps.depth.layers: expected a whole number between 1 and 12, got 99"],
    ),
    (
        {"sweeps": {"depth": {"layers": [4, 99]}}},
        ["sweeps.depth.layers[1]: expected a whole number between 1 and 12, got 99"],
    ),
    (
        {"sweeps": {"depth": {"layers": []}}},
        ["sweeps.depth.layers: expected one value or a list", "got []"],
    ),
    (
        {"sweeps": {"eta": {"eta": [0.1, "1e-1"]}}},
        ["sweeps.eta.eta: expected no repeats, got 0.1 more than once"],
    ),
    (
        {"sweeps": {"eta": {"seeds": [1, 2]}}},
        ["sweeps.eta.seeds: expected a whole number between 1 and 1000, got [1, 2]"],
    ),
    (
        {"sweeps": {"data_400": {"batch_size": [40, 500]}}},
        ["sweeps.data_400.batch_size: a batch of 500 is larger than the 400 samples"],
    ),
    (
        {"sweeps": {"few": {"samples": [20, 400]}}},
        ["sweeps.few.samples: a batch of 40 is larger than the 20 samples"],
    ),
    (
        {"network": {"batch_size": 401}},
        ["network.batch_size: a batch of 401 is larger than the 400 samples"],
    ),
    (
        {"convergence": {"element_sizes": [0.05]}},
        ["convergence.element_sizes: expected a list without repeats, at least 2", "got [0.05]"],
    ),
    (
        {"convergence": {}, "rve": {"mesh": "config.yaml"}},
        ["convergence: it compares packed cells; remove it, or remove rve.mesh"],
    ),
    (
        {"convergence": {"loads": ["11"]}, "references": {"amplitudes": {"11": None}}},
        ["convergence.loads: 11 is not among references.amplitudes (22, 33, 23, 31, 12)"],
    ),
    (
        {"online": {"controls": ["stress", "strain"]}, "references": {"controls": ["stress"]}},
        ["online.controls: strain is not among references.controls (stress)"],
    ),
    (
        {"online": {"schemes": {"IMN": ["fixed"]}}},
        [
            "online.schemes.IMN[0]: expected residual_stress, fixed_point, newton or tree_newton, "
            'got "fixed"'
        ],
    ),
    (
        {"online": {"schemes": {"DMN": None}}},
        ["online.schemes: no scheme for DMN, a kind that the sweeps train"],
    ),
    (
        {"online": {"tolerance": 0.1}},
        ["online.tolerance: expected a number above 0 and at most 0.01, got 0.1"],
    ),
    (
        {"timing": {"composite": "composite_4"}},
        ["timing.composite: composite_4 is not among composites (composite_1, composite_2"],
    ),
]


@pytest.mark.parametrize(("overlay", "fragments"), MALFORMED)
def test_a_malformed_configuration_is_refused_in_plain_words(
    overlay: Config, fragments: list[str]
) -> None:
    lines = problems_of(overlay)
    assert any(all(fragment in line for fragment in fragments) for line in lines), lines
    paths = [line.split(": ")[0] for line in lines]
    assert len(set(paths)) == len(paths), "one key, one problem"


def test_a_single_mistake_is_reported_once() -> None:
    for overlay in (
        {"sweeps": {"depth": {"layers": 99}}},
        {"references": {"amplitudes": {33: 0}}},
        {"dataset": {"youngs_modulus": [0.1]}},
        {"network": {"batch_size": "forty"}},
        {"composites": {"composite_1": {"fibre": {"nu13": 0.3}}}},
    ):
        assert len(problems_of(overlay)) == 1


def test_all_problems_are_reported_at_once() -> None:
    lines = problems_of(
        {
            "training": {"epoch": 100, "factor": 2},
            "rve": {"fibres": 0, "minimum_gap": 0.5},
            "dataset": {"training_samples": 1000, "seed": -1},
            "composites": {
                "composite_1": {"fibre": {"nu13": 0.3}},
                "composite_2": {"matrix": {"yield_stress": 0}},
            },
            "sweeps": {"depth": {"layers": 0}},
            "timing": {"composite": "none", "repeats": 0},
        }
    )
    assert {line.split(": ")[0] for line in lines} == {
        "training.epoch",
        "training.factor",
        "rve.fibres",
        "rve.minimum_gap",
        "dataset.seed",
        "sweeps.data_1024.samples",
        "sweeps.data_2048.samples",
        "composites.composite_1.fibre",
        "composites.composite_2.matrix.yield_stress",
        "sweeps.depth.layers",
        "timing.composite",
        "timing.repeats",
    }


def test_the_error_survives_pickling() -> None:
    with pytest.raises(ConfigError) as caught:
        load_study({})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_numbers_that_yaml_takes_for_text_are_read() -> None:
    study = load_study(paper_with({"training": {"learning_rate": "1e-2", "epochs": "1e3"}}))
    assert study.training.learning_rate == 0.01
    assert study.training.epochs == 1000


def test_null_removes_an_entry_at_any_depth() -> None:
    study = load_study(
        paper_with(
            {
                "references": {"amplitudes": {"33": None, "11": 0.01}},
                "sweeps": {"eta": None, "depth": {"kind": None}},
                "training": {"epochs": None},
            }
        )
    )
    assert list(study.references.amplitudes) == ["11", "22", "23", "31", "12"]
    assert study.references.amplitudes["11"] == 0.01
    assert "eta" not in study.sweeps
    assert study.sweeps["depth"].kind is None
    assert study.training.epochs == Study.model_fields["training"].default.epochs


def test_an_own_mesh_makes_the_packing_of_no_effect(tmp_path: Path) -> None:
    mesh = tmp_path / "cell.msh"
    mesh.touch()
    study = load_study(paper_with({"rve": {"mesh": str(mesh), "minimum_gap": 0.9}}))
    assert study.rve.mesh == mesh


def test_groups_of_an_own_mesh_are_names_and_numbers(tmp_path: Path) -> None:
    mesh = tmp_path / "cell.msh"
    mesh.touch()
    groups = {"matrix": "Domain", "fibre": ["2", 2]}
    study = load_study(paper_with({"rve": {"mesh": str(mesh), "groups": groups}}))
    assert study.rve.groups == {"matrix": ("Domain",), "fibre": ("2", 2)}


def test_an_own_mesh_is_read_with_the_configuration(tmp_path: Path) -> None:
    """Its problem is one of the list, in the words of Python's `load`."""
    mesh = tmp_path / "cell.inp"
    mesh.write_text("*NODE\n1, 0, 0\n")
    with pytest.raises(InputError) as refused:
        load(mesh)
    config = paper_with({"rve": {"mesh": str(mesh)}, "online": {"tolerance": -1}})
    with pytest.raises(ConfigError) as caught:
        load_study(config, read_mesh=True)
    assert f"rve.mesh: {refused.value}" in str(caught.value)
    assert "online.tolerance: " in str(caught.value)


def test_another_lattice_of_an_own_mesh_is_a_remark_of_the_study(tmp_path: Path) -> None:
    """It would be another composite, so it must not stand in a log alone."""
    for even in (True, False):
        write(corrugated(even), tmp_path / "cell.msh")
        study = load_study(paper_with({"rve": {"mesh": str(tmp_path / "cell.msh")}}))
        said = [remark for remark in remarks(study) if remark.startswith("rve.mesh: ")]
        assert len(said) is int(even)
        assert all("is taken to repeat by (4, 0) and (0, 1)" in remark for remark in said)


def test_a_study_cannot_be_changed() -> None:
    study = load_study(PAPER)
    with pytest.raises(ValueError, match="frozen"):
        study.rve.fibres = 3


def test_config_yaml_holds_every_key_with_its_default() -> None:
    study = load_study(PAPER)
    for name, field in Study.model_fields.items():
        if isinstance(field.default, Section):
            assert getattr(study, name) == field.default, name
            assert set(PAPER[name]) == set(type(field.default).model_fields), name


def test_every_key_of_config_yaml_has_a_comment() -> None:
    before = ""
    for line in (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*[\w.-]+:", line):
            assert "#" in line or before.lstrip().startswith("#"), line
        before = line


def test_every_number_is_documented_with_its_unit() -> None:
    of_laws = [(f"{law}.{key}", leaf) for law in LAWS for key, leaf in constants(law).items()]
    for path, leaf in [*leaves(), *of_laws]:
        if leaf.get("type") in {"number", "integer"} or {"prefixItems", "columns"} & leaf.keys():
            assert leaf["description"].endswith("]"), path


def test_the_documented_reference_is_up_to_date() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert page.endswith(key_reference()), (
        "python -m workflow.study.reference docs/configuration.md"
    )


OVER_RECIPE = "accurate", "held_out", "recipe_claims"
"""Overlays that stand over recipe.yaml."""


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_an_overlay_is_a_valid_study_that_says_only_what_differs(path: Path) -> None:
    overlay: Config = load_configfile(path)
    base = paper_with(RECIPE) if path.stem in OVER_RECIPE else PAPER
    study = load_study(merged(base, overlay))
    assert study.study == path.stem
    assert networks(study) or study.convergence
    assert_differs(overlay, base)


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_what_is_held_out_changes_the_cell_or_the_composites_alone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    for mesh in ("hexagonal", "two_fibre_sizes"):
        (tmp_path / f"results/{mesh}.msh").touch()
    overlay: Config = load_configfile(path)
    base = merged(paper_with(RECIPE), load_configfile(path.parents[1] / "held_out.yaml"))
    study = load_study(merged(base, overlay))
    assert study.study == f"held_out_{path.stem}"
    assert set(overlay) <= {"study", "rve", "composites", "references", "online", "timing"}
    assert flowing_phase(study) == ("fibre" if path.stem == "flowing_fibre" else "matrix")
    assert {network.epochs for network in networks(study).values()} == {None, 10_000}
    assert_differs(overlay, base)


def assert_differs(overlay: Config, base: Config) -> None:
    """Every entry of the overlay changes the base."""
    for key, value in overlay.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            assert_differs(value, base[key])
        else:
            assert key in base or value is not None, f"{key} removes nothing"
            assert key not in base or base[key] != value, f"{key} repeats config.yaml"


def test_the_grid_has_the_papers_networks() -> None:
    study = load_study(PAPER)
    counts = {name: len(ids) for name, ids in members(study).items()}
    assert counts == {
        "data_400": 30,
        "data_1024": 30,
        "data_2048": 20,
        "eta": 25,
        "xi": 30,
        "depth": 50,
    }
    # eta, xi and depth share the five IMNs of depth 7; depth shares five DMNs with data_400.
    assert len(networks(study)) == 185 - 2 * 5 - 5


def test_ids_are_unique_and_stable() -> None:
    grid = networks(load_study(PAPER))
    assert len(set(grid.values())) == len(grid)
    assert all(re.fullmatch(r"[a-z0-9_.]+", name) for name in grid)
    assert next(iter(grid)) == "dmn_d7_n400_b20_eta1_xi1_s00"
    assert "imn_d7_n400_b40_eta0.01_xi1_s04" in grid
    rewritten = paper_with({"sweeps": {"eta": {"eta": ["1e-2", "1e-1", 1.0, "10", 1.0e2]}}})
    assert networks(load_study(rewritten)) == grid


def test_editing_one_sweep_leaves_the_others() -> None:
    before = members(load_study(PAPER))
    after = members(load_study(paper_with({"sweeps": {"eta": {"eta": [3], "seeds": 2}}})))
    assert after.pop("eta") == [f"imn_d7_n400_b40_eta3_xi1_s{seed:02d}" for seed in range(2)]
    before.pop("eta")
    assert after == before


def test_more_seeds_keep_the_ids_of_the_first() -> None:
    before = networks(load_study(PAPER))
    after = networks(load_study(paper_with({"network": {"seeds": 7}})))
    assert set(before) < set(after)


def test_networks_that_would_share_an_id_are_refused() -> None:
    study = load_study(paper_with({"sweeps": {"eta": {"eta": [0.12345678, 0.1234567]}}}))
    with pytest.raises(ConfigError, match=r"1 problem\n  sweeps\.eta: eta 0\.12345678"):
        networks(study)


def test_xi_follows_the_base_nodes_by_itself() -> None:
    sweeps = {"x": {"layers": [3, 6], "xi": "auto", "seeds": 1}}
    study = load_study({**PAPER, "sweeps": sweeps})
    assert [network.xi for network in networks(study).values()] == [2, 16]
    assert list(networks(study)) == [
        f"imn_d{n}_n400_b40_eta1_xi{xi}_s00" for n, xi in ((3, 2), (6, 16))
    ]


def test_a_sweep_may_have_a_schedule_of_its_own() -> None:
    sweeps = {"x": {"epochs": [100, 10_000], "learning_rate": [0.01, 0.002], "seeds": 1}}
    grid = networks(load_study({**PAPER, "sweeps": sweeps}))
    assert [name.split("_xi1")[1] for name in grid] == [
        "_e100_s00",
        "_e100_r0.002_s00",
        "_s00",
        "_r0.002_s00",
    ]
    assert [(n.epochs, n.learning_rate) for n in grid.values()] == [
        (100, None), (100, 0.002), (None, None), (None, 0.002),
    ]  # fmt: skip


def test_the_phase_that_flows_is_that_of_the_composites() -> None:
    assert flowing_phase(load_study(PAPER)) == "matrix"
    flowing = {
        "law": "j2",
        "youngs_modulus": 200,
        "poisson_ratio": 0.3,
        "yield_stress": 0.3,
        "H": 1,
        "Q": 0,
        "b": 1,
    }
    steel = {"matrix": {"law": "isotropic", **ELASTIC}, "fibre": flowing}
    alone = {**PAPER, "composites": {"steel": steel}, "timing": {"composite": "steel"}}
    assert flowing_phase(load_study(alone)) == "fibre"
    both = paper_with({"composites": {"steel": steel}})
    assert flowing_phase(load_study(both))  # no network asks
    asked = merged(both, {"network": {"flowing_samples": 8}})
    with pytest.raises(ConfigError, match="phase: auto cannot choose it, because the matrix in"):
        flowing_phase(load_study(asked))
    said = merged(asked, {"dataset": {"flowing": {"phase": "fibre"}}})
    assert flowing_phase(load_study(said)) == "fibre"


def test_the_sweep_of_the_recipe_gives_way_to_the_users_own() -> None:
    """Twelve networks of one's own over the recipe are twelve networks, with the recipe's start."""
    base = paper_with(RECIPE)
    assert len(networks(load_study(base))) == 10
    sweeps = {"mine": {"kind": ["DMN", "IMN"], "layers": [5, 6], "seeds": 3}}
    mine = load_study(merged(base, {"sweeps": sweeps}))
    assert list(mine.sweeps) == ["mine"]
    found = networks(mine).values()
    assert len(found) == 12
    assert {network.initialisation for network in found} == {"coated"}
    # Without a number of seeds they have that of every study, not that of the recipe's own sweep.
    plain = load_study(merged(base, {"sweeps": {"mine": {"layers": [5, 6]}}}))
    assert len(networks(plain)) == 2 * load_study(PAPER).network.seeds
    # What a study is resolved to gives itself again.
    again = load_study(mine.model_dump(mode="json", exclude_none=True))
    assert networks(again).keys() == networks(mine).keys()


def test_recipes_are_compared_if_they_start_differently() -> None:
    study = load_study(merged(paper_with(RECIPE), load_configfile(OVERLAYS[0])))
    assert study.study == "accurate"
    recipes = recipe_comparison(study)
    assert {name: len(ids) for name, ids in recipes.items()} == {
        "recipe": 120,
        "paper_as_rebuilt": 40,
    }
    pictured = pictured_recipes(study)
    assert list(pictured) == [name.replace("_", " ") for name in recipes]
    assert all("imn_d7" in id for ids in pictured.values() for id in ids)
    groups = ablation(study)
    assert next(iter(groups)) == "random, Frobenius, orthotropic"
    assert list(groups)[-1] == "coated, energy, with moments"
    assert {len(ids) for ids in groups.values()} == {10}
    assert len(groups) == 12
    assert recipe_comparison(load_study(PAPER)) == ablation(load_study(PAPER)) == {}


def test_either_phase_takes_any_law() -> None:
    """And the materials of a valid configuration are those of its keys."""
    hard = {"law": "armstrong_frederick", **ELASTIC, "yield_stress": 0.1, "backstresses": [[1, 10]]}
    own = {"metal": {"matrix": GLASS, "fibre": hard}, "composite_1": None}
    study = load_study(paper_with({"composites": own, "timing": {"composite": "metal"}}))
    matrix, fibre = materials(**study.composites["metal"].model_dump())
    assert isinstance(matrix, Elastic)
    assert fibre == ArmstrongFrederick(3.8, 0.3, 0.1, backstresses=((1.0, 10.0),))


def test_elastic_constants_are_read_as_people_publish_them() -> None:
    """Transversely isotropic T300 carbon: the same stiffness as by its nine constants."""
    fewer = {
        "law": "transversely_isotropic",
        "axial_modulus": 230,
        "transverse_modulus": 15,
        "axial_shear_modulus": 15,
        "axial_poisson_ratio": 0.2,
        "transverse_poisson_ratio": 0.07,
    }
    across = 0.2 * 15 / 230
    nine = dict.fromkeys(("E11", "E22", "G13", "G23"), 15) | {
        "E33": 230,
        "G12": 15 / 2.14,
        "nu12": 0.07,
        "nu13": across,
        "nu23": across,
    }
    one, other = (materials(MATRIX, fibre)[1].stiffness for fibre in (fewer, nine))
    assert one == pytest.approx(other, rel=1e-14)


@pytest.mark.parametrize("head", ["", "plastic strain,flow stress\n"], ids=["bare", "named"])
def test_a_table_may_be_a_file(head: str, tmp_path: Path) -> None:
    file = tmp_path / "curve.csv"
    file.write_text(f"{head}0,0.1\n0.05,2e-1\n")
    overlay = {"composites": {"mine": {"matrix": tabulated(str(file)), "fibre": GLASS}}}
    matrix = load_study(paper_with(overlay)).composites["mine"].model_dump()["matrix"]
    assert matrix["table"] == ((0, 0.1), (0.05, 0.2))
    file.write_text(f"{head}0,0.1\n0.05,much\n")
    (problem,) = problems_of(overlay)
    assert problem.startswith("composites.mine.matrix.table: ")
    column = "flow stress" if head else "column 2"
    assert problem.endswith(f"curve.csv: row 2, {column}: expected a number, got much")


def matrix_of(**constants: object) -> Config:
    return {"composites": {"mine": {"matrix": constants, "fibre": GLASS}}}


def test_a_law_that_is_nearly_named_is_meant_and_its_keys_are_checked() -> None:
    """In the same run."""
    lines = problems_of(matrix_of(law="J2", **ELASTIC, yield_stress=0.03, h=1, foo=1))
    assert [line.split(": ")[0].rsplit(".", 1)[1] for line in lines] == ["law", "h", "foo"]
    assert lines[0].endswith('got "J2"; did you mean j2?')
    lines = problems_of(matrix_of(law="drucker-prager", **ELASTIC, cohesion=30, friction_angle=9))
    assert lines[0].endswith("did you mean drucker_prager?")
    assert "matrix.cohesion: expected" in lines[1] and "30 MPa are 0.03 GPa" in lines[1]
    lines = problems_of(matrix_of(law="J2", **ELASTIC, yield_stress=3))
    assert "did you mean j2?" in lines[0] and "yield_stress looks like MPa" in lines[1]


def test_keys_beside_a_law_that_is_not_there_are_checked_as_far_as_can_be() -> None:
    lines = problems_of(matrix_of(law="mohr", **ELASTIC, cohesion=0.03, foo=1))
    assert len(lines) == 2
    assert lines[0].endswith('or viscoplastic, got "mohr"')
    assert lines[1].startswith("composites.mine.matrix.foo: unknown key")


def test_a_table_brings_no_warning_of_pydantic() -> None:
    """README's own example, which began with two."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_study(paper_with(matrix_of(**tabulated([[0, 0.03]])))).model_dump(mode="json")


def backstresses(path: Path, modulus: float = 3.8) -> Config:
    constants = {**ELASTIC, "youngs_modulus": modulus, "yield_stress": 0.03}
    return matrix_of(law="armstrong_frederick", **constants, backstresses=str(path))


def test_a_file_without_head_is_taken_where_one_order_alone_will_do(tmp_path: Path) -> None:
    """C = 2 GPa and gamma = 50 bear 0.04 GPa; the other way round 2.4 GPa, which steel can."""
    file = tmp_path / "chaboche.csv"
    file.write_text("2,50\n")
    matrix = load_study(paper_with(backstresses(file))).composites["mine"].model_dump()["matrix"]
    assert matrix["backstresses"] == ((2, 50),)
    (problem,) = problems_of(backstresses(file, modulus=200))
    assert "without a head its columns may be C and gamma or the other way round" in problem
    file.write_text("gamma,C [MPa]\n50,2000\n")
    matrix = load_study(paper_with(backstresses(file, 200))).composites["mine"].model_dump()
    assert matrix["matrix"]["backstresses"] == ((2, 50),)


def test_what_a_file_makes_of_the_phase_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "chaboche.csv"
    file.write_text("gamma,C\n50,2000\n")
    (problem,) = problems_of(backstresses(file))
    assert problem.startswith(
        "composites.mine.matrix: at a plastic strain of 5 % it bears 36.7 GPa"
    )
    assert "backstresses looks like C [MPa], gamma [-], which is [[2, 50]] here" in problem
    assert problem.endswith(f"; backstresses is that of {file}")


def test_doubtful_constants_are_a_remark() -> None:
    study = load_study(paper_with(matrix_of(**ELASTIC, law="j2", yield_stress=0.3)))
    (remark,) = remarks(study)
    assert remark.startswith("composites.mine.matrix: at yield it bears 0.3 GPa, 0.079 of its")


def test_a_new_law_needs_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys are read, checked and documented as it declares them."""

    @dataclass(frozen=True)
    class Rubber(Declared):
        """A law of the test."""

        name = "rubber"
        stretch: float = parameter("largest stretch", "-", above=1)
        shear: float = parameter("shear modulus", "GPa", default=0.1, at_least=0)

        def check(self) -> None:
            if self.stretch * self.shear > 10:
                raise InputError("stretch and shear are too large together")

    monkeypatch.setitem(LAWS, Rubber.name, Rubber)

    def overlay(**constants: object) -> Config:
        return {"composites": {"mine": {"matrix": constants, "fibre": GLASS}}}

    study = load_study(paper_with(overlay(law="rubber", stretch="2e0")))
    assert study.composites["mine"].model_dump()["matrix"] == {
        "law": "rubber",
        "stretch": 2.0,
        "shear": 0.1,
    }
    matrix = "composites.mine.matrix"
    for keys, problem in (
        ({"law": "rubber"}, f"{matrix}.stretch: missing; expected a number above 1"),
        ({"law": "rubber", "stretch": 1}, f"{matrix}.stretch: expected a number above 1, got 1"),
        (
            {"law": "rubber", "stretch": 2, "shaer": 1},
            f"{matrix}.shaer: unknown key; did you mean {matrix}.shear?",
        ),
        (
            {"law": "rubber", "stretch": 2, "shear": 9},
            f"{matrix}: stretch and shear are too large together",
        ),
        (
            {"stretch": 2, "shear": 1},
            f"{matrix}.law: missing; the keys given fit rubber: write law: rubber",
        ),
        (
            {"law": "isotropic", **ELASTIC, "stretch": 2},
            f"{matrix}.stretch: belongs to the law rubber, but the law is isotropic; null removes "
            "it",
        ),
    ):
        assert problems_of(overlay(**keys)) == [problem]
    page = key_reference()
    assert "### `law: rubber`\n\nA law of the test.\n" in page
    assert "| `stretch` | a number above 1 | required | Largest stretch [-] |" in page
    assert "| `shear` | a number of at least 0 | `0.1` | Shear modulus [GPa] |" in page


def test_a_fibre_along_axis_1_is_remarked_upon() -> None:
    usual = PAPER["composites"]["composite_1"]["fibre"]
    turned = usual | {"E11": 245, "E33": 19.8, "nu12": 0.2, "nu13": 0.2}
    assert list(remarks(load_study(PAPER))) == []
    study = load_study(paper_with({"composites": {"composite_1": {"fibre": turned}}}))
    (remark,) = remarks(study)
    assert remark.startswith(
        "composites.composite_1.fibre: E11 is 12.4 times E33; axis 3 runs along the fibres here"
    )


def test_durations_reach_the_load_cases() -> None:
    paths = {
        "creep": {"points": [{"sig_11": 0.02}] * 2, "increments": 4, "duration": [1, 1000]},
        "slow": {"points": [{"eps_11": 0.02}], "duration": 50},
    }
    study = load_study(paper_with({"references": {"paths": paths, "duration": 7}}))
    cases = load_cases(study)
    assert list(piecewise_linear(**cases["path"]["creep"]).durations) == [0.25] * 4 + [250] * 4
    assert sum(piecewise_linear(**cases["path"]["slow"]).durations) == pytest.approx(50)
    assert sum(piecewise_linear(**cases["stress"]["11"]).durations) == pytest.approx(7)


def own_path(folder: Path, table: str, **keys: object) -> Config:
    """A study with a load path from a table."""
    file = folder / "history.csv"
    file.write_text(table, encoding="utf-8")
    return {"references": {"paths": {"measured": {"table": str(file), **keys}}}}


def test_times_of_a_table_are_the_durations_of_its_segments(tmp_path: Path) -> None:
    """A creep test: strained in 1 s, held for 1000 s, and back."""
    table = "Time,eps_22 [%]\n0,0\n1,1\n1001,1\n1002,0\n"
    study = load_study(paper_with(own_path(tmp_path, table, increments=4)))
    path = piecewise_linear(**load_cases(study)["path"]["measured"])
    assert path.durations == pytest.approx([0.25] * 4 + [250] * 4 + [0.25] * 4)
    ends = [0.0025, 0.005, 0.0075, 0.01, *[0.01] * 4, 0.0075, 0.005, 0.0025, 0]
    assert path.targets[:, 1] == pytest.approx(ends)


@pytest.mark.parametrize(
    ("table", "keys", "key", "reason"),
    [
        (
            "t,eps_22\n0,0\n1,0.01\n",
            {"duration": 5},
            "duration",
            "the table has times, which are durations; remove the key or that column",
        ),
        (
            "eps_22\n0.01\n0.02\n",
            {"duration": [1, 2, 3]},
            "duration",
            "expected one duration, or one for each of the 2 segments, got 3",
        ),
        (
            "t,eps_22\n0,0\n1,4\n",
            {},
            "table",
            "{file}: eps_22 of row 2 is a strain of 4; it is a fraction, and 4 % are 0.04",
        ),
        ("t,eps_21\n0,0\n", {}, "table", "{file}: unknown column eps_21; did you mean eps_12?"),
        (
            "eps_11;sig_11\n0,01;\n;-5\n",
            {},
            "table",
            "{file}: row 2: sig_11 is -5 GPa, which would strain composite_1 by more than 20.7 % "
            "even if its phases stayed elastic, and none bears 5 %; its unit is GPa, and -5 MPa "
            "are -0.005 GPa",
        ),
    ],
)
def test_what_a_table_of_loads_says_wrong_is_one_message(
    tmp_path: Path, table: str, keys: Config, key: str, reason: str
) -> None:
    problem = f"references.paths.measured.{key}: {reason}".format(file=tmp_path / "history.csv")
    assert problems_of(own_path(tmp_path, table, **keys)) == [problem]


def test_unloading_to_no_stress_is_a_path() -> None:
    """The commonest test there is: control passes from strain to stress."""
    points = [{"eps_11": 0.02}, {"sig_11": 0}]
    study = load_study(paper_with({"references": {"paths": {"unloaded": {"points": points}}}}))
    path = piecewise_linear(**load_cases(study)["path"]["unloaded"])
    assert path.strain_controlled[:, 0].tolist() == [True] * 20 + [False] * 20
    assert path.targets[[19, 39], 0] == pytest.approx([0.02, 0])

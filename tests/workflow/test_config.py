"""The configuration: what is read, what is refused and in which words."""

import pickle
import re
from datetime import date
from pathlib import Path

import pytest
from configs import (
    ELASTIC,
    GLASS,
    HELD_OUT,
    MATRIX,
    OVERLAYS,
    PAPER,
    RECIPE,
    ROOT,
    Config,
    merged,
    paper_with,
    problems_of,
    tabulated,
)
from meshes import corrugated
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]

from rve.errors import InputError
from rve.materials.composite import LAWS
from rve.microstructure.mesh import write
from rve.microstructure.own_mesh import load
from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError
from workflow.study.config.reference import constants, key_reference, leaves
from workflow.study.config.types import Section
from workflow.study.config.validation import load_study, remarks
from workflow.study.plan.grid import flowing_phase, networks

ALONG_3 = "transversely_isotropic"
LONG_FIBRE = {
    "axial_modulus": 23,
    "transverse_modulus": 15,
    "axial_shear_modulus": 15,
    "axial_poisson_ratio": 2,
    "transverse_poisson_ratio": 0.07,
}


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
        {"references": {"controls": ["Strain"]}},
        [
            "references.controls[0]: expected stress or strain, ",
            'got "Strain"; did you mean strain?',
        ],
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
            "online.schemes.IMN[0]: expected residual_stress, newton, fixed_point or tree_newton, "
            'got "fixed"'
        ],
    ),
    (
        {"online": {"schemes": {"DMN": ["residual_stres"]}}},
        ["online.schemes.DMN[0]: expected ", 'got "residual_stres"; did you mean residual_stress?'],
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
        "python -m workflow.study.config.reference docs/configuration.md"
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

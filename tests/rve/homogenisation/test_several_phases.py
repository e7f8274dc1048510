"""Three phases and more, and voids, against exact results."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import (
    isotropic_stiffness,
    layered_medium,
    layered_mesh,
    random_orthotropic,
    rectangular_mesh,
    relative_difference,
    ringed_mesh,
)
from numpy.typing import NDArray
from properties import examples

from rve.errors import InputError
from rve.homogenisation.cell import discretise
from rve.homogenisation.components import Components, assemble_components, homogenise, load, save
from rve.homogenisation.dns import increments, simulate
from rve.homogenisation.elastic import elastic_stiffness
from rve.loads.load_path import LoadPath, monotonic, piecewise_linear
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.microstructure.mesh import Mesh, write
from rve.microstructure.mesh import load as load_mesh

Array = NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)
NAMES = ("matrix", "fibre", "interphase", "void")
ZERO = np.zeros((6, 6))
SOLIDS = [isotropic_stiffness(3, 0.35), isotropic_stiffness(70, 0.2), isotropic_stiffness(9, 0.3)]


def chequered(pattern: list[str], names: tuple[str, ...] = NAMES) -> Mesh:
    """Squares of phases, `pattern` by rows from the bottom, by the first letters of their names."""
    letters = [name[0] for name in names]
    phase = np.array([[letters.index(letter) for letter in row] for row in pattern]).T
    return rectangular_mesh(*(np.linspace(0, 1, n + 1) for n in phase.shape), phase)


def named(pattern: list[str], names: tuple[str, ...] = NAMES) -> Mesh:
    return replace(chequered(pattern, names), phases=names)


MIXED = named(["mmimm", "mifim", "miffi", "mvmim", "mmmvm"])


def merged(mesh: Mesh, kept: int, gone: int) -> Mesh:
    """The mesh with the elements of one phase, the last but void, in another one."""
    assert mesh.phases[gone] == "interphase"
    phase = np.where(mesh.phase == gone, kept, mesh.phase)
    names = tuple(name for name in mesh.phases if name != "interphase")
    return replace(mesh, phase=np.where(phase > gone, phase - 1, phase), phases=names)


@pytest.mark.parametrize("void", [False, True], ids=["solid", "voids"])
@pytest.mark.parametrize("kept", [0, 1], ids=["matrix", "fibre"])
@examples(5)
@given(seeds)
def test_two_phases_of_one_material_are_one(void: bool, kept: int, seed: int) -> None:
    mesh = MIXED if void else replace(MIXED, phase=np.minimum(MIXED.phase, 2), phases=NAMES[:3])
    rng = np.random.default_rng(seed)
    two = [random_orthotropic(rng), random_orthotropic(rng, 100.0)]
    voids = [ZERO] * void
    three = homogenise(assemble_components(discretise(mesh)), *two, two[kept], *voids)
    expected = homogenise(assemble_components(discretise(merged(mesh, kept, 2))), *two, *voids)
    assert relative_difference(three, expected) < 1e-12


def test_two_phases_of_one_law_answer_as_one() -> None:
    """In a path that yields, unloads and turns, with every number of the curve."""
    alloy = J2Plasticity(70.0, 0.33, yield_stress=0.1, H=1.0)
    glass = Elastic(isotropic_stiffness(72.0, 0.2))
    points = [{"eps_11": 0.01, "eps_12": 0.0}, {"eps_11": -0.004, "eps_12": 0.01}]
    path = piecewise_linear(points, 4)
    three = simulate(discretise(MIXED), (alloy, glass, alloy), path)
    two = simulate(discretise(merged(MIXED, 0, 2)), (alloy, glass), path)
    assert relative_difference(three.stress, two.stress) < 1e-12
    assert relative_difference(three.strain, two.strain) < 1e-12
    assert np.array_equal(three.iterations, two.iterations)


def test_phases_in_another_order_are_refused() -> None:
    mesh = replace(MIXED, phases=("matrix", "void", "fibre", "interphase"))
    with pytest.raises(InputError, match="the order matrix, fibre, interphase, void, got"):
        discretise(mesh)


@pytest.mark.parametrize("axis", [0, 1])
@examples(10)
@given(seeds)
def test_laminate_of_four_materials(axis: int, seed: int) -> None:
    names = ("matrix", "fibre", "coating", "rubber")
    widths, phases = (0.2, 0.25, 0.1, 0.3, 0.15), (0, 1, 2, 3, 0)
    mesh = replace(layered_mesh(axis, widths, phases), phases=names)
    rng = np.random.default_rng(seed)
    C = np.array([random_orthotropic(rng, 10 ** rng.uniform(-2, 2)) for _ in names])
    result = homogenise(assemble_components(discretise(mesh)), *C)
    expected = layered_medium(axis, np.array([0.35, 0.25, 0.1, 0.3]), C)
    assert relative_difference(result, expected) < 1e-8


def planar(stiffness: Array) -> tuple[float, float]:
    """Plane-strain bulk modulus and axial shear modulus of a stiffness (6, 6), Mandel."""
    k = (stiffness[0, 0] + stiffness[1, 1] + 2 * stiffness[0, 1]) / 4
    return float(k), float(stiffness[3, 3] + stiffness[4, 4]) / 4


def of_planar(k: float, m: float) -> tuple[float, float]:
    """Young's modulus and Poisson's ratio of plane-strain bulk modulus k and shear modulus m."""
    nu = (k - m) / (2 * k)
    return 2 * m * (1 + nu), nu


def coated(inner: float, coat: float, share: float, partner: float) -> float:
    """Modulus of a cylinder with a coat, the inner one's share of the section given.

    Hashin & Rosen 1964, and so each further layer of Herve & Zaoui 1995: with `partner` m of the
    coat for the plane-strain bulk modulus, and its own axial modulus for the axial shear.
    """
    if share == 0 or inner == coat:
        return coat
    return coat + share / (1 / (inner - coat) + (1 - share) / (coat + partner))


@pytest.mark.parametrize("core", [(60.0, 30.0), (0.0, 0.0)], ids=["fibre", "void"])
def test_coated_cylinder_that_disturbs_no_field(core: tuple[float, float]) -> None:
    """A matrix with the moduli of the coated cylinder in it is the composite's, in any array."""
    k1, m1 = core
    k2, m2 = 8.0, 3.0
    mesh = ringed_mesh((0.3, 0.4), (1, 2, 0), ("matrix", "core", "jacket"))
    if not m1:
        mesh = replace(
            mesh, phase=np.array([0, 2, 1])[mesh.phase], phases=("matrix", "jacket", "void")
        )
    cell = discretise(mesh)
    share = (0.3 / 0.4) ** 2
    bulk, axial = coated(k1, k2, share, m2), coated(m1, m2, share, m2)
    coat = isotropic_stiffness(*of_planar(k2, m2))
    inner = isotropic_stiffness(*of_planar(k1, m1)) if m1 else ZERO
    components = assemble_components(cell)

    def stiffness(matrix: Array) -> Array:
        others = [inner, coat] if m1 else [coat, inner]
        return homogenise(components, matrix, *others)

    # The axial shear modulus fixes the matrix's, and its bulk modulus is a choice of its own.
    assert planar(stiffness(isotropic_stiffness(*of_planar(bulk, 2.0))))[0] == pytest.approx(
        bulk, rel=3e-6
    )
    assert planar(stiffness(isotropic_stiffness(*of_planar(9.0, axial))))[1] == pytest.approx(
        axial, rel=3e-6
    )


@pytest.mark.parametrize("coat", [(1.5, 0.5), (30.0, 10.0)], ids=["soft", "stiff"])
def test_coated_fibres_are_near_coated_cylinders(coat: tuple[float, float]) -> None:
    """Herve & Zaoui 1995: three layers; a square array of 30 % differs little from them."""
    radius = np.sqrt(0.3 / np.pi)
    cores, (k2, m2), (k0, m0) = (60.0, 30.0), coat, (8.0, 3.0)
    radii = (radius, 1.1 * radius)
    cell = discretise(ringed_mesh(radii, (1, 2, 0), ("matrix", "fibre", "interphase")))
    phases = [isotropic_stiffness(*of_planar(*own)) for own in ((k0, m0), cores, coat)]
    bulk, axial = planar(homogenise(assemble_components(cell), *phases))
    share, filled = 1 / 1.21, 1.21 * 0.3
    assert bulk == pytest.approx(coated(coated(cores[0], k2, share, m2), k0, filled, m0), rel=5e-3)
    assert axial == pytest.approx(
        coated(coated(cores[1], m2, share, m2), m0, filled, m0), rel=1e-2
    )  # fmt: skip


def test_void_is_the_limit_of_soft_phases() -> None:
    """The difference is proportional to their stiffness."""
    void = homogenise(assemble_components(discretise(MIXED)), *SOLIDS, ZERO)
    soft = assemble_components(discretise(replace(MIXED, phases=(*NAMES[:3], "soft"))))
    difference = [
        relative_difference(homogenise(soft, *SOLIDS, share * SOLIDS[0]), void)
        for share in (1e-4, 1e-6)
    ]
    assert difference[0] < 1e-3
    assert difference[0] / difference[1] == pytest.approx(100, rel=0.01)


@pytest.fixture(scope="module")
def holes() -> Components:
    """A square array of cylindrical voids, 20 %."""
    radius = np.sqrt(0.2 / np.pi)
    return assemble_components(
        discretise(ringed_mesh((radius,), (1, 0), ("matrix", "void"), 48, 6))
    )


def test_voids_below_the_bounds_of_hashin_and_shtrikman(holes: Components) -> None:
    """Hashin 1965: k, and the axial shear; the array is close to them."""
    assert holes.fractions == pytest.approx([0.8, 0.2], abs=1e-5)
    k, m = 8.0, 3.0
    found = planar(homogenise(holes, isotropic_stiffness(*of_planar(k, m)), ZERO))
    for modulus, bound in zip(found, (coated(0, k, 0.2, m), coated(0, m, 0.2, m)), strict=True):
        assert 0.99 * bound < modulus < bound


def test_planar_modulus_of_a_plate_with_holes_ignores_poissons_ratio(holes: Components) -> None:
    """Cherkaev, Lurie & Milton 1992 (Proc. R. Soc. Lond. A 438, 519-529)."""
    found = []
    for nu in (0.0, 0.2, 0.4):
        E = 1 - nu**2  # the planar modulus E / (1 - nu^2) is one
        stiffness = homogenise(holes, isotropic_stiffness(E, nu), ZERO)
        plane = stiffness[np.ix_([0, 1, 5], [0, 1, 5])]
        found.append(1 / np.linalg.inv(plane)[0, 0])
    assert found == pytest.approx([found[0]] * 3, rel=5e-5)


def test_axial_stress_of_a_plastic_matrix_with_voids_is_that_of_its_section() -> None:
    """The matrix is in uniaxial stress everywhere, whatever the shape of the voids."""
    law = J2Plasticity(70.0, 0.33, yield_stress=0.1, H=1.0, Q=0.05, b=100.0)
    cell = discretise(named(["mmmm", "mvmm", "mvvm", "mmmm"], ("matrix", "void")))
    path = piecewise_linear([{"eps_33": 0.01}, {"eps_33": 0.0}], 5)
    porous, solid = simulate(cell, [law], path), law.curve(path)
    assert porous.stress == pytest.approx(13 / 16 * solid.stress, abs=1e-9)
    assert porous.strain == pytest.approx(solid.strain, abs=1e-9)


@pytest.mark.parametrize("control", ["stress", "strain"])
def test_curve_with_voids_is_the_limit_of_soft_phases(control) -> None:
    alloy = J2Plasticity(70.0, 0.33, yield_stress=0.1, H=1.0)
    laws = alloy, Elastic(isotropic_stiffness(400.0, 0.2)), Elastic(isotropic_stiffness(5.0, 0.3))
    path = monotonic("12", 0.01, 4, control)
    void = simulate(discretise(MIXED), laws, path)
    soft = Elastic(isotropic_stiffness(7e-6, 0.3))
    near = simulate(discretise(replace(MIXED, phases=(*NAMES[:3], "soft"))), (*laws, soft), path)
    assert relative_difference(near.stress, void.stress) < 1e-5


def test_work_of_the_phases_is_that_of_the_means() -> None:
    """Hill-Mandel over all phases, of which voids do none; the mean stress is theirs, too."""
    alloy = J2Plasticity(70.0, 0.33, yield_stress=0.1, H=1.0)
    laws = alloy, Elastic(isotropic_stiffness(400.0, 0.2)), alloy
    cell = discretise(MIXED)
    assert cell.fractions == pytest.approx([14 / 25, 3 / 25, 6 / 25, 2 / 25], rel=1e-12)
    assert cell.weights.sum() == pytest.approx(23 / 25, rel=1e-12)
    path: LoadPath = monotonic("11", 0.01, 3, "stress")
    before = np.zeros_like(cell.strain_displacement[..., 0]), np.zeros(6)
    for increment in increments(cell, laws, path):
        local = (increment.local_stress * (increment.local_strain - before[0])).sum(axis=-1)
        mean = increment.stress @ (increment.strain - before[1])
        assert (cell.weights * local).sum() == pytest.approx(mean, rel=1e-7)
        before = increment.local_strain, increment.strain
    assert np.einsum("mq,mqi->i", cell.weights, increment.local_stress) == pytest.approx(
        increment.stress, rel=1e-12
    )


def test_elastic_stiffness_is_that_of_homogenisation() -> None:
    cell = discretise(MIXED)
    expected = homogenise(assemble_components(cell), *SOLIDS, ZERO)
    assert (
        relative_difference(elastic_stiffness(cell, list(map(Elastic, SOLIDS))), expected) < 1e-12
    )


def test_components_return_from_their_file(tmp_path: Path) -> None:
    components = assemble_components(discretise(MIXED))
    save(components, tmp_path / "components.npz")
    again = load(tmp_path / "components.npz")
    assert again.phases == NAMES
    assert np.array_equal(homogenise(again, *SOLIDS, ZERO), homogenise(components, *SOLIDS, ZERO))


def test_void_with_a_stiffness_is_refused() -> None:
    C = [isotropic_stiffness(3, 0.35)] * 4
    with pytest.raises(InputError, match="the void has a stiffness; expected zero"):
        homogenise(assemble_components(discretise(MIXED)), *C)


PART, ALL = r"the part of the cell near \(.*\) hangs on nothing", "the cell hangs on nothing"
CUT_OFF = {
    "island": (["mmmm", "mvvv", "mvmv", "mvvv"], PART.replace(".*", "0.625, 0.625")),
    "island across the edge": (["mvmv", "vvvv", "mmmm", "vvvv"], PART),
    "at a corner": (["mmmm", "mvvm", "mvmv", "mmvv"], PART),
    "layers": (["mmmm", "vvvv"], ALL),
    "oblique layer": (["mmvv", "vmmv", "vvmm", "mvvm"], ALL),
    "all around": (["vvvv", "vmmv", "vmmv", "vvvv"], ALL),
}


@pytest.mark.parametrize("case", CUT_OFF)
def test_solid_that_hangs_on_nothing_is_named(case: str) -> None:
    pattern, words = CUT_OFF[case]
    with pytest.raises(InputError, match=words):
        discretise(named(pattern, ("matrix", "void")))


def test_file_with_an_island_is_named(tmp_path: Path) -> None:
    write(named(["mmmm", "mvvv", "mvmv", "mvvv"], ("matrix", "void")), tmp_path / "own.msh")
    with pytest.raises(InputError, match=r"own\.msh: the part of the cell near \(0.625, 0.625\)"):
        load_mesh(tmp_path / "own.msh")


@pytest.mark.parametrize(
    "pattern",
    [
        ["mvvv", "mvvv", "mvvv", "mmmm"],
        ["vvvm", "vvvm", "mmmm", "vvvm"],
        ["vmvv", "mmvm", "vmmm", "vmvv"],
        ["mmvv", "vmmv", "vvmm", "mmmm"],
    ],
    ids=["frame", "cross", "bent cross", "stairs and a layer"],
)
def test_solid_that_runs_in_two_directions_has_a_stiffness(pattern: list[str]) -> None:
    cell = discretise(named(pattern, ("matrix", "void")))
    C = homogenise(assemble_components(cell), isotropic_stiffness(3, 0.3), ZERO)
    assert np.linalg.eigvalsh(C)[0] > 1e-4

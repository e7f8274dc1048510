"""The fibre cell in CalculiX: the input deck, the run, and the macroscopic curve it prints.

The two-dimensional mesh is extruded by one layer of quadratic wedges (C3D15) along the fibres.
Each node of a face is tied to its periodic image by linear equations in which the macroscopic
strain takes part as the displacement of two nodes outside the mesh: of the first the normal strains
11, 22, 33, of the second the engineering shear strains 23, 31, 12. Where such a displacement is not
prescribed no force acts on it, so that the macroscopic stress of that component is zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from calculix import run
from meshes import periodic_numbers
from numpy.typing import NDArray

from rve.mandel import COMPONENTS
from rve.microstructure.mesh import Mesh
from rve.microstructure.phases import FIBRE, MATRIX

Array = NDArray[np.float64]

HEIGHT = 0.1  # cell edges; arbitrary, since no field varies along the fibres
# In a GPa. CalculiX takes residual forces below 1e-6 for zero, so that their unit has to be small.
_PASCALS = 1e9
_TABLE_ROWS = 200  # from a longer table CalculiX makes wrong stresses, without a message
_LARGEST_PLASTIC_STRAIN = 10.0
# Terms (coordinate, component, factor) of a displacement jump: u_i = sum of factor E_ij dx_j.
_JUMP = {
    1: ((0, "11", 1.0), (1, "12", 0.5), (2, "31", 0.5)),
    2: ((0, "12", 0.5), (1, "22", 1.0), (2, "23", 0.5)),
    3: ((0, "31", 0.5), (1, "23", 0.5), (2, "33", 1.0)),
}


@dataclass(frozen=True)
class Wedges:
    """Quadratic wedges over a mesh of m triangles, in CalculiX's order of nodes.

    Attributes:
        nodes: coordinates (n, 3), in cell edges.
        elements: node numbers (m, 15): corners below, corners above, middles of edges below,
            middles of edges above, middles of the edges along the fibres.
        upright: nodes of the mesh (k,) that are corners, so that one stands half-way above them.
    """

    nodes: Array
    elements: NDArray[np.int64]
    upright: NDArray[np.int64]


def extrude(mesh: Mesh) -> Wedges:
    """One layer of wedges over the mesh, along the fibres."""
    corners, middles = mesh.triangles[:, :3], mesh.triangles[:, 3:]
    n = len(mesh.nodes)
    upright, between = np.unique(corners, return_inverse=True)
    between = between.reshape(corners.shape)
    elements = np.hstack([corners, corners + n, middles, middles + n, between + 2 * n])
    levels = ((mesh.nodes, 0.0), (mesh.nodes, HEIGHT), (mesh.nodes[upright], HEIGHT / 2))
    nodes = [np.column_stack([plane, np.full(len(plane), z)]) for plane, z in levels]
    return Wedges(np.concatenate(nodes), elements, upright)


def simulate(
    mesh: Mesh,
    matrix: Mapping,
    fibre: Mapping[str, float],
    load: str,
    amplitude: float,
    increments: int,
    folder: Path,
) -> tuple[Array, Array]:
    """Curve of the cell under one macroscopic strain; the other five stresses are zero.

    Args:
        mesh: the cell.
        matrix: youngs_modulus, poisson_ratio, yield_stress, H, Q and b; GPa.
        fibre: E11 .. nu23, nu_ij being the contraction along j, pulled along i; GPa.
        load: the strained component, one of 11, 22, 33, 23, 31, 12.
        amplitude: its engineering strain at the end.
        increments: their number, all equal.
        folder: an empty one, for CalculiX's files.

    Returns:
        Engineering strain and stress in GPa (increments + 1, 6), from the unloaded start, in the
        order of the components.
    """
    wedges = extrude(mesh)
    reference = len(wedges.nodes) + 1
    deck = [
        *_mesh(wedges, mesh.phase),
        *_periodicity(mesh, wedges, reference),
        *_materials(matrix, fibre),
        *_step(reference, load, amplitude, increments),
    ]
    return _curve(run(deck, folder).printed, wedges, increments)


def _mesh(wedges: Wedges, phase: NDArray[np.int64]) -> Iterable[str]:
    yield "*NODE, NSET=MESH"
    for number, (x, y, z) in enumerate(wedges.nodes, start=1):
        yield f"{number}, {x:.12e}, {y:.12e}, {z:.12e}"
    for name, value in (("MATRIX", MATRIX), ("FIBRE", FIBRE)):
        yield f"*ELEMENT, TYPE=C3D15, ELSET={name}"
        for index in np.flatnonzero(phase == value):
            yield ", ".join(map(str, [index + 1, *(wedges.elements[index] + 1)]))


def _periodicity(mesh: Mesh, wedges: Wedges, reference: int) -> Iterable[str]:
    """Equations of all nodes that are periodic images of another, and the macroscopic strains."""
    yield "*NODE, NSET=STRAIN"
    yield f"{reference}, 0, 0, 0"
    yield f"{reference + 1}, 0, 0, 0"
    # The upper face is the periodic image of the lower one, the middle level of neither.
    planar = periodic_numbers(mesh.nodes)
    image = np.concatenate([planar, planar, planar[wedges.upright] + planar.max() + 1])
    yield "*EQUATION"
    _, first, group = np.unique(image, return_index=True, return_inverse=True)
    for node, partner in enumerate(first[group]):
        if node == partner:
            continue
        jump = wedges.nodes[node] - wedges.nodes[partner]
        for component, terms in _JUMP.items():
            equation = [(node + 1, component, 1.0), (partner + 1, component, -1.0)]
            for coordinate, strain, factor in terms:
                if abs(jump[coordinate]) > HEIGHT / 2:
                    equation.append((*_dof(strain, reference), -factor * jump[coordinate]))
            yield str(len(equation))
            for start in range(0, len(equation), 4):
                row = equation[start : start + 4]
                yield ", ".join(f"{n}, {dof}, {factor:.12e}" for n, dof, factor in row)


def _dof(component: str, reference: int) -> tuple[int, int]:
    """Node and degree of freedom that carry a macroscopic strain."""
    node, dof = divmod(COMPONENTS.index(component), 3)
    return reference + node, dof + 1


def _materials(matrix: Mapping, fibre: Mapping[str, float]) -> Iterable[str]:
    yield "*MATERIAL, NAME=MATRIX"
    yield "*ELASTIC"
    yield f"{matrix['youngs_modulus'] * _PASCALS:.12e}, {matrix['poisson_ratio']}"
    yield "*PLASTIC"
    for strain, stress in hardening_table(
        *(matrix[key] for key in ("yield_stress", "H", "Q", "b"))
    ):
        yield f"{stress * _PASCALS:.12e}, {strain:.12e}"
    yield "*MATERIAL, NAME=FIBRE"
    yield "*ELASTIC, TYPE=ENGINEERING CONSTANTS"
    units = {key: 1.0 if key.startswith("nu") else _PASCALS for key in fibre}
    for keys in (("E11", "E22", "E33", "nu12", "nu13", "nu23", "G12", "G13"), ("G23",)):
        yield ", ".join(f"{fibre[key] * units[key]:.12e}" for key in keys)
    for name in ("MATRIX", "FIBRE"):
        yield f"*SOLID SECTION, ELSET={name}, MATERIAL={name}"


def hardening_table(yield_stress: float, H: float, Q: float, b: float) -> Array:
    """Equivalent plastic strain and yield stress in GPa (200, 2) to interpolate linearly.

    The strains stand closest where the law bends most, so that the interpolation errs by up to
    Q / 2 / 198.7^2 in every interval, the last one included, which reaches beyond all that occurs.
    """
    places = np.arange(_TABLE_ROWS - 1) / (_TABLE_ROWS - 2 + np.sqrt(0.5))
    strain = np.append(-2 / b * np.log1p(-places), _LARGEST_PLASTIC_STRAIN)
    return np.column_stack([strain, yield_stress + H * strain - Q * np.expm1(-b * strain)])


def _step(reference: int, load: str, amplitude: float, increments: int) -> Iterable[str]:
    yield f"*STEP, INC={increments}"
    yield "*STATIC, SOLVER=SPOOLES, DIRECT"
    yield f"{1 / increments:.12e}, 1"
    # Largest residual force over the mean force, largest correction over the largest increment of
    # displacement, and the first again for late iterations: usually 0.5 %, 1 % and 2 %.
    yield "*CONTROLS, PARAMETERS=FIELD"
    yield "1e-7, 1e-5, , , 1e-7"
    yield "*BOUNDARY"
    yield "1, 1, 3, 0"
    node, dof = _dof(load, reference)
    yield f"{node}, {dof}, {dof}, {amplitude:.12e}"
    yield "*NODE PRINT, NSET=STRAIN"
    yield "U"
    yield "*NODE PRINT, NSET=MESH"
    yield "RF"
    yield "*END STEP"


def _curve(
    printed: Mapping[tuple[str, str], Array], wedges: Wedges, increments: int
) -> tuple[Array, Array]:
    """Engineering strain and stress (increments + 1, 6) of the printed increments.

    The mean stress is the moment of the nodal forces, which vanish inside the cell, over its
    volume. CalculiX prints no reaction at the prescribed strain, since it belongs to equations.
    """
    strain = printed["displacements", "STRAIN"].reshape(increments, 6)
    forces = printed["forces", "MESH"]
    moment = np.einsum("nai,aj->nij", forces, wedges.nodes) / HEIGHT / _PASCALS
    i, j = np.array([[0, 1, 2, 1, 2, 0], [0, 1, 2, 2, 0, 1]])
    stress = (moment[:, i, j] + moment[:, j, i]) / 2
    start = np.zeros((1, 6))
    return np.concatenate([start, strain]), np.concatenate([start, stress])

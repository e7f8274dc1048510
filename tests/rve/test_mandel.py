"""Mandel algebra against the tensor calculus that it abbreviates, index by index."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from properties import examples
from scipy.spatial.transform import Rotation

from rve import mandel

Array = NDArray[np.float64]

ROUNDING = 1e-13

# 11, 22, 33, 23, 31, 12
PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (2, 0), (0, 1))

numbers = st.floats(-2, 2, allow_subnormal=False)
vectors = arrays(np.float64, 6, elements=numbers)
matrices = arrays(np.float64, (6, 6), elements=numbers)
vectors_3d = arrays(np.float64, 3, elements=numbers)
rotations = st.integers(0, 2**32 - 1).map(lambda seed: Rotation.random(rng=seed).as_matrix())
normals = rotations.map(lambda rotation: rotation[:, 0])


def tensor_of(vector: Array) -> Array:
    """Symmetric tensor (3, 3) of a Mandel vector, entry by entry."""
    tensor = np.zeros((3, 3))
    for value, (i, j) in zip(vector, PAIRS, strict=True):
        tensor[i, j] = tensor[j, i] = value if i == j else value / np.sqrt(2)
    return tensor


def fourth_order(matrix: Array) -> Array:
    """Tensor (3, 3, 3, 3) with minor symmetries of a Mandel matrix (6, 6), entry by entry."""
    tensor = np.zeros((3, 3, 3, 3))
    for row, (i, j) in enumerate(PAIRS):
        for column, (k, m) in enumerate(PAIRS):
            value = matrix[row, column] / np.sqrt((1 + (i != j)) * (1 + (k != m)))
            for a, b in {(i, j), (j, i)}:
                for c, d in {(k, m), (m, k)}:
                    tensor[a, b, c, d] = value
    return tensor


def symmetric(tensor: Array) -> Array:
    return (tensor + tensor.T) / 2


@given(vectors)
def test_vector_holds_the_entries_of_the_tensor_with_shear_times_root_two(vector: Array) -> None:
    assert mandel.to_tensor(vector) == pytest.approx(tensor_of(vector), abs=ROUNDING)
    assert mandel.from_tensor(tensor_of(vector)) == pytest.approx(vector, abs=ROUNDING)


@given(vectors, vectors)
def test_dot_product_is_the_double_contraction(a: Array, b: Array) -> None:
    assert a @ b == pytest.approx(np.einsum("ij,ij", tensor_of(a), tensor_of(b)), abs=ROUNDING * 36)


@given(matrices, vectors)
def test_matrix_product_is_the_contraction_of_a_fourth_order_tensor(C: Array, a: Array) -> None:
    contracted = np.einsum("ijkl,kl->ij", fourth_order(C), tensor_of(a))
    assert mandel.to_tensor(C @ a) == pytest.approx(contracted, abs=ROUNDING * 36)


@given(matrices)
def test_norm_is_the_frobenius_norm_of_the_full_tensor(C: Array) -> None:
    assert np.linalg.norm(C) == pytest.approx(np.linalg.norm(fourth_order(C)), rel=ROUNDING)


@given(rotations, vectors)
def test_rotation_matrix_turns_tensors(Q: Array, a: Array) -> None:
    """The Mandel form of Q a Q^T."""
    turned = np.einsum("ik,jl,kl->ij", Q, Q, tensor_of(a))
    assert mandel.rotation_matrix(Q) @ a == pytest.approx(
        mandel.from_tensor(turned), abs=ROUNDING * 10
    )


@given(rotations, matrices)
def test_rotated_stiffness_is_the_rotated_fourth_order_tensor(Q: Array, C: Array) -> None:
    """C'_ijkl = Q_ia Q_jb Q_kc Q_ld C_abcd."""
    turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", Q, Q, Q, Q, fourth_order(C))
    R = mandel.rotation_matrix(Q)
    assert fourth_order(R @ C @ R.T) == pytest.approx(turned, abs=ROUNDING * 100)


@given(rotations, rotations)
def test_rotation_matrices_are_an_orthogonal_representation(P: Array, Q: Array) -> None:
    R = mandel.rotation_matrix
    assert R(Q).T @ R(Q) == pytest.approx(np.eye(6), abs=ROUNDING)
    assert R(P @ Q) == pytest.approx(R(P) @ R(Q), abs=ROUNDING)
    assert R(Q.T) == pytest.approx(R(Q).T, abs=ROUNDING)


@given(rotations, matrices)
def test_rotation_keeps_the_norm_of_a_stiffness(Q: Array, C: Array) -> None:
    R = mandel.rotation_matrix(Q)
    norm = np.linalg.norm(R @ C @ R.T)
    assert norm == pytest.approx(np.linalg.norm(C), rel=10 * ROUNDING)


@given(normals, vectors_3d)
def test_interface_matrix_makes_the_symmetric_dyad(n: Array, b: Array) -> None:
    """H b = sym(b x n), Eq. 18."""
    dyad = symmetric(np.outer(b, n))
    assert tensor_of(mandel.interface_matrix(n) @ b) == pytest.approx(dyad, abs=ROUNDING)


@given(normals, vectors)
def test_transposed_interface_matrix_gives_the_traction(n: Array, stress: Array) -> None:
    """H^T sigma = sigma n (Cauchy)."""
    traction = tensor_of(stress) @ n
    assert mandel.interface_matrix(n).T @ stress == pytest.approx(traction, abs=10 * ROUNDING)


@given(rotations, normals)
def test_interface_matrix_turns_with_its_normal(Q: Array, n: Array) -> None:
    """H(Q n) = R(Q) H(n) Q^T: why a rotation passes through a laminate."""
    turned = mandel.rotation_matrix(Q) @ mandel.interface_matrix(n) @ Q.T
    assert mandel.interface_matrix(Q @ n) == pytest.approx(turned, abs=ROUNDING)


def test_projections_split_a_tensor_into_deviator_and_mean() -> None:
    rng = np.random.default_rng(1)
    vector = rng.normal(size=6)
    tensor = tensor_of(vector)
    deviator = tensor - np.trace(tensor) / 3 * np.eye(3)
    assert tensor_of(mandel.DEVIATORIC_PROJECTION @ vector) == pytest.approx(deviator, abs=ROUNDING)
    assert vector @ mandel.IDENTITY == pytest.approx(np.trace(tensor), abs=ROUNDING)


@given(vectors)
def test_engineering_shear_strain_is_twice_the_tensor_component(strain: Array) -> None:
    tensor = tensor_of(strain)
    expected = [tensor[i, j] if i == j else 2 * tensor[i, j] for i, j in PAIRS]
    assert mandel.engineering_strain(strain) == pytest.approx(expected, abs=ROUNDING)
    assert mandel.from_engineering_strain(np.array(expected)) == pytest.approx(strain, abs=ROUNDING)


@given(vectors)
def test_engineering_stress_is_the_tensor_component(stress: Array) -> None:
    tensor = tensor_of(stress)
    expected = [tensor[i, j] for i, j in PAIRS]
    assert mandel.engineering_stress(stress) == pytest.approx(expected, abs=ROUNDING)
    assert mandel.from_engineering_stress(np.array(expected)) == pytest.approx(stress, abs=ROUNDING)


@given(vectors, vectors)
def test_engineering_values_are_work_conjugate(stress: Array, strain: Array) -> None:
    work = mandel.engineering_stress(stress) @ mandel.engineering_strain(strain)
    assert work == pytest.approx(stress @ strain, abs=ROUNDING * 24)


FUNCTIONS: dict[str, tuple[Callable, tuple[tuple[int, ...], ...]]] = {
    "from_tensor": (mandel.from_tensor, ((3, 3),)),
    "to_tensor": (mandel.to_tensor, ((6,),)),
    "rotation_matrix": (mandel.rotation_matrix, ((3, 3),)),
    "interface_matrix": (mandel.interface_matrix, ((3,),)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@examples(5)
@given(st.integers(0, 2**32 - 1))
def test_torch_and_batches_give_what_numpy_gives_one_by_one(name: str, seed: int) -> None:
    function, shapes = FUNCTIONS[name]
    rng = np.random.default_rng(seed)
    batch = [rng.normal(size=(2, 3, *shape)) for shape in shapes]
    result = function(*(torch.from_numpy(a) for a in batch))
    assert isinstance(result, torch.Tensor)
    assert result.dtype == torch.float64
    for place in np.ndindex(2, 3):
        one = function(*(a[place] for a in batch))
        assert result[place].numpy() == pytest.approx(one, abs=100 * ROUNDING)

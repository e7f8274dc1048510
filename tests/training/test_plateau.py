"""The learning rate at a plateau of the loss, against PyTorch's scheduler."""

import math
from collections.abc import Iterable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from training.plateau import Plateau

MULTIPLES = (1.0, 1 - 1e-5, 1 - 1e-4, 1 - 1.1e-4, 0.999, 0.9, 1.0001, 1.5)
"""Of a loss, the next one: ties, improvements below, at and above the threshold, and setbacks."""

multiples = st.lists(st.sampled_from(MULTIPLES), max_size=200)
special = st.sampled_from([0.0, 1e-300, 1e300, math.inf])
losses = st.lists(st.floats(0, 10) | special, max_size=200)
rates = st.floats(1e-9, 10)
factors = st.floats(0.01, 0.99)
patiences = st.integers(0, 12)


def by_torch(rate: float, factor: float, patience: int, sequence: Iterable[float]) -> list[float]:
    """The rates of ReduceLROnPlateau after each loss."""
    optimiser = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=factor, patience=patience
    )
    result = []
    for loss in sequence:
        scheduler.step(loss)
        result.append(optimiser.param_groups[0]["lr"])
    return result


def by_plateau(rate: float, factor: float, patience: int, sequence: Iterable[float]) -> list[float]:
    plateau, result = Plateau(rate, factor, patience), []
    for loss in sequence:
        plateau.step(loss)
        result.append(plateau.learning_rate)
    return result


@examples(200)
@given(rates, factors, patiences, losses)
def test_rates_are_those_of_torch_for_any_losses(
    rate: float, factor: float, patience: int, sequence: list[float]
) -> None:
    """To the last bit, infinite losses and zeros among them."""
    assert by_plateau(rate, factor, patience, sequence) == by_torch(
        rate, factor, patience, sequence
    )


@examples(200)
@given(rates, factors, patiences, multiples)
def test_rates_are_those_of_torch_near_the_threshold_of_improvement(
    rate: float, factor: float, patience: int, steps: list[float]
) -> None:
    sequence = [0.7]
    for step in steps:
        sequence.append(sequence[-1] * step)
    assert by_plateau(rate, factor, patience, sequence) == by_torch(
        rate, factor, patience, sequence
    )


@pytest.mark.parametrize(("factor", "patience"), [(0.8, 50), (0.5, 0), (0.99, 3)])
def test_rates_are_those_of_torch_until_they_no_longer_fall(factor: float, patience: int) -> None:
    """The last change is the last that is larger than 1e-8; the rate never reaches zero."""
    sequence = [1.0] * 6000
    rates = by_plateau(0.01, factor, patience, sequence)
    assert rates == by_torch(0.01, factor, patience, sequence)
    assert rates[-1] == rates[-patience - 2] > 0
    assert rates[-1] * (1 - factor) <= 1e-8 < rates[-1] / factor * (1 - factor)

"""Where the study differs from the paper, and why."""

from collections.abc import Mapping
from typing import Any


def differences_from_paper(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is done differently from the paper, and what that means.

    Args:
        config: the resolved configuration.
    """
    return [
        (
            "DMN as one tree of laminates",
            "The rotations are accumulated down to the base nodes, which alone are turned. This "
            "equals Eqs. 5 and 6 exactly and costs less than rotating every node. It also runs on "
            "one thread, where the paper trains on 20 cores: the ratios of DMN to IMN in cost are "
            "not the paper's.",
        ),
        (
            "One stopping rule for all schemes",
            "An increment ends when the strains of the base nodes change by less than "
            f"{config['online']['tolerance']:g} of their increment, as in Algorithms 1 and 2, or "
            "by no more than rounding; the paper's Algorithm 3 stops on the norm of the residual.",
        ),
        (
            "Equal iterations of the schemes",
            "With a consistent tangent, Algorithms 1 and 3 solve the same linearised equilibrium. "
            "Begun alike, with the strains of the last increment, they iterate equally often on "
            "the same network; the paper counts fewer iterations for DMN. Its Algorithm 3 begins "
            "an increment with the macroscopic strain in every base node, and stops otherwise.",
        ),
        (
            "Load on the schemes without stress",
            "Under stress control the fixed point meets the prescribed stresses with the mean "
            "stress of the base nodes; Algorithm 2 is printed for strain control alone.",
        ),
        (
            "A scheme of our own, tree Newton",
            "Newton's step of Algorithm 3, found block by block up the tree at a cost in "
            "proportion to the base nodes. It begins to shorten steps that go beyond the "
            "equilibrium where ten iterations were not enough.",
        ),
        (
            "Weights online",
            "Scaled to the sum 1, so that the stress of the top node is a mean. Algorithms 2 and 3 "
            "use them as they are trained.",
        ),
        (
            "Error of the stresses, Eq. 32",
            "Over all six components; the paper does not say which it takes.",
        ),
        (
            "Eqs. 7, 24 and 26",
            "As printed they contradict Eqs. 6, 2 and 20; the latter are followed.",
        ),
        (
            "Norms of Eqs. 9 and 33",
            "Frobenius norms of the stiffness in Mandel form, which do not depend on the frame.",
        ),
        (
            "Parameters of a trained network",
            "Those after the last epoch; no epoch is selected by its validation error.",
        ),
        (
            "References",
            "From quadratic finite elements in generalised plane strain, instead of LS-DYNA.",
        ),
    ]

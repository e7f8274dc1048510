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
            "Rotations are accumulated down to the base nodes, and only these are rotated. This "
            "equals Eqs. 5 and 6 exactly and costs less than to rotate every node. It runs on one "
            "thread; the paper trains on 20 cores. So the ratios of DMN to IMN in cost are not "
            "those of the paper.",
        ),
        (
            "One stopping rule for all schemes",
            "An increment ends when the strains of the base nodes change by less than "
            f"{config['online']['tolerance']:g} of their increment, as in Algorithms 1 and 2, or "
            "by no more than rounding. Algorithm 3 of the paper stops on the norm of the residual.",
        ),
        (
            "Equal iterations of the schemes",
            "With a consistent tangent, Algorithms 1 and 3 solve the same linearised equilibrium. "
            "Here both start from the strains of the last increment, so they need equally many "
            "iterations on the same network. The paper counts fewer iterations for DMN. Its "
            "Algorithm 3 starts with the macroscopic strain in every base node and has another "
            "stopping rule.",
        ),
        (
            "Load on the schemes without stress",
            "The paper prints Algorithm 2 for strain control alone. Here the fixed point also runs "
            "under stress control: the mean stress of the base nodes meets the prescribed stress.",
        ),
        (
            "A scheme that the paper lacks, tree Newton",
            "It finds the Newton step of Algorithm 3 block by block up the tree. Its cost is "
            "proportional to the number of base nodes. After ten iterations it shortens steps that "
            "go beyond the equilibrium.",
        ),
        (
            "Weights online",
            "Scaled to the sum 1, so that the stress of the top node is a mean. Algorithms 2 and 3 "
            "use them as they are trained.",
        ),
        (
            "Error of the stresses, Eq. 32",
            "Over all six components. The paper does not say which it takes.",
        ),
        (
            "Eqs. 7, 24 and 26",
            "As printed they contradict Eqs. 6, 2 and 20. Here the latter are used.",
        ),
        (
            "Norms of Eqs. 9 and 33",
            "Frobenius norms of the stiffness in Mandel form, which do not depend on the frame.",
        ),
        (
            "Parameters of a trained network",
            "Those after the last epoch. The validation error selects no epoch.",
        ),
        (
            "References",
            "Quadratic finite elements in generalised plane strain. The paper uses LS-DYNA.",
        ),
    ]

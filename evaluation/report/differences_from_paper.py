"""Where the study differs from the paper, and why."""

from collections.abc import Mapping
from typing import Any

from evaluation.report.assumptions import PAPER_EPOCHS
from evaluation.report.sweeps import (
    named,
    sweeps_beyond,
    sweeps_with,
    used,
    words,
)
from training.finish import STEPS

PAPER_RATE = 0.01
_SELECTION = "The validation error selects no epoch."


def differences_from_paper(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is done differently from the paper, and what that means."""
    found = {
        "DMN as one tree of laminates": "Rotations are accumulated down to the base nodes, and "
        "only these are rotated. This equals Eqs. 5 and 6 exactly and costs less than to rotate "
        "every node. It runs on one thread; the paper trains on 20 cores. So the ratios of DMN to "
        "IMN in cost are not those of the paper.",
        "One stopping rule for all schemes": "An increment ends when the strains of the base nodes "
        f"change by less than {config['online']['tolerance']:g} of their increment, as in "
        "Algorithms 1 and 2, or by no more than rounding. Algorithm 3 of the paper stops on the "
        "norm of the residual.",
        "Equal iterations of the schemes": "With a consistent tangent, Algorithms 1 and 3 solve "
        "the same linearised equilibrium. Here both start from the strains of the last increment, "
        "so they need equally many iterations on the same network. The paper counts fewer "
        "iterations for DMN. Its Algorithm 3 starts with the macroscopic strain in every base "
        "node and has another stopping rule.",
        "Load on the schemes without stress": "The paper prints Algorithm 2 for strain control "
        "alone. Here the fixed point also runs under stress control: the mean stress of the base "
        "nodes meets the prescribed stress.",
        "A scheme that the paper lacks, tree Newton": "It finds the Newton step of Algorithm 3 "
        "block by block up the tree. Its cost is proportional to the number of base nodes. After "
        "ten iterations it shortens steps that go beyond the equilibrium.",
        "Weights online": "Scaled to the sum 1, so that the stress of the top node is a mean. "
        "Algorithms 2 and 3 use them as they are trained.",
        "Error of the stresses, Eq. 32": "Over all six components. The paper does not say which it "
        "takes.",
        "Eqs. 7, 24 and 26": "As printed they contradict Eqs. 6, 2 and 20. Here the latter are "
        "used.",
    }
    for of in _OF_TRAINING if config["sweeps"] else ():
        found |= of(config)
    elements = "Quadratic finite elements in generalised plane strain. The paper uses LS-DYNA."
    return [*found.items(), ("References", elements)]


def _schedule(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    epochs = [n for n in used(config, "epochs") if n != PAPER_EPOCHS]
    rates = [rate for rate in used(config, "learning_rate") if rate != PAPER_RATE]
    if epochs or rates:
        names = sweeps_with(config, "epochs", *epochs)
        names += [n for n in sweeps_with(config, "learning_rate", *rates) if n not in names]
        parts = [f"{words(epochs)} epochs instead of {PAPER_EPOCHS:,}"] if epochs else []
        parts += [f"a learning rate of {words(rates)} instead of {PAPER_RATE:g}"] if rates else []
        found.append(("Schedule", f"{named(config, names)}{', '.join(parts)}."))
    if least := config["training"]["stop_below"]:
        when = f"Before its last epoch, once its learning rate has fallen below {least:g}."
        found.append(("When a training ends", f"{when} The paper runs all epochs."))
    return found


def _start(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = sweeps_with(config, "initialisation", "coated")
    text = (
        "Coated laminates: every fibre node is laminated with matrix several times, in directions "
        "across the fibres, so that the matrix is connected. The start knows the direction and the "
        "volume fraction of the fibres. The paper starts from random parameters."
    )
    return [("Start of a training", named(config, names) + text)] if names else []


def _norms(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of Eq. 33 always Frobenius norms, of Eq. 9 those of the sweeps."""
    frobenius, energy = (sweeps_with(config, "loss", name) for name in ("frobenius", "energy"))
    mandel = "of the stiffness in Mandel form, which do not depend on the frame."
    if not energy:
        return [("Norms of Eqs. 9 and 33", f"Frobenius norms {mandel}")]
    of_loss = f"{named(config, frobenius)}Frobenius norms. " if frobenius else ""
    text = (
        f"{of_loss}{named(config, energy)}the energy norm, in which every direction counts by its "
        "own stiffness. The paper has the Frobenius norm."
    )
    return [
        ("Norm of the loss, Eq. 9", text),
        ("Norm of e_C, Eq. 33", f"Frobenius norms {mandel} They hold whatever the loss is."),
    ]


def _data(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if names := sweeps_beyond(config, "flowing_samples", 0):
        text = (
            f"{named(config, names)}{words(filter(None, used(config, 'flowing_samples')))} further "
            "samples of a phase that yields (flowing samples): it is isotropic, as stiff in volume "
            "as before, and soft in shear. e_C of training and validation is over orthotropic "
            "samples alone all the same, so that all networks compare; e_C flowing is over such "
            "samples."
        )
        found.append(("Samples beyond the paper's", text))
    if names := sweeps_beyond(config, "moments", 0):
        text = (
            f"{named(config, names)}first moments of the strain of "
            f"{words(filter(None, used(config, 'moments')))} samples, from the first steps of a "
            "limit-load problem by linear matching. No nonlinear curve is used."
        )
        found.append(("Moments", text))
    return found


def _parameters(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if without := sweeps_with(config, "moments", 0):
        found.append(f"{named(config, without)}those after the last epoch.")
    if with_moments := sweeps_beyond(config, "moments", 0):
        found.append(
            f"{named(config, with_moments)}those after {STEPS:,} further steps of Adam, which "
            "bring the first moments of strain closer to those of the cell."
        )
    text = " ".join([*(part[0].upper() + part[1:] for part in found), _SELECTION])
    return [("Parameters of a trained network", text)]


_OF_TRAINING = _schedule, _start, _norms, _data, _parameters
"""What the trainings of a study do otherwise, each from its settings."""

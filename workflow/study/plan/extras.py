"""Packages that only some studies need."""

from importlib.util import find_spec

from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.plan.comparisons import comparisons

_INSTALL = "PyTorch is not installed; pip install 'material-network-study[torch]', or"


def check_torch(study: Study) -> None:
    """Refuse a study that trains or times networks with PyTorch if it is not there."""
    problems = []
    if study.sweeps and study.training.backend == "torch":
        problems.append(Problem("training.backend", f"{_INSTALL} train with fused"))
    if study.timing and comparisons(study).depth and "torch" in study.timing.training_epochs:
        remedy = f"{_INSTALL} set this key to null, which times no training with it"
        problems.append(Problem("timing.training_epochs.torch", remedy))
    if problems and find_spec("torch") is None:
        raise ConfigError(problems)

"""What the files of a study apply to: the paper's study, the recipe, or a finished study."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rve.arguments import did_you_mean
from rve.imports import ROOT
from workflow.study.config.problem import ConfigError, Problem

NETWORKS_OF = "networks_of"
_PAPER = [ROOT / "config.yaml"]
_STUDIES = ROOT / "workflow/studies"
BASES = {
    "paper": _PAPER,
    "composite": [*_PAPER, _STUDIES / "recipe.yaml", _STUDIES / "base/composite.yaml"],
}
"""Value of the key `base` -> configuration files, each an overlay of those before."""


def base_of(config: Mapping[str, Any]) -> list[Path]:
    """The configuration files that those of a study apply to.

    Raises:
        ConfigError: the study whose networks are to be taken is not there, or not finished.
    """
    other = config.get(NETWORKS_OF)
    if not (isinstance(other, str) and re.fullmatch(r"[\w-]+", other)):  # told with all problems
        return BASES.get(str(config.get("base")), _PAPER)
    folder = Path("results", other)
    if not ((folder / "manifest.json").is_file() and (folder / "config.yaml").is_file()):
        known = [path.parent.name for path in Path("results").glob("*/manifest.json")]
        state = "is not finished" if folder.is_dir() else f"is not there, in {Path.cwd()}"
        reason = f"{folder} {state}; run that study here first"
        raise ConfigError([Problem(NETWORKS_OF, f"{reason}{did_you_mean(other, known)}")])
    return [folder / "config.yaml"]


def without_own(base: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """A base without the composites and amplitudes that a study gives in place of those there.

    The base of a composite of one's own has no composites: those of the paper stand in its files.
    A study that takes networks has timings only if it asks for them: those of the networks stand in
    the other study.
    """
    kept = dict(base)
    if config.get(NETWORKS_OF) and not config.get("timing"):
        kept["timing"] = None
    of_ones_own = config.get("base") == "composite" and not config.get(NETWORKS_OF)
    if of_ones_own or config.get("composites") is not None:
        kept.pop("composites", None)
    references = config.get("references")
    if isinstance(references, Mapping) and references.get("amplitudes") is not None:
        kept["references"] = {**kept.get("references", {}), "amplitudes": None}
    return kept

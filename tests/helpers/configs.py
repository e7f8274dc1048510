"""The configuration of the paper, overlays on it, and the problems that they have."""

import copy
from pathlib import Path
from typing import Any

import pytest
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]
from snakemake.utils import update_config  # type: ignore[import-untyped, unused-ignore]

from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study

Config = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = sorted((ROOT / "workflow" / "studies").glob("*.yaml"))
ON_A_BASE = [path for path in OVERLAYS if "\nbase: " in path.read_text(encoding="utf-8")]
PAPER: Config = load_configfile(ROOT / "config.yaml")
RECIPE: Config = load_configfile(ROOT / "workflow/studies/recipe.yaml")
HELD_OUT = sorted((ROOT / "workflow/studies/held_out").glob("*.yaml"))

MATRIX = {"youngs_modulus": 3.8, "poisson_ratio": 0.3, "yield_stress": 0.01}
ELASTIC = {"youngs_modulus": 3.8, "poisson_ratio": 0.3}
GLASS = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}


def paper_with(overlay: Config) -> Config:
    """The paper's configuration with an overlay merged in."""
    return merged(PAPER, overlay)


def merged(base: Config, overlay: Config) -> Config:
    """A configuration with an overlay merged in by Snakemake itself."""
    config = copy.deepcopy(base)
    update_config(config, copy.deepcopy(overlay))
    return config


def problems_of(overlay: Config) -> list[str]:
    """The lines below the header of the message that the overlay provokes."""
    with pytest.raises(ConfigError) as caught:
        load_study(paper_with(overlay))
    header, *lines = str(caught.value).splitlines()
    assert header == f"config: {len(lines)} problem{'' if len(lines) == 1 else 's'}"
    assert all(line.startswith("  ") for line in lines)
    return [line.strip() for line in lines]


def tabulated(table: object) -> Config:
    """A matrix with a hardening table."""
    return {"law": "j2_table", **ELASTIC, "table": table}

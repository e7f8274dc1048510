"""What the start of a training takes from the cell."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.specification import Settings


def settings_on(settings: Mapping[str, Any], statistics: Sequence[str]) -> Settings:
    """Settings of a training, with the volume fraction of the fibres where it is needed.

    Args:
        settings: from the configuration.
        statistics: the file that describes the cell, for a coated start; else none.
    """
    fractions = {}
    for path in statistics:
        fractions["fibre_fraction"] = json.loads(Path(path).read_text(encoding="utf-8"))[
            "volume_fraction_meshed"
        ]
    return Settings(**settings, **fractions)

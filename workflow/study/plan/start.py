"""What the start of a training takes from the cell."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.specification import Settings


def settings_on(settings: Mapping[str, Any], statistics: Sequence[Path]) -> Settings:
    """Settings of a training; for a coated start, with the volume fraction of the cell."""
    described = [json.loads(path.read_text(encoding="utf-8")) for path in statistics]
    fraction = described[0]["volume_fraction_meshed"] if described else None
    return Settings(**settings, fibre_fraction=fraction)

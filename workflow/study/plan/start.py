"""What the start of a training takes from the cell."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.specification import Settings


def settings_on(settings: Mapping[str, Any], statistics: Path | str) -> Settings:
    """Settings of a training, with the phases of the cell and their volume fractions."""
    described = json.loads(Path(statistics).read_text(encoding="utf-8"))
    return Settings(**settings, fractions=described["volume_fractions"])

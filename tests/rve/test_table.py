"""Tables are read as they were written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rve.errors import InputError
from rve.table import read_table


def test_names_stay_text_and_empty_cells_are_missing(tmp_path: Path) -> None:
    """Names that look like numbers, missing values or truths, and a prediction that failed."""
    names = ["007", "NA", "nan", "null", "True", "1e5", "seconds"]
    written = pd.DataFrame({"network": "n", "composite": names, "load": "11", "error": 0.1})
    written.loc[2, "error"] = np.nan
    written.to_csv(tmp_path / "online.csv", index=False)
    table = read_table(tmp_path / "online.csv")
    assert list(table["composite"]) == names
    assert list(table["load"]) == ["11"] * len(names)
    assert list(table["error"].isna()) == [False, False, True, False, False, False, False]


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe\x00"], ids=["missing", "empty", "binary"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "online.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"online\.csv: not a table, delete it and run again"):
        read_table(path)

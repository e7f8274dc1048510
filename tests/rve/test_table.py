"""Tables are read as they were written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rve.errors import InputError
from rve.table import read_table, read_tables


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


HEAD = "network,error,iterations\n"


def written(folder: Path, *texts: str) -> list[Path]:
    paths = [folder / f"{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


def test_many_tables_are_read_as_one_after_the_other(tmp_path: Path) -> None:
    """One has no row, one no number, and one does not end its last line."""
    paths = written(tmp_path, f"{HEAD}1,0.1,3\n", HEAD, f"{HEAD}NA,,\n", f"{HEAD}2,0.3,4")
    one_by_one = pd.concat([read_table(path) for path in paths if path.read_text() != HEAD])
    pd.testing.assert_frame_equal(read_tables(paths), one_by_one.reset_index(drop=True))


def test_tables_without_rows_keep_their_columns(tmp_path: Path) -> None:
    assert list(read_tables(written(tmp_path, HEAD, HEAD))) == ["network", "error", "iterations"]


@pytest.mark.parametrize("damaged", ["", "network,other\n1,2\n", f"{HEAD}1,0.1,3\n1,2,3,4\n"])
def test_of_many_tables_the_damaged_one_is_named(tmp_path: Path, damaged: str) -> None:
    paths = written(tmp_path, f"{HEAD}1,0.1,3\n", damaged, f"{HEAD}2,0.3,4\n")
    with pytest.raises(InputError, match=r"1\.csv: .*run again"):
        read_tables(paths)

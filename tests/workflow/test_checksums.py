"""Damage of any kind is found by the reader, and named with what to do."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rve.errors import InputError
from workflow.study.run.checksums import check, seal, tidy

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda whole: b"",
    "truncated": lambda whole: whole[: len(whole) // 2],
    "cut at a row": lambda whole: whole[: whole[:-1].rindex(b"\n") + 1],
    "a byte flipped": lambda whole: whole[:9] + bytes([whole[9] ^ 1]) + whole[10:],
    "of another study": lambda whole: whole.replace(b"0.5", b"0.6"),
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "tables" / "online.csv"
    path.parent.mkdir()
    path.write_text("name,error\na,0.5\nb,0.25\n")
    seal(tmp_path, [path])
    return path


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_with_what_to_do(tmp_path: Path, table: Path, kind: str) -> None:
    check(tmp_path, [table])
    table.write_bytes(DAMAGE[kind](table.read_bytes()))
    with pytest.raises(InputError, match=r"online\.csv: is not what .*; delete it and run again"):
        check(tmp_path, [table])


def test_files_of_the_user_are_not_checked(tmp_path: Path, table: Path) -> None:
    own = tmp_path / "tables" / "own.csv"
    own.write_text("name\n")
    check(tmp_path, [own, Path("elsewhere.msh")])


def test_a_file_that_is_written_again_counts_as_it_is_now(tmp_path: Path, table: Path) -> None:
    table.write_text("name,error\na,0.125\n")
    seal(tmp_path, [table])
    check(tmp_path, [table])


def test_list_is_of_the_format_of_sha256sum(tmp_path: Path, table: Path) -> None:
    gone = tmp_path / "gone.npz"
    gone.write_bytes(b"array")
    table.write_text("name,error\na,0.125\n")
    seal(tmp_path, [table, gone])
    gone.unlink()
    tidy(tmp_path)
    assert len((tmp_path / "checksums").read_text().splitlines()) == 1
    if shutil.which("sha256sum"):
        command = ["sha256sum", "--check", "--strict", "checksums"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

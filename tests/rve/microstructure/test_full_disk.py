"""A disk that is full: gmsh stops writing without a word, and the half file is not taken."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rve.errors import InputError
from rve.files import replacing
from rve.microstructure.mesh import Mesh, generate, write
from rve.microstructure.packing import Packing


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond a size (bytes): what is written beyond fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("part", [0, 0.01, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("writer", ["generate", "write"])
def test_half_a_mesh_is_not_taken(
    tmp_path: Path, packing: Packing, mesh: Mesh, writer: str, part: float
) -> None:
    writers: dict[str, Callable[[Path], None]] = {
        "generate": lambda path: generate(packing, 0.12, path),
        "write": lambda path: write(mesh, path),
    }
    path = tmp_path / "cell.msh"
    writers[writer](path)
    whole = path.read_bytes()
    path.unlink()
    with (
        pytest.raises(InputError, match=r"cell\.msh: could not be written whole; is the disk full"),
        replacing(path) as temporary,
        room_for(int(part * len(whole))),
    ):
        writers[writer](temporary)
    assert list(tmp_path.iterdir()) == []
    with replacing(path) as temporary, room_for(len(whole)):
        writers[writer](temporary)
    assert path.read_bytes() == whole

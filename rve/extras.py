"""Packages that only some installations have: `pip install .` brings none of them."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import packages of an extra in pyproject.toml; where one is missing, the error names it."""
    try:
        yield
    except ModuleNotFoundError as error:
        install = f"pip install 'material-network-study[{name}]'"
        raise ModuleNotFoundError(
            f"{error.name} is not installed; this brings it: {install}", name=error.name
        ) from None

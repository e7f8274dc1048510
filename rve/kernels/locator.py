"""Where numba keeps compiled code: in a folder that may be read-only."""

from contextlib import suppress

from numba.core.caching import UserProvidedCacheLocator


class KeptCode(UserProvidedCacheLocator):
    """A locator that accepts a read-only folder.

    Numba's own locator refuses it, although the compiled code may already be there.
    """

    def ensure_cache_path(self) -> None:
        """Make the folder if it can be made."""
        with suppress(OSError):
            super().ensure_cache_path()

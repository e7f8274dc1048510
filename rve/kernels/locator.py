"""Where numba keeps compiled code: in a folder that may be one to read from alone."""

from contextlib import suppress

from numba.core.caching import UserProvidedCacheLocator


class KeptCode(UserProvidedCacheLocator):
    """Numba's own takes no folder that cannot be written, though all may be there already."""

    def ensure_cache_path(self) -> None:
        """Make the folder if that is possible."""
        with suppress(OSError):
            super().ensure_cache_path()

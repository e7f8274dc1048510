"""Where numba keeps compiled code: in a folder whose name tells all that it depends on."""

from contextlib import suppress

from numba import config
from numba.core.caching import UserProvidedCacheLocator


class KeptCode(UserProvidedCacheLocator):
    """A locator of code that does not ask where its source lies, or when it was written.

    Unlike numba's own it accepts a folder that is read-only, as the code may already be there.
    """

    def __init__(self, function, file):
        super().__init__(function, file)
        self._cache_path = config.CACHE_DIR  # type: ignore[attr-defined]

    def get_source_stamp(self):
        """The name of the folder says what the source was."""
        return ""

    def ensure_cache_path(self) -> None:
        """Make the folder if it can be made."""
        with suppress(OSError):
            super().ensure_cache_path()

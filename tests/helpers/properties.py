"""How many examples of a property are tried."""

from hypothesis import settings

QUICK = "quick"
_FEWER = 10


def examples(count: int) -> settings:
    """So many examples of a property; a tenth of them in the quick tier."""
    quick = settings.get_current_profile_name() == QUICK
    return settings(max_examples=max(count // _FEWER, 2) if quick else count)

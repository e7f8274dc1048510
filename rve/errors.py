"""Errors and warnings that a user can cause or meet; their text is written for the user."""


class InputError(ValueError):
    """Something given by the user cannot be used; the message says what, why and what to do."""


class ConvergenceError(RuntimeError):
    """An iterative solution could not go on; the message says where and with which residual."""


class DoubtfulConstants(UserWarning):
    """Constants of a material law are admissible, but look like a mistake."""

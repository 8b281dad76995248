"""Checks that arguments lie in the domain of a formula. Errors name the argument, its domain and the value received."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def require(condition: ArrayLike, argument: str, received: Any, requirement: str) -> None:
    """Raise ``ValueError`` unless the condition holds everywhere.

    :param condition: booleans of any shape. :param argument: the name of the argument.
    :param received: its value, or what the error is to show of it.
    :param requirement: what the argument must be, in words that follow "must be".
    """
    if not np.all(condition):
        raise ValueError(f"{argument} must be {requirement}; received {received!r}")


def require_count(argument: str, received: ArrayLike, least: int) -> None:
    """Raise ``ValueError`` unless every entry of the argument is a whole number and at least ``least``."""
    values = np.asarray(received)
    whole = np.all(np.isfinite(values)) and np.all(values == np.floor(values))
    require(whole and np.all(values >= least), argument, received, f"a whole number >= {least}")


def require_finite(argument: str, received: ArrayLike) -> None:
    """Raise ``ValueError`` unless every entry of the argument is a finite real number."""
    require(np.isfinite(np.asarray(received, dtype=float)), argument, received, "finite")

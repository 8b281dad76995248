"""The domain of a formula: parameters outside it are refused, with a sentence that names the argument."""

import numpy as np


def require(condition, argument: str, received, requirement: str) -> None:
    """Raise ``ValueError`` naming the argument unless the condition holds everywhere."""
    if not np.all(condition):
        raise ValueError(f"{argument} must be {requirement}; received {received!r}")


def require_count(argument: str, received, least: int) -> None:
    """Raise ``ValueError`` unless the argument holds whole numbers, all of them at least ``least``."""
    values = np.asarray(received)
    whole = np.all(np.isfinite(values)) and np.all(values == np.floor(values))
    require(whole and np.all(values >= least), argument, received, f"a whole number >= {least}")


def require_finite(argument: str, received) -> None:
    """Raise ``ValueError`` unless every entry is a finite real number."""
    require(np.isfinite(np.asarray(received, dtype=float)), argument, received, "finite")

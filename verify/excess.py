"""How far the permuted group's geometry is from its null line, the same points with their labels shuffled."""

import numpy as np

from verify.runs import Runs, When


def excess(runs: Runs, quantity: str, when: When) -> np.ndarray:
    """Logarithm of a permuted manifold's quantity over the baseline's, by hidden layer: (networks, layers)."""
    measured, baseline = (runs.layerwise(quantity, "permuted", when, choice) for choice in ("", "shuffled"))
    return np.log(measured / baseline)

"""The loss of each example under its given label."""

import numpy as np


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The cross-entropy of each example, in nats, float64, (b,).

    :param logits: (b, C).
    :param labels: whole numbers within 0..C-1, (b,).
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    # Logits of float32 are exponentiated as such, which is twice as fast; sums are of float64.
    total = np.exp(shifted).sum(axis=1, dtype=np.float64)
    return np.log(total) - shifted[np.arange(len(labels)), labels]

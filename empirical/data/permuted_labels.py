"""Permuted labels, and the groups of images the paper follows."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TrainingLabels:
    """Labels to train on.

    true, trained: int64, (n,).
    drawn: bool, (n,): examples whose labels took part in the permutation, coincidences included.
    """

    true: np.ndarray
    trained: np.ndarray
    drawn: np.ndarray

    @property
    def unpermuted(self) -> np.ndarray:
        """Indices of the examples left alone."""
        return np.flatnonzero(~self.drawn)

    @property
    def permuted(self) -> np.ndarray:
        """Indices of the examples whose label changed: coincidences are left out."""
        return np.flatnonzero(self.drawn & (self.true != self.trained))

    @property
    def permuted_all(self) -> np.ndarray:
        """Indices of the examples that took part, coincidences included: the group of every gradient identity."""
        return np.flatnonzero(self.drawn)

    @property
    def coincidence_share(self) -> float:
        """Share of the permutation's examples that kept their true label by chance; 0 where none was permuted."""
        taken = self.drawn.sum()
        return float((self.drawn & (self.true == self.trained)).sum() / taken) if taken else 0.0


def permute(true, fraction: float, n_classes: int, rng: np.random.Generator) -> TrainingLabels:
    """Permute the labels of a random share of examples among themselves, uniformly; their label counts are kept.

    :param true: labels, whole numbers 0..n_classes-1, shape (n,).
    :param fraction: share of examples, 0..1.
    :raises ValueError: a label or the fraction is out of range.
    """
    true = np.asarray(true)
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must be within 0..1; received {fraction!r}")
    if true.ndim != 1 or not np.issubdtype(true.dtype, np.integer):
        raise ValueError(f"labels must be one row of whole numbers; received shape {true.shape}, {true.dtype}")
    if true.size and not (true.min() >= 0 and true.max() < n_classes):
        raise ValueError(f"labels must be within 0..{n_classes - 1}; received {true.min()}..{true.max()}")
    taken = rng.choice(len(true), round(fraction * len(true)), replace=False)
    trained, drawn = true.copy(), np.zeros(len(true), dtype=bool)
    trained[taken], drawn[taken] = true[rng.permutation(taken)], True
    return TrainingLabels(true, trained, drawn)

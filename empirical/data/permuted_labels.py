"""The permutation of training labels, and the groups of images that the paper compares."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TrainingLabels:
    """The labels of the training images: the true labels, and the labels that the network is trained on.

    true, trained: int64, (n,).
    drawn: bool, (n,), true for images whose labels took part in the permutation. Some of these labels are permuted to
        themselves by coincidence, and are included.
    """

    true: np.ndarray
    trained: np.ndarray
    drawn: np.ndarray

    @property
    def unpermuted(self) -> np.ndarray:
        """Indices of the images whose labels took no part in the permutation, shape (n_unpermuted,)."""
        return np.flatnonzero(~self.drawn)

    @property
    def permuted(self) -> np.ndarray:
        """Indices of the images whose label changed, shape (n_permuted,); coincidences are left out."""
        return np.flatnonzero(self.drawn & (self.true != self.trained))

    @property
    def permuted_all(self) -> np.ndarray:
        """Indices of all images whose labels took part, coincidences included; every gradient identity is about this group."""
        return np.flatnonzero(self.drawn)

    @property
    def coincidence_share(self) -> float:
        """Share of the images in the permutation that kept their true label by chance; 0 where no label took part."""
        taken = self.drawn.sum()
        return float((self.drawn & (self.true == self.trained)).sum() / taken) if taken else 0.0


def permute(true: np.ndarray, fraction: float, n_classes: int, rng: np.random.Generator) -> TrainingLabels:
    """The labels after a uniform permutation among a random share of the images; the count of each label does not change.

    :param true: labels, whole numbers 0..n_classes-1, shape (n,).
    :param fraction: share of the images whose labels take part, 0..1.
    :raises ValueError: a label or the fraction is out of range.
    """
    true = np.asarray(true)
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must be within 0..1; received {fraction!r}")
    if true.ndim != 1 or not np.issubdtype(true.dtype, np.integer):
        raise ValueError(f"labels must be whole numbers of shape (n,); received shape {true.shape}, type {true.dtype}")
    if true.size and not (true.min() >= 0 and true.max() < n_classes):
        raise ValueError(f"labels must be within 0..{n_classes - 1}; received {true.min()}..{true.max()}")
    taken = rng.choice(len(true), round(fraction * len(true)), replace=False)
    trained, drawn = true.copy(), np.zeros(len(true), dtype=bool)
    trained[taken], drawn[taken] = true[rng.permutation(taken)], True
    return TrainingLabels(true, trained, drawn)

"""Epochs of a network that there is not: logits and features of classes in clouds, for the watch."""

from dataclasses import dataclass

import numpy as np

from empirical.label_errors import LabelWatch


@dataclass(frozen=True)
class Clouds:
    """Examples of C classes in d features: true labels, given labels, and the features of an epoch."""

    true: np.ndarray
    given: np.ndarray
    centres: np.ndarray

    @classmethod
    def drawn(cls, rng: np.random.Generator, n: int = 300, n_classes: int = 4, n_wrong: int = 30, d: int = 6) -> "Clouds":
        true = np.arange(n) % n_classes
        given = true.copy()
        given[:n_wrong] = (true[:n_wrong] + 1) % n_classes
        return cls(true, given, 3 * rng.standard_normal((n_classes, d)))

    def epoch(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Logits, (n, C), and features, (n, d), of all examples."""
        features = self.centres[self.true] + rng.standard_normal((len(self.true), self.centres.shape[1]))
        distances = ((features[:, None] - self.centres) ** 2).sum(-1)
        return (-distances / 4).astype(np.float32), features.astype(np.float32)


def shown(watch: LabelWatch, clouds: Clouds, rng: np.random.Generator, n_epochs: int, batch: int = 32, features: bool = True):
    """Show the watch some epochs, in random batches."""
    for _ in range(n_epochs):
        logits, rows = clouds.epoch(rng)
        order = rng.permutation(len(logits))
        for index in np.split(order, range(batch, len(order), batch)):
            watch.update(index, logits[index], rows[index] if features else None)

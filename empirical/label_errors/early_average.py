"""Averages of scores over the first 2E epochs, where E is the epoch of least held-out loss.

Later a network fits the wrong labels too, and its scores no longer tell them from right ones. E is known only when the loss has
risen again. An epoch that turns out to be the best so far is the present one, though, so that its double is still ahead. One
running sum, and a copy of it at twice the best epoch so far, are therefore enough, however often the best epoch moves: 16 bytes
for each example and score, whatever the number of epochs.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Averages:
    """Scores of all examples, averaged over epochs.

    loss: cross-entropy under the given label, nats, (n,).
    margin: class-mean margin, (n,); not a number for the only example of a class; None where there were no features, or one
        epoch only, because an epoch is compared with the one before.
    suggested: the class suggested for each example, as the network had it at the best epoch, (n,).
    epochs: how many epochs were averaged.
    best: E; 0 where nothing is held out.
    """

    loss: np.ndarray
    margin: np.ndarray | None
    suggested: np.ndarray
    epochs: int
    best: int


class EarlyAverage:
    """The averages of n examples so far."""

    def __init__(self, n: int):
        self.losses, self.margins = np.zeros(n), np.zeros(n)
        self.n_epochs = self.n_margins = self.best = 0
        self.least = np.inf
        self.suggested = np.zeros(n, dtype=np.int32)
        self._kept: Averages | None = None

    def add(self, loss: np.ndarray, margin: np.ndarray | None, suggested: np.ndarray, held_out: float | None) -> None:
        """Add the scores of a complete epoch.

        :param loss, margin, suggested: as in :class:`Averages`, of this epoch alone.
        :param held_out: the mean loss of held-out examples under their given labels, after this epoch; None where there are
            none.
        """
        self.n_epochs += 1
        self.losses += loss
        if margin is not None:
            self.margins += margin
            self.n_margins += 1
        if held_out is None or held_out < self.least:
            self._kept, self.suggested = None, suggested.copy()
            if held_out is not None:
                self.least, self.best = held_out, self.n_epochs
        if self.best and self.n_epochs == 2 * self.best:
            self._kept = self.so_far()

    def averages(self) -> Averages:
        """The averages to 2E; those of :meth:`so_far` where 2E is not reached, or nothing is held out."""
        return self._kept or self.so_far()

    @property
    def reached(self) -> bool:
        """Whether twice the best epoch so far is reached, so that later epochs matter only if one of them is better."""
        return self._kept is not None

    def so_far(self) -> Averages:
        """The averages over all epochs so far."""
        margin = self.margins / self.n_margins if self.n_margins else None
        return Averages(self.losses / self.n_epochs, margin, self.suggested.copy(), self.n_epochs, self.best)

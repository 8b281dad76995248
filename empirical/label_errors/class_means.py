"""The class-mean margin: how much further an example is from the mean of its given class than from the nearest other mean.

Features come batch by batch while the network trains, and are not kept. An example is therefore compared with the class means
of the epoch before. Its own features must not be in the mean of its class, because a wrong example would move that mean
towards itself. Leaving out one example would need its features of the epoch before; so each class is dealt into five folds,
and the mean of an example's class is over the other four.
"""

import numpy as np

FOLDS = 5


class ClassMeans:
    """The class means of one epoch, with which the examples of the next are compared.

    The memory is that of 2 * FOLDS * C * d numbers, whatever the number of examples.

    :param labels: given labels, whole numbers, (n,).
    :param n_classes: C.
    """

    def __init__(self, labels: np.ndarray, n_classes: int, rng: np.random.Generator):
        self.labels, self.n_classes = labels, n_classes
        self.fold = _folds(labels, rng)
        self.counts = np.bincount(labels, minlength=n_classes)
        in_fold = np.bincount(self.fold * n_classes + labels, minlength=FOLDS * n_classes).reshape(FOLDS, n_classes)
        self.others = self.counts - in_fold
        self.sums: np.ndarray | None = None
        self.means: np.ndarray | None = None
        self.means_without: np.ndarray | None = None

    def margins(self, index: np.ndarray, features: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """The margins of some examples, in squared units of the features, (b,), and the nearest other classes, (b,).

        The margin is ||f - m_given||^2 - min ||f - m_other||^2, in which ||f||^2 cancels. It is not a number for the only
        example of a class. None before an epoch is complete.

        :param index: of the examples, (b,). :param features: (b, d).
        """
        if self.means is None or self.means_without is None:
            return None
        given = self.labels[index]
        own = self.means_without[self.fold[index], given]
        to_own = (own * own).sum(axis=1) - 2 * (features * own).sum(axis=1)
        to_others = (self.means * self.means).sum(axis=1) - 2 * features @ self.means.T
        to_others[:, self.counts == 0] = np.inf
        to_others[np.arange(len(index)), given] = np.inf
        nearest = to_others.argmin(axis=1)
        return to_own - to_others[np.arange(len(index)), nearest], nearest

    def add(self, index: np.ndarray, features: np.ndarray) -> None:
        """Add the features of some examples, (b, d), to the means of this epoch."""
        if self.sums is None:
            self.sums = np.zeros((FOLDS * self.n_classes, features.shape[1]))
        groups = self.fold[index] * self.n_classes + self.labels[index]
        order = np.argsort(groups, kind="stable")
        ordered = groups[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.sums[ordered[starts]] += np.add.reduceat(features[order], starts, axis=0)

    def end_epoch(self) -> None:
        """Take the means of the complete epoch for those that examples are compared with, and start anew."""
        if self.sums is None:
            return
        sums = self.sums.reshape(FOLDS, self.n_classes, -1)
        total = sums.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            # A class without an example has no mean, and the only example of a class none without it.
            self.means = np.nan_to_num(total / self.counts[:, None]).astype(np.float32)
            without = (total - sums) / self.others[..., None]
        without[self.others == 0] = np.nan
        self.means_without = without.astype(np.float32)
        self.sums.fill(0)


def _folds(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The fold of each example, (n,): the examples of each class are dealt out in random order."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    fold = np.empty(len(labels), dtype=np.int64)
    starts = np.searchsorted(labels[order], labels[order])
    fold[order] = (np.arange(len(labels)) - starts) % FOLDS
    return fold

"""Labels that are wrong in one way for each class, as those of annotators who confuse two classes."""

import numpy as np

from empirical.data.permuted_labels import TrainingLabels


def exchange(true: np.ndarray, fraction: float, n_classes: int, rng: np.random.Generator) -> TrainingLabels:
    """The labels after a random share of the examples of all classes got the label of one other class, each class its own.

    The classes are put on a circle in random order, and a wrong label is the next class on it. None is right by coincidence.

    :param true: labels, whole numbers 0..n_classes-1, (n,).
    :param fraction: share of the examples with a wrong label, 0..1; the other label is the right one of most of its examples
        only below a half.
    :raises ValueError: a label or the fraction is out of range, or there are fewer than two classes.
    """
    true = np.asarray(true)
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must be within 0..1; received {fraction!r}")
    if n_classes < 2:
        raise ValueError(f"n_classes must be 2 or more, because labels are exchanged between classes; received {n_classes}")
    if true.size and not (true.min() >= 0 and true.max() < n_classes):
        raise ValueError(f"labels must be within 0..{n_classes - 1}; received {true.min()}..{true.max()}")
    circle, following = rng.permutation(n_classes), np.empty(n_classes, dtype=true.dtype)
    following[circle] = np.roll(circle, -1)
    drawn = np.zeros(len(true), dtype=bool)
    drawn[rng.choice(len(true), round(fraction * len(true)), replace=False)] = True
    return TrainingLabels(true, np.where(drawn, following[true], true), drawn)

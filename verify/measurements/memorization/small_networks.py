"""Small networks that instruments train themselves, in the words of claims; their kinds of data are choices of a table."""

import numpy as np

from empirical.evidence.names import UNPERMUTED, packed, unpacked
from verify.judging.verdicts import NotAsked
from verify.measurements.runs import Runs

# The epoch after which errors are counted.
ONE_EPOCH = 1
QUANTILE, MATRIX = "misclassification_quantile", "class_sensitivity"


def counted(runs: Runs, quantity: str, choice: str) -> np.ndarray:
    """A quantity of misclassification counts after one epoch, (networks,).

    :param choice: the kind of data, from :data:`empirical.evidence.names.KINDS`, or the choice of another learning rate.
    """
    return runs.at(runs.series(quantity, UNPERMUTED, choice), ONE_EPOCH)


def counted_by_class(runs: Runs, quantity: str, choice: str) -> np.ndarray:
    """A quantity of the misclassification counts of each class, (networks, classes)."""
    return np.stack([counted(runs, quantity, packed(choice, str(label))) for label in range(runs.n_classes)], axis=1)


def sorted_rates(runs: Runs, choice: str) -> tuple[np.ndarray, np.ndarray]:
    """Misclassification rates at places of the sorted images, from 0 for the easiest to 1: (places,), (networks, places).

    :raises Untested: the rate of the easiest image, or of another, was not measured.
    """
    found = {unpacked(key.choice) for key in runs.table if key.quantity == QUANTILE}
    words = {"0", *(fields[-1] for fields in found if fields[:-1] == unpacked(choice))}
    places = sorted(words, key=float)
    rates = [counted(runs, QUANTILE, packed(choice, place)) for place in places]
    return np.array(places, dtype=float), np.stack(rates, axis=1)


def require_errors(runs: Runs, choice: str, level: float) -> None:
    """Check that networks still misclassify more than this share of their training images after one epoch.

    :raises NotAsked: the mean over networks is not above the level.
    """
    rate = float(counted(runs, "misclassification_rate", choice).mean())
    if not rate > level:
        raise NotAsked(f"the error on {choice} is {rate:.3f} after one epoch, and this claim is about errors above {level:g}")


def sensitivity(runs: Runs, quantity: str, choice: str, epoch: int) -> np.ndarray:
    """A quantity of loss sensitivities at an epoch of the small networks, (networks,)."""
    return runs.at(runs.series(quantity, UNPERMUTED, choice), epoch)


def class_matrices(runs: Runs, choice: str) -> tuple[int, np.ndarray]:
    """The last epoch at which class sensitivities were measured, and the matrices, (networks, C, C), as they were then.

    Entry i, j is the sensitivity of the loss on class i to images of class j.
    """
    classes = range(runs.n_classes)
    series = [[runs.series(MATRIX, UNPERMUTED, packed(choice, f"{i}-{j}")) for j in classes] for i in classes]
    matrices = np.stack([np.stack([one.last() for one in row], axis=1) for row in series], axis=1)
    return int(series[0][0].epochs[-1]), matrices


def sensitivity_at_accuracy(runs: Runs, quantity: str, choice: str, level: float) -> np.ndarray:
    """A quantity of loss sensitivities when training accuracy first reaches a level, interpolated, (networks,).

    :raises NotAsked: a network is above the level after its first epoch already, or never reaches it.
    """
    series, accuracy = (runs.series(name, UNPERMUTED, choice) for name in (quantity, "sensitivity_accuracy"))
    return np.array([_when_reached(*rows, level, choice) for rows in zip(series.complete(), accuracy.complete(), strict=True)])


def _when_reached(values: np.ndarray, accuracies: np.ndarray, level: float, choice: str) -> float:
    reached = np.flatnonzero(accuracies >= level)
    if not len(reached) or reached[0] == 0:
        raise NotAsked(
            f"a network goes from {accuracies[0]:.2f} to {accuracies[-1]:.2f} accuracy on {choice} after its first epoch, and "
            f"this claim compares networks at {level:g}"
        )
    before, after = reached[0] - 1, reached[0]
    share = (level - accuracies[before]) / (accuracies[after] - accuracies[before])
    return float(values[before] + share * (values[after] - values[before]))

"""What small networks measure in a synthetic world in which every claim about them is true, by kind of data."""

import numpy as np

from empirical.evidence.names import KINDS, OWN_CLASSES, RAND_X, REAL, packed
from tests.verify.synthetic.means import CLASSES, NETWORKS
from theory.learning.misclassification_counts import binomial_index
from verify.measurements.series import Key, Series

TRAININGS, PER_CLASS = 100, 100
FASTER = packed(RAND_X, "rate 0.03")
DISPERSION = dict(zip((*KINDS, FASTER), (10.0, 1.0, 1.0, 1.3, 1.0), strict=True))
ERROR = dict(zip((*KINDS, FASTER), (0.6, 0.88, 0.88, 0.88, 0.87), strict=True))
SWING = 0.02
EPOCHS = (1, 2, 3, 5, 7, 10, 14, 20, 25, 30)
GINI = {REAL: 0.44, RAND_X: 0.23, packed(REAL, OWN_CLASSES): 0.4, packed(RAND_X, OWN_CLASSES): 0.25}
RATIO = {REAL: 0.49, RAND_X: 0.36}
# Real images are learned faster.
ACCURACY = {REAL: np.linspace(0.5, 1.0, 10), RAND_X: np.linspace(0.1, 0.8, 10)}


def small_networks(seed: int, spread: float) -> dict[Key, Series]:
    """The series; ``spread`` is the standard deviation of a logarithm between networks."""
    rng = np.random.default_rng(seed)
    counts = {
        **{Key("misclassification_dispersion", "unpermuted", kind): value for kind, value in DISPERSION.items()},
        **{Key("misclassification_rate", "unpermuted", kind): value for kind, value in ERROR.items()},
        Key("misclassification_index", "unpermuted", RAND_X): _expected_index(),
        Key("misclassification_index", "unpermuted", FASTER): 1.0,
    }
    sensitivities = {Key("sensitivity_gini", "unpermuted", choice): np.full(10, value) for choice, value in GINI.items()}
    sensitivities |= {Key("sensitivity_ratio", "unpermuted", kind): np.full(10, value) for kind, value in RATIO.items()}
    drawn = {key: _series(key, (1,), np.array([value]), rng, spread) for key, value in counts.items()}
    drawn |= {key: _series(key, EPOCHS, values, rng, spread) for key, values in sensitivities.items()}
    for kind, values in ACCURACY.items():
        key = Key("sensitivity_accuracy", "unpermuted", kind)
        drawn[key] = _series(key, EPOCHS, values, rng, 0.0)
    return drawn | _counts()


def _expected_index() -> float:
    rates, swings = np.full(CLASSES, ERROR[RAND_X]), np.full(CLASSES, SWING)
    return float(binomial_index(rates, swings, PER_CLASS, TRAININGS))


def _counts() -> dict[Key, Series]:
    """Numbers that are the same in every network."""
    values = {Key("trainings", "unpermuted", RAND_X): TRAININGS, Key("images_per_class", "unpermuted", RAND_X): PER_CLASS}
    for label in range(CLASSES):
        choice = packed(RAND_X, str(label))
        values[Key("misclassification_class_rate", "unpermuted", choice)] = ERROR[RAND_X]
        values[Key("misclassification_class_swing", "unpermuted", choice)] = SWING
    rng = np.random.default_rng(0)
    return {key: _series(key, (1,), np.array([value]), rng, 0.0) for key, value in values.items()}


def _series(key: Key, epochs: tuple, means: np.ndarray, rng: np.random.Generator, spread: float) -> Series:
    noise = np.exp(rng.normal(0, spread, (NETWORKS, len(epochs))))
    return Series(np.array(epochs), means * noise, " / ".join(key))

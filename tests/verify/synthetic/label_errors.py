"""How well wrong labels are found in a synthetic world in which every claim about it is true."""

import numpy as np

from empirical.evidence.names import (
    ALIGNMENT,
    ALL,
    AREA,
    BEST_EPOCH,
    CLASS_DEPENDENT,
    CLASS_MEAN_MARGIN,
    FROM_ALL,
    FROM_EASIER,
    INITIAL_FEATURES,
    LABELS_ANEW,
    LAST_EPOCH,
    LOSS,
    NOISES,
    UNIFORM,
    packed,
)
from tests.verify.synthetic.means import NETWORKS
from verify.measurements.label_errors import FALSE, FOUND, PRECISION
from verify.measurements.series import Key, Series

# Of a score with its variant, for uniform and for class-dependent errors.
PRECISIONS = {
    LOSS: (0.97, 0.84),
    CLASS_MEAN_MARGIN: (0.975, 0.97),
    AREA: (0.975, 0.85),
    packed(LOSS, BEST_EPOCH): (0.98, 0.85),
    packed(CLASS_MEAN_MARGIN, BEST_EPOCH): (0.985, 0.98),
    packed(ALIGNMENT, BEST_EPOCH): (0.5, 0.6),
    packed(LOSS, LAST_EPOCH): (0.7, 0.5),
    packed(CLASS_MEAN_MARGIN, LAST_EPOCH): (0.95, 0.97),
    packed(LOSS, LABELS_ANEW): (0.25, 0.3),
    packed(CLASS_MEAN_MARGIN, INITIAL_FEATURES): (0.85, 0.7),
}
SHARES = {(FALSE, FROM_ALL): 0.07, (FALSE, FROM_EASIER): 0.45, (FOUND, FROM_ALL): 0.9, (FOUND, FROM_EASIER): 0.99}


def label_errors(seed: int, spread: float) -> dict[Key, Series]:
    """The series; ``spread`` is the standard deviation of a logarithm between networks."""
    rng = np.random.default_rng([seed, 5])
    means = {
        Key(PRECISION, ALL, packed(noise, choice)): values[place]
        for place, noise in enumerate((UNIFORM, CLASS_DEPENDENT))
        for choice, values in PRECISIONS.items()
    }
    means |= {
        Key(quantity, ALL, packed(noise, sample)): value for (quantity, sample), value in SHARES.items() for noise in NOISES
    }
    return {
        key: Series(np.array([0]), mean * np.exp(rng.normal(0, spread, (NETWORKS, 1))), " / ".join(key))
        for key, mean in means.items()
    }

"""Critical sample ratios in a synthetic world in which noise has more of them than real data, and all of them rise."""

from collections.abc import Iterator

import numpy as np

from empirical.evidence.names import IN_RANGE, RADII, SOFTMAX, packed
from verify.measurements.series import Key

# By kind of data, the ratio within 2 grey levels over four epochs: all rise, and reach a plateau. Late, it rises while the last
# epoch fits the labels.
CURVES = {
    "real": (0.05, 0.1, 0.18, 0.21),
    "randX": (0.2, 0.3, 0.47, 0.5),
    "randY": (0.2, 0.25, 0.45, 0.48),
    "late": (0.2, 0.2, 0.25, 0.55),
}
# What the other radii leave or add: the logarithm of the share that stays uncritical.
POWERS = dict(zip(RADII, (0.4, 1.0, 1.5), strict=True))
SEARCHES = {"": 1.0, SOFTMAX: 0.9, IN_RANGE: 0.7}


def critical_samples(kind: str) -> Iterator[tuple[Key, np.ndarray]]:
    """The means at every radius and by every search; noise inputs are looked at among fresh noise."""
    group = "noise" if kind == "randX" else "test"
    for radius, power in POWERS.items():
        for how, found in SEARCHES.items():
            yield Key("critical_sample_ratio", group, packed(radius, how)), 1 - (1 - found * np.array(CURVES[kind])) ** power

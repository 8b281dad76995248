"""The means of a synthetic world: its networks, epochs and layers, and what instruments other than the first read."""

from functools import cache

import numpy as np
from scipy import optimize

from empirical.evidence.names import OTHER_STARTS, VARIANTS
from theory.capacity import balls
from verify.measurements.series import Key

NETWORKS = 10
EPOCHS = np.array([0, 1, 4, 12])
PEAK, LAST = 2, 3
LAYERS = (*(f"conv{i}" for i in range(1, 6)), "fc1")
READOUT = "readout"
CLASSES = 10
# Per layer: how the permuted labels are learned at the end, how much true classes gain by the turning point.
MEMORIZED = np.array([0.0, 0.0, 0.02, 0.1, 0.5, 1.2])
LEARNED = 0.15 * np.arange(1, 7)
DEEP = np.array([0, 0, 0, 0, 1, 1])
# What a block leaves of what enters it, as a logarithm.
BLOCKS = {
    "relu": {"radius": -0.1, "dimension": -0.1, "center_correlation": -0.5},
    "pool": {"radius": -0.2, "dimension": -0.3, "center_correlation": 0.2},
}
POOLED = ("conv2", "conv4")


def tested_geometry():
    """Manifolds of test images shrink with depth once something is learned."""
    for index, layer in enumerate(("input", *LAYERS)):
        for quantity, base in (("radius", 1.5), ("dimension", 12.0), ("center_correlation", 0.3)):
            yield Key(quantity, "test", "", layer), base * np.exp(-0.1 * index * np.array([0, 0, 1, 1]))


def compressed():
    """Classes are compressed by one factor a layer and pushed apart by one amount, once something is learned."""
    for index, layer in enumerate(LAYERS):
        yield Key("compression", "unpermuted", "", layer), 4 * np.exp(-0.4 * index * np.array([0, 0, 1, 1]))
        yield Key("discrimination", "unpermuted", "", layer), 0.1 + 0.1 * index * np.array([0, 0, 1, 1])


def round_manifolds():
    """Balls with the radius and the dimension of unpermuted manifolds have 0.55 of their capacity at the end."""
    for layer, gain in (("input", 0.0), *zip(LAYERS, LEARNED, strict=True)):
        yield Key("radius", "unpermuted", "", layer), 1.5
        yield Key("dimension", "unpermuted", "", layer), ball_dimension(0.55 * 0.3 * np.exp(gain))


@cache
def ball_dimension(capacity: float) -> float:
    """The dimension of balls of radius 1.5 that have the capacity."""
    return optimize.brentq(lambda dimension: balls.ball_capacity(0.0, 1.5, dimension) - capacity, 1.0, 100.0)


def other_starts(memorized):
    """The corrected capacity at the end is the same from every start of the search."""
    for layer, gain in zip(LAYERS, memorized, strict=True):
        for choice in OTHER_STARTS:
            means = {"unpermuted": 0.3 * np.exp(LEARNED[LAYERS.index(layer)]), "permuted": 0.1 * np.exp(gain)}
            for group, end in means.items():
                yield Key("corrected_capacity", group, choice, layer), [np.nan, np.nan, np.nan, end]


def choices(memorized):
    """Geometry at the turning point and the end, had the analyst chosen otherwise."""
    for layer, gain in zip(LAYERS, memorized, strict=True):
        for choice in VARIANTS:
            for quantity, base, power in (("capacity", 0.1, 1.0), ("radius", 1.5, -0.4), ("dimension", 12.0, -0.4)):
                yield Key(quantity, "permuted", f"shuffled/{choice}", layer), [np.nan, np.nan, base, base]
                yield Key(quantity, "permuted", choice, layer), [np.nan, np.nan, base, base * np.exp(power * gain)]


def blocks():
    """Every layer has a ReLU, two are followed by a pooling; at initialization and at the end."""
    for kind, changes in BLOCKS.items():
        for layer in LAYERS if kind == "relu" else POOLED:
            for quantity, change in changes.items():
                for side, level in (("before", 1.0), ("after", np.exp(change))):
                    yield Key(f"block_{quantity}", "test", f"{kind} {side}", layer), [level, np.nan, np.nan, level]


def probes():
    """Probes of all layers know more than the output, and forget less."""
    for layer in ("input", *LAYERS):
        yield Key("probe_accuracy", "test", "report", layer), [0.2, 0.3, 0.84, 0.8]
        yield Key("probe_accuracy", "restored", "", layer), [0.1, 0.4, 0.8, 0.6]
        yield Key("probe_accuracy", "permuted", "", layer), [0.1, 0.1, 0.1, 0.7]


def distances(noise: float):
    """The more labels are noise, the further the deep layers move; early ones move alike."""
    for layer, deep in zip(LAYERS, DEEP, strict=True):
        far = 1.0 + deep * noise
        yield Key("distance_from_initialization", "weights", "", layer), far * np.array([0, 0.2, 0.5, 1])

"""G-07: the more a network learns features, the larger is the capacity of its class manifolds.

Chou et al. 2025, abstract, as networks learn features, manifolds untangle; and their experiments, as we remember them, in which
the scale of the outputs leads from lazy to rich learning (Chizat, Oyallon & Bach 2019). Here networks of one hidden layer of
100 ReLU units learn the ten classes of 200 digits at the scales 10, 0.1 and 0.03, from the same initial weights. A large scale
leaves the hidden layer as it was; the smaller the scale, the further it moves. The claim measures the manifolds of 20 images of
each class that the network has not seen, in the hidden layer, by joint anchors, about their common mean. Their capacity rises
with every step, and a factor of 1.03 is worth arguing about.

Three networks of other seeds were looked at first, with 200 units and 300 digits: from lazy to rich the capacity rose by 17 and
by another 10 percent, while all networks left less than 1 percent of the squared targets. What the paper says of stages of
learning is not asked.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from theory.geometry import glue
from verify import Relation, claim, given, rises
from verify.counterfeits import planted
from verify.strategies import digits

# Scale of the outputs, and rate.
STAGES = ((10.0, 0.02), (0.1, 0.005), (0.03, 0.001))
WIDTH, STEPS = 100, 1000
CLASSES, LEARNED, SEEN_AS = 10, 20, 20
DRAWS = 30


def exchanged(stages: Any) -> Any:
    """The richest network in place of the lazy one, and the other way round."""
    return stages[::-1]


@claim(
    "G-07",
    counterfeit=planted("verify.claims.chou2025.claim_g07.STAGES", exchanged),
    package="torch",
    source="abstract",
)
@given(examples=1, width=st.just(WIDTH))
def claim_richer_learning_untangles_manifolds(width: int) -> Relation:
    def log_capacities(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = rng.integers(2**62, size=n).tolist()
        return np.stack([log_capacity(held, seeds) for held in unseen_features(seeds, width)], axis=1)

    return rises(log_capacities, effect=float(np.log(1.03)), unit="log capacity", counted="networks")


def unseen_features(seeds: list[int], width: int) -> list[np.ndarray]:
    """What the hidden layers make of images not learned, at every stage, (networks, classes, images, width)."""
    from empirical.toy_models.scaled_outputs import ScaledNetworks

    clouds = np.stack([digits.pixels(LEARNED, np.random.default_rng([seed, 0])) for seed in seeds])
    points, targets = clouds.reshape(len(seeds), CLASSES * LEARNED, -1), np.repeat(np.eye(CLASSES) - 1 / CLASSES, LEARNED, 0)
    unseen = np.stack([_unseen(seed) for seed in seeds])
    start = ScaledNetworks.drawn(points.shape[2], width, CLASSES, seeds)
    every = np.broadcast_to(targets, (len(seeds), *targets.shape)).copy()
    ended = [start.trained(points, every, scale, rate, STEPS) for scale, rate in STAGES]
    return [one.features(unseen).reshape(len(seeds), CLASSES, SEEN_AS, width) for one in ended]


def _unseen(seed: int) -> np.ndarray:
    """Images that were not learned, class by class, (classes x images, pixels)."""
    images, labels = digits.unseen(LEARNED, np.random.default_rng([seed, 0]))
    return np.concatenate([images[np.flatnonzero(labels == label)[:SEEN_AS]] for label in range(CLASSES)])


def log_capacity(held: np.ndarray, seeds: list[int]) -> np.ndarray:
    """The logarithm of the capacity of each network's manifolds, (networks,); the seeds are those of probes and labels."""
    found = [glue.effective_geometry(clouds, DRAWS, seed, center_mean=True) for clouds, seed in zip(held, seeds, strict=True)]
    return np.log([one.capacity.value for one in found])

"""N-02: manifolds of whole classes gain capacity in the last layer alone, those of the most typical images earlier and more.

Cohen, Chung, Lee & Sompolinsky 2020, the figure of point-cloud manifolds of ImageNet classes: whole classes, and the tenth of
their images for which the network is surest of the class. In the figure, as we remember it, whole classes have the capacity of
points without structure in most layers. The paper divides by 2/M, the capacity of M such points. Here the baseline is the same
points with shuffled labels.

A dozen fresh perceptrons of five hidden layers learn 500 digits. The claim measures 60 images of each class that a network has
not seen, and the six of them with the largest probability of the class, from the pixels to the last hidden layer, at K = 0.
Whole classes are at their baseline before the last layer, to within 0.2 in log capacity, and rise by 0.1 more in the last layer
than before. The most typical images rise by 0.1 more than whole classes in the end, and by 0.05 more on average over the layers
before the last.

Two networks of other seeds were looked at first. Digits are separated so easily that whole classes were 1.6 above their
baseline in the pixels. Recorded worlds have no manifolds of the most typical images. The claim was judged with 100
images of each class first, which are more than the pixels, and was REFUTED as well.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.geometry import manifolds
from verify import Relation, both, claim, dominates, given, negligible
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws
from verify.strategies.trained_digits import TrainedDigits

NETWORKS, TRAINING, RATE = 12, 500, 0.02
CLASSES = tuple(range(10))
MEMBERS, TYPICAL, PROBES = 60, 6, 50


def any_images(right: Callable) -> Callable:
    """The first images of the class in place of the most typical ones."""
    return lambda members, surest: right(members, np.zeros_like(surest))


@claim(
    "N-02",
    counterfeit=planted("verify.claims.cohen2020.claim_n02.most_typical", any_images),
    package="torch",
    source="figure",
)
@given(examples=1, draw=draws, rate=st.just(RATE))
def claim_whole_classes_untangle_last(draw: int, rate: float) -> Relation:
    whole, typical = log_gains(TrainedDigits.drawn(NETWORKS, draw, CLASSES, TRAINING, rate))
    before, last = whole[:, -2] - whole[:, 0], whole[:, -1] - whole[:, -2]
    earlier, of_whole = ((one[:, 1:-1] - one[:, :1]).mean(1) for one in (typical, whole))
    return both(
        negligible(whole[:, :-1], 0.2, "log capacity", about="whole classes over their baseline, before the last layer"),
        dominates(last, before, 0.1, "log capacity", about="rise of whole classes, last layer over all before"),
        dominates(
            typical[:, -1] - typical[:, 0], whole[:, -1] - whole[:, 0], 0.1, "log capacity", about="typical images, rise"
        ),
        dominates(earlier, of_whole, 0.05, "log capacity", about="typical images, rise before the last layer"),
    )


def log_gains(world: TrainedDigits) -> tuple[np.ndarray, np.ndarray]:
    """log (capacity / shuffled capacity) of whole classes and of their most typical images, (networks, 1 + layers) each."""
    images, labels = (one[:, TRAINING:] for one in world.examples)
    layers = world.layers[-1]
    stages = [images, *world.shape.features(layers, images)]
    surest = world.shape.probabilities(layers, images)
    found = [_of_network([held[k] for held in stages], labels[k], surest[k], world.seeds[k]) for k in range(len(images))]
    whole, typical = np.array(found).transpose(2, 0, 1)
    return whole, typical


def _of_network(stages: list[np.ndarray], labels: np.ndarray, surest: np.ndarray, seed: int) -> list[list[float]]:
    members = np.stack([np.flatnonzero(labels == label)[:MEMBERS] for label in CLASSES])
    typical = np.stack([most_typical(one, surest[one, label]) for one, label in zip(members, CLASSES, strict=True)])
    return [[_log_gain(held[chosen], seed) for chosen in (members, typical)] for held in stages]


def most_typical(members: np.ndarray, surest: np.ndarray) -> np.ndarray:
    """The members of a class with the largest probabilities of it, (TYPICAL,)."""
    return members[np.argsort(-surest, kind="stable")[:TYPICAL]]


def _log_gain(clouds: np.ndarray, seed: int) -> float:
    points = np.random.default_rng([seed, 7]).permutation(clouds.reshape(-1, clouds.shape[2])).reshape(clouds.shape)
    own, baseline = (manifolds.manifold_geometry(one, 0.0, PROBES, correlations=0).capacity.value for one in (clouds, points))
    return float(np.log(own / baseline))

"""The simulated capacity of a network's class manifolds: measured by separating them, without theory."""

from collections.abc import Iterator

from torch import nn

from empirical.evidence.measurement import Reading
from empirical.evidence.names import PERMUTED, UNPERMUTED
from empirical.geometry.class_manifolds import manifold_activations, manifolds_of, on_host, wanted
from empirical.separability.certificates import Uncertified
from empirical.separability.simulated_capacity import TooFewFeatures, simulated_capacity
from empirical.training.subject import Subject

GROUPS = (UNPERMUTED, PERMUTED)
# Dichotomies: so many that they label MANIFOLDS manifolds in all, within these bounds.
FEWEST_DRAWS, DRAWS, MANIFOLDS = 4, 20, 400
# In layers with more features than this, and than so many for each manifold, a dichotomy takes minutes.
WIDEST, OF_EACH = 1024, 25


def simulated_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """The simulated capacity of the groups trained on, and of the shuffled baseline, in each layer.

    A layer has no reading in three cases: it has too few features to separate every dichotomy; some dichotomy can be certified
    neither way; or it has more than 1,024 features, and more than 25 for each manifold.

    :param names: names of layers.
    """
    seed = int(subject.spec.rng(subject.network, "dichotomies").integers(2**32))
    chosen = wanted(manifolds_of(subject), GROUPS)
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        if clouds.shape[2] > max(WIDEST, OF_EACH * len(clouds)):
            continue
        draws = min(DRAWS, max(FEWEST_DRAWS, MANIFOLDS // len(clouds)))
        try:
            found = simulated_capacity(on_host(clouds), draws, seed).capacity
        except (TooFewFeatures, Uncertified):
            continue
        yield Reading("simulated_capacity", group, found.value, found.se, found.n, baseline, layer)

"""The capacity of a network's class manifolds as it is found by separating them, without theory."""

from collections.abc import Iterator

from torch import nn

from empirical.manifolds import manifold_activations, manifolds_of, wanted
from empirical.measurements import Reading
from empirical.separability import Uncertified
from empirical.simulated import TooFewFeatures, simulated_capacity
from empirical.train import Subject

GROUPS = ("unpermuted", "permuted")
DRAWS = 20


def simulated_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """Simulated capacity of the groups trained on, and of the shuffled baseline, in the named layers.

    Of a layer with too few features to separate every dichotomy, or so degenerate that some can be certified neither way,
    there is no reading.
    """
    seed = int(subject.spec.rng(subject.network, "dichotomies").integers(2**32))
    chosen = wanted(manifolds_of(subject), GROUPS)
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        try:
            found = simulated_capacity(clouds, DRAWS, seed).capacity
        except (TooFewFeatures, Uncertified):
            continue
        yield Reading("simulated_capacity", group, found.value, found.se, found.n, baseline, layer)

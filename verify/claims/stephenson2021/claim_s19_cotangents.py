"""S-19.cotangents: random cotangents give the exact moments of the permuted gradient at the standard initialization.

Stephenson et al. 2021, section 4.4 and appendix, beyond zero logits (theory.learning.permuted_gradient): in every layer of any
network E||g||^2 = ||(1/n) sum J_mu^T (p_mu - m)||^2 + variance. An example is a small He-initialized network of drawn
architecture with six images. Brute force computes the gradient of the cross-entropy, by autograd, under every arrangement of
the labels. The claim compares brute force with the variance, once by the Jacobians and once by random cotangents, each pulled
back through the whole group at once. Plain autograd and torch.func give the same Jacobians and the same pull-backs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from theory.learning import permuted_gradient
from verify import Relation, averages, both, claim, given, matches, vanishes
from verify.counterfeits import planted

Jacobians = np.ndarray  # (n, C, parameters of a layer)

COUNTS = ((3, 3), (1, 5), (2, 2, 2), (4, 1, 1), (0, 2, 4), (1, 2, 3))
EXAMINED = 20


@dataclass(frozen=True)
class Network:
    """A small network, and how many of six examples carry each label."""

    kind: str
    depth: int
    width: int
    label_counts: tuple[int, ...]
    draw: int

    def model_and_images(self) -> tuple[Any, Any]:
        """The network, and as many images as there are labels."""
        from empirical.toy_models import small_networks

        rng = np.random.default_rng([self.depth, self.width, self.draw])
        model = small_networks.network(self.kind, self.depth, self.width, len(self.label_counts), rng)
        return model, small_networks.images(sum(self.label_counts), rng)

    def arrangements(self) -> np.ndarray:
        """Every order of the labels once, (k, n); all orders are equally likely."""
        labels = np.repeat(np.arange(len(self.label_counts)), self.label_counts)
        return np.array(sorted(set(permutations(labels.tolist()))))


def networks() -> st.SearchStrategy[Network]:
    """Networks of up to four layers of up to eight units."""
    kinds, counts = st.sampled_from(["mlp", "conv"]), st.sampled_from(COUNTS)
    return st.builds(Network, kinds, st.integers(1, 3), st.integers(2, 8), counts, st.integers(0, 2**16))


labels_independent = planted(
    "theory.learning.permuted_gradient.permuted_gradient_variance",
    lambda right: lambda scatter, counts: right(scatter, counts) * (sum(counts) - 1) / sum(counts),
)


@claim("S-19.cotangents", counterfeit=labels_independent, package="torch")
@given(examples=12, network=networks())
def claim_the_permuted_gradient_has_its_exact_moments(network: Network) -> Relation:
    from empirical.toy_models import small_networks

    model, images = network.model_and_images()
    jacobians = small_networks.jacobians(model, images)
    everything = small_networks.labelling_gradients(model, images, network.arrangements())
    variances = {layer: variance(rows, network.label_counts) for layer, rows in jacobians.items()}
    cotangents = permuted_gradient.mean_cotangents(small_networks.probabilities(model, images), network.label_counts)

    def squares(n: int, rng: np.random.Generator) -> np.ndarray:
        drawn = permuted_gradient.cotangents(network.label_counts, n, rng)
        return total(small_networks.pullbacks(model, images, drawn))

    return both(
        # In units of the gradient itself, for layers whose gradient hardly depends on the labels.
        *(vanishes(variances[layer] - dispersion(rows), scale=squared(rows).mean()) for layer, rows in everything.items()),
        *(
            matches(squared(np.tensordot(cotangents, jacobians[layer])) + variances[layer], squared(rows).mean())
            for layer, rows in everything.items()
        ),
        *routes_agree(model, images, jacobians, network),
        averages(sum(map(dispersion, everything.values())), squares, effect=0.1, counted="cotangents"),
    )


def variance(jacobians: Jacobians, label_counts: Sequence[int]) -> float:
    """The variance over permutations, computed from Jacobians (n, C, parameters)."""
    centred = jacobians - jacobians.mean(0)
    return permuted_gradient.permuted_gradient_variance(np.einsum("ncp,ndp->cd", centred, centred), label_counts)


def dispersion(rows: np.ndarray) -> float:
    """Mean squared distance of rows from their mean."""
    return float(squared(rows - rows.mean(0)).mean())


def squared(rows: np.ndarray) -> np.ndarray:
    """The squared norms of rows."""
    return (rows**2).sum(-1)


def total(rows: dict[str, np.ndarray]) -> np.ndarray:
    """Squared norms over all layers."""
    return np.sum([squared(one) for one in rows.values()], axis=0)


def routes_agree(model: Any, images: Any, jacobians: dict[str, Jacobians], network: Network) -> Iterator[Relation]:
    """The relations that autograd and torch.func give the same Jacobians and pull-backs, layer by layer, to rounding."""
    from empirical.toy_models import small_networks

    by_func = small_networks.jacobians_by_func(model, images)
    drawn = permuted_gradient.cotangents(network.label_counts, EXAMINED, np.random.default_rng(network.draw))
    pulled = small_networks.pullbacks(model, images, drawn)
    for layer, rows in jacobians.items():
        for one, other in ((by_func[layer], rows), (pulled[layer], np.tensordot(drawn, rows))):
            yield vanishes(np.abs(one - other).max(), scale=np.abs(other).max())

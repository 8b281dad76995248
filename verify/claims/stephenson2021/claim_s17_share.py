"""S-17.share: permuted examples contribute exactly the share of the gradient that the theory of finite groups predicts.

Stephenson et al. 2021, abstract (gradients of permuted examples are small) and section 4.4, made quantitative in
theory.learning.permuted_gradient_share. With a zero readout E||g_u||^2 = (B + (1 - 1/C) W / n_c) / C and E||g_p||^2 = (1 -
1/C)(B / (n - 1) + W / n), where B and W are the scatter between and within classes. The share of permuted examples is eps^2
E||g_p||^2 / (eps^2 E||g_p||^2 + (1 - eps)^2 E||g_u||^2).

The populations are Gaussian mixtures of drawn separation, or the features that a drawn network computes from such mixtures.
Every observation draws fresh groups from a population with replacement, permutes their labels, and computes their gradients by
autograd. For the share, the claim is that its two sides are equal on average, in units of their sum.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from theory.learning import permuted_gradient_share
from verify import Relation, agrees, averages, both, claim, given
from verify.counterfeits import planted

Features = np.ndarray  # (C, examples, N)

POPULATION = 40
FEATURES = 16
# Smaller than the factor n / (n - 1) of most groups drawn.
EFFECT = 0.05


@dataclass(frozen=True)
class Groups:
    """Sizes of the two groups, and the population that they are drawn from.

    n_unpermuted, n_permuted: examples of every class in either group.
    separation: the length of the population's class means.
    depth: hidden layers of a drawn network through which the population has gone; 0 for none.
    """

    n_classes: int
    n_unpermuted: int
    n_permuted: int
    separation: float
    depth: int
    draw: int

    @property
    def permuted_fraction(self) -> float:
        """eps, the share of permuted examples."""
        return self.n_permuted / (self.n_permuted + self.n_unpermuted)

    def population(self) -> Features:
        """The features of the population, (C, examples, N)."""
        from empirical.toy_models import small_networks

        rng = np.random.default_rng([self.n_classes, self.depth, self.draw])
        means = self.separation * rng.standard_normal((self.n_classes, 1, FEATURES)) + rng.standard_normal(FEATURES)
        points = means + rng.standard_normal((self.n_classes, POPULATION, FEATURES))
        if self.depth == 0:
            return points
        model = small_networks.network("mlp", self.depth, FEATURES // 2, self.n_classes, rng)
        return small_networks.hidden(model, points.reshape(-1, FEATURES)).reshape(self.n_classes, POPULATION, -1)


def all_groups() -> st.SearchStrategy[Groups]:
    """Groups from one example per class on; class means from none to as long as classes are wide."""
    sizes, separation = st.integers(1, 8), st.floats(0.0, 1.0).map(lambda length: round(length, 2))
    return st.builds(Groups, st.integers(2, 4), sizes, sizes, separation, st.integers(0, 2), st.integers(0, 2**16))


labels_left_alone = planted(
    "theory.learning.permuted_gradient_share.permuted_square", lambda right: permuted_gradient_share.unpermuted_square
)


@claim("S-17.share", counterfeit=labels_left_alone, package="torch", source="ours")
@given(examples=25, groups=all_groups())
def claim_permuted_examples_have_the_share_that_finite_groups_predict(groups: Groups) -> Relation:
    population = groups.population()
    scatter = between_and_within(population)
    mixture = (groups.n_unpermuted + groups.n_permuted, groups.n_classes, groups.permuted_fraction, scatter[0] / scatter[1])
    share, eps = permuted_gradient_share.permuted_share(*mixture), groups.permuted_fraction
    unpermuted = float(permuted_gradient_share.unpermuted_square(groups.n_unpermuted, groups.n_classes, *scatter))
    permuted = float(permuted_gradient_share.permuted_square(groups.n_permuted, groups.n_classes, *scatter))

    def sides(n: int, rng: np.random.Generator) -> np.ndarray:
        mine = eps**2 * permuted_squares(population, groups, n, rng)
        others = (1 - eps) ** 2 * unpermuted_squares(population, groups, n, rng)
        return ((1 - share) * mine - share * others) / (eps**2 * permuted + (1 - eps) ** 2 * unpermuted)

    return both(
        averages(unpermuted, lambda n, rng: unpermuted_squares(population, groups, n, rng), EFFECT, counted="groups"),
        averages(permuted, lambda n, rng: permuted_squares(population, groups, n, rng), EFFECT, counted="groups"),
        agrees(sides, EFFECT, unit="share", counted="pairs of groups"),
    )


def between_and_within(population: Features) -> tuple[float, float]:
    """B and W: mean squared distances of class means from their mean, and of examples from their class mean."""
    means = population.mean(1)
    between = ((means - means.mean(0)) ** 2).sum(1).mean()
    return float(between), float(((population - means[:, None]) ** 2).sum(2).mean())


def unpermuted_squares(population: Features, groups: Groups, n: int, rng: np.random.Generator) -> np.ndarray:
    """Squared gradient norms of fresh groups under their true labels, (n,)."""
    from empirical.toy_models import small_networks

    features, classes = drawn_groups(population, groups.n_unpermuted, n, rng)
    return small_networks.readout_squares(features, classes, groups.n_classes)


def permuted_squares(population: Features, groups: Groups, n: int, rng: np.random.Generator) -> np.ndarray:
    """Squared gradient norms of fresh groups, each with its labels permuted, (n,)."""
    from empirical.toy_models import small_networks

    features, classes = drawn_groups(population, groups.n_permuted, n, rng)
    return small_networks.readout_squares(features, rng.permuted(classes, axis=1), groups.n_classes)


def drawn_groups(population: Features, n_per_class: int, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Examples drawn with replacement, equally many of every class, (n, examples, N), and their classes, (n, examples)."""
    n_classes, size, _ = population.shape
    chosen = rng.integers(size, size=(n, n_classes, n_per_class))
    features = population[np.arange(n_classes)[:, None], chosen]
    classes = np.repeat(np.arange(n_classes), n_per_class)
    return features.reshape(n, n_classes * n_per_class, -1), np.tile(classes, (n, 1))

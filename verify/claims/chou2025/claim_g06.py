"""G-06: where manifolds share nothing, joint anchors, the published replica theory and separating find one capacity.

Chou et al. 2025 compare the estimators of capacity; the numbers that the catalogue has are a third party's (manifolds of D = 4,
R = 1 and 60 points, sixteen of them: 0.420 simulated, 0.434 by joint anchors, 0.413 by replica theory). The clouds are those of
the recovery protocol (App. D.1.1) with 60 points in 100 features, of which the sixteen manifolds span 80. Over 32 populations,
each capacity is within 15 percent of the simulated one, the effect of N-07. The simulated capacity is measured without theory,
over 5 dichotomies of each population. G-03 says that joint anchors have exactly this capacity.

Twenty-four populations of another seed were looked at first: joint anchors were 1 percent below the simulated capacity (se 3),
and the published theory 2 percent (se 2).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from empirical.separability import simulated_capacity
from theory.geometry import joint_anchors, manifolds
from theory.geometry.center_correlations import CenterStructure, center_structures
from theory.geometry.gram_accumulation import grams_of
from verify import Relation, both, claim, dominates, given, negligible
from verify.counterfeits import planted
from verify.judging.mean_tests import Directional, Equality
from verify.strategies.linear_networks import draws
from verify.strategies.populations import Recovery

SHAPE_DIM, RADIUS = 4, 1.0
PROBES = 10
EFFECT, LOWER = 0.15, 0.05


def of_larger_manifolds(right: Callable) -> Callable:
    """A simulated capacity of the manifolds with radii 1.5 times as large about their centres."""

    def simulated(clouds, n_draws, seed, **options):
        centers = clouds.mean(1, keepdims=True)
        return right(centers + 1.5 * (clouds - centers), n_draws, seed, **options)

    return simulated


@claim("G-06", counterfeit=planted("empirical.separability.simulated_capacity.simulated_capacity", of_larger_manifolds))
@given(examples=1, draw=draws, protocol=st.just(Recovery(n_points=60, n_features=100, n_draws=5, n_manifolds=16)))
def claim_estimators_of_capacity_agree(draw: int, protocol: Recovery) -> Relation:
    estimators = (simulated_capacities, joint_capacities, published_capacities)
    simulated, joint, published = log_capacities(protocol, 32, np.random.default_rng(draw), *estimators)
    shown = {"effect": EFFECT, "unit": "log capacity"}
    return both(
        of_populations(negligible(joint - simulated, about="joint anchors", **shown)),
        of_populations(negligible(published - simulated, about="published theory", **shown)),
    )


def of_populations(relation: Directional | Equality) -> Directional | Equality:
    """The relation, whose observations are populations."""
    return replace(relation, counted="populations")


@dataclass(frozen=True)
class Draw:
    """One population: its protocol, clouds, (P, M, N), and the seed, probes and labels with which its capacity is estimated."""

    protocol: Recovery
    clouds: np.ndarray
    seed: int
    probes: np.ndarray
    labels: np.ndarray

    @classmethod
    def fresh(cls, protocol: Recovery, rng: np.random.Generator) -> "Draw":
        """A fresh population."""
        clouds, seed = protocol.clouds(SHAPE_DIM, RADIUS, rng), int(rng.integers(2**32))
        probes = rng.standard_normal((protocol.n_draws, protocol.n_features))
        return cls(protocol, clouds, seed, probes, rng.choice([-1.0, 1.0], (protocol.n_draws, protocol.n_manifolds)))

    def simulated(self) -> float:
        """The capacity by separating."""
        n_draws = self.protocol.n_draws
        return simulated_capacity.simulated_capacity(self.clouds, n_draws, self.seed, center_mean=False).capacity.value

    def joint(self) -> float:
        """The capacity by joint anchors."""
        found = joint_anchors.joint_anchors(list(self.clouds), self.probes, self.labels)
        return self.protocol.n_manifolds / found.overlap.mean()

    def published(self, common: CenterStructure) -> float:
        """The capacity by the published replica theory, whose directions are given."""
        return manifolds.manifold_geometry(self.clouds, 0.0, PROBES, self.seed, correlations=common).capacity.value


Estimator = Callable[[list[Draw]], list[float]]


def simulated_capacities(draws: list[Draw]) -> list[float]:
    """The capacity of each population by separating."""
    return [draw.simulated() for draw in draws]


def joint_capacities(draws: list[Draw]) -> list[float]:
    """The capacity of each population by joint anchors."""
    return [draw.joint() for draw in draws]


def published_capacities(draws: list[Draw]) -> list[float]:
    """The capacity of each population by the published replica theory; the directions of all are searched together."""
    common = center_structures([grams_of(draw.clouds).centers for draw in draws])
    return [draw.published(one) for draw, one in zip(draws, common, strict=True)]


def log_capacities(protocol: Recovery, n: int, rng: np.random.Generator, *estimators: Estimator) -> list[np.ndarray]:
    """The log capacity of n fresh populations by each estimator, (n,) each."""
    draws = [Draw.fresh(protocol, rng) for _ in range(n)]
    return [np.log(estimate(draws)) for estimate in estimators]


def with_all_centres(right: Callable) -> Callable:
    """A replica theory that subtracts no mean and removes no direction."""
    return lambda clouds, *about, **options: right(clouds, *about, **{**options, "center_mean": False, "correlations": 0})


@claim("G-06.few", counterfeit=planted("theory.geometry.manifolds.manifold_geometry", with_all_centres))
@given(examples=1, draw=draws, protocol=st.just(Recovery(n_points=60, n_features=100, n_draws=20, n_manifolds=8)))
def claim_the_published_theory_is_low_for_few_manifolds(draw: int, protocol: Recovery) -> Relation:
    """G-06.few: with eight manifolds that share nothing, the published replica theory gives less than the simulated capacity.

    Chou et al. 2025; the third party of G-06 has 11 to 20 percent less. These are 40 populations like those of G-06, with 20
    dichotomies each. The published theory subtracts the mean of all points and may remove directions of the centres. A
    twentieth is worth arguing about. Twenty-four populations of another seed had 10 percent less (se 3), and 3 percent of that
    remained without the mean and with nothing removed.
    """
    estimators = simulated_capacities, published_capacities
    simulated, published = log_capacities(protocol, 40, np.random.default_rng(draw), *estimators)
    return of_populations(dominates(simulated, published, LOWER, "log capacity"))

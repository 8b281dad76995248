"""G-01: the anchors, one point per manifold, determine the whole projection of a probe on the cone of all signed points.

Chou et al. 2025, Definition B.6: a = (S_y t)^T (S_y S_y^T)^+ (S_y t) = ||projection of t on the cone||^2 = t . G^T lambda. The
claim checks the conditions of optimality; it does not solve the problem a second time. The projection of the probe on the span
of its signed anchors leaves a residual on which no signed point has a positive component. Its length is the one that the duals
give. The claim leaves out the paper's capacity = utility (1 + radius^-2) / dimension: this follows from the definitions, so
that it could not fail.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from theory.geometry import joint_anchors
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.populations import Population, populations


def centroids(right: Callable) -> Callable:
    """Joint anchors of which each is the mean of its manifold's points, wherever the probe touches the manifold."""

    def of_means(clouds, probes, labels):
        found, means = right(clouds, probes, labels), np.stack([cloud.mean(0) for cloud in clouds])
        return replace(found, anchors=np.where(found.anchors.any(2)[..., None], means, 0.0))

    return of_means


@claim("G-01", counterfeit=planted("theory.geometry.joint_anchors.joint_anchors", centroids))
@given(population=populations(1, 5, most_manifolds=8), n_features=st.integers(2, 40), draw=st.integers(0, 2**16))
def claim_anchors_carry_the_projection(population: Population, n_features: int, draw: int) -> Relation:
    rng = np.random.default_rng(draw)
    clouds = population.clouds(rng)[..., :n_features]
    probes = rng.standard_normal((20, clouds.shape[2]))
    labels = np.stack([population.labels(rng) for _ in probes])
    found = joint_anchors.joint_anchors(list(clouds), probes, labels)
    inside = np.stack([spanned(*draw) for draw in zip(labels[..., None] * found.anchors, probes, strict=True)])
    pulls = labels[..., None] * np.einsum("tn,pmn->tpm", probes - inside, clouds)
    length = np.linalg.norm(probes, axis=1)
    return both(
        vanishes(found.overlap - (inside**2).sum(1), length**2),
        vanishes(found.overlap - (inside * probes).sum(1), length**2),
        vanishes(np.maximum(pulls.max((1, 2)), 0.0), length * np.linalg.norm(clouds, axis=2).max()),
    )


def spanned(rows: np.ndarray, probe: np.ndarray) -> np.ndarray:
    """The projection of a probe on the span of rows, (N,)."""
    return rows.T @ np.linalg.lstsq(rows.T, probe)[0]

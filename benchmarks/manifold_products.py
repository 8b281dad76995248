"""How many floating-point operations the matrix products of the geometry of manifolds take."""

from theory.numerics.nnls import STEPS

# Products of n_probes by M by M outside the splitting steps: probes with frames, the splitting's offset, slack, displacement.
OTHER_PRODUCTS = 4


def operations(n_manifolds: int, n_points: int, n_features: int, n_probes: int) -> float:
    """The number of floating-point operations in the matrix products of the geometry.

    Gram blocks, products with the centres and centres take 2 N P (M^2 + M P + P). The steps of the splitting, and four more
    products, take 2 P n_t M^2 (steps + 4). The exact solves on active sets and the search for shared directions are not
    counted.
    """
    products = 2 * n_features * n_manifolds * (n_points**2 + n_points * n_manifolds + n_manifolds)
    return products + 2 * n_manifolds * n_probes * n_points**2 * (STEPS + OTHER_PRODUCTS)

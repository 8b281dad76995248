"""The numerical rank of a layer's features: how many directions carry nearly all of them. Needs no torch.

Source: Wang et al. 2025 (JMLR 26), as we remember their definition.
"""

import numpy as np

Features = np.ndarray  # (..., n, d)
# The share of the nuclear norm that the counted singular values make up.
SHARE = 0.95


def numerical_rank(features: Features, share: float = SHARE) -> np.ndarray:
    """The least number of singular values that add up to more than a share of the nuclear norm, which is the sum of them all.

    The features are not centred, and the rank does not depend on their units.

    :param features: (..., n, d), n points in d features.
    :param share: within 0..1, both excluded.
    :returns: (...,), whole numbers.
    :raises ValueError: features are not finite or all 0, or the share is out of range.
    """
    features = np.asarray(features, dtype=float)
    if not 0 < share < 1:
        raise ValueError(f"share must be within 0..1, both excluded; received {share!r}")
    if features.ndim < 2 or not np.all(np.isfinite(features)):
        raise ValueError(f"features must be finite, (..., n, d); received shape {features.shape}")
    added = np.cumsum(np.linalg.svd(features, compute_uv=False), axis=-1)
    if not np.all(added[..., -1] > 0):
        raise ValueError("features must not all be 0, which have no rank to count; leave out the layer")
    return (added <= share * added[..., -1:]).sum(-1) + 1

"""Compression and discrimination of the classes in a layer: two numbers computed from its features.

Source: Wang et al. 2025 (JMLR 26), C_l and D_l.
"""

import numpy as np

Features = np.ndarray  # (..., K, n, d)


def compression(features: Features) -> np.ndarray:
    """C = tr Sigma_W / tr Sigma_B: the scatter of points about their class means, relative to the scatter of the class means.

    The scatter of the class means is about their mean.

    :param features: (..., K, n, d), K classes of n points in d features.
    :returns: (...,).
    :raises ValueError: there are fewer than two classes, features are not finite, or all class means are equal.
    """
    features, means = _checked(features)
    within = ((features - means[..., None, :]) ** 2).sum(-1).mean((-1, -2))
    between = ((means - means.mean(-2, keepdims=True)) ** 2).sum(-1).mean(-1)
    if not np.all(between > 0):
        raise ValueError("class means must differ, and all of them are one point; give classes with different means")
    return within / between


def discrimination(features: Features) -> np.ndarray:
    """D = 1 - the largest cosine between two class means, which are not centred.

    :param features: (..., K, n, d), as in :func:`compression`.
    :returns: (...,).
    :raises ValueError: as in :func:`compression`; or a class mean is 0.
    """
    _, means = _checked(features)
    length = np.linalg.norm(means, axis=-1, keepdims=True)
    if not np.all(length > 0):
        raise ValueError("a class mean is 0 and has no direction; leave out its class or its layer")
    unit = means / length
    one, other = np.triu_indices(means.shape[-2], 1)
    return 1 - (unit[..., one, :] * unit[..., other, :]).sum(-1).max(-1)


def _checked(features):
    features = np.asarray(features, dtype=float)
    if features.ndim < 3 or features.shape[-3] < 2 or not np.all(np.isfinite(features)):
        raise ValueError(f"features must be finite, (..., K, n, d) with K >= 2; received shape {features.shape}")
    return features, features.mean(-2)

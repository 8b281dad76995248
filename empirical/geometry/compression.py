"""How compressed classes are in a layer, and how far apart: two numbers read off its features.

Source: Wang et al. 2025 (JMLR 26), C_l and D_l.
"""

import numpy as np


def compression(features) -> np.ndarray:
    """C = tr Sigma_W / tr Sigma_B: scatter of examples about their class means over that of the means about their mean.

    :param features: (..., K, n, d), K classes of n examples. :returns: (...,).
    :raises ValueError: fewer than two classes, non-finite features, or class means that do not differ.
    """
    features, means = _checked(features)
    within = ((features - means[..., None, :]) ** 2).sum(-1).mean((-1, -2))
    between = ((means - means.mean(-2, keepdims=True)) ** 2).sum(-1).mean(-1)
    if not np.all(between > 0):
        raise ValueError("class means must differ; all of them are one point")
    return within / between


def discrimination(features) -> np.ndarray:
    """D = 1 - the largest cosine between two class means, not centred. :param features: as for :func:`compression`.

    :raises ValueError: as there, or a class mean that is 0.
    """
    _, means = _checked(features)
    length = np.linalg.norm(means, axis=-1, keepdims=True)
    if not np.all(length > 0):
        raise ValueError("a class mean is 0 and has no direction")
    unit = means / length
    one, other = np.triu_indices(means.shape[-2], 1)
    return 1 - (unit[..., one, :] * unit[..., other, :]).sum(-1).max(-1)


def _checked(features):
    features = np.asarray(features, dtype=float)
    if features.ndim < 3 or features.shape[-3] < 2 or not np.all(np.isfinite(features)):
        raise ValueError(f"features must be finite, (..., K, n, d) with K >= 2; received shape {features.shape}")
    return features, features.mean(-2)

"""A manifold as a mixture of points: sum of w A(kappa + offset), A = 1 / capacity of points, at one margin or at thousands.

Integrated by parts twice over t0, the mean displacement of a manifold is an average of points' at the margins at which it
touches. One rule (weights and offsets) serves every margin, and may have millions of terms. A is smooth on the scale of 1 and
is 1 + x^2 to double precision beyond 10: where many margins are asked for, the weights' Legendre moments on panels of length 1
are taken once, and as many nodes there have them too.
"""

from collections.abc import Iterable

import numpy as np
from scipy import special

from theory.capacity.points import LOWEST_MARGIN, mean_displacement

# So many margins cost less one by one.
FEW = 8
PARABOLIC = 10.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
ORDERS = np.arange(len(NODES))


def averaged(margin: np.ndarray, rule: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Sum of w A(kappa + offset), in the margin's shape, to a relative 1e-10.

    :param margin: kappa. :param rule: weights and offsets, (n,) each, in pieces of any length.
    """
    kappas = margin.ravel()
    if len(kappas) <= FEW:
        return sum(_summed(kappas, *piece) for piece in rule).reshape(margin.shape)  # type: ignore[union-attr]
    lowest, highest = float(kappas.min()), float(kappas.max())
    start, far = LOWEST_MARGIN - highest, PARABOLIC - lowest
    moments, powers = np.zeros((int(np.ceil(far - start)), len(NODES))), np.zeros(3)
    for weights, offsets in rule:
        beyond = offsets >= far
        powers += weights[beyond] @ np.vander(offsets[beyond], 3, increasing=True)
        _add_moments(moments, weights[~beyond], np.maximum(offsets[~beyond], start) - start)
    near = _summed(kappas, *_with_moments(moments, start))
    # Sum of w (1 + (kappa + offset)^2) over the parabolic rest.
    parabolic = near + powers[0] * (1 + kappas**2) + 2 * powers[1] * kappas + powers[2]
    return parabolic.reshape(margin.shape)


def _summed(kappas, weights, offsets):
    return np.array([weights @ mean_displacement(np.maximum(kappa + offsets, LOWEST_MARGIN)) for kappa in kappas])


def _add_moments(moments, weights, places):
    """Panel by panel, sum of w P_k(x), x within -1..1 across the panel."""
    panels = places.astype(int)
    x = 2 * (places - panels) - 1
    for order in ORDERS:
        moments[:, order] += np.bincount(panels, weights * special.eval_legendre(order, x), len(moments))


def _with_moments(moments, start):
    """Weights and offsets of Gauss nodes that have the same moments, on the panels that are not empty."""
    panels = np.flatnonzero(moments[:, 0])
    basis = special.eval_legendre(ORDERS[:, None], NODES) * (ORDERS[:, None] + 0.5)
    weights = WEIGHTS * (moments[panels] @ basis)
    return weights.ravel(), (start + panels[:, None] + (1 + NODES) / 2).ravel()

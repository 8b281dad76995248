"""The mean displacement of a manifold as a weighted sum of points: sum of w A(kappa + offset), A = 1 / capacity of points.

Integration by parts, twice over t0, shows that the mean displacement of a manifold is an average over points at the margins at
which the manifold touches. One rule (weights and offsets) serves every margin, and may have millions of terms. For many margins
the rule is compressed first. A is smooth on the scale of 1, and equals 1 + x^2 to double precision beyond 10. On panels of
length 1 a few Gauss nodes therefore replace all offsets, with weights that keep the Legendre moments of the rule.
"""

from collections.abc import Iterable

import numpy as np
from scipy import special

from theory.capacity.points import LOWEST_MARGIN, mean_displacement

# Up to this many margins are faster without compression.
FEW = 8
PARABOLIC = 10.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
ORDERS = np.arange(len(NODES))


def averaged(margin: np.ndarray, rule: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The sum of w A(kappa + offset), in the margin's shape, to a relative 1e-10.

    :param margin: kappa, any shape, standardized units.
    :param rule: pairs of weights and offsets, (n,) each; n may differ from pair to pair.
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
    # The sum of w (1 + (kappa + offset)^2) over the remaining offsets.
    parabolic = near + powers[0] * (1 + kappas**2) + 2 * powers[1] * kappas + powers[2]
    return parabolic.reshape(margin.shape)


def _summed(kappas, weights, offsets):
    return np.array([weights @ mean_displacement(np.maximum(kappa + offsets, LOWEST_MARGIN)) for kappa in kappas])


def _add_moments(moments, weights, places):
    """Add the sum of w P_k(x) to the moments of each panel; x runs over -1..1 across the panel."""
    panels = places.astype(int)
    x = 2 * (places - panels) - 1
    for order in ORDERS:
        moments[:, order] += np.bincount(panels, weights * special.eval_legendre(order, x), len(moments))


def _with_moments(moments, start):
    """Weights and offsets of Gauss nodes with the given moments, on the panels that are not empty."""
    panels = np.flatnonzero(moments[:, 0])
    basis = special.eval_legendre(ORDERS[:, None], NODES) * (ORDERS[:, None] + 0.5)
    weights = WEIGHTS * (moments[panels] @ basis)
    return weights.ravel(), (start + panels[:, None] + (1 + NODES) / 2).ravel()

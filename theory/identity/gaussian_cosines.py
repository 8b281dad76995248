"""Cosines between a Gaussian vector f = m + noise and other vectors, averaged over the noise.

The outputs of wide networks are Gaussian over initial weights, so these averages are their expected correlations with
images. Where the noise has the same variance in every direction, a cosine is a confluent hypergeometric function of the
ratio of |m| to the standard deviation. Otherwise it is an integral over one variable. It follows from

    1/|f| = (2/sqrt(pi)) int_0^inf exp(-s^2 |f|^2) ds,        1/|f|^2 = int_0^inf 2 s exp(-s^2 |f|^2) ds,

because a Gaussian weighted by exp(-s^2 |f|^2) is again Gaussian: along an eigenvector of the covariance, with eigenvalue v,
its mean is m/(1 + 2 s^2 v), its variance v/(1 + 2 s^2 v), and its mass (1 + 2 s^2 v)^-1/2 exp(-s^2 m^2/(1 + 2 s^2 v)).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# The trapezoidal rule in log s converges as exp(-pi^2 / (2 STEP)), and the integrand falls at least as exp(-|log s|).
STEP, FARTHEST = 0.125, 40.0


@dataclass(frozen=True)
class Cosines:
    """Cosines with k vectors over the noise: their means and their standard deviations, each (k,)."""

    mean: np.ndarray
    deviation: np.ndarray


def mean_cosine(ratio: ArrayLike, n_features: ArrayLike) -> Numbers:
    """The mean cosine between f and m, for noise of the same variance in all D directions.

    It is h Gamma((D+1)/2) / (sqrt(2) Gamma(D/2 + 1)) 1F1(1/2; D/2 + 1; -h^2/2).

    :param ratio: h >= 0, |m| divided by the standard deviation of the noise in one direction. :param n_features: D >= 1.
    """
    ratio, half = np.asarray(ratio, dtype=float), np.asarray(n_features, dtype=float) / 2
    log_factor = special.gammaln(half + 0.5) - special.gammaln(half + 1)
    return ratio * np.exp(log_factor) / np.sqrt(2) * special.hyp1f1(0.5, half + 1, -(ratio**2) / 2)


def mean_square_cosine(ratio: ArrayLike, n_features: ArrayLike) -> Numbers:
    """The mean square cosine between f and a direction orthogonal to m: 1F1(1; D/2 + 1; -h^2/2) / D.

    :param ratio, n_features: as in :func:`mean_cosine`.
    """
    ratio, dim = np.asarray(ratio, dtype=float), np.asarray(n_features, dtype=float)
    # At large arguments scipy's hyp1f1 is nan, and two terms of the asymptotic series are accurate to 1e-12.
    power, far = ratio**2 / 2, ratio**2 / 2 > 1e6 * dim
    near = special.hyp1f1(1.0, dim / 2 + 1, -np.where(far, 0.0, power)) / dim
    large = np.where(far, power, 1.0)
    return np.where(far, (1 - (dim / 2 - 1) / large) / (2 * large), near)


def cosines(mean: ArrayLike, covariance: ArrayLike, vectors: ArrayLike) -> Cosines:
    """The cosines between f and vectors, for noise of any covariance; to 1e-10.

    :param mean: m, (D,). :param covariance: (D, D), symmetric; eigenvalues below 0 count as rounding of 0.
    :param vectors: (k, D), none 0.
    """
    mean, covariance = np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float)
    vectors = np.atleast_2d(np.asarray(vectors, dtype=float))
    _require_gaussian(mean, covariance, vectors)
    variances, axes = np.linalg.eigh(covariance)
    variances, centre = np.maximum(variances, 0.0), mean @ axes
    directions = vectors @ axes / np.linalg.norm(vectors, axis=1, keepdims=True)
    size = centre @ centre + variances.sum()
    log_s = np.arange(-FARTHEST, FARTHEST, STEP)
    s = np.exp(log_s) / np.sqrt(size)
    shrinking = 1 / (1 + 2 * np.multiply.outer(s**2, variances))
    mass = np.exp(0.5 * np.log(shrinking).sum(1) - s**2 * (shrinking @ centre**2))
    along, across = (shrinking * centre) @ directions.T, (shrinking * variances) @ (directions**2).T
    first = 2 / np.sqrt(np.pi) * STEP * (mass * s) @ along
    second = 2 * STEP * (mass * s**2) @ (along**2 + across)
    return Cosines(first, np.sqrt(np.maximum(second - first**2, 0.0)))


def _require_gaussian(mean, covariance, vectors):
    require(mean.ndim == 1, "mean", mean.shape, "one vector, (D,)")
    require_count("the number of entries of mean", mean.size, 1)
    require(
        covariance.shape == mean.shape * 2, "covariance", covariance.shape, f"of shape {mean.shape * 2}, as the mean has it"
    )
    require(vectors.shape[1:] == mean.shape, "vectors", vectors.shape, f"of shape (k, {mean.size}), as the mean has it")
    for name, array in (("mean", mean), ("covariance", covariance), ("vectors", vectors)):
        require_finite(name, array)
    require((vectors**2).sum(1) > 0, "vectors", vectors, "different from 0")
    require((mean**2).sum() + np.trace(covariance) > 0, "mean", mean, "different from 0 where the covariance is 0")

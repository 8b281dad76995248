"""What one linear layer does to other images once gradient descent has taught it to reproduce its training images.

Zhang et al. 2020, theorems 1 and 2, in exact form. Gradient descent on a squared loss moves a filter inside the span of what
it was shown and nowhere else: with P the projector on the span of the training inputs, w_0 becomes
w_0 (1 - P) + w* P, w* any exact solution. For reproduction the identity (fully connected) or the filter that copies a channel
(convolution) is one, so that what a test input has in the span is reproduced and the rest goes through the initial weights.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from theory.numerics.validation import require, require_count, require_finite

# Relative to the largest singular value. Rounding leaves a few 1e-16; what lies below the cut-off gradient descent would need
# 1e20 steps to learn.
CUTOFF = 1e-10


@dataclass(frozen=True)
class Correlations:
    """Expected cosines over Gaussian initial weights, one per test image.

    identity: with the image, E cos(f(x), x). constant: with every training image, E cos(f(x), x_i), (..., n).
    noise: root mean square cosine with a direction orthogonal to all that was learned of the image.
    """

    identity: np.ndarray
    constant: np.ndarray
    noise: np.ndarray


def span_basis(vectors, cutoff: float = CUTOFF) -> np.ndarray:
    """An orthonormal basis of the span of vectors in rows, (rank, D).

    :param vectors: (n, D). :param cutoff: singular values below this share of the largest count as 0.
    """
    vectors = np.atleast_2d(np.asarray(vectors, dtype=float))
    require_finite("vectors", vectors)
    require(0 < cutoff < 1, "cutoff", cutoff, "between 0 and 1")
    _, sizes, rows = np.linalg.svd(vectors, full_matrices=False)
    return rows[sizes > cutoff * sizes[0]]


def outside(basis, vectors) -> np.ndarray:
    """The part of vectors, (..., D), that is orthogonal to an orthonormal basis, (rank, D)."""
    return vectors - (vectors @ basis.T) @ basis


def connected_output(weights, training, images) -> np.ndarray:
    """Outputs of a fully connected layer that was trained to reproduce images: f(x) = P x + W_0 (1 - P) x.

    Source: Zhang et al. 2020, theorem 1, here for any number of training images.

    :param weights: W_0, (D, D). :param training: (D,) or (n, D). :param images: (..., D).
    """
    images = np.asarray(images, dtype=float)
    unseen = outside(span_basis(training), images)
    return images - unseen + unseen @ np.asarray(weights, dtype=float).T


def expected_correlations(training, images, scale) -> Correlations:
    """How an output correlates, over Gaussian initial weights, with its image and with the training images.

    f(x) is Gaussian about P x with covariance sigma^2 ||(1 - P) x||^2, the same in all D directions. With h the ratio of
    ||P x|| to its standard deviation, E f / ||f|| points along P x and has length
    h Gamma((D+1)/2) / (sqrt(2) Gamma(D/2 + 1)) 1F1(1/2; D/2 + 1; -h^2/2); a direction orthogonal to P x has mean square cosine
    1F1(1; D/2 + 1; -h^2/2) / D, and 1/sqrt(D) is all that remains of any cosine where nothing was learned.

    :param training, images: as :func:`connected_output`, images not 0. :param scale: sigma > 0.
    """
    images, training = np.asarray(images, dtype=float), np.atleast_2d(np.asarray(training, dtype=float))
    require(scale > 0, "scale", scale, "> 0")
    learned, spread = _learned(training, images, scale)
    require(np.linalg.norm(images, axis=-1) > 0, "images", images, "other than 0")
    size, dim = np.linalg.norm(learned, axis=-1), images.shape[-1]
    # An image inside the span has no noise at all: its output is the image.
    ratio = size / np.maximum(spread, 1e-12 * np.linalg.norm(images, axis=-1))
    direction = learned / np.where(size > 0, size, 1.0)[..., None]
    expected = direction * _mean_cosine(ratio, dim)[..., None]
    return Correlations(
        identity=(expected * _unit(images)).sum(-1),
        constant=expected @ _unit(training).T,
        noise=np.sqrt(_scatter(ratio, dim)),
    )


def _mean_cosine(ratio, dim):
    log_factor = special.gammaln((dim + 1) / 2) - special.gammaln(dim / 2 + 1)
    return ratio * np.exp(log_factor) / np.sqrt(2) * special.hyp1f1(0.5, dim / 2 + 1, -(ratio**2) / 2)


def _scatter(ratio, dim):
    """1F1(1; D/2 + 1; -h^2/2) / D."""
    # Far out scipy's is nan, and two terms of the asymptotic series are right to 1e-12.
    power, far = ratio**2 / 2, ratio**2 / 2 > 1e6 * dim
    near = special.hyp1f1(1.0, dim / 2 + 1, -np.where(far, 0.0, power)) / dim
    large = np.where(far, power, 1.0)
    return np.where(far, (1 - (dim / 2 - 1) / large) / (2 * large), near)


def _learned(training, images, scale):
    """What the output keeps of an image, and the standard deviation of each of its components."""
    require(np.isfinite(scale) & (np.asarray(scale) >= 0), "scale", scale, "finite and >= 0")
    images = np.asarray(images, dtype=float)
    unseen = outside(span_basis(training), images)
    return images - unseen, scale * np.linalg.norm(unseen, axis=-1)


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def patches(images, kernel: int) -> np.ndarray:
    """The neighbourhoods a filter sees, one per pixel, zero padded: (..., H W, C kernel^2).

    :param images: (..., C, H, W). :param kernel: odd side of the filters.
    """
    images = np.asarray(images, dtype=float)
    require_count("kernel", kernel, 1)
    require(kernel % 2 == 1, "kernel", kernel, "odd, for the output to have the size of the image")
    around = [(0, 0)] * (images.ndim - 2) + [(kernel // 2, kernel // 2)] * 2
    padded = np.pad(images, around)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(-2, -1))
    windows = np.moveaxis(windows, -5, -3)  # (..., H, W, C, kernel, kernel)
    return windows.reshape(*images.shape[:-3], images.shape[-2] * images.shape[-1], -1)


def copying_filters(n_channels: int, kernel: int) -> np.ndarray:
    """delta_c, the filters that copy each channel, (C, C kernel^2)."""
    filters = np.zeros((n_channels, n_channels, kernel, kernel))
    filters[range(n_channels), range(n_channels), kernel // 2, kernel // 2] = 1
    return filters.reshape(n_channels, -1)


def patch_basis(training, kernel: int, cutoff: float = CUTOFF) -> np.ndarray:
    """An orthonormal basis of the span of the training patches, (r, C kernel^2); r = m/C where it is everything.

    :param training: (C, H, W), or several images (n, C, H, W).
    """
    seen = patches(training, kernel)
    return span_basis(seen.reshape(-1, seen.shape[-1]), cutoff)


def convolved_errors(filters, training, images) -> np.ndarray:
    """f(x) - x, pixel by pixel, of a convolution that was trained to reproduce images: (w_0c - delta_c) . (1 - P) q.

    Source: Zhang et al. 2020, theorem 2, in exact form; q is the patch around the pixel. 0 for all images exactly where the
    training patches span everything, r = m/C.

    :param filters: w_0, (C, C, kernel, kernel), as torch's conv2d has them. :param training: as :func:`patch_basis`.
    :param images: (..., C, H, W). :returns: as the images.
    """
    filters, images = np.asarray(filters, dtype=float), np.asarray(images, dtype=float)
    n_channels, kernel = filters.shape[0], filters.shape[-1]
    unseen = outside(patch_basis(training, kernel), patches(images, kernel))
    errors = unseen @ (filters.reshape(n_channels, -1) - copying_filters(n_channels, kernel)).T
    return np.moveaxis(errors, -1, -2).reshape(images.shape)


def expected_error(training, images, kernel: int, scale) -> np.ndarray:
    """Mean squared error over pixels and channels, over initial filters of mean 0 and standard deviation sigma.

    sigma^2 ||(1 - P) q||^2 + (delta_c . (1 - P) q)^2, averaged over patches and channels. Arguments as
    :func:`convolved_errors`; :returns: one per image.
    """
    require(np.isfinite(scale) & (np.asarray(scale) >= 0), "scale", scale, "finite and >= 0")
    unseen = outside(patch_basis(training, kernel), patches(images, kernel))
    lost = unseen @ copying_filters(np.shape(images)[-3], kernel).T
    return scale**2 * (unseen**2).sum(-1).mean(-1) + (lost**2).mean((-1, -2))


def error_bound(n_channels, kernel, rank, scale=1.0):
    """What Cauchy-Schwarz gives for :func:`expected_error`, pixels within 0..1: the order m (m/C - r) / C of theorem 2.

    ((w_0c - delta_c) . (1 - P) q)^2 <= ||(1 - P)(w_0c - delta_c)||^2 ||q||^2, ||q||^2 <= m/C, and on average over w_0 the first
    factor is sigma^2 (m/C - r), plus at most min(1, (m/C - r)/C) for delta_c, averaged over channels. An isotropic w_0 wastes
    the factor m/C - r: its own term is at most sigma^2 m/C where r < m/C.

    :param n_channels: C. :param kernel: side of the filters, m = C^2 kernel^2. :param rank: r <= m/C.
    """
    length = np.asarray(n_channels) * np.asarray(kernel) ** 2
    missing = length - np.asarray(rank)
    require((missing >= 0) & (np.asarray(rank) >= 0), "rank", rank, "within 0..m/C")
    return length * (np.asarray(scale) ** 2 * missing + np.minimum(1.0, missing / n_channels))

"""The output of one linear layer for test images, after gradient descent trained it to reproduce its training images.

Source: Zhang et al. 2020, theorems 1 and 2, in exact form. Gradient descent on a squared loss changes a filter only within the
span of the training inputs. Let P be the projector on this span: w_0 becomes w_0 (1 - P) + w* P, where w* is any exact
solution. For reproduction an exact solution is the identity (fully connected), or the filter that copies a channel
(convolution). Therefore the part of a test input inside the span is reproduced, and the remainder passes through the initial
weights.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.identity import gaussian_cosines
from theory.numerics.validation import require, require_count, require_finite

# Relative to the largest singular value. Rounding produces a few 1e-16, and gradient descent would need 1e20 steps to learn the
# directions below the cut-off.
CUTOFF = 1e-10
Numbers = Any  # a number or an array, of the arguments' broadcast shape
Images = ArrayLike  # (..., D), or (..., C, H, W) for convolutions
Training = ArrayLike  # (D,) or (n, D); for convolutions (C, H, W) or (n, C, H, W)
Basis = np.ndarray  # (rank, D), orthonormal rows


@dataclass(frozen=True)
class Correlations:
    """Cosines between an output and other vectors, expected over Gaussian initial weights; one per test image.

    identity: with the test image, E cos(f(x), x). constant: with every training image, E cos(f(x), x_i), (..., n).
    noise: root mean square cosine with a direction orthogonal to the reproduced part P x.
    """

    identity: np.ndarray
    constant: np.ndarray
    noise: np.ndarray


def span_basis(vectors: ArrayLike, cutoff: float = CUTOFF) -> Basis:
    """An orthonormal basis, (rank, D), of the span of vectors in rows.

    :param vectors: (n, D). :param cutoff: singular values below this share of the largest count as 0.
    """
    vectors = np.atleast_2d(np.asarray(vectors, dtype=float))
    require_finite("vectors", vectors)
    require(0 < cutoff < 1, "cutoff", cutoff, "between 0 and 1")
    _, sizes, rows = np.linalg.svd(vectors, full_matrices=False)
    return rows[sizes > cutoff * sizes[0]]


def outside(basis: Basis, vectors: np.ndarray) -> np.ndarray:
    """The part of vectors, (..., D), that is orthogonal to an orthonormal basis, (rank, D)."""
    return vectors - (vectors @ basis.T) @ basis


def connected_output(weights: ArrayLike, training: Training, images: Images) -> np.ndarray:
    """The outputs, (..., D), of a fully connected layer that was trained to reproduce images: f(x) = P x + W_0 (1 - P) x.

    Source: Zhang et al. 2020, theorem 1, here for any number of training images.

    :param weights: initial weights W_0, (D, D). :param training: training images, (D,) or (n, D).
    :param images: test images, (..., D).
    """
    images = np.asarray(images, dtype=float)
    unseen = outside(span_basis(training), images)
    return images - unseen + unseen @ np.asarray(weights, dtype=float).T


def expected_correlations(training: Training, images: Images, scale: float) -> Correlations:
    """The expected cosines of an output with its image and with the training images, over Gaussian initial weights.

    f(x) is Gaussian about P x, with variance sigma^2 ||(1 - P) x||^2 in each of the D directions. Let h be the ratio of ||P
    x|| to the standard deviation. E f / ||f|| points along P x and has length h Gamma((D+1)/2) / (sqrt(2) Gamma(D/2 + 1))
    1F1(1/2; D/2 + 1; -h^2/2). A direction orthogonal to P x has mean square cosine 1F1(1; D/2 + 1; -h^2/2) / D. Where nothing
    was learned, every cosine has root mean square 1/sqrt(D).

    :param training, images: as in :func:`connected_output`; no image is 0. :param scale: sigma > 0.
    """
    images, training = np.asarray(images, dtype=float), np.atleast_2d(np.asarray(training, dtype=float))
    require(scale > 0, "scale", scale, "> 0")
    learned, spread = _learned(training, images, scale)
    require(np.linalg.norm(images, axis=-1) > 0, "images", images, "different from 0")
    size, dim = np.linalg.norm(learned, axis=-1), images.shape[-1]
    # An image inside the span has no noise, and its output is the image.
    ratio = size / np.maximum(spread, 1e-12 * np.linalg.norm(images, axis=-1))
    direction = learned / np.where(size > 0, size, 1.0)[..., None]
    expected = direction * gaussian_cosines.mean_cosine(ratio, dim)[..., None]
    return Correlations(
        identity=(expected * _unit(images)).sum(-1),
        constant=expected @ _unit(training).T,
        noise=np.sqrt(gaussian_cosines.mean_square_cosine(ratio, dim)),
    )


def _learned(training, images, scale):
    """The reproduced part P x of each image, and the standard deviation of each component of its output."""
    require(np.isfinite(scale) & (np.asarray(scale) >= 0), "scale", scale, "finite and >= 0")
    images = np.asarray(images, dtype=float)
    unseen = outside(span_basis(training), images)
    return images - unseen, scale * np.linalg.norm(unseen, axis=-1)


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def patches(images: Images, kernel: int) -> np.ndarray:
    """The inputs of a filter, one zero-padded patch per pixel, (..., H W, C kernel^2).

    :param images: (..., C, H, W). :param kernel: side of the filters in pixels, odd.
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
    """The filters delta_c that copy each channel, (C, C kernel^2).

    :param n_channels: C. :param kernel: side of the filters in pixels, odd.
    """
    filters = np.zeros((n_channels, n_channels, kernel, kernel))
    filters[range(n_channels), range(n_channels), kernel // 2, kernel // 2] = 1
    return filters.reshape(n_channels, -1)


def patch_basis(training: Training, kernel: int, cutoff: float = CUTOFF) -> Basis:
    """An orthonormal basis of the span of the training patches, (r, C kernel^2); r = m/C where the patches span everything.

    :param training: one image (C, H, W), or several images (n, C, H, W).
    :param kernel: side of the filters in pixels, odd. :param cutoff: as in :func:`span_basis`.
    """
    seen = patches(training, kernel)
    return span_basis(seen.reshape(-1, seen.shape[-1]), cutoff)


def convolved_errors(filters: ArrayLike, training: Training, images: Images) -> np.ndarray:
    """The errors f(x) - x of a convolution that was trained to reproduce images, pixel by pixel: (w_0c - delta_c) . (1 - P) q.

    Source: Zhang et al. 2020, theorem 2, in exact form; q is the patch around the pixel. The error is 0 for all images exactly
    if the training patches span everything, r = m/C.

    :param filters: initial filters w_0, (C, C, kernel, kernel), in the layout of torch's conv2d.
    :param training: as in :func:`patch_basis`. :param images: test images, (..., C, H, W).
    :returns: of the shape of the images.
    """
    filters, images = np.asarray(filters, dtype=float), np.asarray(images, dtype=float)
    n_channels, kernel = filters.shape[0], filters.shape[-1]
    unseen = outside(patch_basis(training, kernel), patches(images, kernel))
    errors = unseen @ (filters.reshape(n_channels, -1) - copying_filters(n_channels, kernel)).T
    return np.moveaxis(errors, -1, -2).reshape(images.shape)


def expected_error(training: Training, images: Images, kernel: int, scale: float) -> np.ndarray:
    """The mean squared error over pixels and channels, expected over initial filters; one number per image.

    The initial filters have mean 0 and standard deviation sigma. The error is sigma^2 ||(1 - P) q||^2 + (delta_c . (1 - P)
    q)^2, averaged over patches and channels.

    :param training, images: as in :func:`convolved_errors`. :param kernel: side of the filters in pixels, odd.
    :param scale: sigma >= 0.
    """
    require(np.isfinite(scale) & (np.asarray(scale) >= 0), "scale", scale, "finite and >= 0")
    unseen = outside(patch_basis(training, kernel), patches(images, kernel))
    lost = unseen @ copying_filters(np.shape(images)[-3], kernel).T
    return scale**2 * (unseen**2).sum(-1).mean(-1) + (lost**2).mean((-1, -2))


def error_bound(n_channels: ArrayLike, kernel: ArrayLike, rank: ArrayLike, scale: ArrayLike = 1.0) -> Numbers:
    """The upper bound on :func:`expected_error` by Cauchy-Schwarz, for pixels within 0..1.

    The bound is of the order m (m/C - r) / C, as in theorem 2. Cauchy-Schwarz gives
    ((w_0c - delta_c) . (1 - P) q)^2 <= ||(1 - P)(w_0c - delta_c)||^2 ||q||^2 with ||q||^2 <= m/C. On average over w_0 the first
    factor is sigma^2 (m/C - r), plus at most min(1, (m/C - r)/C) for delta_c, averaged over channels. For an isotropic w_0 the
    factor m/C - r is not needed: the term of w_0 is at most sigma^2 m/C where r < m/C.

    :param n_channels: C. :param kernel: side of the filters in pixels, m = C^2 kernel^2. :param rank: r <= m/C.
    :param scale: sigma, standard deviation of the initial filters. The arguments broadcast.
    """
    length = np.asarray(n_channels) * np.asarray(kernel) ** 2
    missing = length - np.asarray(rank)
    require((missing >= 0) & (np.asarray(rank) >= 0), "rank", rank, "within 0..m/C")
    return length * (np.asarray(scale) ** 2 * missing + np.minimum(1.0, missing / n_channels))

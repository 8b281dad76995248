"""The outputs of convolutional networks that were trained to reproduce one image, with infinitely many channels.

Derivation. Let x^ be the training image, T = T(x^, x^) and P = P(x^, x^) the kernels of
:mod:`theory.identity.convolutional_kernels`, as matrices over pixels. Gradient flow on ||f(x^) - x^||^2 / 2 multiplies the
residual by exp(-t T), and changes the output for another image x in proportion to T(x, x^):

    f(x) = f_0(x) + A (x^ - f_0(x^)),    A = T(x, x^) F,    F = T^-1 (1 - exp(-t T)).

f_0 is Gaussian with mean 0, so f(x) is Gaussian with mean A x^ and covariance P(x, x) - A P(x^, x) - P(x, x^) A^T + A P
A^T. The time t is the one at which the expected loss is the given share of the image's square,

    E ||f(x^) - x^||^2 / ||x^||^2 = sum_i exp(-2 t lambda_i) ((v_i . x^)^2 + v_i . P v_i) / ||x^||^2,

with eigenvalues lambda_i and eigenvectors v_i of T. Momentum and finite steps change the time, and hardly the output
at a given loss. Finite networks differ from this by terms of the order 1/channels, which grow with depth.

Source: networks and correlations of Zhang et al. 2020; the prediction is new here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from theory.identity.convolutional_kernels import Convolutions, Image, checked_image, initial_covariance, output_kernels
from theory.identity.gaussian_cosines import Cosines, cosines
from theory.numerics.validation import require

# Times are looked for between these, in units of the inverse of the tangent kernel's largest eigenvalue.
EARLIEST, LATEST = 1e-9, 1e14


@dataclass(frozen=True)
class Output:
    """The output for one image, Gaussian over initial weights. mean: (H, W). covariance: (H W, H W)."""

    mean: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True)
class Correlations:
    """Cosines of the outputs for m images, their means over initial weights and their standard deviations, (m,).

    identity: with the test image, corr_id. constant: with the training image, corr_const.
    """

    identity: Cosines
    constant: Cosines


@dataclass(frozen=True)
class _Fit:
    """A network at the end of its training: A is T(x, x^) ``filter``. All matrices are (H W, H W)."""

    network: Convolutions
    training: np.ndarray
    filter: np.ndarray
    initial: np.ndarray

    def output(self, image) -> Output:
        pairs, crossed = self.initial.shape, output_kernels(self.network, image, self.training)
        passed = crossed.tangent.reshape(pairs) @ self.filter
        shared = passed @ crossed.initial.reshape(pairs).T
        start = initial_covariance(self.network, image).reshape(pairs)
        covariance = start - shared - shared.T + passed @ self.initial @ passed.T
        return Output((passed @ self.training.ravel()).reshape(image.shape), covariance)


def trained_outputs(network: Convolutions, training: Image, images: Iterable[Image], relative_loss: float) -> Iterator[Output]:
    """The outputs for images after training on one image, one by one, because each holds the covariance of all pixels.

    One image of 28 x 28 pixels takes two seconds at depth 20, and 70 MB.

    :param training: x^, (H, W). :param images: x, each (H, W).
    :param relative_loss: squared error at which training stops, relative to the square of x^, within 0..1 without both.
    :raises ValueError: the loss cannot be reached, because some directions of x^ or of the first output are not learned.
    """
    fit = _fit(network, training, relative_loss)
    for image in images:
        image = checked_image("images", image)
        require(
            image.shape == fit.training.shape, "images", image.shape, f"of the size of the training image, {fit.training.shape}"
        )
        yield fit.output(image)


def correlations(network: Convolutions, training: Image, images: Iterable[Image], relative_loss: float) -> Correlations:
    """The expected corr_id and corr_const of each image, with their standard deviations over initial weights.

    The arguments are those of :func:`trained_outputs`.
    """
    found, images = [], [np.asarray(image, dtype=float) for image in images]
    require(len(images) > 0, "images", images, "one image or more")
    for image, output in zip(images, trained_outputs(network, training, images, relative_loss), strict=True):
        both = np.stack([image.ravel(), np.ravel(training)])
        found.append(cosines(output.mean.ravel(), output.covariance, both))
    means, deviations = np.stack([one.mean for one in found]), np.stack([one.deviation for one in found])
    return Correlations(Cosines(means[:, 0], deviations[:, 0]), Cosines(means[:, 1], deviations[:, 1]))


def _fit(network, training, relative_loss):
    training = checked_image("training", training)
    require(0 < relative_loss < 1, "relative_loss", relative_loss, "within 0..1, both excluded")
    kernels, pairs = output_kernels(network, training, training), (training.size, training.size)
    initial = kernels.initial.reshape(pairs)
    rates, axes = np.linalg.eigh(kernels.tangent.reshape(pairs))
    largest, rates = rates[-1], np.maximum(rates, 0.0) / rates[-1]
    start = ((training.ravel() @ axes) ** 2 + ((axes.T @ initial) * axes.T).sum(1)) / (training**2).sum()
    time = _time_at(rates, start, relative_loss)
    slow = time * rates < 1e-8
    learned = np.where(slow, time, -np.expm1(-time * rates) / np.where(slow, 1.0, rates))
    return _Fit(network, training, (axes * (learned / largest)) @ axes.T, initial)


def _time_at(rates, start, relative_loss):
    """The time at which the expected loss is reached, in units of the inverse of the largest rate."""

    def excess(log_time: float) -> float:
        return np.exp(-2 * np.exp(log_time) * rates) @ start - relative_loss

    left = np.exp(-2 * LATEST * rates) @ start
    require(left < relative_loss, "relative_loss", relative_loss, f"larger than {left:.3g}, what gradient descent leaves of it")
    return np.exp(float(brentq(excess, np.log(EARLIEST), np.log(LATEST), xtol=1e-12)))  # pyright: ignore[reportArgumentType]

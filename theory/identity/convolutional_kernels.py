"""Kernels of convolutional networks with infinitely many channels, between the pixels of two images.

A network has L convolutions of stride 1 without biases, from one channel to one channel, with identity or ReLU between
them. Weights are Gaussian with variance g / (number of inputs of a filter). With infinitely many hidden channels,
pre-activations are Gaussian over initial weights, independent between channels, with covariance P_l(p, q) between pixel p
of one image and pixel q of the other. The output changes under gradient flow by the tangent kernel T_L (p, q), which stays
as it is at the start.

Derivation. A filter multiplies the activations at p + d and at q + d by the same weight, for each of its k^2 offsets d.
Weights at different offsets are independent. With A S (p, q) = (1/k^2) sum_d S(p + d, q + d), where pixels outside the
image are 0 (padding "zero") or those on its other side ("circular"),

    P_1 = g A x x'^T,    P_l+1 = g A S_l,    T_1 = w P_1,    T_l+1 = P_l+1 + g A (S'_l T_l).

S_l is the mean product of activations and S'_l the mean product of their derivatives, pixel pair by pixel pair: P and 1 for
the identity, and for ReLU, with the cosine c = cos(theta) of a pair (Cho & Saul 2009),

    S = sqrt(P(p, p) P(q, q)) (sin theta + (pi - theta) c) / 2 pi,    S' = (pi - theta) / 2 pi.

A weight's own part of T is the product of the activations it multiplies. Its sum over the inputs of a filter is the number
of inputs times P/g. In units of C k^2/g, where C is the number of hidden channels, this is P for all layers but the first,
whose filters have k^2 inputs: w = 1/C. All layers have w = 1 where learning rates are divided by the number of inputs.

Source: the networks of Zhang et al. 2020; the recursion follows Arora et al. 2019 (On exact computation with an infinitely
wide neural net), who pool pixels at the end, whereas here every pixel is an output.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count, require_finite

Image = ArrayLike  # (H, W)
PixelPairs = np.ndarray  # (H, W, H, W), pixels of the first image first


@dataclass(frozen=True)
class Convolutions:
    """A network of convolutions with infinitely many hidden channels.

    depth: L >= 1. kernel: side of the filters in pixels, odd.
    gain: g > 0, the variance of a weight times the number of inputs of its filter.
    first_rate: w within 0..1, how fast the first layer learns relative to the others; 1/C for gradient descent with C hidden
        channels. It is not used at depth 1, where no other layer learns.
    padding: "zero" or "circular". activation: "relu" or "linear", between layers.
    """

    depth: int
    kernel: int
    gain: float = 1.0
    first_rate: float = 0.0
    padding: str = "zero"
    activation: str = "relu"

    def __post_init__(self) -> None:
        require_count("depth", self.depth, 1)
        require_count("kernel", self.kernel, 1)
        require(self.kernel % 2 == 1, "kernel", self.kernel, "odd, for the output to have the size of the image")
        require(np.isfinite(self.gain) and self.gain > 0, "gain", self.gain, "finite and > 0")
        require(0 <= self.first_rate <= 1, "first_rate", self.first_rate, "within 0..1")
        require(self.padding in ("zero", "circular"), "padding", self.padding, '"zero" or "circular"')
        require(self.activation in ("relu", "linear"), "activation", self.activation, '"relu" or "linear"')


@dataclass(frozen=True)
class Kernels:
    """Kernels of a network's outputs, between each pixel of one image and each of another.

    initial: P_L, the covariance of outputs at the start. tangent: T_L, in units of C k^2/g.
    """

    initial: PixelPairs
    tangent: PixelPairs


def output_kernels(network: Convolutions, first: Image, second: Image) -> Kernels:
    """The kernels between the outputs for two images.

    The time is proportional to L (H W)^2 min(k, H). Ten arrays of (H W)^2 numbers are held at once, 50 MB for 28 x 28
    pixels.

    :param first, second: one channel each, (H, W), of the same size.
    """
    first, second = checked_image("first", first), checked_image("second", second)
    require(first.shape == second.shape, "second", second.shape, f"of the size of the first image, {first.shape}")
    layers = _layers(network, first, second)
    initial, derivative = next(layers)
    tangent = initial * (network.first_rate if network.depth > 1 else 1.0)
    for deeper, next_derivative in layers:
        tangent = deeper + network.gain * _averaged(network, derivative * tangent)
        initial, derivative = deeper, next_derivative
    return Kernels(initial, tangent)


def initial_covariance(network: Convolutions, image: Image) -> PixelPairs:
    """The covariance P_L between the pixels of the output for one image at the start, without the tangent kernel's cost.

    :param image: one channel, (H, W).
    """
    image = checked_image("image", image)
    return deque((initial for initial, _ in _layers(network, image, image)), maxlen=1).pop()


def _layers(network: Convolutions, first, second):
    """P_l and S'_l of each layer in turn."""
    products = np.multiply.outer(first, second)
    for one, other in zip(_variances(network, first), _variances(network, second), strict=True):
        initial = network.gain * _averaged(network, products)
        products, derivative = _activated(network.activation, initial, one, other)
        yield initial, derivative


def checked_image(name: str, image: Image) -> np.ndarray:
    """The image as an array, (H, W); an error where it has another number of axes, is not finite or is 0 everywhere."""
    image = np.asarray(image, dtype=float)
    require(image.ndim == 2 and image.size > 0, name, image.shape, "one image of one channel, (H, W)")
    require_finite(name, image)
    require(np.any(image), name, image, "different from 0: a network without biases gives 0 for it, whatever it has learned")
    return image


def _variances(network: Convolutions, image):
    """P_l(p, p) of every layer, (L, H, W), which needs no pairs of pixels."""
    found, squares = [], image**2
    for _ in range(network.depth):
        found.append(network.gain * _averaged(network, squares))
        squares = found[-1] / 2 if network.activation == "relu" else found[-1]
    return found


def _activated(activation, covariance: PixelPairs, one, other):
    """S and S' of the pairs of pixels, given the variances of the first and of the second image's pixels, (H, W) each."""
    if activation == "linear":
        return covariance, 1.0
    scale = np.multiply.outer(np.sqrt(one), np.sqrt(other))
    # A pixel whose receptive field is black has variance and covariance 0.
    cosine = np.clip(np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0), -1.0, 1.0)
    remaining = np.arccos(-cosine)  # pi - theta
    products = scale * (np.sqrt((1 - cosine) * (1 + cosine)) + remaining * cosine) / (2 * np.pi)
    return products, remaining / (2 * np.pi)


def _averaged(network: Convolutions, values):
    """The sum over a filter's offsets divided by k^2, for an image (H, W) or for pairs of pixels (H, W, H, W)."""
    for axis in (0, 1):
        values = _shifted_sum(values, range(axis, values.ndim, 2), network.kernel // 2, network.padding)
    return values / network.kernel**2


def _shifted_sum(values, axes, reach, padding):
    """The sum over shifts -reach..reach, by which all the axes are moved alike.

    The shifts are added one by one. Differences of running sums would take less time for large kernels, but where the
    image is black they leave rounding instead of 0, whose cosines are noise.
    """
    total, length = values.copy(), values.shape[axes[0]]
    for shift in range(1, reach + 1):
        if padding == "circular":
            total += np.roll(values, (shift,) * len(axes), tuple(axes)) + np.roll(values, (-shift,) * len(axes), tuple(axes))
        elif shift < length:
            near, far = [slice(None)] * values.ndim, [slice(None)] * values.ndim
            for axis in axes:
                near[axis], far[axis] = slice(None, length - shift), slice(shift, None)
            total[tuple(near)] += values[tuple(far)]
            total[tuple(far)] += values[tuple(near)]
    return total

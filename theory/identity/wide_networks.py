"""The output of a wide fully connected network after gradient descent trained it to reproduce one image.

Assumptions. A network of L layers without biases, with identity or ReLU between layers; every layer's weights are Gaussian
with variance g / (number of its inputs), where g is the gain. Hidden layers are infinitely wide. Gradient flow reduces the
squared loss for the image x^. Either all layers have equally many inputs, or each layer's learning rate is divided by its
number of inputs; otherwise the first layer's own part of the tangent kernel has a weight w, the number of pixels over the
width.

Derivation. Pre-activations of a layer are Gaussian, and independent between units, with covariance P_l(x, x'). The tangent
kernel T_l, in units in which a layer's own weights contribute P_l, stays as it is at the start, so that T_L(x, x^)/T_L(x^,
x^) = kappa gives

    f(x) = kappa x^ + (f_0(x) - kappa f_0(x^)).

The last term is Gaussian noise of squared length N^2 = P(x, x) - 2 kappa P(x, x^) + kappa^2 P(x^, x^), spread evenly over
the D outputs, in units in which P_1(x, x') = g x.x'. Each layer gives P_l+1 = g S_l and T_l+1 = P_l+1 + g S'_l T_l, where
S_l is the mean product of activations and S'_l of their derivatives.

Identity: S = P and S' = 1. So P_L = g^L x.x' and T_L = L P_L, which gives kappa = rho |x|/|x^| and N^2 = g^L |x|^2 (1 -
rho^2).

ReLU (Cho & Saul 2009): with the cosine c = cos(theta) of a layer, S = |.| |.| (sin theta + (pi - theta) c) / 2 pi and S' =
(pi - theta) / 2 pi. Both kernels at one image are multiplied by g/2 in each layer, so with T_l(x, x^) = g (g/2)^(l-1) t_l
|x| |x^|

    c_1 = t_1 = rho,    c_l+1 = (sin theta_l + (pi - theta_l) c_l) / pi,    t_l+1 = c_l+1 + t_l (pi - theta_l) / pi,
    kappa = t_L/L |x|/|x^|,    N^2 = g (g/2)^(L-1) |x|^2 (1 - 2 c_L t_L/L + (t_L/L)^2).

With a weight w, t_1 = w rho, and t_L is divided by L - 1 + w. Where training stops early, the residual is multiplied by a
number q, and kappa by 1 - q. The relative loss is q^2 (1 + P(x^, x^)/|x^|^2) on average over initial weights.

kappa does not depend on the gain, and N^2 is proportional to g^L. At g = 1 (identity) and g = 2 (ReLU) the noise neither
vanishes nor grows with depth. Below this critical gain deep networks return x^ for every image, and above it noise. At the
critical gain the cosine with x^ is rho at any depth for the identity. For ReLU c tends to 1 and kappa to 1/4, so that the
cosine with x^ tends to (1/4) / sqrt(1/16 + 2 (3/4)^2) = 0.2294, at every angle above 0.

Networks of finite width deviate from this by terms of the order 1/width, and with ReLU of the order width^-1/2: a unit that
training pushes over its kink stops to learn, and such units lie within width^-1/2 of the kink at the start.

Source: the layer of Zhang et al. 2020, theorem 1, is L = 1. The formula for more layers is new here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.identity.gaussian_cosines import mean_cosine
from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# The gain at which the lengths of activations neither shrink nor grow with depth.
CRITICAL_GAIN = {"linear": 1.0, "relu": 2.0}


@dataclass(frozen=True)
class Output:
    """The output for test images of the length of the training image, in units of this length.

    learned: kappa, the mean output's component along the training image. noise: N, root mean square length of the rest.
    """

    learned: Numbers
    noise: Numbers


def trained_output(
    cosine: ArrayLike,
    depth: ArrayLike,
    gain: ArrayLike,
    activation: str,
    relative_loss: ArrayLike = 0.0,
    first_rate: ArrayLike = 1.0,
) -> Output:
    """The mean output and the noise about it. All arguments but the activation broadcast.

    A test image that is longer than the training image by a factor has both multiplied by this factor.

    :param cosine: rho within -1..1, between test image and training image. :param depth: L >= 1, number of layers.
    :param gain: g >= 0, the variance of a weight times the number of inputs of its layer.
    :param activation: "linear" or "relu".
    :param relative_loss: ||f(x^) - x^||^2 / ||x^||^2 at which training stops, 0 or more and below 1, expected over weights.
    :param first_rate: w >= 0, how fast the first layer learns relative to the others: D/width for gradient descent of layers
        of unequal size. It is not used at depth 1.
    """
    rho, layers, gain, loss, rate = _checked(cosine, depth, gain, activation, relative_loss, first_rate)
    critical = CRITICAL_GAIN[activation]
    # P(x^, x^): a ReLU halves the mean square, but not after the last layer.
    start = critical * (gain / critical) ** layers
    kappa, last = (rho, rho) if activation == "linear" else _relu_kernels(rho, layers, rate)
    learned = kappa * (1 - np.sqrt(loss / (1 + start)))
    return Output(learned, np.sqrt(start * np.maximum(1 - 2 * learned * last + learned**2, 0.0)))


def constant_correlation(
    cosine: ArrayLike,
    depth: ArrayLike,
    gain: ArrayLike,
    activation: str,
    n_features: ArrayLike = np.inf,
    relative_loss: ArrayLike = 0.0,
    first_rate: ArrayLike = 1.0,
) -> Numbers:
    """The expected cosine between output and training image, E corr_const; all arguments but the activation broadcast.

    It is kappa / sqrt(kappa^2 + N^2) for many outputs, and :func:`~theory.identity.gaussian_cosines.mean_cosine` at any
    number. For the identity activation and many outputs it is rho / sqrt(rho^2 + g^L (1 - rho^2)). At gain 0 it is the
    limit of vanishing gain, the sign of kappa, which is 1 for ReLU networks of three layers or more, and the sign of rho
    for the identity. Where kappa is 0 as well, the cosine has no value: nan.

    :param cosine, depth, gain, activation, relative_loss, first_rate: as in :func:`trained_output`.
    :param n_features: D >= 1, number of outputs.
    """
    output = trained_output(cosine, depth, gain, activation, relative_loss, first_rate)
    size = np.asarray(n_features, dtype=float)
    require(size >= 1, "n_features", n_features, ">= 1")
    with np.errstate(invalid="ignore", divide="ignore"):
        many = output.learned / np.hypot(output.learned, output.noise)
        far = np.isinf(size) | (output.noise < 1e-7 * abs(output.learned))
        size = np.where(far, 1.0, size)
        ratio = np.where(far, 0.0, output.learned * np.sqrt(size) / output.noise)
    found = np.where(far, many, np.sign(ratio) * mean_cosine(abs(ratio), size))
    return found[()]


def _relu_kernels(rho, layers, rate):
    """t_L/L, or t_L/(L - 1 + w), and c_L of the module, by recursion through the layers up to the deepest."""
    rate = np.where(layers == 1, 1.0, rate)
    cosine, total = rho.copy(), rate * rho
    for layer in range(1, int(layers.max(initial=1))):
        angle, going_on = np.arccos(cosine), layer < layers
        # Not sin(angle), which is not 0 at the angle pi of opposite images.
        sine = np.sqrt((1 - cosine) * (1 + cosine))
        deeper = np.clip((sine + (np.pi - angle) * cosine) / np.pi, -1.0, 1.0)
        total = np.where(going_on, deeper + total * (1 - angle / np.pi), total)
        cosine = np.where(going_on, deeper, cosine)
    return total / (layers - 1 + rate), cosine


def _checked(cosine, depth, gain, activation, relative_loss, first_rate):
    require(activation in CRITICAL_GAIN, "activation", activation, '"linear" or "relu"')
    require_count("depth", depth, 1)
    for name, value in (("gain", gain), ("relative_loss", relative_loss), ("first_rate", first_rate)):
        require_finite(name, value)
        require(np.asarray(value) >= 0, name, value, ">= 0")
    require(np.asarray(relative_loss) < 1, "relative_loss", relative_loss, "below 1, the loss of an output that is 0")
    # Cosines that a program computed exceed 1 by rounding.
    require(abs(np.asarray(cosine, dtype=float)) <= 1 + 1e-12, "cosine", cosine, "within -1..1")
    arguments = (np.clip(cosine, -1.0, 1.0), depth, gain, relative_loss, first_rate)
    return np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in arguments))

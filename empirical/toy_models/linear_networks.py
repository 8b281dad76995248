"""Linear networks that are trained: layers that learn to reproduce images, deep linear networks, linear regression.

All are trained in float64 by full-batch gradient descent on the squared loss; layers that reproduce images have heavy-ball
momentum. Training to the end stops at a certificate, the norm of the gradient relative to that of the first step, and raises an
error where it is not reached.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from empirical.separability.certificates import Uncertified

Image = np.ndarray  # (C, H, W)
Images = np.ndarray  # (D,) or (n, D)
ClassInputs = np.ndarray  # (K, n, d)
Weights = tuple[np.ndarray, ...]  # W_1 .. W_L
Design = np.ndarray  # (n, d)
RunLabels = np.ndarray  # (n, runs)

TOLERANCE = 1e-12
MAX_STEPS = 20_000
POWER_STEPS = 60


class NotConverged(Uncertified):
    """Gradient descent did not reach its certificate, so that the end of the training is not known."""


@dataclass(frozen=True)
class Trained:
    """A network at the end of its training.

    start, weights: of every layer before and after training, in the order in which the layers act.
    gradient: norm of the gradient at the end, relative to the norm at the start.
    loss: at the end.
    steps: number of steps taken.
    """

    start: Weights
    weights: Weights
    gradient: float
    loss: float
    steps: int


def train_connected(images: Images, scale: float, rng: np.random.Generator) -> Trained:
    """The training of one fully connected layer, (D, D), to reproduce images, from Gaussian weights.

    :param images: (D,) or (n, D).
    :param scale: standard deviation of the initial weights.
    :raises NotConverged: see the module; a singular value of the images far below the largest takes too many steps.
    """
    shown = _tensor(np.atleast_2d(images))
    start = _tensor(scale * rng.standard_normal((shown.shape[1], shown.shape[1])))
    return _reproduce(lambda weights: shown @ weights.T, shown, start)


def train_convolution(image: Image, kernel: int, scale: float, rng: np.random.Generator) -> Trained:
    """The training of one convolution, (C, C, kernel, kernel), to reproduce an image; stride 1 and zero padding.

    :param image: (C, H, W).
    :param kernel: side of the filters, odd.
    :param scale: standard deviation of the initial filters.
    :raises NotConverged: as in :func:`train_connected`, for the patches of the image.
    """
    shown = _tensor(image)[None]
    n_channels = shown.shape[1]
    start = _tensor(scale * rng.standard_normal((n_channels, n_channels, kernel, kernel)))
    return _reproduce(lambda filters: convolve(filters, shown), shown, start)


def convolve(filters: np.ndarray | Tensor, images: np.ndarray | Tensor) -> Tensor:
    """The outputs of the convolution for images, (n, C, H, W).

    :param filters: (C, C, kernel, kernel).
    :param images: (n, C, H, W).
    """
    filters = torch.as_tensor(filters)
    return functional.conv2d(torch.as_tensor(images), filters, padding=filters.shape[-1] // 2)


def _reproduce(outputs: Callable[[Tensor], Tensor], shown: Tensor, start: Tensor) -> Trained:
    """The end of heavy-ball descent on a loss that is quadratic in the weights; the step is chosen from the curvature."""

    def gradient(weights: Tensor) -> tuple[float, Tensor]:
        weights = weights.detach().requires_grad_()
        loss = (outputs(weights) - shown).square().sum() / 2
        return loss.item(), torch.autograd.grad(loss, weights)[0]

    at_zero = gradient(torch.zeros_like(start))[1]
    step = 0.5 / _curvature(lambda direction: gradient(direction)[1] - at_zero, gradient(start)[1])
    weights, velocity, momentum, first = start.clone(), torch.zeros_like(start), 0.8, None
    for steps in range(MAX_STEPS):
        loss, slope = gradient(weights)
        first = first or float(slope.norm()) or 1.0
        if (relative := float(slope.norm()) / first) <= TOLERANCE:
            return Trained((start.numpy(),), (weights.numpy(),), relative, loss, steps)
        velocity = momentum * velocity - step * slope
        weights = weights + velocity
    raise _too_slow(relative)


def _curvature(hessian: Callable[[Tensor], Tensor], direction: Tensor) -> float:
    """The largest eigenvalue by power iteration; heavy ball stays stable although the iteration falls slightly short."""
    size = torch.ones(())
    for _ in range(POWER_STEPS):
        direction = hessian(direction / direction.norm())
        size = direction.norm()
    return float(size)


def _too_slow(relative: float) -> NotConverged:
    return NotConverged(
        f"the gradient has come down to {relative:.1e} of the first in {MAX_STEPS:,} steps, not to {TOLERANCE:g}: "
        "better conditioned data, a larger initial scale or a larger step would get there"
    )


def orthogonal_start(n_features: int, n_outputs: int, depth: int, scale: float, rng: np.random.Generator) -> Weights:
    """The initial weights W_1 .. W_L with W W^T = scale^2: square layers, and n_outputs rows of a further square layer."""

    def orthogonal() -> np.ndarray:
        q, r = np.linalg.qr(rng.standard_normal((n_features, n_features)))
        return q * np.sign(np.diag(r))

    layers = [scale * orthogonal() for _ in range(depth)]
    return (*layers[:-1], layers[-1][:n_outputs])


def train_deep(inputs: ClassInputs, start: Weights, step: float) -> Trained:
    """The training of a deep linear network to the one-hot labels of classes, on half the summed squared error.

    :param inputs: (K, n, d), n examples of each of K classes.
    :param start: initial weights, W_1 first; W_L has K rows.
    :param step: learning rate; stable below about 2 / (L sigma^(2 - 2/L)), where sigma^2 is the largest class's count.
    :raises NotConverged: the certificate was not reached; with small weights a deep network stays near its start for a time of
        1/scale^(L - 2).
    """
    classes = torch.repeat_interleave(torch.eye(len(inputs), dtype=torch.float64), np.shape(inputs)[1], dim=0)
    examples = _tensor(inputs).flatten(0, 1)
    second, crossed = examples.T @ examples, classes.T @ examples
    weights, first = [_tensor(weight) for weight in start], None
    for steps in range(MAX_STEPS):
        # Half ||W X - Y||^2 knows the examples by their second moments alone: W X X^T - Y X^T is its slope in the product W.
        below = _products(weights)
        slope = below[-1] @ second - crossed
        first = first or float(slope.norm())
        if (relative := float(slope.norm()) / first) <= TOLERANCE:
            loss = float((below[-1] @ examples.T - classes.T).square().sum()) / 2
            return Trained(start, tuple(weight.numpy() for weight in weights), relative, loss, steps)
        for layer in reversed(range(len(weights))):
            gradient, slope = slope @ below[layer].T, weights[layer].T @ slope
            weights[layer] = weights[layer] - step * gradient
    raise _too_slow(relative)


def deep_features(inputs: ClassInputs, weights: Weights) -> np.ndarray:
    """The features of every layer except the output, with the inputs first: (L, K, n, d).

    :param inputs: (K, n, d).
    :param weights: W_1 .. W_L.
    """
    examples = _tensor(inputs)
    return torch.stack([examples @ product.T for product in _products([_tensor(w) for w in weights])[:-1]]).numpy()


def _products(weights: list[Tensor]) -> list[Tensor]:
    """The products 1, W_1, W_2 W_1, .. , W_L .. W_1."""
    found = [torch.eye(weights[0].shape[1], dtype=torch.float64)]
    for weight in weights:
        found.append(weight @ found[-1])
    return found


def regress(design: Design, labels: RunLabels, step: float, n_steps: int) -> Iterator[Tensor]:
    """The weights of linear regressions on ||X w - y||^2 / 2n from zero, (d, runs): before every step and after the last step.

    :param design: X, (n, d).
    :param labels: (n, runs); each column is the labels of one regression on the same inputs.
    :param step: learning rate.
    """
    inputs, targets = _tensor(design), _tensor(labels)
    weights = torch.zeros(inputs.shape[1], targets.shape[1], dtype=torch.float64)
    yield weights
    for _ in range(n_steps):
        weights = weights - step * inputs.T @ (inputs @ weights - targets) / len(inputs)
        yield weights


def regression_errors(design: Design, labels: RunLabels, truth: np.ndarray, step: float, n_steps: int) -> np.ndarray:
    """The squared errors ||w - w*||^2 of the weights of :func:`regress`, (n_steps + 1, runs).

    :param truth: w*, (d,).
    """
    target = _tensor(truth)[:, None]
    return torch.stack([(w - target).square().sum(0) for w in regress(design, labels, step, n_steps)]).numpy()


def final_errors(design: Design, labels: RunLabels, truth: np.ndarray, step: float, n_steps: int) -> np.ndarray:
    """The squared errors of :func:`regression_errors` after the last step, (runs,); no other step is kept in memory."""
    last = deque(regress(design, labels, step, n_steps), maxlen=1).pop()
    return (last - _tensor(truth)[:, None]).square().sum(0).numpy()


def _tensor(values) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=float))

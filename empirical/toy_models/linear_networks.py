"""Linear networks that are really trained: layers that learn to reproduce images, deep linear networks, linear regression.

All in float64, by full-batch gradient descent on the squared loss, with heavy-ball momentum where that is said. Training to the
end stops by a certificate, the norm of the gradient relative to the first step's, and raises where it is not reached.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from empirical.separability.certificates import Uncertified

TOLERANCE = 1e-12
MAX_STEPS = 20_000
POWER_STEPS = 60


class NotConverged(Uncertified):
    """Gradient descent did not reach its certificate: what it would have come to is not known."""


@dataclass(frozen=True)
class Trained:
    """The end of a training.

    start, weights: of every layer, in the order in which they act. gradient: its norm at the end, relative to the start's.
    loss: at the end. steps: taken.
    """

    start: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...]
    gradient: float
    loss: float
    steps: int


def train_connected(images, scale: float, rng: np.random.Generator) -> Trained:
    """One fully connected layer, (D, D), that learns to reproduce images from Gaussian weights.

    :param images: (D,) or (n, D). :param scale: standard deviation of the initial weights.
    :raises NotConverged: see the module; a singular value of the images far below the largest takes too long.
    """
    shown = _tensor(np.atleast_2d(images))
    start = _tensor(scale * rng.standard_normal((shown.shape[1], shown.shape[1])))
    return _reproduce(lambda weights: shown @ weights.T, shown, start)


def train_convolution(image, kernel: int, scale: float, rng: np.random.Generator) -> Trained:
    """One convolution, (C, C, kernel, kernel), stride 1 and zero padding, that learns to reproduce an image.

    :param image: (C, H, W). :param kernel: odd. :param scale: standard deviation of the initial filters.
    :raises NotConverged: as :func:`train_connected`, for the patches.
    """
    shown = _tensor(image)[None]
    n_channels = shown.shape[1]
    start = _tensor(scale * rng.standard_normal((n_channels, n_channels, kernel, kernel)))
    return _reproduce(lambda filters: convolve(filters, shown), shown, start)


def convolve(filters, images) -> Tensor:
    """What the layer makes of images, (n, C, H, W)."""
    filters = torch.as_tensor(filters)
    return functional.conv2d(torch.as_tensor(images), filters, padding=filters.shape[-1] // 2)


def _reproduce(outputs: Callable[[Tensor], Tensor], shown: Tensor, start: Tensor) -> Trained:
    """Heavy-ball descent of a loss that is quadratic in the weights, at a step that its curvature allows."""

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
    """The largest eigenvalue by power iteration; heavy ball is stable far beyond what it may fall short by."""
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


def orthogonal_start(
    n_features: int, n_outputs: int, depth: int, scale: float, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Weights W_1 .. W_L with W W^T = scale^2: square layers, and n_outputs rows of a further one."""

    def orthogonal() -> np.ndarray:
        q, r = np.linalg.qr(rng.standard_normal((n_features, n_features)))
        return q * np.sign(np.diag(r))

    layers = [scale * orthogonal() for _ in range(depth)]
    return (*layers[:-1], layers[-1][:n_outputs])


def train_deep(inputs, start: tuple[np.ndarray, ...], step: float) -> Trained:
    """A deep linear network that learns the one-hot labels of classes, on half the summed squared error.

    :param inputs: (K, n, d), n examples of each of K classes. :param start: initial weights, W_1 first, W_L of shape (K, .).
    :param step: learning rate; stable below about 2 / (L sigma^(2 - 2/L)), sigma^2 the largest class's count.
    :raises NotConverged: no certificate; small weights leave a deep network at its start for a time of 1/scale^(L - 2).
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


def deep_features(inputs, weights) -> np.ndarray:
    """Features of every layer but the output, inputs first: (L, K, n, d)."""
    examples = _tensor(inputs)
    return torch.stack([examples @ product.T for product in _products([_tensor(w) for w in weights])[:-1]]).numpy()


def _products(weights: list[Tensor]) -> list[Tensor]:
    """1, W_1, W_2 W_1, .. , W_L .. W_1."""
    found = [torch.eye(weights[0].shape[1], dtype=torch.float64)]
    for weight in weights:
        found.append(weight @ found[-1])
    return found


def regress(design, labels, step: float, n_steps: int) -> Iterator[Tensor]:
    """The weights, (d, runs), of linear regressions from zero on ||X w - y||^2 / 2n: before every step and after the last.

    :param design: (n, d). :param labels: (n, runs): so many regressions of the same inputs, each on its own labels.
    """
    design, labels = _tensor(design), _tensor(labels)
    weights = torch.zeros(design.shape[1], labels.shape[1], dtype=torch.float64)
    yield weights
    for _ in range(n_steps):
        weights = weights - step * design.T @ (design @ weights - labels) / len(design)
        yield weights


def regression_errors(design, labels, truth, step: float, n_steps: int) -> np.ndarray:
    """||w - w*||^2 of :func:`regress`, (n_steps + 1, runs). :param truth: w*, (d,)."""
    target = _tensor(truth)[:, None]
    return torch.stack([(w - target).square().sum(0) for w in regress(design, labels, step, n_steps)]).numpy()


def final_errors(design, labels, truth, step: float, n_steps: int) -> np.ndarray:
    """The same after the last step alone, (runs,); remembers nothing of the way there."""
    last = deque(regress(design, labels, step, n_steps), maxlen=1).pop()
    return (last - _tensor(truth)[:, None]).square().sum(0).numpy()


def _tensor(values) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=float))

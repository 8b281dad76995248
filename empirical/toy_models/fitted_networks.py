"""Fully connected networks from points to labels, each hidden layer linear or with ReLU, many trained at once.

Layers have biases, which start at 0. A weight starts as a Gaussian of variance gain / (number of inputs of its unit); the gain
is 2 in a layer with ReLU (He et al. 2015) and 1 in a linear layer and in the readout. Training is plain SGD with momentum on
the mean cross-entropy of a batch, in float32. The weights of a network depend on its own points, labels and seed, not on the
networks beside it, to rounding.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from empirical.toy_models.linear_networks import NotConverged

Points = np.ndarray  # (networks, n, d)
Labels = np.ndarray  # (networks, n), whole numbers
Layers = list[tuple[Tensor, Tensor]]  # weights (networks, inputs, outputs) and biases (networks, 1, outputs), input first

GAINS = {"relu": 2.0, "linear": 1.0}


class NotFitted(NotConverged):
    """Networks did not fit their training labels; shares: the share that each network fits, (networks,)."""

    def __init__(self, message: str, shares: np.ndarray):
        super().__init__(message)
        self.shares = shares


@dataclass(frozen=True)
class LabelNetwork:
    """The shape of a network: hidden layers of equal width, and a readout.

    activations: "relu" or "linear" for each hidden layer, first to last. width: units of every hidden layer.
    """

    activations: tuple[str, ...]
    width: int
    n_classes: int

    def __post_init__(self) -> None:
        for name in ("width", "n_classes"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be a whole number >= 1; received {getattr(self, name)!r}")
        if not self.activations or not set(self.activations) <= set(GAINS):
            raise ValueError(
                f"activations must be {' or '.join(GAINS)} for each of one or more layers; received {self.activations!r}"
            )

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.activations)

    def started(self, n_inputs: int, seeds: Sequence[int]) -> Layers:
        """The layers of a network for each seed, before training."""
        sizes = [n_inputs, *[self.width] * self.depth, self.n_classes]
        streams, layers = [np.random.default_rng(seed) for seed in seeds], []
        for activation, fan_in, fan_out in zip((*self.activations, "linear"), sizes[:-1], sizes[1:], strict=True):
            scale = np.sqrt(GAINS[activation] / fan_in)
            drawn = np.stack([scale * rng.standard_normal((fan_in, fan_out)) for rng in streams])
            layers.append((torch.from_numpy(drawn).float(), torch.zeros(len(drawn), 1, fan_out)))
        return layers

    def features(self, layers: Layers, points: Points) -> list[np.ndarray]:
        """What each hidden layer hands on, after its activation, (networks, n, width)."""
        with torch.no_grad():
            return [held.numpy() for held in self._held(layers, torch.from_numpy(np.asarray(points)).float())[:-1]]

    def single(self, layers: Layers, network: int) -> nn.Sequential:
        """One of the networks as a module, with layers ``hidden1`` .. and ``readout``."""
        modules: OrderedDict[str, nn.Module] = OrderedDict()
        names = [*(f"hidden{index + 1}" for index in range(self.depth)), "readout"]
        for name, activation, (weights, biases) in zip(names, (*self.activations, "linear"), layers, strict=True):
            linear = nn.Linear(weights.shape[1], weights.shape[2])
            with torch.no_grad():
                linear.weight.copy_(weights[network].T)
                linear.bias.copy_(biases[network, 0])
            modules[name] = nn.Sequential(linear, nn.ReLU()) if activation == "relu" else linear
        return nn.Sequential(modules)

    def fitted_shares(self, layers: Layers, points: Points, labels: Labels) -> np.ndarray:
        """The share of the labels that each network returns, (networks,)."""
        return (self.classes(layers, points) == labels).mean(1)

    def classes(self, layers: Layers, points: Points) -> Labels:
        """The label that each network returns for each point, (networks, n)."""
        with torch.no_grad():
            logits = self._held(layers, torch.from_numpy(np.asarray(points)).float())[-1]
        return logits.argmax(2).numpy()

    def probabilities(self, layers: Layers, points: Points) -> np.ndarray:
        """The softmax probability of each label at each point, (networks, n, classes)."""
        with torch.no_grad():
            return self._held(layers, torch.from_numpy(np.asarray(points)).float())[-1].softmax(2).numpy()

    def _held(self, layers: Layers, held: Tensor) -> list[Tensor]:
        """The features of the hidden layers and the logits."""
        found = []
        for activation, (weights, biases) in zip((*self.activations, "linear"), layers, strict=True):
            held = torch.baddbmm(biases, held, weights)
            held = held.relu_() if activation == "relu" else held
            found.append(held)
        return found


@dataclass(frozen=True)
class Schedule:
    """How networks are trained: learning rate, momentum, points in a batch, and epochs.

    fitted: the share of its labels that every network must fit at the end.
    """

    rate: float
    epochs: int
    batch: int = 50
    momentum: float = 0.9
    fitted: float = 0.98


def train(shape: LabelNetwork, points: Points, labels: Labels, seeds: Sequence[int], schedule: Schedule) -> Layers:
    """The layers of networks trained on points (networks, n, d) with labels (networks, n), one network for each seed.

    :param labels: or how often each point has each label, (networks, n, classes), in units in which a network's n points have
        n labels; the loss is then that of all labels, and the most frequent label of a point is the one to fit.
    :param seeds: of the initial weights, and of the order in which a network sees its points.
    :raises NotFitted: a network fits too few of its labels at the end, or its weights are not finite.
    """
    return train_through(shape, points, labels, seeds, schedule, (schedule.epochs,))[0]


def train_through(
    shape: LabelNetwork, points: Points, labels: Labels, seeds: Sequence[int], schedule: Schedule, epochs: Sequence[float]
) -> list[Layers]:
    """The layers after each of some epochs, the first of which may be 0, of the networks that :func:`train` trains.

    :param epochs: in increasing order; 0.5 is after half of the batches of the first epoch, rounded to a whole number.
        Parameters and errors as for :func:`train`.
    """
    points, labels = np.asarray(points), np.asarray(labels)
    if points.ndim != 3 or labels.shape[:2] != points.shape[:2] or labels.ndim > 3 or len(seeds) != len(points):
        raise ValueError(
            "points must be (networks, n, d), with labels (networks, n) and a seed for each network; received shapes "
            f"{points.shape} and {labels.shape}, and {len(seeds)} seeds"
        )
    several = labels.ndim == 3
    shown, wanted = torch.from_numpy(points).float(), torch.from_numpy(labels.astype(np.float32 if several else np.int64))
    layers = shape.started(points.shape[2], seeds)
    speeds = [(torch.zeros_like(weights), torch.zeros_like(biases)) for weights, biases in layers]
    orders = [np.random.default_rng([seed, 1]) for seed in seeds]
    first_rows = torch.arange(len(seeds))[:, None] * points.shape[1]
    n_batches = -(-points.shape[1] // schedule.batch)
    steps, step, found = [round(epoch * n_batches) for epoch in epochs], 0, {0: _copied(layers)}
    for _ in range(schedule.epochs):
        order = torch.from_numpy(np.stack([rng.permutation(points.shape[1]) for rng in orders]))
        for batch in order.split(schedule.batch, dim=1):
            rows = first_rows + batch
            _step(shape, layers, speeds, _taken(shown, rows), _taken(wanted, rows), schedule)
            step += 1
            if step in steps:
                found[step] = _copied(layers)
    _check_fit(shape.fitted_shares(layers, points, labels.argmax(2) if several else labels), layers, schedule)
    return [found[step] for step in steps]


def _taken(values: Tensor, rows: Tensor) -> Tensor:
    """Some rows of the values of all networks, (networks, n, ...), numbered through, (networks, batch)."""
    return values.flatten(0, 1).index_select(0, rows.flatten()).reshape(*rows.shape, *values.shape[2:])


def _step(shape: LabelNetwork, layers: Layers, speeds: Layers, shown: Tensor, wanted: Tensor, schedule: Schedule) -> None:
    """One step of descent with momentum on the mean cross-entropy, in place.

    The gradient is written out, because on networks this small autograd and an optimizer take longer than the arithmetic.
    """
    held = [shown, *shape._held(layers, shown)]
    slope = _logit_slopes(held.pop(), wanted)
    for index in reversed(range(len(layers))):
        (weights, biases), (speed, bias_speed) = layers[index], speeds[index]
        below = slope @ weights.mT if index else slope
        torch.baddbmm(speed, held[index].mT, slope, beta=schedule.momentum, out=speed)
        bias_speed.mul_(schedule.momentum).add_(slope.sum(1, keepdim=True))
        weights.add_(speed, alpha=-schedule.rate)
        biases.add_(bias_speed, alpha=-schedule.rate)
        if index and shape.activations[index - 1] == "relu":
            # The sign of what a ReLU hands on is the derivative of the ReLU.
            below.mul_(held[index].sign_())
        slope = below


def _logit_slopes(logits: Tensor, wanted: Tensor) -> Tensor:
    """The derivative of a batch's mean cross-entropy by the logits of each network, (networks, n, classes)."""
    slopes = logits.softmax(2)
    if wanted.ndim == 3:
        slopes.mul_(wanted.sum(2, keepdim=True)).sub_(wanted)
    else:
        slopes.scatter_add_(2, wanted[..., None], -torch.ones_like(slopes[..., :1]))
    return slopes.div_(wanted.shape[1])


def _copied(layers: Layers) -> Layers:
    return [(weights.clone(), biases.clone()) for weights, biases in layers]


def _check_fit(shares: np.ndarray, layers: Layers, schedule: Schedule) -> None:
    finite = np.all([leaf.isfinite().flatten(1).all(1).numpy() for layer in layers for leaf in layer], axis=0)
    if not (finite & (shares >= schedule.fitted)).all():
        raise NotFitted(
            f"networks must fit {schedule.fitted:.0%} of their labels, and fit {', '.join(f'{share:.0%}' for share in shares)} "
            f"after {schedule.epochs} epochs ({int((~finite).sum())} have weights that are not finite): train for more epochs, "
            "or at a lower rate",
            shares,
        )

"""Derivatives of later losses with respect to the images that a stack of networks was trained on, through its training.

A change of an image changes every step that used the image, and all later steps. The chain rule is followed back from the loss
to the first step. The derivative with respect to the parameters before a step is (1 - rate H) times the one after it, where H
is the Hessian of the batch's loss. The step's images get -rate times a mixed second derivative of that loss. Both are products
with a direction (Pearlmutter 1994, Fast exact multiplication by the Hessian, Neural Computation 6). Losses at all times are
followed back together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from empirical.training.stacks import Images, Labels, Parameters, Stack, residuals, slopes

Weights = Tensor  # (losses, K, n)
Gradients = Tensor  # (losses, K, n, d)


@dataclass(frozen=True)
class Trajectory:
    """The training of a stack, step by step.

    stacks: the networks before each step, and after the last one.
    batches: the indices of the images of each step, int64, (K, batch).
    images, labels: what the stack was trained on.
    rate: learning rate.
    """

    stacks: list[Stack]
    batches: list[Tensor]
    images: Images
    labels: Labels
    rate: float

    def batch(self, step: int) -> tuple[Images, Labels]:
        """The images and labels of one step, (K, batch, d) and (K, batch)."""
        index = self.batches[step]
        return self.images[torch.arange(len(index))[:, None], index], self.labels.gather(1, index)


def followed(stack: Stack, images: Images, labels: Labels, batches: Iterable[Tensor], rate: float) -> Trajectory:
    """The trajectory of a stack that is trained on these batches; the stack itself is left as it is."""
    path = Trajectory([stack.copy()], [], images, labels, rate)
    for step, batch in enumerate(batches):
        path.batches.append(batch)
        path.stacks.append(path.stacks[-1].copy())
        path.stacks[-1].step(*path.batch(step), rate)
    return path


def image_gradients(path: Trajectory, losses: Mapping[int, Weights]) -> dict[int, Gradients]:
    """The derivatives of losses after some steps with respect to every image, through the steps that were trained on it.

    A loss is a weighted sum of the cross-entropies of the training images as they are: what a network is trained on varies, and
    what it is evaluated on does not. The derivative is 0 for an image that no step has used yet.

    :param losses: for each number of steps, the weights of the images in each loss.
    :returns: the derivatives, with the keys of ``losses``.
    :raises ValueError: a loss is asked for after more steps than there are.
    """
    last = max(losses)
    if last >= len(path.stacks) or min(losses) < 0:
        raise ValueError(f"losses must be after 0 to {len(path.batches)} steps; received {sorted(losses)}: follow more steps")
    found = {time: path.images.new_zeros(len(weights), *path.images.shape) for time, weights in losses.items()}
    reached, adjoints, networks = [last], loss_gradients(path, last, losses[last]), torch.arange(len(path.images))[:, None]
    for step in reversed(range(last)):
        products, at_images = curvature(path.stacks[step], *path.batch(step), adjoints)
        for adjoint, product in zip(adjoints, products, strict=True):
            adjoint.sub_(product, alpha=path.rate)
        for time, part in zip(reached, at_images.split([len(losses[time]) for time in reached]), strict=True):
            found[time][:, networks, path.batches[step]] -= path.rate * part
        if step in losses:
            own = loss_gradients(path, step, losses[step])
            adjoints, reached = tuple(map(torch.cat, zip(adjoints, own, strict=True))), [*reached, step]
    return found


def loss_gradients(path: Trajectory, time: int, weights: Weights) -> Parameters:
    """The gradients of weighted sums of the images' cross-entropies after some steps, each (losses, K, ...)."""
    stack, images = path.stacks[time], path.images
    first, second, logits = stack.activations(images)
    # The residuals are of the mean over images.
    at_logits = weights[..., None] * residuals(logits, path.labels) * logits.shape[1]
    at_second, at_first = slopes(stack, first, second, at_logits)
    return _products(((images, at_first), (first, at_second), (second, at_logits)))


def curvature(stack: Stack, images: Images, labels: Labels, directions: Parameters) -> tuple[Parameters, Tensor]:
    """The derivatives of a batch's mean loss along directions of the parameters, differentiated again.

    :param directions: each (M, K, ...).
    :returns: the derivatives with respect to the parameters, which are products with the Hessian, each (M, K, ...); and those
        with respect to the images, (M, K, batch, d).
    """
    w1, _, w2, _, w3, _ = stack.parameters
    v1, c1, v2, c2, v3, c3 = directions
    first, second, logits = stack.activations(images)
    probabilities, at_logits = logits.softmax(-1), residuals(logits, labels)
    at_second, at_first = slopes(stack, first, second, at_logits)
    # A dot is the derivative along the direction.
    dot_first = (images @ v1 + c1) * (first > 0)
    dot_second = (dot_first @ w2 + first @ v2 + c2) * (second > 0)
    dot_logits = dot_second @ w3 + second @ v3 + c3
    mean = (probabilities * dot_logits).sum(-1, keepdim=True)
    dot_at_logits = probabilities * (dot_logits - mean) / logits.shape[-2]
    dot_at_second = (dot_at_logits @ w3.mT + at_logits @ v3.mT) * (second > 0)
    dot_at_first = (dot_at_second @ w2.mT + at_second @ v2.mT) * (first > 0)
    varied = _products(((images, dot_at_first), (first, dot_at_second), (second, dot_at_logits)))
    w2_part, w3_part = dot_first.mT @ at_second, dot_second.mT @ at_logits
    products = (*varied[:2], varied[2] + w2_part, varied[3], varied[4] + w3_part, varied[5])
    return products, dot_at_first @ w1.mT + at_first @ v1.mT


def _products(layers) -> Parameters:
    """The gradients of weights and biases, layer by layer, from the inputs of each layer and the slopes at its outputs."""
    return tuple(each for below, slope in layers for each in (below.mT @ slope, slope.sum(-2, keepdim=True)))

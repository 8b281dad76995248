"""Langevin adversarial sample search (LASS): an image near a given image to which a network assigns another class.

Source: Arpit et al. 2017, algorithm 1. Each step follows the sign of a gradient and adds Gaussian noise; then the point is
brought back into a box around the image. The search ends where the class changes, or after the last step. An image for which
nothing is found may have an adversarial example all the same.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.adversarial.boxes import Box, grey_level
from empirical.adversarial.certificates import classes
from empirical.data.pixel_range import PixelRange

# Images searched at once: few enough that convolutions stay fast.
BATCH = 224
# How far another logit must exceed that of the first class, relative to the largest one: more than float32 rounding.
ROUNDING = 1e-4


@dataclass(frozen=True)
class Langevin:
    """The search within one radius; lengths are in grey levels.

    The paper searches within 0.3 with steps of 0.25 and noise of 0.2. Shorter steps find all that these find, and within 8 up
    to 0.03 of the images more; after 15 steps the share found hardly rises.

    radius: the half-width of the box.
    step: the length of a step along the sign of the gradient, alpha in the paper.
    noise: the standard deviation of the noise, beta in the paper.
    iterations: the largest number of steps.
    gradient: "margin", of the runner-up's logit minus that of the first class, or "softmax", of the cross-entropy of the first
        class, as in the authors' program. The latter vanishes by rounding at large logits.
    in_range: whether points stay within the range of pixel values; in the paper's algorithm they need not.
    """

    radius: float
    step: float
    noise: float
    iterations: int = 15
    gradient: str = "margin"
    in_range: bool = False

    @classmethod
    def within(cls, radius: float, gradient: str = "margin", in_range: bool = False) -> "Langevin":
        """The search with steps of a fifth of the radius and the paper's ratio of noise to step."""
        return cls(radius, 0.2 * radius, 0.16 * radius, gradient=gradient, in_range=in_range)


def search(
    model: nn.Module,
    images: Tensor,
    pixels: PixelRange,
    by: Langevin,
    generator: torch.Generator,
    start: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The points where the searches end, (n, channels, height, width), and whether each has another class, bool (n,).

    The network's own class of the image is what has to change; true labels play no part.

    :param model: in evaluation mode.
    :param images: (n, channels, height, width).
    :param pixels: the range of pixel values in the units of the images.
    :param generator: of the noise, on the device of the images.
    :param start: where the search starts, within the radius of the images; the images if None.
    :raises AttackError: the network is in training mode, or the radius is no length in grey levels.
    """
    box, assigned = Box.around(images, by.radius, pixels), classes(model, images)
    box = box.in_range(images, pixels) if by.in_range else box
    step, noise = (length * grey_level(pixels, images) for length in (by.step, by.noise))
    points, found = (images if start is None else start).clone(), torch.ones_like(assigned, dtype=torch.bool)
    for searching in torch.arange(len(images), device=images.device).split(BATCH):
        for iteration in range(by.iterations + 1):
            gradient, elsewhere = _look(model, points[searching], assigned[searching], by.gradient)
            searching, gradient = searching[~elsewhere], gradient[~elsewhere]
            if iteration == by.iterations or not len(searching):
                break
            drawn = torch.randn(gradient.shape, generator=generator, device=images.device)
            points[searching] = box.of(searching).nearest(points[searching] + step * gradient.sign() + noise * drawn)
        found[searching] = False
    return points, found


def _look(model: nn.Module, points: Tensor, assigned: Tensor, gradient: str) -> tuple[Tensor, Tensor]:
    """The gradient at each point, of the shape of the points, and whether another class has the largest logit there."""
    points = points.detach().requires_grad_()
    logits = model(points)
    margin = _others(logits, assigned).amax(1) - logits.gather(1, assigned[:, None])[:, 0]
    ascended = margin.sum() if gradient == "margin" else functional.cross_entropy(logits, assigned, reduction="sum")
    elsewhere = margin.detach() > ROUNDING * logits.detach().abs().amax(1)
    return torch.autograd.grad(ascended, points)[0], elsewhere


def _others(logits: Tensor, assigned: Tensor) -> Tensor:
    """The logits with that of the assigned class replaced by -inf, (n, C)."""
    return logits.scatter(1, assigned[:, None], -torch.inf)

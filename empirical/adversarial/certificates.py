"""Whether points are adversarial examples: distance and classes in double precision, without the search that found them."""

import copy

import torch
from torch import Tensor, nn

from empirical.adversarial.boxes import grey_level
from empirical.data.pixel_range import PixelRange
from empirical.errors import AttackError

# Rounding of a float32 pixel, relative to the largest pixel.
PIXEL_ROUNDING = 1e-6


def certified(model: nn.Module, images: Tensor, points: Tensor, pixels: PixelRange, radius: float) -> Tensor:
    """Whether each point is within the radius of its image and has another class, bool (n,).

    :param images, points: (n, channels, height, width).
    :param radius: in grey levels; the largest difference of a pixel, to within float32 rounding.
    """
    apart = (points.double() - images.double()).abs()
    rounding = PIXEL_ROUNDING * max(1.0, float(images.abs().max()))
    near = (apart <= radius * grey_level(pixels, apart) + rounding).flatten(1).all(1)
    return near & (classes(model, points) != classes(model, images))


def classes(model: nn.Module, images: Tensor) -> Tensor:
    """The class that the network assigns to each image, in double precision, (n,).

    :raises AttackError: the network is in training mode.
    """
    if any(module.training for module in model.modules()):
        raise AttackError(
            "the network is in training mode, in which dropout and BatchNorm make its classes depend on chance and on the "
            "batch; call its method eval first"
        )
    with torch.no_grad():
        return copy.deepcopy(model).double()(images.double()).argmax(1)

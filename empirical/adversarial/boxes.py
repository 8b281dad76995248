"""The images near given images: those that differ by at most a radius in every pixel.

Lengths are in grey levels. A grey level is 1/255 of the range of pixel values, as in an image of 8 bits.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from empirical.data.pixel_range import PixelRange
from empirical.errors import AttackError

# The smallest radius in grey levels. A radius for pixels in 0..1 is below it up to 25 grey levels.
SMALLEST, LARGEST = 0.1, 255.0


@dataclass(frozen=True)
class Box:
    """The images near each of n images.

    low, high: the smallest and the largest value of every pixel, (n, channels, height, width).
    """

    low: Tensor
    high: Tensor

    @classmethod
    def around(cls, images: Tensor, radius: float, pixels: PixelRange) -> "Box":
        """The images that differ by at most the radius in every pixel.

        :param images: (n, channels, height, width).
        :param radius: in grey levels.
        :param pixels: the range of pixel values in the units of the images.
        :raises AttackError: the radius is no length in grey levels.
        """
        reach = reach_of(radius, images, pixels)
        return cls(images - reach, images + reach)

    def in_range(self, images: Tensor, pixels: PixelRange) -> "Box":
        """The images of the box whose pixels are within the range of pixel values.

        A pixel that is outside the range already, as pixels of Gaussian noise are, may only move towards it.

        :param images: those that the box is around.
        """
        darkest, brightest = (_by_channel(ends, images) for ends in (pixels.low, pixels.high))
        low = torch.maximum(self.low, torch.minimum(images, darkest))
        return Box(low, torch.minimum(self.high, torch.maximum(images, brightest)))

    def nearest(self, points: Tensor) -> Tensor:
        """The images of the boxes that are nearest to the points, one for each box."""
        return points.clamp(self.low, self.high)

    def of(self, which: Tensor) -> "Box":
        """The boxes of some of the images.

        :param which: their indices.
        """
        return Box(self.low[which], self.high[which])


def reach_of(radius: float, images: Tensor, pixels: PixelRange) -> Tensor:
    """The radius in the units of the images, (channels, 1, 1); arguments and errors as for :meth:`Box.around`."""
    if not SMALLEST <= radius <= LARGEST:
        raise AttackError(
            f"radius must be in grey levels, which are 1/255 of the range of pixel values, and within {SMALLEST}..255; "
            f"received {radius:g}: multiply a radius for pixels in 0..1 by 255"
        )
    return radius * grey_level(pixels, images)


def grey_level(pixels: PixelRange, images: Tensor) -> Tensor:
    """One grey level in the units of the images, (channels, 1, 1)."""
    return _by_channel(pixels.step, images)


def require_in_range(images: Tensor, pixels: PixelRange) -> None:
    """Check that every pixel is within the range of pixel values.

    :param images: (n, channels, height, width).
    :raises AttackError: a pixel is not; images and range are then in different units, or the images are noise.
    """
    slack = 0.5 * grey_level(pixels, images)
    low, high = (_by_channel(ends, images) for ends in (pixels.low, pixels.high))
    if ((images < low - slack) | (images > high + slack)).any():
        raise AttackError(
            f"images must have pixels within the range of pixel values, {pixels.low.min():.3g}..{pixels.high.max():.3g}; "
            f"received {float(images.min()):.3g}..{float(images.max()):.3g}: give the range in the units of the images"
        )


def _by_channel(values: np.ndarray, images: Tensor) -> Tensor:
    return torch.from_numpy(np.asarray(values)).to(images)[:, None, None]

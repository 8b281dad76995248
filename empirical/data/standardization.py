"""The standardization of images: mean 0 and standard deviation 1 in each channel, over a whole data set."""

from dataclasses import dataclass

import numpy as np

from empirical.data.pixel_range import PixelRange

BRIGHTEST = 255


@dataclass(frozen=True)
class Standardization:
    """The standardized value of every pixel value.

    It is kept as a table, so that a network standardizes the images that it needs, and not the whole data set.

    table: float32, (channels, values): row c has the standardized values of the pixel values 0, 1, ... of channel c.
    """

    table: np.ndarray

    @classmethod
    def of(cls, raw: np.ndarray) -> "Standardization":
        """The standardization over all images.

        :param raw: pixel values, uint8, (n, channels, height, width).
        """
        values = np.arange(BRIGHTEST + 1)
        counts = np.stack([np.bincount(channel.ravel(), minlength=len(values)) for channel in raw.swapaxes(0, 1)])
        n = counts.sum(axis=1)
        centred = values.astype(np.float32) - (counts @ values / n).astype(np.float32)[:, None]
        squares = (centred**2).astype(np.float64)
        return cls(centred / np.sqrt((counts * squares).sum(axis=1) / n).astype(np.float32)[:, None])

    def applied(self, raw: np.ndarray) -> np.ndarray:
        """The standardized images, float32.

        :param raw: pixel values, whole numbers, (n, channels, height, width).
        """
        return np.stack([row[channel] for row, channel in zip(self.table, raw.swapaxes(0, 1), strict=True)], axis=1)

    @property
    def pixels(self) -> PixelRange:
        """The range of pixel values in the units of standardized images."""
        return PixelRange(self.table[:, 0], self.table[:, -1])

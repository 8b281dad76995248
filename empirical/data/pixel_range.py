"""The range of pixel values in the units of standardized images."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PixelRange:
    """The values of the darkest and of the brightest pixel in standardized images.

    low, high: float32, (channels,).
    """

    low: np.ndarray
    high: np.ndarray

    @property
    def step(self) -> np.ndarray:
        """1/255 of the range, in standardized units, (channels,): one grey level of an image of 8 bits."""
        return (self.high - self.low) / 255

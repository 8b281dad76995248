"""Gaussian noise in place of images, as in Arpit et al. 2017: randX, and randX with the statistics of every pixel.

The means and standard deviations are those of the training images before any of them is replaced. Noise and the images that it
replaces then agree in them, and nothing about test images reaches the training.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class NoiseLaw:
    """Independent Gaussian values; noise may leave the range that pixels have.

    mean, deviation: of the values, float32; (channels, height, width), or (channels, 1, 1) where all pixels of a channel share
        them.
    shape: (channels, height, width) of an image.
    """

    mean: np.ndarray
    deviation: np.ndarray
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, noise: str, images: np.ndarray) -> "NoiseLaw":
        """The law of a kind of noise.

        :param noise: "inputs", the mean and standard deviation of each channel (randX), or "pixels", those of each pixel.
        :param images: the training images before any is replaced, (n, channels, height, width).
        """
        axes = (0, 2, 3) if noise == "inputs" else (0,)
        mean = images.mean(axis=axes, keepdims=True, dtype=np.float64).astype(np.float32)[0]
        deviation = images.std(axis=axes, keepdims=True, dtype=np.float64).astype(np.float32)[0]
        return cls(mean, deviation, images.shape[1:])

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """``n`` images of noise, float32, (n, channels, height, width)."""
        return self.mean + self.deviation * rng.standard_normal((n, *self.shape), dtype=np.float32)


def replaced(images: np.ndarray, share: float, law: NoiseLaw, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The images with a random share of them replaced by noise, and which ones are noise, bool (n,).

    With one stream of random numbers, a larger share replaces the images of the smaller one by the same noise, and others too.

    :param images: (n, channels, height, width).
    :param share: share of the images that is replaced, 0..1.
    :raises ValueError: the share is out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be within 0..1; received {share!r}")
    taken = rng.permutation(len(images))[: round(share * len(images))]
    mixed, noisy = images.copy(), np.zeros(len(images), dtype=bool)
    mixed[taken], noisy[taken] = law.draw(len(taken), rng), True
    return mixed, noisy

"""What a convolutional network can return for a constant image, and for a shifted one, whatever its weights are.

Zero padding. A constant image looks the same from all pixels whose receptive field lies inside it. After l convolutions of
stride 1 and kernel k, the receptive field reaches l (k - 1)/2 pixels far. Two pixels of one row have equal activations in
layer l if, for both, each of the left and right borders is either at the same distance or out of reach, and likewise for
columns. By induction over layers this holds for any weights, biases, activations, and skip connections between layers. So
activations differ from those in the middle only within l (k - 1)/2 pixels of the border, where each row and each column
beside the border has its own value, and the corners are free. A picture that is not constant grows from the borders
inwards, layer by layer.

The output for a constant image therefore is constant within each of these classes of pixels. The cosine of such an output
with x^ is at most |mean of x^ over classes| / |x^| = sqrt(1 - SS/|x^|^2), where SS is the sum of squares of x^ about its
means over classes. This bounds corr_const, before and after training. With the middle as the only class of more than one
pixel the bound is larger.

Circular padding. The network commutes with shifts: the output for the shifted training image is the shifted output. A
network that reproduces x^ reproduces its shifts, at corr_const = cos(shifted x^, x^). A constant image is its own shift and
gives a constant output, so that corr_const is at most the cosine of x^ with a constant image.

Source: the observation that images grow from the borders is that of Zhang et al. 2020; the bound is new here.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory.identity.convolutional_kernels import Image, checked_image
from theory.numerics.validation import require, require_count

PixelClasses = np.ndarray  # (H, W), whole numbers from 0


def receptive_reach(depth: ArrayLike, kernel: ArrayLike) -> np.ndarray | int:
    """How many pixels far the receptive field reaches in each direction after a number of layers: l (k - 1)/2.

    :param depth: l >= 0, number of convolutions of stride 1. :param kernel: side of the filters in pixels, odd.
    """
    require_count("depth", depth, 0)
    require_count("kernel", kernel, 1)
    require(np.asarray(kernel) % 2 == 1, "kernel", kernel, "odd, for the output to have the size of the image")
    return np.asarray(depth) * (np.asarray(kernel) // 2)


def rings(shape: tuple[int, int]) -> np.ndarray:
    """The distance of each pixel to the nearest border, (H, W), 0 for pixels at the border.

    With zero padding, activations of a constant image in layer l are equal in all rings from :func:`receptive_reach` on.
    """
    rows, columns = (np.minimum(np.arange(length), np.arange(length)[::-1]) for length in shape)
    return np.minimum.outer(rows, columns)


def equal_pixels(shape: tuple[int, int], depth: int, kernel: int, padding: str = "zero") -> PixelClasses:
    """The classes of pixels that have equal activations for a constant image after a number of layers, (H, W).

    :param shape: (H, W). :param depth, kernel: as in :func:`receptive_reach`. :param padding: "zero" or "circular".
    """
    require(padding in ("zero", "circular"), "padding", padding, '"zero" or "circular"')
    reach = int(receptive_reach(depth, kernel)) if padding == "zero" else 0
    rows, columns = (_positions(length, reach) for length in shape)
    return rows[:, None] * (columns.max() + 1) + columns


def _positions(length, reach):
    """Classes of the positions along one axis: positions whose borders are at the same distances, or out of reach."""
    place = np.arange(length)
    borders = np.stack([np.minimum(place, reach), np.minimum(place[::-1], reach)])
    return np.unique(borders, axis=1, return_inverse=True)[1].ravel()


def constant_image_bound(training: Image, depth: ArrayLike, kernel: int, padding: str = "zero") -> np.ndarray:
    """The largest |corr_const| that a network can reach for a constant image, of the shape of the depths.

    :param training: x^, one channel, (H, W). :param depth: numbers of layers, (...).
    :param kernel, padding: as in :func:`equal_pixels`.
    """
    training = checked_image("training", training)

    def bound(layers):
        classes = equal_pixels(training.shape, layers, kernel, padding).ravel()
        sums, sizes = np.bincount(classes, training.ravel()), np.bincount(classes)
        return np.sqrt((sums**2 / sizes).sum() / (training**2).sum())

    found = [bound(layers) for layers in np.ravel(depth)]
    return np.reshape(found, np.shape(depth))


def shift_correlations(training: Image) -> np.ndarray:
    """The cosine of an image with each of its circular shifts, (H, W), by rows and columns of the shift.

    With circular padding this is corr_const of a shifted training image for a network that reproduces x^.

    :param training: x^, one channel, (H, W).
    """
    training = checked_image("training", training)
    spectrum = abs(np.fft.rfft2(training)) ** 2
    return np.fft.irfft2(spectrum, s=training.shape) / (training**2).sum()

"""Image files as arrays of 8 bits, in grey or in colours."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from empirical.errors import LabelsError

if TYPE_CHECKING:
    from PIL.Image import Image

# Images that differ in size, or are larger, are brought to this side where a network of ours is trained on them.
SIDE, LARGEST_SIDE = 32, 64
ENDS = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
GREY, COLOURS = "L", "RGB"
CHANNELS = {1: GREY, 3: COLOURS}
# Steps of a 16-bit value to one of 8 bits.
STEPS = 257


def is_picture(path: Path) -> bool:
    """Whether a file is an image, by the end of its name; hidden files, which begin with a dot, are not."""
    return path.suffix.lower() in ENDS and not path.name.startswith(".") and path.is_file()


def opened(path: Path) -> "Image":
    """The image in grey (mode L) or, if it has colours or transparency, in colours (RGB), which drop the transparency.

    :raises LabelsError: the file is missing, or no image, or truncated.
    """
    image = _pillow()
    try:
        with image.open(path) as picture:
            if picture.mode.startswith("I"):
                return image.fromarray(_eight_bits(np.asarray(picture)))
            return picture.convert(GREY if picture.mode in ("1", GREY) else COLOURS)
    # Some readers raise SyntaxError or ValueError for a damaged file.
    except (OSError, SyntaxError, ValueError, image.DecompressionBombError) as error:
        raise LabelsError(f"cannot read the image {path}: {error}; remove it (or its line), or replace the file") from error


def small(paths: Sequence[Path]) -> np.ndarray:
    """The images for networks of ours, uint8, (n, channels, height, width), of one size.

    :raises LabelsError: see :func:`opened`.
    """
    pictures = [opened(path) for path in paths]
    sizes = {picture.size for picture in pictures}
    if len(sizes) > 1 or max(max(size) for size in sizes) > LARGEST_SIDE:
        pictures = [picture.resize((SIDE, SIDE), _pillow().Resampling.BOX) for picture in pictures]
    return stacked(pictures)


def cropped(paths: Sequence[Path], size: tuple[int, int] | None = None, channels: int | None = None) -> np.ndarray:
    """The images for a network of the user, uint8, (n, channels, height, width).

    :param size: height and width. The longer side loses what does not fit, half at each end, and the rest is resized. None
        leaves images as they are.
    :param channels: 1 or 3; None makes all images grey where all are, and coloured otherwise.
    :raises LabelsError: see :func:`opened`; or images differ in size, and no size is given.
    """
    pictures = [_fitted(opened(path), size) for path in paths]
    sizes = {picture.size: path for picture, path in zip(pictures, paths, strict=True)}
    if len(sizes) > 1:
        (one, path), (other, second) = list(sizes.items())[:2]
        raise LabelsError(
            f"images differ in size: {path} has {_words(one)}, and {second} has {_words(other)}; give the size that the "
            "network was trained with, such as --size 224"
        )
    return stacked(pictures, CHANNELS.get(channels or 0))


def stacked(pictures: Iterable["Image"], mode: str | None = None) -> np.ndarray:
    """Images of one size as one array, uint8, (n, channels, height, width).

    :param mode: L or RGB; None stands for L where all images are grey, and RGB otherwise.
    """
    pictures = list(pictures)
    mode = mode or (GREY if all(picture.mode == GREY for picture in pictures) else COLOURS)
    arrays = np.stack([np.asarray(picture.convert(mode)) for picture in pictures])
    return arrays[:, None] if mode == GREY else np.moveaxis(arrays, 3, 1)


def _fitted(picture: "Image", size: tuple[int, int] | None) -> "Image":
    if size is None:
        return picture
    from PIL import ImageOps

    return ImageOps.fit(picture, (size[1], size[0]), method=_pillow().Resampling.BILINEAR)


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey values of 16 bits, of which pillow would cut off all that exceed 255."""
    if values.min() < 0 or values.max() >= 2**16:
        raise ValueError(f"its values, {values.min()} to {values.max()}, are not of 16 bits")
    return np.round(values / STEPS).astype(np.uint8)


def _words(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise LabelsError("images are read by pillow, which is not installed: python -m pip install pillow") from error
    return Image

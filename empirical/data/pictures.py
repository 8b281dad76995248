"""Image files as arrays of 8 bits, in grey or in colours, and what was changed to make them such."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from empirical.errors import LabelsError

if TYPE_CHECKING:
    from PIL.Image import Image

# Images that differ in size, or are larger, are brought to this side where a network of ours is trained on them.
SIDE, LARGEST_SIDE = 32, 64
ENDS = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
GREY, COLOURS = "L", "RGB"
CHANNELS = {1: GREY, 3: COLOURS}
SCALED, DROPPED = "16 bits scaled to 8", "transparency dropped"
TO_GREY, TO_COLOURS = "colours made grey", "grey copied to 3 channels"
# The largest value of 16 bits, and its steps to one of 8 bits.
LARGEST, STEPS = 2**16 - 1, 257
# Images with no larger value would keep 16 of 256 grey levels or fewer: they have 12 bits or less, stored in 16.
FEW_BITS = 2**12 - 1


class Opened(NamedTuple):
    """An image file as it was read.

    picture: in grey (mode L) or in colours (RGB). changes: what was changed, in words. largest: its largest value of 16 bits;
    None where it has 8.
    """

    picture: "Image"
    changes: tuple[str, ...] = ()
    largest: int | None = None


def is_picture(path: Path) -> bool:
    """Whether a file is an image, by the end of its name; hidden files, which begin with a dot, are not."""
    return path.suffix.lower() in ENDS and not path.name.startswith(".") and path.is_file()


def opened(path: Path) -> Opened:
    """The image in grey or, if it has colours or transparency, in colours, which drop the transparency.

    :raises LabelsError: the file is missing, or no image, or truncated, or its values have no known range.
    """
    image = _pillow()
    try:
        with image.open(path) as picture:
            if picture.mode == "F":
                raise ValueError("its values are floating-point numbers, whose range is not known: save it with 8 or 16 bits")
            if picture.mode.startswith("I"):
                values = np.asarray(picture)
                return Opened(image.fromarray(_eight_bits(values)), (SCALED,), int(values.max()))
            return Opened(picture.convert(GREY if picture.mode in ("1", GREY) else COLOURS), _changes(picture))
    # Some readers raise SyntaxError or ValueError for a damaged file.
    except (OSError, SyntaxError, ValueError, image.DecompressionBombError) as error:
        raise LabelsError(f"cannot read the image {path}: {error}; remove it (or its line), or replace the file") from error


def _changes(picture: "Image") -> tuple[str, ...]:
    """What converting to grey or colours changes."""
    transparent = picture.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in picture.info
    known = picture.mode in ("1", "L", "LA", "La", "RGB", "RGBA", "RGBa")
    names = {"P": "palette", "PA": "palette"}
    return (() if known else (f"{names.get(picture.mode, picture.mode)} made RGB",)) + (DROPPED,) * transparent


def small(paths: Sequence[Path]) -> np.ndarray:
    """The images for networks of ours, uint8, (n, channels, height, width), of one size.

    :raises LabelsError: see :func:`opened`; or images of 16 bits have values of 12 alone.
    """
    pictures = [one.picture for one in _all_opened(paths)]
    sizes = {picture.size for picture in pictures}
    if len(sizes) > 1 or max(max(size) for size in sizes) > LARGEST_SIDE:
        pictures = [picture.resize((SIDE, SIDE), _pillow().Resampling.BOX) for picture in pictures]
    return stacked(pictures)


def cropped(paths: Sequence[Path], size: tuple[int, int] | None = None, channels: int | None = None) -> tuple[np.ndarray, str]:
    """The images for a network of the user, uint8, (n, channels, height, width), and how values and colours were changed.

    :param size: height and width. The longer side loses what does not fit, half at each end, and the rest is resized. None
        leaves images as they are.
    :param channels: 1 or 3; None makes all images grey where all are, and coloured otherwise.
    :raises LabelsError: see :func:`opened`; images of 16 bits have values of 12 alone; or images differ in size, and no size is
        given.
    """
    found = _all_opened(paths, size)
    pictures = [one.picture for one in found]
    sizes = {picture.size: path for picture, path in zip(pictures, paths, strict=True)}
    if len(sizes) > 1:
        (one, path), (other, second) = list(sizes.items())[:2]
        raise LabelsError(
            f"images differ in size: {path} has {_words(one)}, and {second} has {_words(other)}; give the size that the "
            "network was trained with, such as --size 224"
        )
    values = stacked(pictures, CHANNELS.get(channels or 0))
    return values, _told(found, values.shape[1])


def stacked(pictures: Iterable["Image"], mode: str | None = None) -> np.ndarray:
    """Images of one size as one array, uint8, (n, channels, height, width).

    :param mode: L or RGB; None stands for L where all images are grey, and RGB otherwise.
    """
    pictures = list(pictures)
    mode = mode or (GREY if all(picture.mode == GREY for picture in pictures) else COLOURS)
    arrays = np.stack([np.asarray(picture.convert(mode)) for picture in pictures])
    return arrays[:, None] if mode == GREY else np.moveaxis(arrays, 3, 1)


def _all_opened(paths: Sequence[Path], size: tuple[int, int] | None = None) -> list[Opened]:
    """The images, each made to fit before the next is read, so that many large files are never in memory at once."""
    found = [one._replace(picture=_fitted(one.picture, size)) for one in map(opened, paths)]
    largest = max((one.largest for one in found if one.largest is not None), default=LARGEST)
    if largest <= FEW_BITS:
        raise LabelsError(
            f"the images of 16 bits have no value above {largest}, of {LARGEST}, so they seem to have fewer bits and would be "
            f"nearly black; multiply their values so that the brightest possible is {LARGEST}, or save them with 8 bits"
        )
    return found


def _told(found: Sequence[Opened], n_channels: int) -> str:
    """How values and colours were changed, in words, each with the number of images unless it is all of them."""
    grey, to_grey = [one.picture.mode == GREY for one in found], n_channels == 1
    changes = [*(change for one in found for change in one.changes)]
    changes += [TO_GREY if to_grey else TO_COLOURS for own in grey if own != to_grey]
    words = [one if n == len(found) else f"{one} ({n:,} of {len(found):,})" for one, n in Counter(changes).items()]
    return ", ".join(words)


def _fitted(picture: "Image", size: tuple[int, int] | None) -> "Image":
    if size is None:
        return picture
    from PIL import ImageOps

    return ImageOps.fit(picture, (size[1], size[0]), method=_pillow().Resampling.BILINEAR)


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey values of 16 bits, of which pillow would cut off all that exceed 255."""
    if values.min() < 0 or values.max() > LARGEST:
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

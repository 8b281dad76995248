"""What is done to the pixels of a user's images before a network gets them, and the words for it."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from empirical.errors import LabelsError

FULL_RANGE = {np.dtype(bool): 1, np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}


@dataclass(frozen=True)
class Preprocessing:
    """What is done to images whose values are within 0..1.

    size: height and width, None to leave them. channels: 1 or 3, None for those of the images.
    mean: is subtracted, one number or one for each channel. std: is divided by, likewise.
    """

    size: tuple[int, int] | None = None
    channels: int | None = None
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None


def preprocessed(raw: np.ndarray, how: Preprocessing, resized: bool = False) -> tuple[Tensor, str]:
    """The images as float32, and what was done in words.

    :param raw: (n, channels, height, width).
    :param resized: whether they have the wanted size already.
    :raises LabelsError: the preprocessing does not fit the images.
    """
    values, done = _unit(raw)
    if how.channels not in (None, raw.shape[1]):
        if raw.shape[1] != 1:
            raise LabelsError(
                f"--channels {how.channels} cannot be made of the {raw.shape[1]} channels that the archive's images have; "
                "leave it out, or convert the images and write the archive again"
            )
        values, done = values.expand(-1, how.channels or 1, -1, -1), f"{done}, grey copied to {how.channels} channels"
    if how.size is not None:
        values = values if resized else _cropped(values, how.size)
        done += f", cropped at the centre and resized to {how.size[0]} x {how.size[1]}"
    return _normalized(values, done, how)


def of_rows(raw: np.ndarray, how: Preprocessing) -> tuple[Tensor, str]:
    """Rows of numbers, (n, d), as float32, and what was done in words.

    :param raw: (n, 1, 1, d).
    :raises LabelsError: the preprocessing is of images, or their type is not known.
    """
    for name in ("size", "channels", "mean", "std"):
        if getattr(how, name) is not None:
            raise LabelsError(f"--{name} does not go with rows of numbers; leave it out")
    values, done = _unit(raw)
    return values[:, 0, 0], done


def _unit(raw: np.ndarray) -> tuple[Tensor, str]:
    if full := FULL_RANGE.get(raw.dtype):
        return torch.from_numpy(raw.astype(np.float32) / np.float32(full)), "0..1" + (
            f" (divided by {full})" if full > 1 else ""
        )
    if not np.issubdtype(raw.dtype, np.floating):
        raise LabelsError(
            f"images are of type {raw.dtype}, whose range of pixels is not known; write uint8 (0..255), uint16, or floats that "
            "are scaled already"
        )
    return torch.from_numpy(raw.astype(np.float32)), f"as they are, {raw.min():.3g} to {raw.max():.3g}"


def _cropped(values: Tensor, size: tuple[int, int]) -> Tensor:
    """The largest part about the centre that has the shape of the size, resized."""
    height, width = values.shape[2:]
    share = min(height / size[0], width / size[1])
    kept = [min(round(share * side), have) for side, have in zip(size, (height, width), strict=True)]
    top, left = (height - kept[0]) // 2, (width - kept[1]) // 2
    part = values[:, :, top : top + kept[0], left : left + kept[1]]
    return functional.interpolate(part, size, mode="bilinear", antialias=True, align_corners=False)


def _normalized(values: Tensor, done: str, how: Preprocessing) -> tuple[Tensor, str]:
    if how.mean is None and how.std is None:
        return values, f"{done}; not normalized: give the --mean and --std that the network was trained with, if any"
    if values.min() < 0 or values.max() > 1:
        raise LabelsError(
            f"pixels are {values.min():.3g} to {values.max():.3g}, and --mean and --std are for pixels within 0..1; leave them "
            "out if the images are normalized already"
        )
    for name, numbers, word in (("mean", how.mean, "less"), ("std", how.std, "divided by")):
        if numbers is not None:
            factors = _by_channel(numbers, name, values.shape[1])
            values = values - factors if name == "mean" else values / factors
            done += f", {word} {', '.join(f'{number:g}' for number in numbers)}"
    return values, done


def _by_channel(numbers: tuple[float, ...], name: str, n_channels: int) -> Tensor:
    if len(numbers) not in (1, n_channels):
        more = "; or add --channels 3, for grey images and a network that takes colours" if n_channels == 1 else ""
        raise LabelsError(
            f"--{name} has {len(numbers)} numbers, and the channels of the images are {n_channels}; give one number, or one "
            f"for each channel{more}"
        )
    return torch.tensor(numbers, dtype=torch.float32).reshape(-1, 1, 1)

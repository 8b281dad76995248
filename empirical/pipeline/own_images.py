"""The images of the user that are measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import Tensor

from empirical.activations.labels import chosen_of
from empirical.data import examples, pictures
from empirical.data.image_folders import listed
from empirical.errors import LabelsError
from empirical.pipeline.preprocessing import Preprocessing, of_rows, preprocessed

FEWEST_CLASSES = 2


@dataclass(frozen=True)
class OwnImages:
    """The images that are measured.

    inputs: float32, (n, channels, height, width), or rows of numbers (n, d). labels: numbers of classes, (n,).
    told: which images they are, and what was done to them, as pairs of a heading and words.
    """

    inputs: Tensor
    labels: np.ndarray
    told: tuple[tuple[str, str], ...]


def read(path: Path, n_points: int | None, seed: int, how: Preprocessing) -> OwnImages:
    """Some images of each class, from a folder or from an archive; only these are read from a folder.

    :param path: as for :func:`empirical.data.examples.of_archive` and :func:`empirical.data.image_folders.listed`.
    :param n_points: images of each class; None stands for all. :param seed: of their choice, which is that of
        :func:`empirical.geometry.layers.layer_geometry`.
    :raises LabelsError: an image or a label is wrong, there are fewer than two classes, or the preprocessing does not fit.
    """
    source = listed(path) if path.is_dir() else examples.of_archive(path)
    present = np.unique(source.labels)
    if len(present) < FEWEST_CLASSES:
        raise LabelsError(f"{path} has one class, {source.classes[present[0]]}; give the images of two classes or more")
    index = np.concatenate(chosen_of(source.labels, n_points, seed))
    if isinstance(source, examples.Examples):
        inputs, done = of_rows(source.images[index], how) if source.are_rows else preprocessed(source.images[index], how)
    else:
        raw, changes = pictures.cropped([source.paths[one] for one in index], how.size, how.channels)
        inputs, done = preprocessed(raw, how, resized=True)
        done = f"{changes}; {done}" if changes else done
    shape = "x".join(map(str, inputs.shape[1:]))
    chosen = "all" if len(index) == len(source.labels) else f"{len(index):,} of"
    words = f"{chosen} {len(source.labels):,} in {path}, {len(present)} classes; each {shape}"
    return OwnImages(inputs, source.labels[index], (("images", words), ("pixels", done)))

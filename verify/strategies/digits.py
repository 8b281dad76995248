"""Manifolds of real images, the ten digits in pixels, and the changes that claims make to them. Nothing here imports theory."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from empirical.data import datasets
from empirical.errors import GeomemError
from empirical.separability.simulated_capacity import least_features
from verify.judging.verdicts import Untested


def images(n_images: int, rng: np.random.Generator) -> np.ndarray:
    """Random images of the data set with pixels within 0..1, without one twice, (n, 8, 8); raises as :func:`pixels`."""
    data = _data()
    return data.raw[rng.choice(len(data.raw), n_images, replace=False), 0] / data.raw.max()


def labelled(n_images: int, n_classes: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Random images of C random classes, standardized, (n, 1, 8, 8), and their classes, (n,); raises as :func:`pixels`."""
    data = _data()
    data = data.of_classes(rng.choice(data.n_classes, n_classes, replace=False))
    chosen = rng.choice(len(data.raw), n_images, replace=False)
    return data.standardized(chosen).astype(float), data.labels[chosen]


def of_classes(classes: Sequence[int], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All images of these classes in random order, about their mean, (n, 64), and the places of their classes, (n,).

    Pixels are standardized over the data set. Raises as :func:`pixels`.
    """
    data = _data()
    chosen = rng.permutation(np.flatnonzero(np.isin(data.labels, classes)))
    images = data.standardized(chosen).reshape(len(chosen), -1).astype(float)
    places = np.argmax(data.labels[chosen, None] == np.asarray(classes), axis=1)
    return images - images.mean(0), places


def of_first_classes(n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """All images of the classes 0..C-1, standardized, (n, 64), and their classes, (n,); raises as :func:`pixels`."""
    data = _data().of_classes(np.arange(n_classes))
    return data.images.reshape(len(data.images), -1).astype(float), data.labels


def pixels(n_points: int, rng: np.random.Generator) -> np.ndarray:
    """M random images of every class minus their common mean, (10, M, 64).

    :raises Untested: scikit-learn, which holds the digits, is not installed.
    """
    images, chosen = _flat(), _of_each_class(n_points, rng)
    return images[chosen] - images[chosen].mean((0, 1))


def unseen(n_points: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All images that :func:`pixels` leaves out, minus the mean that it subtracts, (n, 64), and their classes, (n,).

    :param rng: in the state in which :func:`pixels` received it.
    """
    images, chosen = _flat(), _of_each_class(n_points, rng)
    left = np.ones(len(images), dtype=bool)
    left[chosen] = False
    others = np.flatnonzero(left)
    return images[others] - images[chosen].mean((0, 1)), _data().labels[others]


@cache
def _flat() -> np.ndarray:
    data = _data()
    return data.images.reshape(len(data.images), -1).astype(float)


def _of_each_class(n_points: int, rng: np.random.Generator) -> np.ndarray:
    """Random images of every class, (10, M), as rows of the data set."""
    return np.stack([rng.choice(members, n_points, replace=False) for members in _members()])


@cache
def _members() -> list[np.ndarray]:
    """The rows of each class."""
    data = _data()
    return [np.flatnonzero(data.labels == label) for label in range(data.n_classes)]


@cache
def _data() -> datasets.Dataset:
    try:
        return datasets.load("digits")
    except GeomemError as error:
        raise Untested(str(error)) from error


def scaled(clouds: np.ndarray, factor: float) -> np.ndarray:
    """The manifolds, each scaled by a factor about its own mean."""
    centers = clouds.mean(1, keepdims=True)
    return centers + factor * (clouds - centers)


def recentred(clouds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The manifolds, each moved to a centre in a random direction at its own distance from the origin."""
    centers = clouds.mean(1, keepdims=True)
    directions = rng.standard_normal(centers.shape)
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    return clouds - centers + np.linalg.norm(centers, axis=2, keepdims=True) * directions


def features_needed(stages: list[np.ndarray], n_dichotomies: int, rng: np.random.Generator) -> np.ndarray:
    """n* at every stage, (stages, dichotomies); all stages use the same dichotomies and projections."""
    found = np.zeros((len(stages), n_dichotomies), dtype=int)
    for draw in range(n_dichotomies):
        labels, seed = _dichotomy(len(stages[0]), rng), int(rng.integers(2**63))
        for stage, clouds in enumerate(stages):
            each = np.repeat(labels, clouds.shape[1])
            projected = np.random.default_rng(seed)
            found[stage, draw] = least_features(clouds.reshape(len(each), -1), each, projected, 2 * clouds.shape[1], 3)
    return found


def _dichotomy(n_manifolds: int, rng: np.random.Generator) -> np.ndarray:
    """Random labels that are not all equal, because no plane through the mean of all points separates equal labels."""
    while True:
        labels = rng.choice([-1.0, 1.0], n_manifolds)
        if abs(labels.sum()) < n_manifolds:
            return labels

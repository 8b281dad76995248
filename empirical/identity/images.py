"""The images of networks that reproduce images: what they are trained on, and families of test images.

Pixels are within 0..1, except in the family "angles". Training images and test digits of a network are drawn from one data set,
without an image twice.
"""

from dataclasses import dataclass

import numpy as np

from empirical.data import datasets
from empirical.errors import SpecError
from empirical.identity.identity_spec import IdentitySpec
from empirical.identity.quantities import ANGLES, BLANK, DEGREES, DIGITS, DISCS, MIXTURES, NOISE, SPARSE, TRAINING

Images = np.ndarray  # (n, side, side)
# The share of pixels that are on in a sparse image.
ON = 0.05


@dataclass(frozen=True)
class NetworkImages:
    """The images of one network.

    training: (n_images, side, side). families: by (family, choice), each (n, side, side).
    """

    training: Images
    families: dict[tuple[str, str], Images]


def network_images(spec: IdentitySpec, network: int) -> NetworkImages:
    """The images of one network of a world.

    :raises GeomemError: the data set has not been brought in.
    :raises SpecError: it has too few images, or its images cannot have this side.
    """
    data = datasets.load(spec.dataset)
    if spec.n_images + spec.n_tests > len(data.raw):
        raise SpecError(
            f"n_images must leave {spec.n_tests} test images of the {len(data.raw)} of {spec.dataset}; received "
            f"{spec.n_images}: lower n_images"
        )
    order = spec.rng(network, "images").permutation(len(data.raw))[: spec.n_tests + spec.n_images]
    drawn = resized(data.raw[order].mean(axis=1) / data.raw.max(), spec.side)
    tests, training = drawn[: spec.n_tests], drawn[spec.n_tests :]
    families = _families(tests, spec.rng(network, "patterns"))
    if spec.n_images == 1:
        families |= {(TRAINING, ""): training, **_at_angles(tests, training[0])}
    return NetworkImages(training, families)


def resized(images: Images, side: int) -> Images:
    """Square images with another side: means of blocks of pixels, or zeros all around.

    :raises SpecError: a smaller side does not divide theirs, or a larger one leaves an odd number of pixels around.
    """
    own = images.shape[-1]
    if side > own:
        margin, odd = divmod(side - own, 2)
        fits = not odd
    else:
        margin, fits = 0, own % side == 0
    if images.shape[-2] != own or not fits:
        raise SpecError(
            f"side must divide {own}, or exceed it by an even number, for images of {images.shape[-2]} x {own} pixels; "
            f"received {side}: change side"
        )
    if side > own:
        return np.pad(images, [(0, 0), (margin, margin), (margin, margin)])
    return images.reshape(-1, side, own // side, side, own // side).mean(axis=(2, 4))


def _families(digits: Images, rng: np.random.Generator) -> dict[tuple[str, str], Images]:
    n, side = len(digits), digits.shape[-1]
    return {
        (DIGITS, ""): digits,
        (MIXTURES, ""): (digits + np.roll(digits, 1, axis=0)) / 2,
        (NOISE, ""): rng.random(digits.shape),
        (SPARSE, ""): _sparse(n, side, rng),
        (DISCS, ""): _discs(n, side, rng),
        (BLANK, ""): np.ones((1, side, side)),
    }


def _sparse(n: int, side: int, rng: np.random.Generator) -> Images:
    ranks = rng.random((n, side * side)).argsort(axis=1).argsort(axis=1)
    return (ranks < round(ON * side * side)).astype(float).reshape(n, side, side)


def _discs(n: int, side: int, rng: np.random.Generator) -> Images:
    """Filled discs, with their centres in the middle half and radii between an eighth and a third of the side."""
    centres, radii = side * rng.uniform(0.25, 0.75, (2, n, 1, 1)), side * rng.uniform(1 / 8, 1 / 3, (n, 1, 1))
    rows, columns = np.arange(side)[:, None] + 0.5, np.arange(side) + 0.5
    return ((rows - centres[0]) ** 2 + (columns - centres[1]) ** 2 <= radii**2).astype(float)


def _at_angles(digits: Images, training: np.ndarray) -> dict[tuple[str, str], Images]:
    """The training image turned towards each digit by an angle, at its own length."""
    length = np.linalg.norm(training)
    unit = training / length
    beside = digits - np.tensordot(digits, unit)[:, None, None] * unit
    beside /= np.linalg.norm(beside, axis=(1, 2), keepdims=True)
    turned = {angle: np.cos(np.radians(angle)) * unit + np.sin(np.radians(angle)) * beside for angle in DEGREES}
    return {(ANGLES, str(angle)): length * images for angle, images in turned.items()}

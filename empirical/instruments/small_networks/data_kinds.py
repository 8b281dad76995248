"""The kinds of data that small networks are trained on: real images, noise in their place, and random labels.

Source: Arpit et al. 2017, section 3. Every kind is made from the same training images and true labels of a subject. Each class
has equally many images, because classes of unequal size alone make some examples look easier than others.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn import functional

from empirical.data.noise import NoiseLaw
from empirical.errors import SpecError
from empirical.evidence.names import RAND_X, RAND_X_PIXELS, RAND_Y
from empirical.training.subject import Subject

MOST_IMAGES = 1000
FEWEST_PER_CLASS = 2
# Images are averaged over 2 x 2 pixels until they are no larger.
LARGEST_SIDE = 16
NOISE = {RAND_X: "inputs", RAND_X_PIXELS: "pixels"}


@dataclass(frozen=True)
class Examples:
    """Images and their labels.

    images: float32, (n, channels, height, width); pixels from 0 to 1, which noise may leave.
    labels: int64, (n,), with equally many of each class.
    :raises SpecError: a class has more examples than another.
    """

    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self):
        classes, counts = np.unique(self.labels, return_counts=True)
        if counts.min() < counts.max():
            few, many = classes[counts.argmin()], classes[counts.argmax()]
            raise SpecError(
                f"every class must have equally many examples; received {counts.min()} of class {few} and {counts.max()} of "
                f"class {many}: draw as many of each, and random labels as a permutation of the true ones"
            )

    def rows(self) -> torch.Tensor:
        """The images as rows, (n, d)."""
        return torch.from_numpy(self.images.reshape(len(self.images), -1))

    def shrunk(self) -> "Examples":
        """The examples with images averaged over 2 x 2 pixels until their sides have at most :data:`LARGEST_SIDE` pixels."""
        images = torch.from_numpy(self.images)
        while max(images.shape[2:]) > LARGEST_SIDE:
            images = functional.avg_pool2d(images, 2)
        return replace(self, images=images.numpy())

    def of_kind(self, kind: str, rng: np.random.Generator) -> "Examples":
        """These examples as another kind of data: noise with their mean and standard deviation, or permuted labels.

        :param kind: from :data:`empirical.evidence.names.KINDS`; the real ones stay as they are.
        """
        if kind in NOISE:
            return replace(self, images=NoiseLaw.of(NOISE[kind], self.images).draw(len(self.images), rng))
        return replace(self, labels=rng.permutation(self.labels)) if kind == RAND_Y else self


def real_examples(subject: Subject) -> Examples:
    """Training images of the subject and their true labels: as many of each class as the smallest class has, 1000 at most.

    :raises SpecError: the subject's images are noise, or a class has fewer than two images.
    """
    spec, true = subject.spec, subject.labels.true
    if subject.noisy.any():
        raise SpecError(
            f"small networks need real images, and {int(subject.noisy.sum())} training images of {spec.name} are noise; leave "
            "first_epochs and loss_sensitivity out of its instruments, or set noise to none"
        )
    members = [np.flatnonzero(true == label) for label in range(subject.n_classes)]
    each = min(MOST_IMAGES // subject.n_classes, *map(len, members))
    if each < FEWEST_PER_CLASS:
        sizes = ", ".join(f"{len(one)} of class {label}" for label, one in enumerate(members) if len(one) < FEWEST_PER_CLASS)
        raise SpecError(
            f"small networks need {FEWEST_PER_CLASS} training images of every class, at most {MOST_IMAGES} in all; {spec.name} "
            f"has {subject.n_classes} classes, {sizes or 'each large enough'}: raise train_images, or lower n_classes"
        )
    rng = spec.rng(subject.network, "small networks")
    chosen = np.sort(np.concatenate([rng.choice(one, each, replace=False) for one in members]))
    low, high = (values[:, None, None] for values in (subject.pixels.low, subject.pixels.high))
    images = (subject.images[torch.from_numpy(chosen)].cpu().contiguous().numpy() - low) / (high - low)
    return Examples(images.astype(np.float32), true[chosen])


def drawn_as(kind: str, real: Examples, subject: Subject) -> Examples:
    """The real examples as another kind of data, drawn from the subject's own stream for that kind."""
    return real.of_kind(kind, subject.spec.rng(subject.network, f"small networks, {kind}"))

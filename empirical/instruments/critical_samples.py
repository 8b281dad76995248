"""Critical samples: held-out images for which an adversarial example is found within a radius.

Source: Arpit et al. 2017, algorithm 1 and figure 9. The critical sample ratio is the share of such images. Only the network's
own predictions enter, and no true labels. No training image enters either: training moves the boundaries between classes away
from the images trained on.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from empirical.adversarial.boxes import require_in_range
from empirical.adversarial.certificates import certified, classes
from empirical.adversarial.langevin import Langevin, search
from empirical.evidence.measurement import Reading
from empirical.evidence.names import IN_RANGE, NOISE, RADII, REPORT, SOFTMAX, TEST, packed
from empirical.instruments.accuracies import share_of
from empirical.training.subject import Subject

QUANTITY = "critical_sample_ratio"
# Largest number of images of each group.
IMAGES = 500


def critical_readings(model: nn.Module, subject: Subject, epoch: int, how: str = "") -> tuple[list[Reading], bool]:
    """The critical sample ratio within every radius, and whether every critical sample is certified by its adversarial example.

    The images are of the half "report" of the test images (group "test"), and images of noise that the network was not trained
    on, where it was trained on noise (group "noise"). The choice is the radius in grey levels. A larger radius is searched from
    the points that were found within the smaller one, so that the ratio rises with the radius. The standard error is binomial,
    over images of one network.

    :param how: "" to follow the margin; "softmax" to follow the cross-entropy; "in range" to follow the margin within the range
        of pixel values. It is appended to the choice: "2/softmax".
    """
    readings, sound = [], True
    for group, images in held_out(subject).items():
        points = images
        for radius in RADII:
            choice, generator = packed(radius, how), _generator(subject, epoch, packed(group, radius, how))
            by = Langevin.within(float(radius), SOFTMAX if how == SOFTMAX else "margin", how == IN_RANGE)
            points, critical = search(model, images, subject.pixels, by, generator, points)
            sound &= bool(certified(model, images, points, subject.pixels, by.radius)[critical].all())
            readings.append(Reading(QUANTITY, group, *share_of(critical.cpu().numpy()), choice))
    return readings, sound


def top_class_readings(model: nn.Module, subject: Subject) -> Iterator[Reading]:
    """The share of held-out images in the class that is predicted most, by group.

    It is 1 for a network that always predicts one class, which has no critical samples whatever it was trained on.
    """
    for group, images in held_out(subject).items():
        predicted = classes(model, images)
        most = predicted == predicted.mode().values
        yield Reading("top_class_share", group, *share_of(most.cpu().numpy()))


def held_out(subject: Subject) -> dict[str, Tensor]:
    """Images that the network was not trained on, by group, at most 500 and ``group_images`` of each; they are drawn once.

    :raises AttackError: test images and the range of their pixels are in different units.
    """
    images = subject.tests[REPORT][0]
    most = min(IMAGES, subject.spec.group_images)
    n = min(most, len(images))
    drawn = subject.spec.rng(subject.network, "critical samples").choice(len(images), n, replace=False)
    found = {TEST: images[torch.from_numpy(drawn)]}
    require_in_range(found[TEST], subject.pixels)
    return found if subject.noise is None else {**found, NOISE: subject.fresh_noise(most)}


def _generator(subject: Subject, epoch: int, what: str) -> torch.Generator:
    """The generator of the search's noise, from a stream named by what is searched."""
    seed = int(subject.spec.rng(subject.network, f"langevin {what}", epoch).integers(2**63))
    return torch.Generator(device=subject.images.device).manual_seed(seed)

"""Pictures of one network: test images, its outputs, and the activations of a blank image, as rows of pixels."""

import csv
import io
from dataclasses import astuple, dataclass, fields

import numpy as np

from empirical.identity.images import NetworkImages
from empirical.identity.quantities import BLANK, INITIAL, TRAINED
from empirical.toy_models.one_image_networks import Architecture, Convolutional, Weights, activations, outputs

IMAGE, OUTPUT, ACTIVATION = "image", "output", "activation"
# Images of each family; layers of the blank image are as many as there are.
SHOWN = 2


@dataclass(frozen=True)
class Picture:
    """One picture.

    what: "image", "output", or "activation", the root mean square over channels of what a layer makes of a blank image.
    family, choice, number: which test image. layer: 0 for images and outputs. epoch: 0 before training, 1 after.
    pixels: rows joined, numbers with spaces between them.
    """

    what: str
    family: str
    choice: str
    number: int
    layer: int
    epoch: int
    pixels: str


def pictures(architecture: Architecture, initial: Weights, trained: Weights, images: NetworkImages) -> list[Picture]:
    """The pictures of one network, whose weights have a first axis of length 1."""
    found = []
    for (family, choice), shown in images.families.items():
        made = outputs(architecture, trained, shown[:SHOWN])[0]
        for what, several in ((IMAGE, shown[:SHOWN]), (OUTPUT, made)):
            found += [Picture(what, family, choice, number, 0, TRAINED, _text(one)) for number, one in enumerate(several)]
    if isinstance(architecture, Convolutional):
        blank = images.families[BLANK, ""]
        for epoch, weights in ((INITIAL, initial), (TRAINED, trained)):
            for layer, held in enumerate(activations(architecture, weights, blank), start=1):
                size = np.sqrt((held[0, 0] ** 2).mean(axis=0))
                found.append(Picture(ACTIVATION, BLANK, "", 0, layer, epoch, _text(size)))
    return found


def table_of(found: list[Picture]) -> str:
    """The pictures as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Picture))
    writer.writerows(astuple(one) for one in found)
    return out.getvalue()


def _text(image: np.ndarray) -> str:
    return " ".join(f"{value:.3g}" for value in np.ravel(image))

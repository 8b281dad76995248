"""The unit and the instrument of everything that is measured on networks that reproduce images. Needs no torch.

The quantities of worlds of labelled images are in :mod:`empirical.evidence.quantities`. The groups are families of test images.
"""

# Families of test images (:mod:`empirical.identity.images`).
TRAINING, DIGITS, MIXTURES, NOISE, SPARSE, DISCS, BLANK, ANGLES = FAMILIES = (
    *("training", "digits", "mixtures", "noise", "sparse", "discs", "blank", "angles"),
)
# Angles between test image and training image, in degrees; the choice of a row of this family is its angle.
DEGREES = (15, 30, 45, 60, 75, 90)
# Moments of the training: the epoch of a row.
INITIAL, TRAINED = 0, 1

_OUTPUT = "trained network, mean over the images of a family; se over images"
_COSINE = {"unit": "cosine", "instrument": f"of flattened images; {_OUTPUT}"}
_PEARSON = {"unit": "correlation", "instrument": f"Pearson's, of pixels; {_OUTPUT}"}

QUANTITIES = {
    "corr_id": _COSINE,
    "corr_const": _COSINE,
    "corr_images": {"unit": "cosine", "instrument": "of test image and training image, what copying scores on corr_const"},
    "pearson_id": _PEARSON,
    "pearson_const": _PEARSON,
    "identity_error": {"unit": "relative", "instrument": f"squared distance to the test image over its square; {_OUTPUT}"},
    "constant_error": {"unit": "relative", "instrument": f"squared distance to the training image over its square; {_OUTPUT}"},
    "corr_edges": {"unit": "cosine", "instrument": f"with the length of the Sobel gradient of the test image; {_OUTPUT}"},
    "corr_blur": {"unit": "cosine", "instrument": f"with the test image averaged over 3 x 3 pixels; {_OUTPUT}"},
    "span_share": {
        "unit": "share of the image's square",
        "instrument": "of test images, within the span of the training images (singular values above 1e-6 of the largest)",
    },
    "image_share": {
        "unit": "share of activation energy",
        "instrument": "of a layer, what differs between test images that each have unit energy: 1 - |mean activation|^2",
    },
    "relative_loss": {"unit": "relative", "instrument": "squared error of the training images over their square, at the end"},
    "training_steps": {"unit": "steps", "instrument": "count, until the loss was reached"},
    "parameters": {"unit": "weights", "instrument": "count"},
}
# Without one training image there is nothing for corr_const to compare with.
_OF_ONE_IMAGE = {"corr_const", "corr_images", "pearson_const", "constant_error"}
ONE = tuple(name for name in QUANTITIES if name != "span_share")
MANY = tuple(name for name in QUANTITIES if name not in _OF_ONE_IMAGE)

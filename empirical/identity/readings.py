"""Everything that is measured on networks that reproduce images, as readings of one network."""

from collections.abc import Iterator

import numpy as np
from scipy import ndimage

from empirical.evidence.measurement import Reading
from empirical.identity.images import NetworkImages
from empirical.identity.quantities import BLANK, DIGITS, INITIAL, TRAINED
from empirical.toy_models.image_correlations import correlation
from empirical.toy_models.one_image_networks import Architecture, Weights, for_each, layer_outputs, outputs

INPUT_LAYER = "input"
# The share of the largest singular value of the training images above which a direction counts as spanned.
SPANNED = 1e-6


def layer_name(index: int) -> str:
    """The name of a layer, counted from 1."""
    return f"layer{index}"


def readings(architecture: Architecture, initial: Weights, trained: Weights, images: NetworkImages) -> Iterator[Reading]:
    """The readings of one network, whose weights have a first axis of length 1.

    :param initial, trained: the weights before and after training.
    """
    for (family, choice), shown in images.families.items():
        try:
            found = _outputs(family, outputs(architecture, trained, shown)[0], shown, images.training)
        except ValueError as error:
            raise ValueError(
                f"{family} {choice}".strip() + f": {error}; change the initialization, or the optimizer"
            ) from error
        for quantity, values in found.items():
            yield _reading(quantity, family, values, choice)
    digits = images.families[DIGITS, ""]
    for epoch, weights in ((INITIAL, initial), (TRAINED, trained)):
        for layer, share in _image_shares(architecture, weights, digits).items():
            yield Reading("image_share", DIGITS, share, 0.0, len(digits), layer=layer, epoch=epoch)


def _outputs(family, found, shown, training) -> dict[str, np.ndarray]:
    """What outputs (n, side, side) for test images say, (n,) each."""
    measured = {"corr_id": correlation(found, shown), "identity_error": _squares(found - shown) / _squares(shown)}
    if family != BLANK:
        # A blank image has no Pearson's correlation, nor has the constant output of circular padding; its edges are its border.
        measured["pearson_id"] = correlation(found, shown, centred=True)
        measured["corr_edges"] = correlation(found, edges(shown))
        measured["corr_blur"] = correlation(found, ndimage.uniform_filter(shown, 3, axes=(1, 2), mode="constant"))
    if len(training) > 1:
        measured["span_share"] = _span_share(shown, training)
    else:
        measured["corr_const"] = correlation(found, training)
        measured["corr_images"] = correlation(shown, training)
        if family != BLANK:
            measured["pearson_const"] = correlation(found, training, centred=True)
        measured["constant_error"] = _squares(found - training) / _squares(training)
    return measured


def edges(images: np.ndarray) -> np.ndarray:
    """The lengths of the Sobel gradients of images (n, H, W), with zeros beyond the border."""
    return np.hypot(*(ndimage.sobel(images, axis, mode="constant") for axis in (1, 2)))


def _span_share(shown, training) -> np.ndarray:
    _, sizes, axes = np.linalg.svd(training.reshape(len(training), -1), full_matrices=False)
    spanned = axes[sizes > SPANNED * sizes[0]]
    within = shown.reshape(len(shown), -1) @ spanned.T
    return (within**2).sum(axis=1) / _squares(shown)


def _image_shares(architecture, weights, shown) -> dict[str, float]:
    """The share of activation energy that differs between images, of the images and of each layer."""
    layers = layer_outputs(architecture, weights, for_each(shown, 1, weights[0].dtype))
    # Connected layers have the images last, and convolutions first.
    held = [layer[0].mT if layer.ndim == 3 else layer for layer in layers]
    shares = {INPUT_LAYER: _differing(shown)}
    return shares | {layer_name(index): _differing(one.numpy()) for index, one in enumerate(held, start=1)}


def _differing(activations) -> float:
    rows = activations.reshape(len(activations), -1).astype(float)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.all(lengths):
        raise ValueError("a layer is off for a digit, and has no energy to share; change the initialization, or the optimizer")
    rows = rows / lengths
    return float(1 - (rows.mean(axis=0) ** 2).sum())


def _squares(images) -> np.ndarray:
    return (images**2).sum(axis=(-2, -1))


def _reading(quantity, family, values, choice) -> Reading:
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return Reading(quantity, family, float(values.mean()), error, len(values), choice, epoch=TRAINED)

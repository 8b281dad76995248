"""How similar the outputs of a network are to its test images and to its training image."""

import numpy as np

Images = np.ndarray  # (..., H, W)


def correlation(outputs: Images, images: Images, centred: bool = False) -> np.ndarray:
    """The cosines of outputs with images, pixel by pixel, (...).

    With the test images this is corr_id of Zhang et al. 2020, and with the training image corr_const. Images of pixels >= 0
    have a cosine with each other that can be large, so that the cosine of the two images is what a network that copies
    scores on corr_const.

    :param outputs, images: (..., H, W); the leading axes broadcast.
    :param centred: subtract each image's mean pixel first, which gives Pearson's correlation.
    :raises ValueError: an output or an image is 0, or constant where means are subtracted; or the pixels do not match.
    """
    outputs, images = (np.asarray(values, dtype=float) for values in (outputs, images))
    if outputs.shape[-2:] != images.shape[-2:]:
        raise ValueError(f"images must have the pixels of the outputs, {outputs.shape[-2:]}; received {images.shape[-2:]}")
    if centred:
        outputs, images = (values - values.mean((-2, -1), keepdims=True) for values in (outputs, images))
    lengths = [np.sqrt((values**2).sum((-2, -1))) for values in (outputs, images)]
    for name, length in zip(("outputs", "images"), lengths, strict=True):
        if not np.all(length > 0):
            kind = "constant" if centred else "0 everywhere"
            raise ValueError(f"{name} must not be {kind}, where a cosine has no value; {np.sum(~(length > 0))} are")
    return (outputs * images).sum((-2, -1)) / lengths[0] / lengths[1]

"""Planted errors in theories and measurements of gradient descent, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

INTERPOLATION = "theory.descent.stable_interpolation"
TWO_LAYERS = "empirical.toy_models.two_layer_networks"

DESCENTS = [
    PlantedError(
        "threshold-gradient-forgotten", "the least Hessian of a unit without the gradient for its threshold", "B-03",
        slip(f"{INTERPOLATION}.unit_kernels", "2 * np.sqrt(2)", "2"),
    ),
    PlantedError(
        "loss-not-halved", "descent on the mean squared error in place of half of it", "B-03.descent",
        slip(f"{TWO_LAYERS}.descend", "(2 * wanted.shape[1])", "wanted.shape[1]"),
    ),
]  # fmt: skip

"""Planted errors in theories and measurements of gradient descent, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

INTERPOLATION = "theory.descent.stable_interpolation"
TRAINED = "verify.strategies.trained_digits.TrainedDigits"
FITTED = "empirical.toy_models.fitted_networks"
TWO_LAYERS = "empirical.toy_models.two_layer_networks"

DESCENTS = [
    PlantedError(
        "threshold-gradient-forgotten", "the least Hessian of a unit without the gradient for its threshold", "B-03",
        slip(f"{INTERPOLATION}.unit_kernels", "2 * np.sqrt(2)", "2"),
    ),
    PlantedError(
        "error-in-place-of-half", "descent on the mean squared error in place of half of it", "B-03.descent",
        slip(f"{TWO_LAYERS}.descend", "(2 * wanted.shape[1])", "wanted.shape[1]"),
    ),
    PlantedError(
        "concentration-inverted", "inputs of 1/a in place of a", "B-01",
        slip("verify.strategies.noisy_regressions.ball", "1 / concentration", "concentration"),
    ),
    PlantedError(
        "lines-of-their-own", "a line through the origin for every input in place of a few lines", "B-04",
        slip(
            "verify.strategies.noisy_regressions.union_of_balls",
            "frames[which]",
            "np.linalg.qr(rng.standard_normal((n, n_dimensions, ball_dimensions)))[0]",
        ),
    ),
    PlantedError(
        "one-coordinate", "Gaussian inputs whose coordinates are all one number", "B-05",
        slip("verify.strategies.noisy_regressions.scaled_gaussian", "(n, 64))", "(n, 1)) * np.ones(64)"),
    ),
    PlantedError(
        "one-checkpoint", "the activations of the last checkpoint at every epoch", "L-01",
        slip(f"{TRAINED}.last_features", "for layers in self.layers", "for layers in self.layers[-1:] * len(self.layers)"),
    ),
    PlantedError(
        "whole-epochs", "looks within an epoch that are taken at its end", "L-02",
        slip(f"{FITTED}.train_through", "round(epoch * n_batches)", "int(np.ceil(epoch)) * n_batches"),
    ),
    PlantedError(
        "share-of-the-largest", "what is heard in units of the mode, not of its standard deviation", "L-03.law",
        slip("theory.descent.reconstruction._unexplained", "weights * np.sqrt(values)", "weights * values"),
    ),
]  # fmt: skip

"""How well a layer's input is reconstructed from its activations, by a linear and by a small non-linear decoder, without torch.

The error is the share of the variance of the inputs that a decoder leaves unexplained at examples that it was not fitted to: 0
for perfect reconstruction, and 1 for guessing the mean. Both decoders end in ridge regression, whose penalty leave-one-out
residuals choose (:class:`empirical.geometry.linearity.Ridge`). The non-linear decoder has a hidden layer of random ReLU units
beside the activations; its units are drawn and not trained, so that it is fitted exactly.
"""

import numpy as np

from empirical.geometry.linearity import Features, Points, Ridge

UNITS = 200


def linear_errors(features: Features, inputs: Points, n_fitted: int) -> np.ndarray:
    """The squared errors of the linear decoder, relative to the variance, at the examples after the first ``n_fitted``, (m,).

    Their mean is the error of the module's docstring. They are those of an affine map from features, (n, f), to inputs, (n, d),
    that is fitted to the first ``n_fitted`` examples; the variance is about the mean of these, over the others.

    :raises ValueError: the arrays do not fit each other, or leave fewer than two examples on one of the sides.
    """
    features, inputs = np.asarray(features, dtype=float), np.asarray(inputs, dtype=float)
    if features.ndim != 2 or inputs.ndim != 2 or len(features) != len(inputs) or not 2 <= n_fitted <= len(inputs) - 2:
        raise ValueError(
            "features (n, f) and inputs (n, d) must have one length, with 2 examples or more to fit and 2 to judge; received "
            f"shapes {features.shape} and {inputs.shape}, and n_fitted={n_fitted}"
        )
    predicted = Ridge.of(features[:n_fitted], inputs[:n_fitted]).predicted(features[n_fitted:])
    spread = np.square(inputs[n_fitted:] - inputs[:n_fitted].mean(0)).sum(1).mean()
    return np.square(inputs[n_fitted:] - predicted).sum(1) / spread


def nonlinear_errors(features: Features, inputs: Points, n_fitted: int, seed: int = 0) -> np.ndarray:
    """The squared errors of the decoder with a hidden layer; parameters, returns and errors as for :func:`linear_errors`.

    :param seed: of the hidden units.
    """
    return linear_errors(with_hidden_units(features, n_fitted, seed), inputs, n_fitted)


def with_hidden_units(features: Features, n_fitted: int, seed: int) -> Features:
    """Features beside random ReLU units of them, (n, f + UNITS).

    The features are centred and scaled to mean squared norm 1 over the first ``n_fitted`` examples. Weights and thresholds of
    the units are standard Gaussian.
    """
    features, rng = np.asarray(features, dtype=float), np.random.default_rng(seed)
    centred = features - features[:n_fitted].mean(0)
    size = np.sqrt(np.square(centred[:n_fitted]).sum(1).mean())
    scaled = centred / size if size > 0 else centred
    hidden = scaled @ rng.standard_normal((features.shape[1], UNITS)) + rng.standard_normal(UNITS)
    return np.hstack([scaled, np.maximum(hidden, 0)])

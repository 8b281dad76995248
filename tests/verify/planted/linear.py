"""Planted errors in the theory of linear networks and in their training, and the claim that detects each."""

from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula
from tests.verify.planted.slips.slip import slip


def wrapped(right):
    """Patches at the border go on at the opposite one, where the layer sees zeros."""

    def patches(images, kernel):
        reach = kernel // 2
        around = [(0, 0)] * (np.ndim(images) - 2) + [(reach, reach)] * 2
        padded = np.pad(images, around, mode="wrap")
        height, width = padded.shape[-2:]
        found = right(padded, kernel)
        found = found.reshape(*found.shape[:-2], height, width, -1)[..., reach : height - reach, reach : width - reach, :]
        return found.reshape(*found.shape[:-3], -1, found.shape[-1])

    return patches


def unchained(_):
    """Features of a layer are what its weights make of the inputs, not of the features before."""
    return lambda inputs, weights: np.stack([inputs, *(inputs @ weight.T for weight in weights[:-1])])


def gaussian(right):
    """Initial weights are Gaussian with the same mean square, not orthogonal."""

    def start(n_features, n_outputs, depth, scale, rng):
        shapes = [weight.shape for weight in right(n_features, n_outputs, depth, scale, rng)]
        return tuple(scale / np.sqrt(n_features) * rng.standard_normal(shape) for shape in shapes)

    return start


def centred(features):
    return features - features.mean((-2, -3), keepdims=True)


def unnormalized(modes, n):
    return replace(modes, eigenvalue=n * modes.eigenvalue)


LINEAR = [
    PlantedError(
        "wrong-space", "what was learned goes through the initial weights, the rest is kept", "Z-01",
        formula("theory.identity.identity_maps.outside", lambda right: lambda basis, vectors: vectors - right(basis, vectors)),
    ),
    PlantedError(
        "one-image-of-several", "the projector on the first training image alone", "Z-01",
        formula("theory.identity.identity_maps.connected_output", lambda right: lambda w, shown, x: right(w, shown[:1], x)),
    ),
    PlantedError(
        "padding-forgotten", "patches at the border go on at the opposite one", "Z-02",
        formula("theory.identity.identity_maps.patches", wrapped),
    ),
    PlantedError(
        "patches-flipped", "a convolution in the mathematician's sense: patches are read backwards", "Z-02",
        formula("theory.identity.identity_maps.patches", lambda right: lambda x, kernel: right(x[..., ::-1, ::-1], kernel)),
    ),
    PlantedError(
        "stopped-early", "training ends at a gradient of a hundredth of the first", "Z-02",
        formula("empirical.toy_models.linear_networks.TOLERANCE", lambda right: 1e-2),
    ),
    PlantedError(
        "count-inverted", "n^(1/L) multiplied where it divides", "W-01",
        formula(
            "theory.learning.deep_linear_networks.compression_ratio",
            lambda right: lambda n, L, eps: n ** (2 / L) * right(n, L, eps),
        ),
    ),
    PlantedError(
        "scale-not-squared", "eps where eps^2 should be", "W-01",
        formula(
            "theory.learning.deep_linear_networks.compression_ratio",
            lambda right: lambda n, depth, eps: right(n, depth, eps) / eps,
        ),
    ),
    PlantedError(
        "layers-not-chained", "features of a layer are what its weights make of the inputs", "W-02",
        formula("empirical.toy_models.linear_networks.deep_features", unchained),
    ),
    PlantedError(
        "readout-not-counted", "l/L with the L - 1 hidden layers for L", "W-03",
        formula(
            "theory.learning.deep_linear_networks.mean_gram",
            lambda right: lambda x, layer, depth: right(x, layer, depth - 1),
        ),
    ),
    PlantedError(
        "means-centred", "cosines of class means about the global mean", "W-03",
        formula("empirical.geometry.compression.discrimination", lambda right: lambda features: right(centred(features))),
    ),
    PlantedError(
        "gaussian-start", "initial weights Gaussian, not orthogonal", "W-04",
        formula("empirical.toy_models.linear_networks.orthogonal_start", gaussian),
    ),
    PlantedError(
        "covariance-not-divided", "eigenvalues of X^T X for those of X^T X / n", "H-01",
        formula(
            "theory.learning.linear_learning_curves.fixed_design",
            lambda right: lambda x, *a: unnormalized(right(x, *a), len(x)),
        ),
    ),
    PlantedError(
        "noise-by-its-deviation", "the standard deviation of the label noise for its variance", "H-01",
        formula(
            "theory.learning.linear_learning_curves.fixed_design",
            lambda right: lambda x, w, noise: right(x, w, np.sqrt(noise)),
        ),
    ),
    PlantedError(
        "load-forgotten-in-the-noise", "the noise of a direction is the labels', whatever the number of examples", "H-01.limit",
        formula(
            "theory.learning.linear_learning_curves.marchenko_pastur",
            lambda right: lambda load, s, noise: right(load, s, load * noise),
        ),
    ),
    PlantedError(
        "signal-not-shrunk", "permuted labels as noise about the labels themselves", "H-01.permuted",
        formula("theory.kernels.label_noise.permutation_moments", lambda right: lambda y, m: (y, right(y, m)[1])),
    ),
    PlantedError(
        "layers-before-training", "the layers of the networks before training", "W-05.perceptrons",
        slip("verify.claims.wang2025.claim_w05_perceptrons.compressions", "world.trained", "world.started"),
    ),
    PlantedError(
        "whole-rank", "all singular values counted, not those that are nearly all of the nuclear norm", "W-06.rank",
        slip("empirical.geometry.numerical_rank.numerical_rank", "share * added", "added"),
    ),
]  # fmt: skip

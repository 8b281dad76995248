"""Planted errors in the moments of permuted gradients and in linearized learning, and the claim that detects each."""

from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula


def not_squared(right):
    """Groups weighted by their size, not by its square."""

    def permuted_share(n, n_classes, eps, separation):
        share = right(n, n_classes, eps, separation)
        odds = share / (1 - share) * (1 - eps) / eps
        return odds / (1 + odds)

    return permuted_share


def not_centred(counts, n_draws, rng):
    """Cotangents as they are drawn, whose mean over the group pulls back as well."""
    counts = np.asarray(counts, dtype=float)
    n = counts.sum()
    noise = rng.standard_normal((n_draws, int(n), len(counts))) * np.sqrt(counts)
    return (noise - noise.sum(2, keepdims=True) * counts / n) / (n * np.sqrt(n - 1))


def one_draw(right):
    """The generator is made anew for every draw."""
    return lambda counts, n, rng: np.repeat(right(counts, 1, rng), n, axis=0)


def at_zero_logits(right):
    """The network's own probabilities forgotten."""
    return lambda probabilities, counts: right(np.full_like(probabilities, 1 / len(counts)), counts)


def exchanged(right):
    """Permuted and restored examples take each other's place."""

    def losses(*world):
        found = right(*world)
        return replace(found, permuted=found.restored, restored=found.permuted)

    return losses


def with_replacement(right):
    """Labels of a class drawn independently: the last factor of the hypergeometric variance is lost."""

    def expected_mixing(n, n_classes, eps):
        return replace(right(n, n_classes, eps), spread=(1 - 1 / n_classes) / (eps * n))

    return expected_mixing


GRADIENTS = [
    PlantedError(
        "size-for-freedom", "the permuted gradient divided by n, not by n - 1 where class means add", "S-17.share",
        formula(
            "theory.learning.permuted_gradient_share.permuted_square",
            lambda _: lambda n, c, b, w: (1 - 1 / c) * (b + w) / (c * n),
        ),
    ),
    PlantedError(
        "share-not-squared", "groups weighted by eps and not by its square", "S-17.share",
        formula("theory.learning.permuted_gradient_share.permuted_share", not_squared),
    ),
    PlantedError(
        "between-for-within", "scatter between and within classes exchanged", "S-17.share",
        formula(
            "theory.learning.permuted_gradient_share.unpermuted_square",
            lambda right: lambda n, c, b, w: right(n, c, w, b),
        ),
    ),
    PlantedError(
        "true-labels-leaked", "the permuted group's gradient taken under its true labels", "S-17.share",
        formula(
            "empirical.toy_models.small_networks.readout_squares",
            lambda right: lambda features, labels, c: right(features, np.sort(labels, axis=1), c),
        ),
    ),
    PlantedError(
        "cotangents-not-centred", "random cotangents not centred over the group", "S-19.cotangents",
        formula("theory.learning.permuted_gradient.cotangents", lambda _: not_centred),
    ),
    PlantedError(
        "seed-reused", "every cotangent drawn from the same seed", "S-19.cotangents",
        formula("theory.learning.permuted_gradient.cotangents", one_draw),
    ),
    PlantedError(
        "probabilities-forgotten", "the mean gradient of zero logits, at logits that are not", "S-19.cotangents",
        formula("theory.learning.permuted_gradient.mean_cotangents", at_zero_logits),
    ),
    PlantedError(
        "single-precision", "Jacobians rounded to float32", "S-19.cotangents",
        formula(
            "empirical.toy_models.small_networks.jacobians_by_func",
            lambda right: lambda *of: {layer: rows.astype(np.float32) for layer, rows in right(*of).items()},
        ),
    ),
    PlantedError(
        "cotangents-of-counts", "label counts for the scatter of labels about their mean", "S-19.cotangents",
        formula("theory.learning.permuted_gradient.label_covariance", lambda _: lambda counts: np.diag(counts)),
    ),
    PlantedError(
        "groups-exchanged", "the curves of permuted and of restored examples exchanged", "S-19.linearized",
        formula("theory.learning.early_learning.losses", exchanged),
    ),
    PlantedError(
        "fraction-halved", "half as many labels permuted as there are", "S-19.linearized",
        formula(
            "theory.learning.early_learning.losses",
            lambda right: lambda t, r, c, eps, mixing: right(t, r, c, eps / 2, mixing),
        ),
    ),
    PlantedError(
        "labels-with-replacement", "permuted labels as if drawn independently", "S-19.linearized",
        formula("theory.learning.early_learning.expected_mixing", with_replacement),
    ),
    PlantedError(
        "share-forgotten", "permuted examples ignored only while their loss has not fallen at all", "S-19.linearized",
        formula("theory.learning.early_learning.ignored_until", lambda right: lambda *world: right(*world[:-1], 0.0)),
    ),
    PlantedError(
        "loss-not-halved", "descent twice as fast as its learning rate says", "S-19.linearized",
        formula(
            "empirical.toy_models.kernel_descent.descend",
            lambda right: lambda x, y, rate, *steps: right(x, y, 2 * rate, *steps),
        ),
    ),
]  # fmt: skip

"""Planted errors in networks that fit labels of digits and in what is measured on them, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError, formula
from tests.verify.planted.slips.slip import slip

NETWORKS = "verify.strategies.fitted_digits.FittedDigits"

LINEARITY = [
    PlantedError(
        "nothing-permuted", "networks trained on true labels where all labels should be permuted", "Q-09",
        formula("empirical.data.permuted_labels.permute", lambda right: lambda true, _, *rest: right(true, 0.0, *rest)),
    ),
    PlantedError(
        "gain-of-true-labels", "capacity of permuted images by their true labels, not by those trained on", "Q-10",
        slip(f"{NETWORKS}.log_gains", "labels.trained[labels.permuted]", "labels.true[labels.permuted]"),
    ),
    PlantedError(
        "unpermuted-asked", "the labels of unpermuted images asked of the readout", "Q-11",
        slip(f"{NETWORKS}.separations", "images = labels.permuted", "images = labels.unpermuted"),
    ),
]  # fmt: skip

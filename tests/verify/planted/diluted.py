"""Planted errors in labels that are diluted with wrong ones, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

COUNTS = "verify.strategies.diluted_digits.DilutedDigits._counts_of"

DILUTED = [
    PlantedError(
        "right-labels-lost", "drawn labels in place of the right ones, not beside them", "V-02",
        slip(COUNTS, "counts = np.eye(CLASSES)[true]", "counts = np.zeros((len(true), CLASSES))"),
    ),
    PlantedError(
        "others-include-the-right-one", "labels of all classes drawn where they should be of the others", "V-02.threshold",
        slip(COUNTS, '"others": (1, CLASSES)', '"others": (0, CLASSES)'),
    ),
]  # fmt: skip

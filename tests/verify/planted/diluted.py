"""Planted errors in labels that are diluted with wrong ones, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

DIGITS = "verify.strategies.diluted_digits.DilutedDigits"
COUNTS = f"{DIGITS}._counts_of"

DILUTED = [
    PlantedError(
        "right-labels-lost", "drawn labels in place of the right ones, not beside them", "V-02",
        slip(COUNTS, "counts = np.eye(CLASSES)[true]", "counts = np.zeros((len(true), CLASSES))"),
    ),
    PlantedError(
        "others-include-the-right-one", "labels of all classes drawn where they should be of the others", "V-02.threshold",
        slip(COUNTS, '"others": (1, CLASSES)', '"others": (0, CLASSES)'),
    ),
    PlantedError(
        "first-images-alone", "networks trained on the first 200 images alone", "V-03",
        slip(f"{DIGITS}.test_classes", "self.inputs, shares, self", "self.inputs[:, :200], shares[:, :200], self"),
    ),
    PlantedError(
        "labels-of-few-images", "class means of the labels of the first 200 images alone", "V-03.averaging",
        slip(f"{DIGITS}.class_mean_accuracy", "counts.T @ images /", "counts[:200].T @ images[:200] /"),
    ),
]  # fmt: skip

from empirical.evidence.measurement import Measurement
from empirical.instruments.measure import turning_point


def accuracy(half, *values):
    """Accuracies on a half of the test images at the epochs 0, 2, 4, ..."""
    return [
        Measurement(0, 0, 2 * index, "network", 1.0, "test", half, "accuracy", value, 0.0, 1)
        for index, value in enumerate(values)
    ]


def test_the_turning_point_is_that_of_the_selection_half():
    assert turning_point(accuracy("select", 0.1, 0.8, 0.5) + accuracy("report", 0.1, 0.5, 0.9)) == 2


def test_the_turning_point_is_the_first_of_ties():
    assert turning_point(accuracy("select", 0.1, 0.8, 0.8, 0.7)) == 2

"""Slips in the search for wrong labels, and the test that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

CODE, TESTS = "empirical.label_errors", "tests/empirical/label_errors"

LABEL_ERROR_SLIPS = [
    PlantedError(
        "coincidences-wrong", "labels that are right by coincidence counted as wrong",
        "tests/empirical/instruments/small_networks/test_label_errors.py::test_labels_are_wrong_where_they_differ_from_the_true_ones",
        slip(
            "empirical.instruments.small_networks.label_errors.wrong_labels",
            "given = MAKE[noise](true, SHARE, subject.n_classes, rng).trained\n    return given, given != true",
            "made = MAKE[noise](true, SHARE, subject.n_classes, rng)\n    return made.trained, made.drawn",
        ),
    ),
    PlantedError(
        "example-in-its-class-mean", "the example left in the mean of its class",
        f"{TESTS}/test_class_means.py::test_an_example_does_not_move_the_mean_of_its_own_class",
        slip(f"{CODE}.class_means.ClassMeans.end_epoch", "(total - sums) / self.others[..., None]",
             "(total + 0 * sums) / self.counts[:, None]"),
    ),
    PlantedError(
        "twice-the-first-best", "averages to twice the first epoch that was the best so far",
        f"{TESTS}/test_early_average.py::test_averages_are_those_of_kept_epochs[0]",
        slip(f"{CODE}.early_average.EarlyAverage.add", "held_out < self.least", "self.best == 0"),
    ),
    PlantedError(
        "suggested-at-the-end", "labels suggested at the last epoch",
        f"{TESTS}/test_early_average.py::test_averages_are_those_of_kept_epochs[0]",
        slip(
            f"{CODE}.early_average.EarlyAverage.add",
            "self.n_epochs += 1", "self.n_epochs, self.suggested = self.n_epochs + 1, suggested.copy()",
        ),
    ),
    PlantedError(
        "held-out-with-the-others", "held-out examples ranked together with those trained on",
        f"{TESTS}/test_table.py::test_held_out_examples_are_ranked_among_themselves",
        slip(f"{CODE}.table._shares", "(held_out, ~held_out)", "(held_out | True,)"),
    ),
    PlantedError(
        "p-without-itself", "the smallest p-value 0 in place of 1 / (r + 1)",
        f"{TESTS}/test_false_discoveries.py::test_p_values_are_shares_of_verified_right_labels",
        slip(f"{CODE}.false_discoveries.p_values", "(1 + at_least) / (1 + len(right))", "at_least / len(right)"),
    ),
    PlantedError(
        "p-of-all-verified", "p-values that compare with wrong labels too",
        f"{TESTS}/test_false_discoveries.py::test_p_values_are_shares_of_verified_right_labels",
        slip(f"{CODE}.false_discoveries.p_values", "sample.index[sample.right]", "sample.index"),
    ),
    PlantedError(
        "columns-unchecked", "columns in another order than the labels not told",
        f"{TESTS}/test_columns.py::test_two_columns_exchanged",
        slip(f"{CODE}.columns.ColumnCount.warnings", "if moved:", "if len(moved) > 2:"),
    ),
]  # fmt: skip

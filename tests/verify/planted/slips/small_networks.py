"""Slips in small networks that instruments train, each caught by a test."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

TESTS, TRAINING = "tests/empirical/instruments/small_networks", "tests/empirical/training"
CODE = "empirical.instruments.small_networks"

SMALL_NETWORK_SLIPS = [
    PlantedError(
        "stack-sums-losses", "the sum of a batch's losses for their mean in the steps of a stack",
        f"{TRAINING}/test_stacks.py::test_a_stack_trains_as_its_networks_do_one_at_a_time[torch.float64]",
        slip("empirical.training.stacks.residuals", ".div_(logits.shape[1])", ""),
    ),
    PlantedError(
        "stack-one-order", "every network of a stack trained in the order of the first",
        f"{TRAINING}/test_stacks.py::test_a_stack_trains_as_its_networks_do_one_at_a_time[torch.float64]",
        slip("empirical.training.stacks.one_epoch", "orders.split(", "orders[:1].expand_as(orders).split("),
    ),
    PlantedError(
        "softmax-without-mean", "the mean over classes lost in the derivative of the softmax",
        f"{TRAINING}/test_unrolled.py::test_the_derivatives_are_finite_differences",
        slip("empirical.training.unrolled.curvature", "(dot_logits - mean)", "dot_logits"),
    ),
    PlantedError(
        "steps-not-followed", "what later steps make of an image's step left out",
        f"{TRAINING}/test_unrolled.py::test_the_derivatives_are_finite_differences",
        slip("empirical.training.unrolled.image_gradients", "alpha=path.rate", "alpha=0"),
    ),
    PlantedError(
        "labels-imbalanced", "random labels drawn with unequal numbers of each class",
        f"{TESTS}/test_data_kinds.py::test_random_labels_are_exactly_balanced_and_know_nothing_of_the_true_ones",
        slip(f"{CODE}.data_kinds.Examples.of_kind", "rng.permutation(self.labels)", "rng.integers(10, size=len(self.labels))"),
    ),
    PlantedError(
        "labels-trained", "the labels trained on, half of them permuted, for the true ones",
        f"{TESTS}/test_data_kinds.py::test_real_examples_are_training_images_from_zero_to_one_under_their_true_labels",
        slip(f"{CODE}.data_kinds.real_examples", "subject.labels.true", "subject.labels.trained"),
    ),
    PlantedError(
        "classes-unequal", "images drawn from all classes together, so that some have more than others",
        f"{TESTS}/test_data_kinds.py::test_there_are_at_most_a_thousand",
        slip(
            f"{CODE}.data_kinds.real_examples",
            "[rng.choice(one, each, replace=False) for one in members]",
            "[rng.choice(len(true), each * len(members), replace=False)]",
        ),
    ),
    PlantedError(
        "noise-of-other-images", "noise with the statistics of a few of the images",
        f"{TESTS}/test_data_kinds.py::test_noise_has_the_mean_and_deviation_of_the_real_examples[randXpix-0]",
        slip(f"{CODE}.data_kinds.Examples.of_kind", "NOISE[kind], self.images)", "NOISE[kind], self.images[:20])"),
    ),
    PlantedError(
        "noise-global", "noise with the statistics of all pixels where those of each are meant",
        f"{TESTS}/test_data_kinds.py::test_noise_has_the_mean_and_deviation_of_the_real_examples[randXpix-0]",
        slip(f"{CODE}.data_kinds.Examples.of_kind", "NOISE[kind]", '"inputs"'),
    ),
    PlantedError(
        "pixels-standardized", "pixels left in standardized units, whose squares are about nine times larger on MNIST",
        f"{TESTS}/test_data_kinds.py::test_real_examples_are_training_images_from_zero_to_one_under_their_true_labels",
        slip(f"{CODE}.data_kinds.real_examples", "- low) / (high - low)", ") / 1"),
    ),
    PlantedError(
        "errors-on-others", "errors counted on images that were not trained on",
        f"{TESTS}/test_first_epochs.py::test_errors_are_those_of_networks_trained_one_at_a_time",
        slip(f"{CODE}.first_epochs.misclassified", "stack.predicted(shown)", "stack.predicted(shown.flip(1))"),
    ),
    PlantedError(
        "counts-over-all-classes", "the variance of the counts of all images for that within classes",
        f"{TESTS}/test_first_epochs.py::test_examples_of_a_class_that_are_all_alike_have_dispersion_one",
        slip(
            f"{CODE}.first_epochs.statistics",
            "np.mean([counts[labels == label].var() for label in classes])", "counts.var()",
        ),
    ),
    PlantedError(
        "null-of-the-mean-rate", "the Binomial variance of the mean error rate for the mean under permutation",
        f"{TESTS}/test_first_epochs.py::test_examples_of_a_class_that_are_all_alike_have_dispersion_one",
        slip(
            f"{CODE}.first_epochs.statistics",
            "np.mean((shares * (1 - shares)).sum(axis=1))", "(len(wrong) * rate * (1 - rate))",
        ),
    ),
    PlantedError(
        "null-variance-doubled", "every pair of runs counted twice in the exact variance under permutation",
        "tests/theory/learning/test_misclassification_counts.py::test_the_moments_are_those_over_all_arrangements",
        slip("theory.learning.misclassification_counts.squares_moments", "total, 2 *", "total, 4 *"),
    ),
    PlantedError(
        "swing-with-the-wrong-sign", "swings of the error rate added to the variance within classes",
        "tests/theory/learning/test_misclassification_counts.py"
        "::test_the_index_against_the_binomial_law_is_the_mean_over_sampled_permutations[False]",
        slip("theory.learning.misclassification_counts.binomial_index", "- swings)", "+ swings)"),
    ),
    PlantedError(
        "gini-before-an-epoch", "sensitivities averaged from the first steps, when most examples have none",
        f"{TESTS}/test_loss_sensitivity.py::test_nothing_is_read_before_an_epoch_has_ended",
        slip(f"{CODE}.loss_sensitivity.gini_readings", "range(first, AVERAGED", "range(EVERY, AVERAGED"),
    ),
    PlantedError(
        "gini-of-the-last-step", "sensitivities of the last step for their average over steps",
        f"{TESTS}/test_loss_sensitivity.py::test_later_numbers_are_of_sensitivities_averaged_from_there",
        slip(f"{CODE}.loss_sensitivity.gini_readings", "<= epoch * first]", "== epoch * first]"),
    ),
    PlantedError(
        "classes-exchanged", "the loss of class j and examples of class i for the loss of class i and examples of class j",
        f"{TESTS}/test_loss_sensitivity.py::test_losses_of_classes_are_told_apart_and_add_up_to_the_whole",
        slip(f"{CODE}.loss_sensitivity.matrix_readings", 'f"{i}-{j}"', 'f"{j}-{i}"'),
    ),
    PlantedError(
        "diagonal-beside", "the diagonal left among the entries beside it",
        f"{TESTS}/test_loss_sensitivity.py::test_losses_of_classes_are_told_apart_and_add_up_to_the_whole",
        slip(f"{CODE}.loss_sensitivity.off_diagonal", "(matrix.sum() - diagonal)", "matrix.sum()"),
    ),
]  # fmt: skip

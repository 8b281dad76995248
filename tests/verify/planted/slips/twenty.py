"""Twenty slips over the three rooms, all chosen before any of them was planted.

Each was then planted, and the tests and claims that read its function were run. Eleven were caught. A test was written for each
of the other nine; what was caught at first stays in the records.
"""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

TWENTY = [
    PlantedError(
        "pair-off-by-one", "m - 2 for m - 3 in the moments of pairs of permuted labels",
        "tests/theory/kernels/test_label_noise.py::test_the_moments_are_those_over_all_permutations",
        slip("theory.kernels.label_noise._pair_moments", "(m - 3) * rest_pair", "(m - 2) * rest_pair"),
        "caught",
    ),
    PlantedError(
        "replicates-biased", "the standard error over replicates divided by n, not by n - 1",
        "tests/theory/numerics/test_sobol_probes.py::test_the_inverse_of_a_mean_has_its_error",
        slip("theory.numerics.sobol_probes.inverse_of_mean", "ddof=1", "ddof=0"),
        "caught",
    ),
    PlantedError(
        "square-without-two", "the 2 of the delta method lost in the error of the published dimension",
        "tests/theory/geometry/test_anchor_statistics.py::test_the_published_dimension_has_its_error_by_the_delta_method",
        slip("theory.geometry.anchor_statistics._published_dimension", "2 * axes * xp.abs", "axes * xp.abs"),
        "missed",
    ),
    PlantedError(
        "mean-of-centres", "the mean of the centres for the mean of all points, where manifolds differ in size",
        "tests/theory/geometry/test_gram_accumulation.py::test_about_the_mean_afterwards_is_about_the_mean",
        slip("theory.geometry.grams.Grams.about_mean", "n / sum(sizes)", "1 / len(sizes)"),
        "caught",
    ),
    PlantedError(
        "diagonal-kept", "an example with itself counted among the pairs of its class",
        "tests/theory/kernels/test_exchangeable_kernels.py::test_the_nearest_kernel_is_an_orthogonal_projection",
        slip("theory.kernels.exchangeable_kernels.nearest", "same & ~itself", "same"),
        "caught",
    ),
    PlantedError(
        "first-manifolds-held", "the first manifolds projected out in every draw, not random ones",
        "tests/theory/geometry/test_cavity.py::test_which_manifolds_are_held_is_drawn",
        slip("theory.geometry.cavity._some", "rng.permutation(len(active))", "np.arange(len(active))"),
        "missed",
    ),
    PlantedError(
        "cross-without-two", "the factor 2 of the mixed term lost in the test error",
        "tests/theory/learning/test_linear_learning_curves.py::test_the_flow_integrated_step_by_step",
        slip("theory.learning.linear_learning_curves.test_error", "2 * modes.cross * left", "modes.cross * left"),
        "caught",
    ),
    PlantedError(
        "wrong-half", "test manifolds of the selection half, not of the reported one",
        "tests/empirical/geometry/test_class_manifolds.py::test_manifolds_are_of_one_class_one_group_and_one_size",
        slip("empirical.geometry.class_manifolds._members", " + len(subject.tests[SELECT][0])", ""),
        "caught",
    ),
    PlantedError(
        "probe-of-true-labels", "linear probes for test images fitted to true labels",
        "tests/empirical/instruments/test_linear_probes.py::test_probes_for_test_images_learn_the_labels_trained_on",
        slip(
            "empirical.instruments.linear_probes.probe_readings",
            "fit(train, small.labels.trained)", "fit(train, small.labels.true)",
        ),
        "missed",
    ),
    PlantedError(
        "half-lost", "the 1/2 of the statistical dimension lost in the simulated capacity",
        "tests/empirical/separability/test_simulated_capacity.py::test_capacity_is_manifolds_over_the_mean_less_one_half",
        slip("empirical.separability.simulated_capacity._capacity", "features.value - 0.5", "features.value"),
        "caught",
    ),
    PlantedError(
        "wrong-group-below", "the distance of the label-independent parts relative to the permuted group",
        "tests/empirical/instruments/test_gradients.py::test_comparisons_of_the_groups_by_hand",
        slip("empirical.instruments.gradients._comparisons", ").norm() / one[layer].norm()", ").norm() / other[layer].norm()"),
        "missed",
    ),
    PlantedError(
        "difference-of-norms", "the difference of the norms of weights for the norm of their difference",
        "tests/empirical/instruments/test_weights.py::test_norms_and_distances_are_of_all_parameters_of_a_layer",
        slip(
            "empirical.instruments.weights.weight_readings",
            "(weights - start[layer]).norm()", "(weights.norm() - start[layer].norm()).abs()",
        ),
        "caught",
    ),
    PlantedError(
        "jackknife-as-mean", "the jackknife's error of the alignment taken for that of a mean",
        "tests/empirical/instruments/test_gradients.py::test_alignment_is_the_mean_cosine_of_pairs",
        slip("empirical.instruments.autograd._mean_cosine", "(k - 1) / k *", "1 / (k * (k - 1)) *"),
        "caught",
    ),
    PlantedError(
        "rate-an-epoch-ahead", "the learning rate an epoch ahead",
        "tests/empirical/training/test_train.py::test_the_rate_falls_linearly_from_the_first_step_to_zero_after_the_last",
        slip("empirical.training.train.one_epoch", "(epoch - 1 + step", "(epoch + step"),
        "missed",
    ),
    PlantedError(
        "pseudo-values", "n for n - 1 before the statistic without a network",
        "tests/verify/judging/test_jackknife.py::test_pseudo_values_of_a_mean_are_the_values",
        slip("verify.judging.jackknife.pseudo_values", "(n_networks - 1) * without", "n_networks * without"),
        "caught",
    ),
    PlantedError(
        "own-sign", "every network's own sign for the sign of their mean",
        "tests/verify/measurements/test_analysis_choices.py::test_the_sign_is_that_of_the_mean_over_networks",
        slip("verify.measurements.analysis_choices.one_sign", "np.sign(np.mean(standard))", "np.sign(standard)"),
        "missed",
    ),
    PlantedError(
        "narrowest", "the narrowest width for the last that is half the threshold",
        "tests/verify/measurements/test_sweeps.py::test_the_threshold_is_where_every_group_is_fitted_and_its_comparisons_are_set_by_it",
        slip("verify.measurements.sweeps.Sweep.around_threshold", "int(below[-1])", "int(below[0])"),
        "caught",
    ),
    PlantedError(
        "projections-unpaired", "projections of their own for every change of the digits",
        "tests/verify/strategies/test_correlated.py::test_changes_of_the_digits_are_separated_in_the_same_projections",
        slip("verify.strategies.digits.features_needed", "default_rng(seed)", "default_rng([seed, stage])"),
        "missed",
    ),
    PlantedError(
        "values-for-ranks", "the correlation of the values for that of their ranks",
        "tests/verify/measurements/test_rank_correlation.py::test_the_correlation_is_of_ranks",
        slip("verify.measurements.rank_correlation.spearman", "stats.rankdata(one), stats.rankdata(other)", "one, other"),
        "missed",
    ),
    PlantedError(
        "incomplete-layers", "layers kept that were not measured in every group and epoch",
        "tests/verify/measurements/test_geometry_methods.py::test_joint_anchors_keep_the_layers_that_are_complete",
        slip("verify.measurements.geometry_methods._where_complete", "there == every and every", "there"),
        "missed",
    ),
]  # fmt: skip

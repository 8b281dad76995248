"""Twenty slips over the three rooms, all chosen before any of them was planted."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

TWENTY = [
    PlantedError(
        "pair-off-by-one", "m - 2 for m - 3 in the moments of pairs of permuted labels", "",
        slip("theory.learning.label_noise._pair_moments", "(m - 3) * rest_pair", "(m - 2) * rest_pair"),
    ),
    PlantedError(
        "replicates-biased", "the standard error over replicates divided by n, not by n - 1", "",
        slip("theory.numerics.sobol_probes.inverse_of_mean", "ddof=1", "ddof=0"),
    ),
    PlantedError(
        "square-without-two", "the 2 of the delta method lost in the error of the published dimension", "",
        slip("theory.geometry.anchor_statistics._published_dimension", "2 * axes * xp.abs", "axes * xp.abs"),
    ),
    PlantedError(
        "mean-of-centres", "the mean of the centres for the mean of all points, where manifolds differ in size", "",
        slip("theory.geometry.grams.Grams.about_mean", "n / sum(sizes)", "1 / len(sizes)"),
    ),
    PlantedError(
        "diagonal-kept", "an example with itself counted among the pairs of its class", "",
        slip("theory.learning.exchangeable_kernels.nearest", "same & ~itself", "same"),
    ),
    PlantedError(
        "first-manifolds-held", "the first manifolds projected out in every draw, not random ones", "",
        slip("theory.geometry.cavity._some", "rng.permutation(len(active))", "np.arange(len(active))"),
    ),
    PlantedError(
        "cross-without-two", "the factor 2 of the mixed term lost in the test error", "",
        slip("theory.learning.linear_learning_curves.test_error", "2 * modes.cross * left", "modes.cross * left"),
    ),
    PlantedError(
        "wrong-half", "test manifolds of the selection half, not of the reported one", "",
        slip("empirical.geometry.class_manifolds._members", " + len(subject.tests[SELECT][0])", ""),
    ),
    PlantedError(
        "probe-of-true-labels", "linear probes for test images fitted to true labels", "",
        slip("empirical.instruments.linear_probes.probe_readings", "fit(train, small.labels.trained", "fit(train, small.labels.true"),
    ),
    PlantedError(
        "half-lost", "the 1/2 of the statistical dimension lost in the simulated capacity", "",
        slip("empirical.separability.simulated_capacity._capacity", "features.value - 0.5", "features.value"),
    ),
    PlantedError(
        "wrong-group-below", "the distance of the label-independent parts relative to the permuted group", "",
        slip("empirical.instruments.gradients._comparisons", ").norm() / one[layer].norm()", ").norm() / other[layer].norm()"),
    ),
    PlantedError(
        "difference-of-norms", "the difference of the norms of weights for the norm of their difference", "",
        slip(
            "empirical.instruments.weights.weight_readings",
            "(weights - start[layer]).norm()", "(weights.norm() - start[layer].norm()).abs()",
        ),
    ),
    PlantedError(
        "jackknife-as-mean", "the jackknife's error of the alignment taken for that of a mean", "",
        slip("empirical.instruments.autograd._mean_cosine", "(k - 1) / k *", "1 / (k * (k - 1)) *"),
    ),
    PlantedError(
        "rate-an-epoch-ahead", "the learning rate an epoch ahead", "",
        slip("empirical.training.train.one_epoch", "(epoch - 1 + step", "(epoch + step"),
    ),
    PlantedError(
        "pseudo-values", "n for n - 1 before the statistic without a network", "",
        slip("verify.judging.jackknife.pseudo_values", "(n_networks - 1) * without", "n_networks * without"),
    ),
    PlantedError(
        "own-sign", "every network's own sign for the sign of their mean", "",
        slip("verify.measurements.analysis_choices.one_sign", "np.sign(np.mean(standard))", "np.sign(standard)"),
    ),
    PlantedError(
        "narrowest", "the narrowest width for the last that is half the threshold", "",
        slip("verify.measurements.sweeps.Sweep.around_threshold", "int(below[-1])", "int(below[0])"),
    ),
    PlantedError(
        "projections-unpaired", "projections of their own for every change of the digits", "",
        slip("verify.strategies.digits.features_needed", "default_rng(seed)", "default_rng([seed, stage])"),
    ),
    PlantedError(
        "values-for-ranks", "the correlation of the values for that of their ranks", "",
        slip("verify.claims.wang2022.claim_y02.spearman", "stats.rankdata(one), stats.rankdata(other)", "one, other"),
    ),
    PlantedError(
        "incomplete-layers", "layers kept that were not measured in every group and epoch", "",
        slip("verify.measurements.geometry_methods._where_complete", "there == every and every", "there"),
    ),
]  # fmt: skip

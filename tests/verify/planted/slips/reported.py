"""Slips that readers of the code reported as caught by nothing, or by no claim; each is caught by a test now."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

THEORY, EMPIRICAL = "tests/theory/geometry", "tests/empirical/instruments"

REPORTED = [
    PlantedError(
        "readout-left-out", "suffixes rewound without the readout",
        f"{EMPIRICAL}/test_rewinding.py::test_readings_are_the_accuracies_of_rewound_networks[suffix]",
        slip(
            "empirical.instruments.rewinding._rewound",
            "rest[name] for name in after", "(new if name == after[-1] else rest)[name] for name in after",
        ),
        "missed",
    ),
    PlantedError(
        "one-manifold-fewer", "combined standard errors divided by P - 1",
        f"{THEORY}/test_manifolds.py::test_averages_and_their_errors_are_those_of_the_manifolds",
        slip("theory.geometry.manifolds._average", "/ values.shape[0]", "/ (values.shape[0] - 1)"),
        "missed",
    ),
    PlantedError(
        "correction-two", "standard errors over probes with n - 2",
        f"{THEORY}/test_anchor_statistics.py::test_means_over_probes_have_the_error_of_a_mean",
        slip("theory.geometry.anchor_statistics._mean", "correction=1", "correction=2"),
        "missed",
    ),
    PlantedError(
        "correction-two-over-draws", "standard errors over draws with n - 2",
        f"{THEORY}/test_cavity.py::test_errors_of_each_manifold_are_those_of_means_over_draws",
        slip("theory.geometry.cavity._errors", "ddof=1", "ddof=2"),
        "missed",
    ),
    PlantedError(
        "one-rise", "the search for K stopped after one rise",
        f"{THEORY}/test_center_correlations.py::test_the_search_ends_after_three_rises_in_a_row_and_not_before_five",
        slip("theory.geometry.center_correlations._keeps_rising", "residuals[-RISES - 1 :]", "residuals[-2:]"),
        "missed",
    ),
    PlantedError(
        "one-start", "the search for shared directions started in one place each time",
        f"{EMPIRICAL}/test_registry.py::test_other_starts_change_the_directions_and_nothing_else",
        slip("empirical.geometry.readings.minima_readings", "center_seed=start", "center_seed=0"),
        "missed",
    ),
    PlantedError(
        "variance-biased", "the variance over permutations without n / (n - 1)",
        f"{EMPIRICAL}/test_autograd.py::test_the_variance_over_permutations_is_unbiased",
        slip("empirical.instruments.autograd._moments", " * n / (n - 1)", ""),
        "missed",
    ),
    PlantedError(
        "variance-identity-biased", "n for n - 1 in the exact variance over permutations",
        "tests/theory/learning/test_permuted_gradient.py::test_variance_is_the_one_over_all_permutations",
        slip("theory.learning.permuted_gradient.permuted_gradient_variance", "/ (n - 1) / n**2", "/ n / n**2"),
        "caught",
    ),
    PlantedError(
        "turning-point-on-report", "networks measured at the epoch that is best on the reported half",
        f"{EMPIRICAL}/test_measure.py::test_the_turning_point_is_that_of_the_selection_half",
        slip("empirical.instruments.measure.turning_point", '"test", "select"', '"test", "report"'),
        "missed",
    ),
    PlantedError(
        "turning-point-read-on-report", "networks judged at the epoch that is best on the reported half",
        "tests/verify/measurements/test_runs.py::test_the_turning_point_is_chosen_on_its_own_half",
        slip("verify.measurements.runs.Runs.turning_points", "self.selection", "REPORT"),
        "caught",
    ),
    PlantedError(
        "arithmetic-capacity", "the arithmetic mean of capacities for the harmonic one",
        f"{THEORY}/test_manifolds.py::test_averages_and_their_errors_are_those_of_the_manifolds",
        slip(
            "theory.geometry.manifolds._combine",
            "Estimate(1 / displacement,", "Estimate(float((1 / each.displacement).mean()),",
        ),
        "caught",
    ),
    PlantedError(
        "arithmetic-capacity-of-draws", "the arithmetic mean of the draws' capacities for the harmonic one",
        f"{THEORY}/test_cavity.py::test_averages_are_those_of_the_manifolds",
        slip(
            "theory.geometry.cavity.estimates",
            "Estimate(1 / displacement.value,", "Estimate(float((1 / draws.displacement).mean()),",
        ),
        "caught",
    ),
    PlantedError(
        "radius-mean-anchor", "the radius about the mean of the same anchors, without n / (n - 1)",
        f"{THEORY}/test_anchor_statistics.py::test_the_radius_is_corrected_for_both_biases",
        slip("theory.geometry.anchor_statistics._unbiased_root", "n_probes / (n_probes - 1)", "1.0"),
        "caught",
    ),
    PlantedError(
        "radius-root", "the radius with the bias of a root",
        f"{THEORY}/test_anchor_statistics.py::test_the_radius_is_corrected_for_both_biases",
        slip("theory.geometry.anchor_statistics._unbiased_root", "** 2 / 2)", "** 2 * 0)"),
        "missed",
    ),
]  # fmt: skip

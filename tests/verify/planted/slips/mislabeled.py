"""Slips in the law of alignment and in the training of labelled networks."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

LAW = "tests/theory/kernels/test_alignment_laws.py::"
ALIGNMENTS = "tests/empirical/toy_models/test_label_alignments.py::"
NETWORKS = "tests/empirical/toy_models/test_labelled_networks.py::"

MISLABELED_SLIPS = [
    PlantedError(
        "example-left-in", "an example is aligned with itself as well",
        f"{ALIGNMENTS}test_an_example_that_is_left_out_has_no_part_in_its_score",
        slip("empirical.toy_models.label_alignments.without_themselves", "kernel - np", "kernel - 0 * np"),
    ),
    PlantedError(
        "own-label-unknown", "labels of others as likely as if the label of the example were not known",
        f"{LAW}test_mean_and_probability_given_the_label_are_those_over_all_permutations",
        slip("theory.kernels.alignment_laws._mean", " + moments.covariance / chance", " + 0 * moments.covariance / chance"),
    ),
    PlantedError(
        "labels-independent", "the variance of a score as if labels were drawn one by one",
        f"{LAW}test_the_variance_is_that_over_all_permutations",
        slip("theory.kernels.alignment_laws._variance", "spread + np.einsum", "spread + 0 * np.einsum"),
    ),
    PlantedError(
        "descent-of-the-members", "networks descend the gradient that alignment is with, not that of all examples",
        f"{NETWORKS}test_summed_alignments_are_those_of_descent_one_network_after_the_other",
        slip("empirical.toy_models.labelled_networks.summed_alignments", "learning_rate / labels.shape[1] * slope",
             "torch.tensor(learning_rate * members / members.sum(1, keepdims=True)).to(slope)[..., None] * slope"),
    ),
]  # fmt: skip

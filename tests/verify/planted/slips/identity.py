"""Slips in networks that reproduce images, in their specification and in what is measured on them."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

ROWS = "tests/empirical/identity/test_make_bundles.py::test_rows_are_of_the_networks_that_training_gives"

IDENTITY = [
    PlantedError(
        "targets-shifted", "networks trained on images that are moved by a pixel", ROWS,
        slip("empirical.identity.group_job._run", "train(architecture, shown,", "train(architecture, np.roll(shown, 1, -1),"),
    ),
    PlantedError(
        "cosine-over-the-wrong-axis", "outputs compared with test images row for column", ROWS,
        slip("empirical.identity.readings._outputs", '"corr_id": correlation(found,', '"corr_id": correlation(found.mT,'),
    ),
    PlantedError(
        "unconverged-admitted", "networks that did not come down to the loss are measured like the others",
        "tests/empirical/identity/test_make_bundles.py::test_unconverged_networks_break_the_bundle",
        slip("empirical.identity.group_job._run", "found.relative_loss <= spec.relative_loss", "found.relative_loss <= 1"),
    ),
    PlantedError(
        "kernel-even", "filters of an even side are let through",
        "tests/empirical/identity/test_sweeps.py::test_impossible_worlds_are_refused_with_the_cause",
        slip("empirical.identity.identity_spec.IdentitySpec._check_kernel", "self.kernel % 2 == 1", "self.kernel % 2 < 2"),
    ),
    PlantedError(
        "padding-circular", "images go on at their opposite border, whatever the specification says", ROWS,
        slip("empirical.identity.group_job.architecture_of", "spec.padding", '"circular"'),
    ),
    PlantedError(
        "gain-squared", "the square of the gain of convolutional networks for the gain", ROWS,
        slip(
            "empirical.identity.group_job.architecture_of",
            "spec.width, spec.gain, spec.activation, spec.padding", "spec.width, spec.gain**2, spec.activation, spec.padding",
        ),
    ),
    PlantedError(
        "network-chooses-its-depth", "the depth between the two is chosen on the network that is judged at it",
        "tests/verify/claims/test_identity.py::test_no_network_chooses_the_depth_at_which_it_is_judged",
        slip("verify.claims.zhang2020.claim_z06._between", "(larger.sum(axis=0) - larger) / (len(larger) - 1)", "larger"),
    ),
]  # fmt: skip

"""Slips in critical samples and in what claims read of them, each chosen together with the test that catches it."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

READING = "tests/verify/measurements/memorization/test_critical_samples.py"
SEARCHING, MEASURING = "tests/empirical/adversarial", "tests/empirical/instruments/test_critical_samples.py"
READINGS = "empirical.instruments.critical_samples.critical_readings"

CRITICAL_SAMPLES = [
    PlantedError(
        "critical-training-images", "critical samples among the images that the network was trained on",
        f"{MEASURING}::test_images_are_of_the_reported_half_and_none_was_trained_on",
        slip("empirical.instruments.critical_samples.held_out", "subject.tests[REPORT][0]", "subject.images"),
    ),
    PlantedError(
        "critical-selection-half", "critical samples of the half of test images on which the turning point is chosen",
        f"{MEASURING}::test_images_are_of_the_reported_half_and_none_was_trained_on",
        slip("empirical.instruments.critical_samples.held_out", "subject.tests[REPORT][0]", 'subject.tests["select"][0]'),
    ),
    PlantedError(
        "critical-noise-trained-on", "critical samples among the noise that the network was trained on",
        f"{MEASURING}::test_images_are_of_the_reported_half_and_none_was_trained_on",
        slip("empirical.instruments.critical_samples.held_out", "subject.fresh_noise(most)", "subject.images[:most]"),
    ),
    PlantedError(
        "critical-dropout-on", "critical samples of a network in training mode, whose dropout changes its classes",
        f"{SEARCHING}/test_langevin.py::test_a_network_in_training_mode_is_refused",
        slip(
            "empirical.adversarial.certificates.classes",
            "any(module.training for module in model.modules())", "False",
        ),
    ),
    PlantedError(
        "radius-of-unit-pixels", "a radius in pixels of 0..1 taken for one in standardized units",
        f"{SEARCHING}/test_langevin.py::test_a_linear_map_has_critical_samples_within_the_margin_over_the_1_norm",
        slip("empirical.adversarial.boxes.reach_of", "radius * grey_level(pixels, images)", "radius / 255"),
    ),
    PlantedError(
        "radius-unchecked", "a radius for pixels in 0..1 accepted as one in grey levels",
        f"{SEARCHING}/test_boxes.py::test_a_radius_that_is_no_length_in_grey_levels_is_refused",
        slip("empirical.adversarial.boxes.reach_of", "SMALLEST <= radius", "0 <= radius"),
    ),
    PlantedError(
        "one-grey-level-for-all", "the grey level of the first channel taken for all channels",
        f"{SEARCHING}/test_boxes.py::test_a_box_reaches_as_far_as_its_radius_in_every_channel",
        slip("empirical.adversarial.boxes.grey_level", "pixels.step,", "pixels.step[:1],"),
    ),
    PlantedError(
        "critical-by-true-label", "images counted whose found point has another class than their true label",
        f"{MEASURING}::test_true_labels_and_labels_trained_on_play_no_part",
        slip(
            READINGS,
            "share_of(critical.cpu().numpy())",
            "share_of((classes(model, points) != subject.tests[REPORT][1][: len(points)]).numpy())",
        ),
    ),
    PlantedError(
        "not-certified-anew", "critical samples believed without a second look at their adversarial examples",
        f"{MEASURING}::test_a_critical_sample_without_an_adversarial_example_is_noticed",
        slip(READINGS, "sound &= bool(", "sound |= bool("),
    ),
    PlantedError(
        "distance-forgotten", "adversarial examples certified however far away they are",
        f"{SEARCHING}/test_certificates.py::test_one_pixel_too_far_is_too_far",
        slip("empirical.adversarial.certificates.certified", "return near & ", "return "),
    ),
    PlantedError(
        "smaller-radius-forgotten", "a larger radius searched from the images: what was found within a smaller one is lost",
        f"{SEARCHING}/test_langevin.py::test_a_larger_radius_goes_on_where_the_smaller_one_ended",
        slip("empirical.adversarial.langevin.search", "(images if start is None else start).clone()", "images.clone()"),
    ),
    PlantedError(
        "descends-the-margin", "the runner-up's logit lowered, not raised",
        f"{SEARCHING}/test_langevin.py::test_a_linear_map_has_critical_samples_within_the_margin_over_the_1_norm",
        slip("empirical.adversarial.langevin.search", "+ step * gradient.sign()", "- step * gradient.sign()"),
    ),
    PlantedError(
        "lowest-by-chance", "the epoch of fewest critical samples chosen on the networks whose rise is measured from it",
        f"{READING}::test_the_lowest_epoch_of_a_network_is_read_off_the_other_half",
        slip("verify.measurements.memorization.critical_samples.rise", "rows % 2 != half", "rows % 2 == half"),
    ),
    PlantedError(
        "radius-of-perceptrons", "2 grey levels for convolutional networks too",
        f"{READING}::test_the_radius_is_that_of_the_architecture",
        slip("verify.measurements.memorization.critical_samples.radius_of", "CONVOLUTIONAL if", "PERCEPTRON if"),
    ),
    PlantedError(
        "shares-exchanged", "training accuracy with the shares of permuted and unpermuted labels exchanged",
        f"{READING}::test_training_accuracy_weighs_the_groups_by_their_shares",
        slip(
            "verify.measurements.runs.Runs.training_accuracy",
            "{UNPERMUTED: 1 - permuted, PERMUTED: permuted}", "{UNPERMUTED: permuted, PERMUTED: 1 - permuted}",
        ),
    ),
]  # fmt: skip

"""Slips in noise, random labels, regularizers and losses, each chosen together with the test that detects it."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

DATA, TRAINING = "tests/empirical/data", "tests/empirical/training"

NOISE_AND_REGULARIZERS = [
    PlantedError(
        "noise-knows-the-test-images", "noise with the mean and deviation of the whole data set, test images included",
        f"{TRAINING}/test_subject.py::"
        "test_the_law_of_the_noise_is_of_the_training_images_and_not_of_the_test_images[inputs]",
        slip(
            "empirical.training.subject._with_noise",
            "NoiseLaw.of(spec.noise, images)", "NoiseLaw(np.zeros((1, 1, 1)), np.ones((1, 1, 1)), images.shape[1:])",
        ),
    ),
    PlantedError(
        "noise-without-contrast", "noise of deviation 1 whatever the images have",
        f"{DATA}/test_noise.py::test_noise_has_the_moments_of_the_images_by_channel_or_by_pixel[pixels-0]",
        slip("empirical.data.noise.NoiseLaw.draw", "self.deviation * rng", "rng"),
    ),
    PlantedError(
        "unbalanced-random-labels", "random labels drawn one by one, so that classes have unlike numbers of images",
        f"{DATA}/test_permuted_labels.py::test_only_the_chosen_share_moves_and_counts_are_kept",
        slip(
            "empirical.data.permuted_labels.permute",
            "true[rng.permutation(taken)]", "rng.integers(n_classes, size=len(taken))",
        ),
    ),
    PlantedError(
        "hidden-dropout-left-on", "hidden layers regularized outside training too",
        f"{TRAINING}/test_regularized.py::"
        "test_hidden_layers_are_left_alone_outside_training_and_the_readout_always[strengths0]",
        slip("empirical.training.regularized.regularize_hidden_layers", "layer.training", "True"),
    ),
    PlantedError(
        "dropout-left-on", "a network measured in training mode, so that units are dropped",
        f"{TRAINING}/test_subject.py::test_a_network_with_dropout_is_measured_without_it",
        slip("empirical.training.subject.Subject.at", "model.eval()", "model"),
    ),
    PlantedError(
        "adversarial-gradient", "the gradient itself for its sign in the step to an adversarial image",
        f"{TRAINING}/test_regularized.py::test_an_adversarial_image_is_the_step_that_finite_differences_find",
        slip("empirical.training.regularized.training_loss", "gradient.sign()", "gradient"),
    ),
    PlantedError(
        "adversarial-weights", "the weights of the clean and of the adversarial loss exchanged",
        f"{TRAINING}/test_regularized.py::test_an_adversarial_image_is_the_step_that_finite_differences_find",
        slip("empirical.training.regularized.training_loss", "(1 - weight) * clean + weight", "weight * clean + (1 - weight)"),
    ),
    PlantedError(
        "unscaled-noise", "hidden noise of deviation 1 whatever the run says",
        f"{TRAINING}/test_regularized.py::test_hidden_noise_is_added_to_every_unit_of_a_hidden_layer",
        slip("empirical.training.regularized._perturbed", "noise * torch", "torch"),
    ),
    PlantedError(
        "decay-twice", "weight decay for the term w |theta|^2, without the half",
        f"{TRAINING}/test_regularized.py::test_weight_decay_is_the_gradient_of_half_the_squared_norm",
        slip("empirical.training.sgd.optimizer_of", ").weight_decay", ").weight_decay * 2"),
    ),
    PlantedError(
        "loss-of-true-labels", "the loss of permuted images under their true labels, as if they had to be restored",
        "tests/empirical/instruments/test_losses.py::test_losses_are_those_of_the_groups_of_the_accuracies",
        slip("empirical.instruments.losses.loss_readings", "labels.trained[labels.permuted]", "labels.true[labels.permuted]"),
    ),
]  # fmt: skip

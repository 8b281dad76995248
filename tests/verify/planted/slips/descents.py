"""Slips in the times at which descent learns a task, and in how an epoch is chosen."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

TIMES = "tests/theory/kernels/test_task_losses.py::"
TIME_TO = "theory.kernels.task_losses.time_to"

DESCENT_SLIPS = [
    PlantedError(
        "mean-rate-alone", "the time of a task's mean rate, before which no loss is at the fraction",
        f"{TIMES}test_the_time_to_a_fraction_has_that_loss_and_is_not_before_the_earliest",
        slip(TIME_TO, "= components(kernel, target)", "= ((of := components(kernel, target))[0] @ of[1])[None], np.ones(1)"),
    ),
    PlantedError(
        "steps-forgotten", "the time of gradient flow in place of that of the steps of descent",
        f"{TIMES}test_the_time_of_descent_is_a_whole_number_of_its_steps_where_a_step_ends_at_the_fraction",
        slip(TIME_TO, "_decays(rates, step)", "_decays(rates, 0)"),
    ),
    PlantedError(
        "one-readout", "an epoch judged by the readout that has chosen it",
        "tests/verify/strategies/test_trained_digits.py::test_two_readouts_have_no_image_in_common",
        slip("verify.strategies.trained_digits.on_two_sets", "slice(size, 2 * size)", "slice(size)"),
    ),
]  # fmt: skip

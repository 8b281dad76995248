"""Planted errors in networks that learn tasks made from their kernels, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError, formula
from tests.verify.planted.slips.slip import slip
from theory.kernels import task_losses

KERNEL_TASKS = [
    PlantedError(
        "tasks-dealt-out-wrongly", "networks that learn tasks made from the kernels of other networks", "E-01",
        slip("verify.strategies.kernel_tasks.TaskNetworks._each",
             "np.repeat(np.arange(self.n_networks), tasks.shape[2])", "np.tile(np.arange(self.n_networks), tasks.shape[2])"),
    ),
    PlantedError(
        "mean-rate-alone", "the time of a task's mean rate, before which no loss is halved", "E-01.time",
        formula("theory.kernels.task_losses.time_to",
                lambda right: lambda kernel, target, fraction, step: task_losses.earliest_time(kernel, target, fraction)),
    ),
    PlantedError(
        "steps-twice-as-long", "times of trained networks counted in steps of twice their length", "E-01.time",
        slip("verify.claims.ortizjimenez2021.claim_e01_time.halving_times", "* rates[:, None]", "* 2 * rates[:, None]"),
    ),
    PlantedError(
        "first-outputs-left-in", "the first outputs of a network left in what it has learned", "E-02",
        slip("empirical.toy_models.task_networks.movements", "after - before", "after"),
    ),
    PlantedError(
        "weights-of-another", "trained networks with the weights of one another", "E-03",
        slip("empirical.toy_models.task_networks._unstacked", "value[index]", "value[-1 - index]"),
    ),
]  # fmt: skip

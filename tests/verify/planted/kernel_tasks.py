"""Planted errors in networks that learn tasks made from their kernels, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

KERNEL_TASKS = [
    PlantedError(
        "tasks-dealt-out-wrongly", "networks that learn tasks made from the kernels of other networks", "E-01",
        slip("verify.strategies.kernel_tasks.TaskNetworks._each",
             "np.repeat(np.arange(self.n_networks), tasks.shape[2])", "np.tile(np.arange(self.n_networks), tasks.shape[2])"),
    ),
    PlantedError(
        "steps-twice-as-long", "times of trained networks counted in steps of twice their length", "E-01.time",
        slip("verify.claims.ortizjimenez2021.claim_e01_time.halving_times", "* rates[:, None]", "* 2 * rates[:, None]"),
    ),
    PlantedError(
        "first-outputs-left-in", "the first outputs of a network left in what it has learned", "E-02",
        slip("empirical.toy_models.task_networks.movements", " - started.at(shown).outputs", ""),
    ),
    PlantedError(
        "weights-of-another", "trained networks with the weights of one another", "E-03",
        slip("empirical.toy_models.stacked_perceptrons.Perceptrons.modules", "weights[index]", "weights[-1 - index]"),
    ),
]  # fmt: skip

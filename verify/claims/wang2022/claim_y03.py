"""Y-03: putting a deep layer of a trained network back to its initialization does not lower test accuracy.

Wang & Yang 2022 (With greater distance comes worse performance): re-initializing final layers after training does not lower,
and can raise, the test accuracy of overfitted networks. Each layer of the last third of the hidden layers is rewound alone to
epoch 0. The mean test accuracy falls by less than 5 points.
"""

from verify import Relation, claim, exceeds
from verify.counterfeits import scaled
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs


@claim("Y-03", needs=("rewound_accuracy", "accuracy"), counterfeit=scaled("rewound_accuracy", "test", 0.5))
def claim_deep_layers_can_be_reinitialized(runs: Runs) -> Relation:
    initial = rewound(runs, "single", "test", 0, runs.layers[runs.deep]).mean(axis=1)
    return exceeds(initial + 0.05, runs.accuracy("test", "end"), "accuracy + 0.05")

"""Y-01: early layers matter for training and test images, deep layers for fitting the training labels alone.

Wang & Yang 2022 (With greater distance comes worse performance). Each hidden layer put back to its initialization alone: the
drop in test accuracy falls with depth; in the first third accuracies on training labels and on test images both drop; in the
last third accuracy on training labels, mean over the groups trained on, drops more than test accuracy.
"""

import numpy as np

from verify import both, claim, dominates, increases, positive
from verify.counterfeits import reverse_depth
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs

NEEDS = ("rewound_accuracy", "accuracy")


@claim("Y-01", needs=NEEDS, counterfeit=reverse_depth("rewound_accuracy"), labels=("clean", "mixed"))
def claim_deep_layers_serve_training_alone(runs: Runs):
    test = drop(runs, "test")
    training = np.mean([drop(runs, group) for group in runs.trained_groups], axis=0)
    return both(
        increases(-test, effect=0.01, unit="accuracy/layer"),
        positive(test[:, runs.early], effect=0.1, unit="accuracy"),
        positive(training[:, runs.early], effect=0.1, unit="accuracy"),
        dominates(training[:, runs.deep], test[:, runs.deep], effect=0.05, unit="accuracy"),
    )


def drop(runs: Runs, group: str) -> np.ndarray:
    """What accuracy falls by with each layer at its initialization: (networks, layers)."""
    return runs.accuracy(group, "end")[:, None] - rewound(runs, "single", group, 0)

"""Y-01: early layers matter for training and test images, and deep layers matter only for fitting the training labels.

Wang & Yang 2022 (With greater distance comes worse performance). Each hidden layer is put back to its initialization alone. The
drop in test accuracy becomes smaller with depth. In the first third, accuracy on training labels and accuracy on test images
both drop. In the last third, accuracy on training labels, averaged over the groups trained on, drops more than test accuracy.
"""

import numpy as np

from verify import Relation, both, claim, dominates, increases, positive
from verify.counterfeits import reverse_depth
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs

NEEDS = ("rewound_accuracy", "accuracy")


@claim("Y-01", needs=NEEDS, counterfeit=reverse_depth("rewound_accuracy"), labels=("clean", "mixed"))
def claim_deep_layers_serve_training_alone(runs: Runs) -> Relation:
    test = drop(runs, "test")
    training = np.mean([drop(runs, group) for group in runs.trained_groups], axis=0)
    return both(
        increases(-test, effect=0.01, unit="accuracy/layer", about="test drop less with depth"),
        positive(test[:, runs.early], effect=0.1, unit="accuracy", about="test, early layers"),
        positive(training[:, runs.early], effect=0.1, unit="accuracy", about="training, early layers"),
        dominates(
            training[:, runs.deep], test[:, runs.deep], effect=0.05, unit="accuracy", about="training over test, deep layers"
        ),
    )


def drop(runs: Runs, group: str) -> np.ndarray:
    """The accuracy that a group loses when each layer is put back to its initialization, (networks, layers)."""
    return runs.accuracy(group, "end")[:, None] - rewound(runs, "single", group, 0)

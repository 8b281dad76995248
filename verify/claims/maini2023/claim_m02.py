"""M-02: most layers can be rewound without forgetting the memorized examples.

Maini et al. 2023 (Can neural network memorization be localized?), layer rewinding: most layers are redundant for memorized
examples. Each layer, the readout included, is rewound alone to the turning point. For more than half of the layers, the network
keeps at least half of its final accuracy on permuted labels.
"""

import numpy as np

from verify import Relation, claim, exceeds
from verify.counterfeits import scaled
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs


@claim("M-02", needs=("rewound_accuracy", "accuracy"), counterfeit=scaled("rewound_accuracy", "permuted", 0.3))
def claim_most_layers_are_redundant(runs: Runs) -> Relation:
    kept = rewound(runs, "single", "permuted", "turning_point", (*runs.layers, runs.readout))
    redundant = kept >= runs.accuracy("permuted", "end")[:, None] / 2
    return exceeds(np.mean(redundant, axis=1), 0.5, "share of layers above half")

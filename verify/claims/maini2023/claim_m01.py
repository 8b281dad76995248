"""M-01: memorization is not confined to the last layers; rewinding an early layer forgets more than rewinding a late layer.

Maini et al. 2023 (Can neural network memorization be localized?), layer rewinding; against S-13 of Stephenson et al. 2021.
Rewinding one layer of the first third of the hidden layers to the turning point costs more accuracy on permuted labels than
rewinding one layer of the last third.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import nothing_rewound
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs


@claim("M-01", needs=("rewound_accuracy", "accuracy"), counterfeit=nothing_rewound)
def claim_memorization_is_not_in_the_last_layers(runs: Runs) -> Relation:
    kept = rewound(runs, "single", "permuted", "turning_point")
    deep, early = kept[:, runs.deep].mean(axis=1), kept[:, runs.early].mean(axis=1)
    return dominates(deep, early, effect=0.05, unit="accuracy")

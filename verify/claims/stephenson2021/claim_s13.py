"""S-13: rewinding deep layers brings back generalization, rewinding early layers does not.

Stephenson et al. 2021, abstract and the figure of rewinding. Layers of the final network are replaced by what they were at an
earlier epoch, BatchNorm statistics with them. Contested: Maini et al. 2023, see M-01.
"""

import numpy as np

from verify import both, claim, dominates, positive
from verify.counterfeits import nothing_rewound
from verify.measurements.rewinding import recovery
from verify.measurements.runs import Runs

NEEDS = ("rewound_accuracy", "accuracy")


@claim("S-13.single", needs=NEEDS, counterfeit=nothing_rewound)
def claim_rewinding_one_deep_layer_recovers_generalization(runs: Runs):
    """S-13.single: rewinding one deep layer brings back test accuracy, and more of it than rewinding one early layer.

    Stephenson et al. 2021, abstract and the figure of rewinding. Recovery: the share of the test accuracy lost since the
    turning point that the best target epoch brings back, chosen on one half of the test images and measured on the other. Mean
    over the last third of the hidden layers, each rewound alone, against the first third.
    """
    single = recovery(runs, "single")
    deep, early = single[:, runs.deep].mean(axis=1), single[:, runs.early].mean(axis=1)
    return both(
        positive(deep, effect=0.1, unit="of the loss"),
        dominates(deep, early, effect=0.1, unit="of the loss"),
    )


@claim("S-13.suffix", needs=NEEDS, counterfeit=nothing_rewound)
def claim_rewinding_the_deep_layers_recovers_generalization(runs: Runs):
    """S-13.suffix: rewinding all deep layers together brings back test accuracy, and more than rewinding one early layer.

    Stephenson et al. 2021, abstract and the figure of rewinding. Recovery as in S-13.single, with the last third of the hidden
    layers and the readout rewound together.
    """
    early = recovery(runs, "single", runs.layers[runs.early]).mean(axis=1)
    return both(
        positive(deep_suffix(runs), effect=0.1, unit="of the loss"),
        dominates(deep_suffix(runs), early, effect=0.1, unit="of the loss"),
    )


@claim("S-13.prefix", needs=NEEDS, counterfeit=nothing_rewound)
def claim_rewinding_deep_layers_recovers_more_than_rewinding_early_ones(runs: Runs):
    """S-13.prefix: rewinding all deep layers together brings back more test accuracy than rewinding all early ones together.

    Stephenson et al. 2021, abstract: rewinding early layers does not restore generalization. S-13.suffix against a control
    of its own kind: the first third of the hidden layers rewound together.
    """
    early = recovery(runs, "prefix", runs.layers[runs.early][-1:])[:, 0]
    return dominates(deep_suffix(runs), early, effect=0.1, unit="of the loss")


def deep_suffix(runs: Runs) -> np.ndarray:
    """Recovery by the last third of the hidden layers and the readout, (networks,)."""
    return recovery(runs, "suffix", runs.layers[runs.deep][:1])[:, 0]

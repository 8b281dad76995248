"""S-13: rewinding deep layers brings back generalization, and rewinding early layers does not.

Stephenson et al. 2021, abstract and the figure of rewinding. Rewinding replaces layers of the final network by their state at
an earlier epoch, including the BatchNorm statistics. Maini et al. 2023 contest the claim, see M-01.
"""

import numpy as np

from verify import Relation, both, claim, dominates, positive
from verify.counterfeits import nothing_rewound
from verify.measurements.rewinding import recovery
from verify.measurements.runs import Runs

NEEDS = ("rewound_accuracy", "accuracy")


@claim("S-13.single", needs=NEEDS, counterfeit=nothing_rewound, source="abstract")
def claim_rewinding_one_deep_layer_recovers_generalization(runs: Runs) -> Relation:
    """S-13.single: rewinding one deep layer brings back test accuracy, and more of it than rewinding one early layer.

    Stephenson et al. 2021, abstract and the figure of rewinding. Recovery is the share of the test accuracy lost since the
    turning point that rewinding to the best target epoch brings back. The target epoch is chosen on one half of the test
    images, and recovery is measured on the other half; both ways to choose are averaged. Each hidden layer is rewound alone.
    The claim compares the mean over the last third with the mean over the first third.
    """
    single = recovery(runs, "single")
    deep, early = single[:, runs.deep], single[:, runs.early].mean(axis=1)
    return both(
        positive(deep, effect=0.1, unit="of the loss", about="one deep layer", layers=runs.layers[runs.deep]),
        dominates(deep.mean(axis=1), early, effect=0.1, unit="of the loss", about="one deep layer over one early layer"),
    )


@claim("S-13.suffix", needs=NEEDS, counterfeit=nothing_rewound, source="abstract")
def claim_rewinding_the_deep_layers_recovers_generalization(runs: Runs) -> Relation:
    """S-13.suffix: rewinding all deep layers together brings back test accuracy, and more than rewinding one early layer.

    Stephenson et al. 2021, abstract and the figure of rewinding. Recovery is defined in S-13.single. Here the last third of the
    hidden layers and the readout are rewound together.
    """
    early = recovery(runs, "single", runs.layers[runs.early]).mean(axis=1)
    return both(
        positive(deep_suffix(runs), effect=0.1, unit="of the loss", about="deep layers together"),
        dominates(deep_suffix(runs), early, effect=0.1, unit="of the loss", about="deep layers over one early layer"),
    )


@claim("S-13.prefix", needs=NEEDS, counterfeit=nothing_rewound, source="abstract")
def claim_rewinding_deep_layers_recovers_more_than_rewinding_early_ones(runs: Runs) -> Relation:
    """S-13.prefix: rewinding all deep layers together brings back more test accuracy than rewinding all early layers together.

    Stephenson et al. 2021, abstract: rewinding early layers does not restore generalization. The claim compares S-13.suffix
    with a control of the same kind: the first third of the hidden layers, rewound together.
    """
    early = recovery(runs, "prefix", runs.layers[runs.early][-1:])[:, 0]
    return dominates(deep_suffix(runs), early, effect=0.1, unit="of the loss")


def deep_suffix(runs: Runs) -> np.ndarray:
    """Recovery by the last third of the hidden layers and the readout, rewound together, (networks,)."""
    return recovery(runs, "suffix", runs.layers[runs.deep][:1])[:, 0]

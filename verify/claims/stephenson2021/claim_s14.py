"""S-14: rewinding the last convolutions brings back more than the fully connected layers do, but no more than early stopping.

Stephenson et al. 2021, the figure of rewinding; this statement is remembered, and was not found in the paper. Recovery is
defined in S-13.single. The last three convolutional layers, each rewound alone, recover more on average than the fully
connected hidden layers, each rewound alone. When the last three convolutions and all later layers are rewound together, more
than half of the lost test accuracy comes back, and no more than all of it.
"""

from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import nothing_rewound
from verify.measurements.rewinding import recovery
from verify.measurements.runs import Runs

NEEDS = ("rewound_accuracy", "accuracy")
BOTH_KINDS = ("thinvgg", "vgg16", "alexnet")


@claim("S-14", needs=NEEDS, counterfeit=nothing_rewound, architectures=BOTH_KINDS, source="remembered")
def claim_the_last_convolutions_recover_most(runs: Runs) -> Relation:
    connected = [layer for layer in runs.layers if layer.startswith("fc")]
    last = [layer for layer in runs.layers if layer.startswith("conv")][-3:]
    one, other = (recovery(runs, "single", layers).mean(axis=1) for layers in (last, connected))
    all_after = recovery(runs, "suffix", last[:1])[:, 0]
    return both(
        dominates(one, other, effect=0.1, unit="of the loss", about="convolutions over connected layers"),
        exceeds(all_after, 0.5, "of the loss above half of it", about="last convolutions together"),
        exceeds(1.05, all_after, "of the loss short of 1.05", about="no more than early stopping"),
    )

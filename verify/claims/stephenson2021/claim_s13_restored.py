"""S-13.restored: rewinding the final few layers brings back more than half of the generalization that was lost.

Stephenson et al. 2021, abstract. Which layers are the final few is not said. Here they are the layers from some hidden layer
on, readout included, that leave at least half of the hidden layers as they are. For each network, this layer and the target
epoch are chosen on one half of the test images, and the recovery of S-13.single is measured on the other half; both ways to
choose are averaged. The note says from which layer on rewinding brings back more than half, averaged over networks, and from
which layer on permuted capacity is above its baseline, by 0.1 in the logarithm or more.
"""

import numpy as np

from verify import Relation, claim, exceeds
from verify.counterfeits import nothing_rewound
from verify.measurements.baseline import excess
from verify.measurements.rewinding import best_suffix, recovery
from verify.measurements.runs import Runs

HALF = 0.5
ABOVE_BASELINE = 0.1


@claim(
    "S-13.restored",
    needs=("rewound_accuracy", "capacity", "accuracy"),
    counterfeit=nothing_rewound,
    source="abstract",
)
def claim_some_final_layers_restore_generalization(runs: Runs) -> Relation:
    final = runs.layers[len(runs.layers) - len(runs.layers) // 2 :]
    return exceeds(best_suffix(runs, final), HALF, "of the loss above half", note=depths(runs))


def depths(runs: Runs) -> str:
    """Where rewinding sets in and where memorization sets in, in words."""
    recovered = recovery(runs, "suffix").mean(axis=0) > HALF
    memorized = excess(runs, "capacity", "end").mean(axis=0) > ABOVE_BASELINE
    # Both are statements about all deeper layers: the smallest suffix that recovers, and the end of the layers at the baseline.
    smallest = next((layer for layer, found in zip(runs.layers[::-1], recovered[::-1], strict=True) if found), "no layer")
    below = np.flatnonzero(~memorized)
    start = int(below[-1]) + 1 if len(below) else 0
    leaves = runs.layers[start] if start < len(runs.layers) else "no layer"
    return f"more than half comes back from {smallest} on; permuted capacity is above its baseline from {leaves} on"

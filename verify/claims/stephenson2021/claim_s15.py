"""S-15: rewinding the deep layers undoes memorization, in accuracy and in geometry.

Stephenson et al. 2021, the figure of rewinding; "memorization can be undone". The last third of the hidden layers and the
readout are rewound to the turning point. Accuracy on permuted labels falls. Averaged over the rewound layers, the log capacity
of permuted manifolds falls, and that of restored manifolds rises.
"""

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.rewinding import rewound
from verify.measurements.runs import Runs

swapped = swap_groups("permuted", "restored", "capacity", "rewound_accuracy")


@claim("S-15", needs=("rewound_accuracy", "capacity", "accuracy"), counterfeit=swapped, source="figure")
def claim_rewinding_undoes_memorization(runs: Runs) -> Relation:
    layers = runs.layers[runs.deep]
    accuracy = rewound(runs, "suffix", "permuted", "turning_point", layers[:1])[:, 0]
    after, end = (
        {group: np.log(runs.layerwise("capacity", group, "end", choice, layers)) for group in ("permuted", "restored")}
        for choice in (f"rewound from {layers[0]}", "")
    )
    capacity = {"effect": 0.05, "unit": "log capacity", "layers": layers}
    return both(
        dominates(runs.accuracy("permuted", "end"), accuracy, effect=0.1, unit="accuracy", about="accuracy lost"),
        dominates(end["permuted"], after["permuted"], about="permuted capacity lost", **capacity),
        dominates(after["restored"], end["restored"], about="restored capacity regained", **capacity),
    )

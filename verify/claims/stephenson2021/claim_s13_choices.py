"""S-13.choices: whether rewinding deep or early layers brings back more does not depend on how recovery is measured.

Stephenson et al. 2021, S-13; the question is ours. The conclusion is the sign of the recovery by deep layers minus the recovery
by early layers. Five measurements give the same sign: one layer at a time to its best epoch, as in S-13.single; one layer at a
time to the turning point; the same with the target epoch chosen on one half of the test images alone, and on the other half
alone; and the deep layers together against the early layers together, as in S-13.prefix.
"""

import numpy as np

from verify import Relation, claim
from verify.counterfeits import nothing_rewound
from verify.measurements.analysis_choices import one_sign
from verify.measurements.rewinding import recoveries, recovery, rewound
from verify.measurements.runs import Runs


@claim("S-13.choices", needs=("rewound_accuracy", "accuracy"), counterfeit=nothing_rewound, source="ours")
def claim_deep_or_early_is_one_answer(runs: Runs) -> Relation:
    lost = runs.reported_accuracy("turning_point") - runs.reported_accuracy("end")
    at_turning_point = deep_less_early(runs, rewound(runs, "single", "test", "turning_point")) / lost
    one, other = recoveries(runs, "single")
    return one_sign(
        deep_less_early(runs, recovery(runs, "single")),
        {
            "to the turning point": at_turning_point,
            "target chosen on one half": deep_less_early(runs, one),
            "target chosen on the other half": deep_less_early(runs, other),
            "layers together": together(runs),
        },
        effect=0.1,
        unit="of the loss",
    )


def deep_less_early(runs: Runs, by_layer: np.ndarray) -> np.ndarray:
    """Mean over the last third of the hidden layers minus the mean over the first third, (networks,)."""
    return by_layer[:, runs.deep].mean(axis=1) - by_layer[:, runs.early].mean(axis=1)


def together(runs: Runs) -> np.ndarray:
    """Recovery by the deep layers and the readout together minus that by the early layers together, (networks,)."""
    deep = recovery(runs, "suffix", runs.layers[runs.deep][:1])
    return (deep - recovery(runs, "prefix", runs.layers[runs.early][-1:]))[:, 0]

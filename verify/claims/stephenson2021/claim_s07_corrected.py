"""S-07.corrected: memorization happens in the deep layers when the directions that centres share are removed.

Stephenson et al. 2021 measure with the correction for correlated centres (Cohen et al. 2020); S-07 measures without it. From
the turning point to the end of training, manifolds of permuted labels gain capacity in every layer of the last third of the
hidden layers, and the gain increases with depth. The claim measures log capacity above the shuffled baseline on the same
images, both corrected.
"""

from verify import Relation, both, claim, increases, positive
from verify.counterfeits import reverse_depth
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim("S-07.corrected", needs=("corrected_capacity", "accuracy"), counterfeit=reverse_depth("corrected_capacity"))
def claim_corrected_permuted_capacity_grows_in_deep_layers(runs: Runs) -> Relation:
    gain = excess(runs, "corrected_capacity", "end") - excess(runs, "corrected_capacity", "turning_point")
    return both(
        *(positive(layer, effect=0.1, unit="log capacity") for layer in gain[:, runs.deep].T),
        increases(gain, effect=0.02, unit="log capacity/layer"),
    )

"""S-10: correlations between centres do not drive memorization.

Stephenson et al. 2021, the figure of geometry over layers: radius and dimension drive memorization. Two capacities take the
correlations between manifolds into account, by the cavity method or by the published correction (Cohen et al. 2020). In every
layer of the last third, permuted manifolds gain log capacity at K = 0 over the shuffled baseline from the turning point to the
end. At least half of this gain remains when the correlations are taken into account.
"""

from verify import Relation, both, claim, dominates, positive
from verify.counterfeits import at_baseline
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim(
    "S-10",
    needs=("capacity", "accuracy"),
    counterfeit=at_baseline("capacity", "permuted"),
    geometry=("cavity", "corrected"),
)
def claim_most_of_the_gain_is_left_without_common_directions(runs: Runs) -> Relation:
    gain, left = (
        (excess(runs, quantity, "end") - excess(runs, quantity, "turning_point"))[:, runs.deep].T
        for quantity in ("independent_capacity", "capacity")
    )
    return both(
        *(positive(layer, effect=0.1, unit="log capacity") for layer in gain),
        *(dominates(a, b / 2, effect=0.05, unit="log capacity") for a, b in zip(left, gain, strict=True)),
    )

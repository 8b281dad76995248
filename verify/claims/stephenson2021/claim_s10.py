"""S-10: correlations between centres do not drive memorization.

Stephenson et al. 2021, the figure of geometry over layers: radius and dimension drive memorization. Two capacities take the
correlations between manifolds into account, by the cavity method or by the published correction (Cohen et al. 2020). From the
turning point to the end, permuted manifolds gain log capacity at K = 0 over the shuffled baseline, averaged over the last third
of the hidden layers. At least half of this gain remains when the correlations are taken into account.
"""

from verify import Relation, both, claim, exceeds, positive
from verify.counterfeits import at_baseline
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim(
    "S-10",
    needs=("capacity", "accuracy"),
    counterfeit=at_baseline("capacity", "permuted"),
    geometry=("cavity", "corrected"),
    source="remembered",
)
def claim_most_of_the_gain_is_left_without_common_directions(runs: Runs) -> Relation:
    gain, left = (
        (excess(runs, quantity, "end") - excess(runs, quantity, "turning_point"))[:, runs.deep]
        for quantity in ("independent_capacity", "capacity")
    )
    deep = runs.layers[runs.deep]
    return both(
        positive(gain, effect=0.1, unit="log capacity", about="gain at K = 0", layers=deep),
        exceeds(left, gain / 2, "log capacity", about="what is left, above half", layers=deep),
    )

"""S-10: correlations between centres do not drive memorization.

Stephenson et al. 2021, the figure of geometry over layers: radius and dimension drive memorization. The corrected capacity
removes the directions that centres share, and with them the correlations between centres (Cohen et al. 2020). In every layer of
the last third, permuted manifolds gain log capacity over the shuffled baseline from the turning point to the end. At least half
of this gain remains in the corrected capacity.
"""

from verify import Relation, both, claim, dominates, positive
from verify.counterfeits import at_baseline
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs

NEEDS = ("capacity", "corrected_capacity", "accuracy")


@claim("S-10", needs=NEEDS, counterfeit=at_baseline("corrected_capacity", "permuted"), geometry="independent")
def claim_most_of_the_gain_is_left_without_common_directions(runs: Runs) -> Relation:
    gain, left = (
        (excess(runs, quantity, "end") - excess(runs, quantity, "turning_point"))[:, runs.deep].T
        for quantity in ("capacity", "corrected_capacity")
    )
    return both(
        *(positive(layer, effect=0.1, unit="log capacity") for layer in gain),
        *(dominates(a, b / 2, effect=0.05, unit="log capacity") for a, b in zip(left, gain, strict=True)),
    )

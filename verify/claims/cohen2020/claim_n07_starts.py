"""N-07.starts: the corrected capacity does not depend on where the search for shared directions starts.

Cohen, Chung, Lee & Sompolinsky 2020, Methods; the question is ours. The search for the directions that centres share has many
minima that are nearly as good, and keeps one. At the end of training, the search is repeated from three other random starts,
with the same points and probes. In the mean over the hidden layers and the manifolds of both training groups, the largest of
the four capacities is within five percent of the smallest.
"""

import numpy as np

from empirical.evidence.names import OTHER_STARTS
from verify import Relation, claim, negligible
from verify.counterfeits import scaled
from verify.measurements.runs import Runs

GROUPS = ("unpermuted", "permuted")


@claim(
    "N-07.starts",
    needs=("corrected_capacity", "accuracy"),
    counterfeit=scaled("corrected_capacity", "permuted", 1.5, OTHER_STARTS[0]),
    instruments="minima",
    source="ours",
)
def claim_the_corrected_capacity_does_not_depend_on_the_start(runs: Runs) -> Relation:
    spread = np.mean([_spread(runs, group) for group in GROUPS], axis=0)
    return negligible(spread, effect=0.05, unit="log capacity", layers=runs.layers)


def _spread(runs: Runs, group: str) -> np.ndarray:
    """The logarithm of the largest over the smallest capacity, (networks, layers)."""
    found = [np.log(runs.layerwise("corrected_capacity", group, "end", choice)) for choice in ("", *OTHER_STARTS)]
    return np.ptp(found, axis=0)

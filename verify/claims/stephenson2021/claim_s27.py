"""S-27: dropout delays or reduces memorization in the deep layers.

Stephenson et al. 2021, appendix, if at all: the statement is only remembered. The claim compares networks with dropout to
networks of the same number without dropout, which have the same classes, images, labels and order. It measures log capacity of
permuted manifolds above the shuffled baseline, averaged over the last third of the hidden layers and over the epochs after
initialization that were measured in both worlds. This mean is larger without dropout. Capacity is that at K = 0, which alone is
measured between the turning point and the end.
"""

import numpy as np

from verify import Relation, claim, dominates
from verify.counterfeits import at_baseline
from verify.measurements.baseline import excess_over_epochs
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs

DROPOUT = "-dropout"


@claim(
    "S-27",
    needs="capacity",
    counterfeit=at_baseline("capacity", "permuted"),
    beside=DROPOUT,
    geometry="independent",
    source="remembered",
)
def claim_dropout_delays_memorization(runs: Runs) -> Relation:
    without, dropped = (excess_over_epochs(one, "capacity") for one in paired(runs, runs.beside(DROPOUT)))
    epochs = sorted((without.keys() & dropped.keys()) - {0})
    one, other = (np.mean([found[epoch][:, runs.deep] for epoch in epochs], axis=(0, 2)) for found in (without, dropped))
    return dominates(one, other, effect=0.1, unit="log capacity")

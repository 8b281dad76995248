"""N-03: radius, dimension and centre correlation fall along the layers of a trained network.

Cohen, Chung, Lee & Sompolinsky 2020, abstract and the figures of geometry. At the end of training, the logarithm of each
quantity falls from the pixels through the hidden layers, for test manifolds (least-squares slope per layer).
"""

import numpy as np

from verify import Relation, both, claim, increases
from verify.claims.cohen2020.claim_n01 import TRAINED, along, like_pixels
from verify.measurements.runs import Runs

QUANTITIES = ("radius", "dimension", "center_correlation")


@claim("N-03", needs=(*QUANTITIES, "accuracy"), counterfeit=like_pixels(*QUANTITIES), labels=TRAINED, source="abstract")
def claim_geometry_shrinks_along_the_layers(runs: Runs) -> Relation:
    return both(
        *(increases(-np.log(along(runs, name)), effect=0.02, unit=f"log {name} lost/layer", about=name) for name in QUANTITIES)
    )

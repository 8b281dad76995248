"""S-21: the dimension of test manifolds in the last feature layer peaks at the width at which test error peaks.

Stephenson et al. 2021, the figure of double descent: the manifold dimension has a double descent of its own. The claim measures
the true classes of test images in the last hidden layer, at the end of training. The logarithm of their dimension is higher at
the interpolation threshold of S-20 than at a width half as large or less, and than at a width four times as large or more.
"""

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits.of_sweeps import monotone
from verify.measurements.sweeps import Sweep


@claim("S-21", needs=("dimension", "accuracy"), sweep="width", counterfeit=monotone("dimension", "test"), source="figure")
def claim_dimension_peaks_at_the_interpolation_threshold(sweep: Sweep) -> Relation:
    logs = np.log(sweep.at_end("dimension", "test", layer=-1))
    below, peak, above = sweep.around_threshold()
    sides = {"narrower": below, "wider": above}
    return both(
        *(
            dominates(logs[:, peak], logs[:, other], effect=0.05, unit="log dimension", about=f"peak over {side}")
            for side, other in sides.items()
        )
    )

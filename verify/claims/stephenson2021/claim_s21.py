"""S-21: the dimension of test manifolds in the last feature layer mirrors the peak of test error over widths.

Stephenson et al. 2021, the figure of double descent: the manifold dimension has a double descent of its own. Logarithm of the
dimension of the true classes of test images, last hidden layer, end of training, at the interpolation threshold of S-20,
minus that at a width half as large or less, and minus that at one four times as large or more.
"""

import numpy as np

from verify import both, claim, dominates
from verify.counterfeits.of_sweeps import monotone
from verify.measurements.sweeps import Sweep


@claim("S-21", needs=("dimension", "accuracy"), sweep="width", counterfeit=monotone("dimension", "test"))
def claim_dimension_peaks_at_the_interpolation_threshold(sweep: Sweep):
    logs = np.log(sweep.at_end("dimension", "test", layer=-1))
    below, peak, above = sweep.around_threshold()
    return both(*(dominates(logs[:, peak], logs[:, other], effect=0.05, unit="log dimension") for other in (below, above)))

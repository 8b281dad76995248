"""S-20: with noisy labels, test error peaks at the width at which networks begin to fit all labels.

Stephenson et al. 2021, the figure of double descent (after Belkin et al. 2019 and Nakkiran et al. 2020). The test error of the
reported half at the end of training is higher at the interpolation threshold than at a width half as large or less, and than at
a width four times as large or more. The threshold is the first width at which training accuracy reaches the run's own level of
a fit in every group, permuted labels included; test images have no influence on its place. Network k has the same images,
labels and order at every width.
"""

from verify import Relation, both, claim, dominates
from verify.counterfeits.of_sweeps import monotone
from verify.measurements.sweeps import Sweep


@claim("S-20", needs="accuracy", sweep="width", counterfeit=monotone("accuracy", "test"), source="figure")
def claim_test_error_peaks_at_the_interpolation_threshold(sweep: Sweep) -> Relation:
    error = 1 - sweep.at_end("accuracy", "test", "report")
    below, peak, above = sweep.around_threshold()
    sides = {"narrower": below, "wider": above}
    return both(
        *(
            dominates(error[:, peak], error[:, other], effect=0.02, unit="test error", about=f"peak over {side}")
            for side, other in sides.items()
        )
    )

"""Z-11: the nearer a test image is to the training image, the better a network seems to copy it.

Zhang et al. 2020, section 3.1 and figure 3, for networks of every kind. Test images are at 15 to 90 degrees from the training
image. The rank correlation of identity_error, the squared distance of output and test image over the square of the test image,
with the angle is above 0 by the effect, averaged over the depths of the sweep and over networks. Networks that return their
training image for any image have it too, with the error of the training image itself, so that corr_const is told beside it.
"""

import numpy as np

from empirical.identity.quantities import ANGLES, DEGREES
from verify import Relation, both, claim, negligible, positive
from verify.counterfeits import at_every_value, with_spec
from verify.measurements.identity import by_angle, by_distance, by_theory, expected_error
from verify.measurements.rank_correlation import spearman
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

ERROR = "identity_error"


@at_every_value
def one_angle(runs: Runs) -> Runs:
    """Networks whose errors are in the order of the angles in every other network, and in the reverse order in the rest."""

    def alternated(key: Key, series: Series) -> tuple[Key, Series]:
        if key.quantity != ERROR or key.group != ANGLES:
            return key, series
        values, mirrored = series.values.copy(), DEGREES[::-1][DEGREES.index(int(key.choice))]
        values[::2] = runs.table[key._replace(choice=str(mirrored))].values[::2]
        return key, Series(series.epochs, values, series.name, series.networks)

    return runs.transformed(alternated)


@claim("Z-11", needs=(ERROR, "corr_const"), sweep="depth", labels="images", counterfeit=one_angle, source="figure")
def claim_near_images_are_copied_better(sweep: Sweep) -> Relation:
    errors = by_angle(sweep, ERROR)
    found = [[spearman(np.array(DEGREES), one) for one in network] for network in errors]
    low, high = (float(column.mean()) for column in by_angle(sweep, "corr_const").mean(axis=2).T[[0, -1]])
    note = f"corr_const {low:.2f} at {sweep.field} {sweep.values[0]} and {high:.2f} at {sweep.values[-1]}"
    return positive(np.array(found), 0.1, "rank correlation", note=note)


@claim(
    "Z-11.curve",
    needs=ERROR,
    sweep="depth",
    labels="images",
    architectures="connected",
    counterfeit=with_spec(gain=3.0),
    source="ours",
)
def claim_wide_networks_predict_the_error(sweep: Sweep) -> Relation:
    """Z-11.curve: the theory of wide networks predicts how well connected networks copy an image at each angle.

    Theory of 2026 beside Zhang et al. 2020 (:mod:`theory.identity.wide_networks`): the expected identity_error is 1 - 2 kappa
    rho + kappa^2 + N^2, without training and without a free constant. At each depth the measured error is the predicted one
    to within the effect times its size, in the mean over small angles and over large ones.
    """
    expected = np.stack([expected_error(runs.spec) for runs in by_theory(sweep).runs])
    ratios = by_distance(sweep, by_angle(sweep, ERROR) / expected - 1)
    return both(*(negligible(values, 0.1, "of the error", about=about) for about, values in ratios))

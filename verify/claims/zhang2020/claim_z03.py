"""Z-03: the deeper a fully connected network is, the more it returns its training image for other images.

Zhang et al. 2020, section 3.1 and figure 2: shallow networks return noise beside the image, and deep ones the training image.
For test images at angles of 15 to 90 degrees from the training image, corr_const, the cosine of the output with the training
image, rises over the depths of the sweep in the mean, and by the effect or more from the shallowest to the deepest. Copying
itself would score the cosine of the two images, 0.55 on average over the angles. The sentence has no word on the gain of the
initialization; Z-04 shows that it decides. Linear networks and ReLU networks, and each gain, are worlds of their own.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, increases, negligible
from verify.counterfeits import at_every_value, like_the_first, with_spec
from verify.measurements.identity import by_angle, by_distance, by_theory, expected_constant, rotation_residual
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

EFFECT = 0.05
WHERE = {"sweep": "depth", "labels": "images", "architectures": "connected"}


@at_every_value
def near_identity(runs: Runs) -> Runs:
    """Networks whose corr_id is halfway to 1 at every angle, as with a last layer near the identity."""

    def copied(key: Key, series: Series) -> tuple[Key, Series]:
        return key, replace(series, values=(1 + series.values) / 2) if key.quantity == "corr_id" else series

    return runs.transformed(copied)


@claim("Z-03", needs="corr_const", counterfeit=like_the_first("corr_const"), source="figure", **WHERE)
def claim_deep_networks_return_their_training_image(sweep: Sweep) -> Relation:
    found = by_angle(sweep, "corr_const").mean(axis=2)
    return both(
        increases(found, EFFECT / (len(sweep.values) - 1), "cosine per step", about="over the depths"),
        dominates(found[:, -1], found[:, 0], EFFECT, "cosine", about="deepest over shallowest"),
    )


@claim("Z-03.law", needs=("corr_const", "corr_id"), counterfeit=near_identity, source="ours", **WHERE)
def claim_outputs_follow_the_law_of_rotations(sweep: Sweep) -> Relation:
    """Z-03.law: a fully connected network resembles a test image only as far as the training image does.

    Theory of 2026 beside Zhang et al. 2020 (:mod:`theory.identity.rotation_symmetry`): if the last layer is Gaussian at the
    start, rotations about the training image leave the law of outputs alone, so that E cos(f, x) = rho E cos(f, x^) exactly, at
    any depth, width, activation, gain and training time of gradient descent. The mean difference over networks is 0 to within
    the effect at each depth, for small angles and for large ones.
    """
    residuals = by_distance(sweep, rotation_residual(by_theory(sweep)))
    return both(*(negligible(values, EFFECT, "cosine", about=about) for about, values in residuals))


@claim("Z-03.curve", needs="corr_const", counterfeit=with_spec(gain=3.0), source="ours", **WHERE)
def claim_wide_networks_predict_the_curve(sweep: Sweep) -> Relation:
    """Z-03.curve: the theory of wide networks predicts how far each depth returns the training image.

    Theory of 2026 beside Zhang et al. 2020 (:mod:`theory.identity.wide_networks`): depth, gain, activation and the angle
    determine corr_const, without training and without a free constant. At each depth prediction and measurement agree to
    within the effect, in the mean over small angles and over large ones. Networks of finite width deviate, with ReLU of the
    order width^-1/2.
    """
    expected = np.stack([expected_constant(runs.spec) for runs in by_theory(sweep).runs])
    differences = by_distance(sweep, by_angle(sweep, "corr_const") - expected)
    return both(*(negligible(values, EFFECT, "cosine", about=about) for about, values in differences))

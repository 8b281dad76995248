"""A-09: networks trained on noise have more critical samples than networks trained on real data.

Arpit et al. 2017, figure 9. A critical sample is a held-out image near which the network assigns another class to some image.
The claim compares their share at the end of training: for noise inputs (randX) among fresh noise, and for random labels (randY)
and real data among the same test images. Either kind of noise has a tenth more. Images count as near up to 0.3 grey levels in
every pixel for the convolutional network, as in the paper, and up to 2 for perceptrons.

The search follows the gradient of the margin, the runner-up's logit less the largest, because the gradient of the authors'
cross-entropy vanishes by rounding at large logits. It may leave the range of pixel values, as in the paper's algorithm: most
pixels of digits are black and could only brighten, which noise is not restricted by. A-09.choices has both other searches.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from empirical.evidence.names import IN_RANGE, NOISE, RADII, SOFTMAX, TEST
from verify import Relation, both, claim, dominates
from verify.measurements.memorization.critical_samples import QUANTITY, ratio
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

KINDS = {"-randX": NOISE, "-randY": TEST}
WHERE = {"needs": (QUANTITY, "accuracy"), "labels": "clean", "beside": tuple(KINDS), "source": "figure"}


def as_critical_as_real(runs: Runs) -> Runs:
    """Runs beside which noise has the mean critical sample ratio of real data; networks keep their deviations from the mean."""

    def like_real(key: Key, series: Series) -> tuple[Key, Series]:
        real = runs.table.get(key._replace(group=TEST))
        if key.quantity != QUANTITY or real is None:
            return key, series
        return key, replace(series, values=series.values - series.values.mean(axis=0) + _mean_at(real, series.epochs))

    return replace(runs, beside=lambda suffix: runs.beside(suffix).transformed(like_real))


def _mean_at(series: Series, epochs: np.ndarray) -> np.ndarray:
    """The mean over networks at other epochs, on straight lines between those at which every network was measured."""
    mean = series.values.mean(axis=0)
    known = ~np.isnan(mean)
    return np.interp(epochs, series.epochs[known], mean[known])


@claim("A-09", counterfeit=as_critical_as_real, **WHERE)
def claim_noise_has_more_critical_samples(runs: Runs) -> Relation:
    return both(*more_on_noise(runs, "", ("",)))


@claim("A-09.radii", counterfeit=as_critical_as_real, **WHERE)
def claim_noise_has_more_critical_samples_at_every_radius(runs: Runs) -> Relation:
    """A-09.radii: networks trained on noise have more critical samples than those on real data, at every radius.

    Arpit et al. 2017, who say that their results do not depend qualitatively on the radius. This is A-09 for images that count
    as near up to 0.3, 2 and 8 grey levels in every pixel.
    """
    return both(*(part for radius in RADII for part in more_on_noise(runs, radius, ("",))))


@claim("A-09.choices", counterfeit=as_critical_as_real, **{**WHERE, "source": "ours"})
def claim_noise_has_more_critical_samples_by_other_searches(runs: Runs) -> Relation:
    """A-09.choices: networks trained on noise have more critical samples than those on real data, by two other searches.

    Arpit et al. 2017, figure 9. This is A-09 with a search along the gradient of the cross-entropy of the predicted class, as
    in the authors' program; and with a search along the margin that stays within the range of pixel values.
    """
    return both(*more_on_noise(runs, "", (SOFTMAX, IN_RANGE)))


def more_on_noise(runs: Runs, radius: str, searches: Iterable[str]) -> list[Relation]:
    """The relations that either kind of noise has a larger critical sample ratio than real data, for each of the searches."""
    real, *worlds = paired(runs, *map(runs.beside, KINDS))
    return [
        dominates(
            ratio(world, "end", group, radius, how),
            ratio(real, "end", TEST, radius, how),
            effect=0.1,
            unit="share of images",
            about=" ".join(filter(None, (f"{kind[1:]} over real", how, radius and f"radius {radius}"))),
        )
        for how in searches
        for (kind, group), world in zip(KINDS.items(), worlds, strict=True)
    ]

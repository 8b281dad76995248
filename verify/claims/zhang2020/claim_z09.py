"""Z-09: a convolutional network with more parameters generalizes where a fully connected one with fewer does not.

Zhang et al. 2020, section 4: the number of parameters does not say whether a network that reproduces one image copies others.
The convolutional networks are those with the most channels of the world beside. The connected ones are the smallest of two
layers or more. The first have more parameters, and a corr_id that is larger by the effect for images at angles of 15 to 90
degrees from the training image.
"""

from dataclasses import replace

from verify import Relation, both, claim, dominates, exceeds
from verify.measurements.identity import by_angle, measured, without_skip
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

CHANNELS, CONNECTED, EFFECT = "-channels", "-relu", 0.3


def untied(sweep: Sweep) -> Sweep:
    """Convolutional networks that copy no better than connected ones, as with weights that pixels do not share."""
    channels, connected = sweep.beside(CHANNELS), sweep.beside(CONNECTED).runs[1]

    def like_connected(key: Key, series: Series) -> tuple[Key, Series]:
        if key.quantity != "corr_id" or key not in connected.table:
            return key, series
        level = connected.table[key].values.mean(axis=0)
        return key, replace(series, values=series.values - series.values.mean(axis=0) + level)

    changed = replace(channels, runs=tuple(runs.transformed(like_connected) for runs in channels.runs))
    return replace(sweep, beside=lambda suffix: changed if suffix == CHANNELS else sweep.beside(suffix))


@claim(
    "Z-09",
    needs=("corr_id", "parameters"),
    sweep="depth",
    labels="images",
    architectures="convolutional",
    beside=(CHANNELS, CONNECTED),
    counterfeit=untied,
)
def claim_parameters_do_not_say_what_generalizes(sweep: Sweep) -> Relation:
    without_skip(sweep)
    convolutional, connected = sweep.beside(CHANNELS), sweep.beside(CONNECTED)
    larger, smaller = (
        measured(convolutional, "parameters", "training")[:, -1],
        measured(connected, "parameters", "training")[:, 1],
    )
    copied, not_copied = by_angle(convolutional, "corr_id")[:, -1], by_angle(connected, "corr_id")[:, 1]
    return both(
        exceeds(float(larger.min() > smaller.max()), 0.5 + 0 * copied[:, 0], "yes or no", about="more parameters"),
        dominates(copied, not_copied, EFFECT, "cosine", about="corr_id"),
    )

"""Z-09: a convolutional network with more parameters generalizes where a fully connected one with fewer does not.

Zhang et al. 2020, section 4: the number of parameters does not say whether a network that reproduces one image copies others.
The convolutional networks are those with the most channels of the world beside, trained by Adam. The connected ones are the
smallest of two layers or more, trained by gradient descent to a smaller loss. The first have more parameters, a corr_id above
0.85 on unseen digits, and the second a corr_id below 0.85 that is smaller by the effect.
"""

from dataclasses import replace

from verify import Relation, both, claim, dominates, exceeds
from verify.measurements.identity import SAME, same_images, without_skip
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

CHANNELS, CONNECTED, EFFECT = "-channels", "-relu", 0.3


def untied(sweep: Sweep) -> Sweep:
    """Convolutional networks that copy no better than connected ones, as with weights that pixels do not share."""
    channels, connected = sweep.beside(CHANNELS), _of_two_layers(sweep.beside(CONNECTED))

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
    _, channels, layers = same_images(without_skip(sweep), sweep.beside(CHANNELS), sweep.beside(CONNECTED))
    convolutional, connected = channels.runs[-1], _of_two_layers(layers)
    larger, smaller = (one.series("parameters", "training").last() for one in (convolutional, connected))
    copied, not_copied = (one.series("corr_id", "digits").last() for one in (convolutional, connected))
    return both(
        exceeds(float(larger.min() > smaller.max()), 0.5 + 0 * copied, "yes or no", about="more parameters"),
        dominates(copied, not_copied, EFFECT, "cosine", about="corr_id"),
        exceeds(copied, SAME, "cosine", about="convolutional networks copy"),
        exceeds(SAME, not_copied, "cosine", about="connected ones do not"),
    )


def _of_two_layers(sweep: Sweep) -> Runs:
    """The runs of the fewest layers, of which there are two or more."""
    return next(runs for runs in sweep.runs if runs.spec["depth"] >= 2)

"""Z-08: the number of channels matters less than depth to what convolutional networks return.

Zhang et al. 2020, section 4.2: many channels do less harm than many layers. corr_id on unseen digits differs by less than the
effect between the fewest and the most channels of the world beside, and its fall from the shallowest to the deepest networks is
larger than the difference by channels.
"""

from dataclasses import replace

from verify import Relation, both, claim, dominates, equivalent
from verify.measurements.identity import measured, same_images, without_skip
from verify.measurements.sweeps import Sweep

CHANNELS, EFFECT = "-channels", 0.1


def wide_ones_are_deeper(sweep: Sweep) -> Sweep:
    """Sweeps beside which the networks of the most channels are the deepest ones."""
    channels = sweep.beside(CHANNELS)
    deeper = replace(channels, runs=(*channels.runs[:-1], sweep.runs[-1]))
    return replace(sweep, beside=lambda suffix: deeper if suffix == CHANNELS else sweep.beside(suffix))


@claim(
    "Z-08",
    needs="corr_id",
    sweep="depth",
    labels="images",
    architectures="convolutional",
    beside=CHANNELS,
    counterfeit=wide_ones_are_deeper,
)
def claim_channels_matter_less_than_depth(sweep: Sweep) -> Relation:
    worlds = same_images(without_skip(sweep), sweep.beside(CHANNELS))
    depths, channels = (measured(one, "corr_id", "digits") for one in worlds)
    by_channels = abs(channels[:, -1] - channels[:, 0])
    return both(
        equivalent(channels[:, -1], channels[:, 0], EFFECT, "cosine", about="most and fewest channels"),
        dominates(depths[:, 0] - depths[:, -1], by_channels, EFFECT, "cosine", about="depth over channels"),
    )

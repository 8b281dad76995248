"""Z-06: shallow convolutional networks learn to copy from one image, and deep ones to return it.

Zhang et al. 2020, section 4.1 and figure 4. On digits that the networks were not trained on, the shallowest networks of the
sweep have a corr_id above 0.85, and the deepest a corr_const above 0.85. The contrast corr_const - corr_id is below 0 in the
shallowest and above 0 in the deepest, rises from one to the other by the effect or more, and rises over the depths in the mean.
"""

from collections.abc import Callable

import numpy as np

from verify import Relation, both, claim, dominates, exceeds, increases
from verify.counterfeits import at_every_value, like_the_first, scaled
from verify.judging.verdicts import NotAsked
from verify.measurements.identity import SAME, contrast, excess, measured, without_skip
from verify.measurements.sweeps import Sweep

WHERE = {"sweep": "depth", "labels": "images", "architectures": "convolutional"}
CORRELATIONS, EFFECT = ("corr_id", "corr_const"), 0.2


@claim("Z-06", needs=(*CORRELATIONS, "corr_images"), counterfeit=like_the_first(*CORRELATIONS), source="figure", **WHERE)
def claim_depth_turns_copying_into_memory(sweep: Sweep) -> Relation:
    found = contrast(without_skip(sweep), "digits")
    same, constant = (measured(sweep, quantity, "digits") for quantity in CORRELATIONS)
    above = float(excess(sweep, "digits")[:, -1].mean())
    return both(
        increases(found, EFFECT / (len(sweep.values) - 1), "cosine per step", about="over the depths"),
        dominates(found[:, -1], found[:, 0], EFFECT, "cosine", about="deepest over shallowest"),
        exceeds(0.0, found[:, 0], "cosine", about="the shallowest are nearer to copying"),
        exceeds(found[:, -1], 0.0, "cosine", about="the deepest are nearer to the training image"),
        exceeds(same[:, 0], SAME, "cosine", about="the shallowest copy"),
        exceeds(constant[:, -1], SAME, "cosine", about="the deepest return it", note=f"{above:.2f} above what copying scores"),
    )


@claim("Z-06.mixed", needs=CORRELATIONS, counterfeit=like_the_first(*CORRELATIONS), source="figure", **WHERE)
def claim_between_the_two_networks_do_neither(sweep: Sweep) -> Relation:
    """Z-06.mixed: at a depth between, convolutional networks neither copy an image nor return the training image.

    Zhang et al. 2020, section 4.1 and figure 4, where this is the regime of edge detectors; Z-06.edges asks for edges. At some
    depth between the shallowest and the deepest of the sweep, the larger of corr_id and corr_const on digits is below 0.85. The
    depth of each network is the one at which this number, averaged over all other networks, is smallest, so that no network
    chooses its own.
    """
    chosen = _between(without_skip(sweep))
    return exceeds(SAME, chosen(_larger(sweep)), "cosine")


@claim(
    "Z-06.edges",
    needs=(*CORRELATIONS, "corr_edges", "corr_blur"),
    counterfeit=at_every_value(scaled("corr_edges", "digits", 0.5)),
    source="figure",
    **WHERE,
)
def claim_between_the_two_networks_detect_edges(sweep: Sweep) -> Relation:
    """Z-06.edges: at the depth between, convolutional networks return the edges of an image.

    Zhang et al. 2020, section 4.1 and figure 4. At the depth of Z-06.mixed, outputs for digits resemble the lengths of the
    digits' Sobel gradients more than the digits averaged over 3 x 3 pixels.
    """
    chosen = _between(without_skip(sweep))
    edges, blur = (chosen(measured(sweep, quantity, "digits")) for quantity in ("corr_edges", "corr_blur"))
    return dominates(edges, blur, 0.05, "cosine")


def _larger(sweep: Sweep) -> np.ndarray:
    """The larger of corr_id and corr_const of each network, (networks, depths)."""
    return np.max([measured(sweep, quantity, "digits") for quantity in CORRELATIONS], axis=0)


def _between(sweep: Sweep) -> Callable[[np.ndarray], np.ndarray]:
    """The function that takes values (networks, depths) to those of each network at its depth between, (networks,).

    :raises NotAsked: the sweep has no depth between two others.
    """
    larger = _larger(sweep)[:, 1:-1]
    if not larger.shape[1]:
        raise NotAsked(f"{sweep.world} has {len(sweep.values)} depths, and none between two others")
    others = (larger.sum(axis=0) - larger) / (len(larger) - 1)
    return lambda values: values[np.arange(len(values)), 1 + others.argmin(axis=1)]

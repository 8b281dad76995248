"""Z-06: shallow convolutional networks learn to copy from one image, and deep ones to return it.

Zhang et al. 2020, section 4.1 and figure 4. The contrast is corr_const - corr_id on digits that the networks were not trained
on. It is below 0 in the shallowest networks of the sweep and above 0 in the deepest, rises from one to the other by the effect
or more, and rises over the depths in the mean.
"""

import numpy as np

from verify import Relation, both, claim, dominates, exceeds, increases
from verify.counterfeits import at_every_value, like_the_first, scaled
from verify.measurements.identity import contrast, measured, without_skip
from verify.measurements.sweeps import Sweep

WHERE = {"sweep": "depth", "labels": "images", "architectures": "convolutional"}
CORRELATIONS, EFFECT = ("corr_id", "corr_const"), 0.2
MIXED = 0.85


@claim("Z-06", needs=CORRELATIONS, counterfeit=like_the_first(*CORRELATIONS), source="figure", **WHERE)
def claim_depth_turns_copying_into_memory(sweep: Sweep) -> Relation:
    found = contrast(without_skip(sweep), "digits")
    return both(
        increases(found, EFFECT / (len(sweep.values) - 1), "cosine per step", about="over the depths"),
        dominates(found[:, -1], found[:, 0], EFFECT, "cosine", about="deepest over shallowest"),
        exceeds(0.0, found[:, 0], "cosine", about="the shallowest copy"),
        exceeds(found[:, -1], 0.0, "cosine", about="the deepest return the training image"),
    )


@claim("Z-06.mixed", needs=CORRELATIONS, counterfeit=like_the_first(*CORRELATIONS), source="figure", **WHERE)
def claim_between_the_two_networks_do_neither(sweep: Sweep) -> Relation:
    """Z-06.mixed: at a depth between, convolutional networks neither copy an image nor return the training image.

    Zhang et al. 2020, section 4.1 and figure 4, where this is the regime of edge detectors; Z-06.edges asks for edges. At some
    depth both corr_id and corr_const on digits are below 0.85. The depth of each network is the one at which the larger of the
    two, averaged over all other networks, is smallest, so that no network chooses its own.
    """
    chosen = _mixed(without_skip(sweep))
    same, constant = (chosen(measured(sweep, quantity, "digits")) for quantity in CORRELATIONS)
    return both(
        exceeds(MIXED, same, "cosine", about="corr_id below 0.85"),
        exceeds(MIXED, constant, "cosine", about="corr_const below 0.85"),
    )


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
    chosen = _mixed(without_skip(sweep))
    edges, blur = (chosen(measured(sweep, quantity, "digits")) for quantity in ("corr_edges", "corr_blur"))
    return dominates(edges, blur, 0.05, "cosine")


def _mixed(sweep: Sweep):
    """The function that takes values (networks, depths) to those of each network at its depth between, (networks,)."""
    larger = np.max([measured(sweep, quantity, "digits") for quantity in CORRELATIONS], axis=0)
    others = (larger.sum(axis=0) - larger) / (len(larger) - 1)
    return lambda values: values[np.arange(len(values)), others.argmin(axis=1)]

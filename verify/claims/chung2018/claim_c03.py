"""C-03: the anchor point of a probe determines exactly how far the probe is moved.

Chung, Lee & Sompolinsky 2018, the inner problem and its KKT conditions, at any margin: V = T + lambda S~ with lambda >= 0. The
anchor S~ lies in the manifold's hull and has centre component 1. V.S >= kappa holds everywhere, with equality at the anchor
where lambda > 0. The squared displacement is [kappa - T.S~]_+^2 / ||S~||^2. The claim checks these conditions on what the
solver returns; it does not solve the problem a second time.
"""

import numpy as np

from theory.geometry import anchors
from verify import Relation, both, claim, given, matches, vanishes
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Cloud, clouds, margins

wrong_sign_of_margin = planted(
    "theory.geometry.anchors.project",
    lambda right: lambda coordinates, probes, margin: right(coordinates, probes, 0.3 - margin),
)


@claim("C-03", counterfeit=wrong_sign_of_margin)
@given(cloud=clouds(), margin=margins(-1.0, 2.0))
def claim_displacement_follows_from_the_anchor(cloud: Cloud, margin: float) -> Relation:
    coordinates, probes = cloud.coordinates(), cloud.probes(50)
    found = anchors.project(coordinates, probes, margin)
    length = (found.anchors**2).sum(0)
    shortfall = np.maximum(margin - (probes * found.anchors).sum(0), 0.0)
    moved = probes + shortfall / length * found.anchors
    slack = coordinates.T @ moved - margin
    scale = 1 + np.abs(coordinates).max() * np.abs(probes).max()
    return both(
        matches(found.anchors[-1], np.ones(50)),
        vanishes(found.displacement - shortfall**2 / length, scale**2),
        vanishes(np.minimum(slack, 0.0), scale),
        vanishes(shortfall * ((moved * found.anchors).sum(0) - margin), scale**2),
    )

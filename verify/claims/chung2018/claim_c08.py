"""C-08: for a fixed centre, displacement and anchors depend only on the manifold's convex hull.

Chung, Lee & Sompolinsky 2018: the constraints on a manifold are those on its convex hull. Points added inside the hull, and
repeated points, change neither how far a probe moves nor its anchor, as long as the centre stays fixed. In the counterfeit the
centre is recomputed from the points, and moves.
"""

from collections.abc import Callable

import numpy as np

from theory.geometry import anchors
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Cloud, clouds, margins


def recentred(right: Callable) -> Callable:
    """A projection that recomputes the centre of every frame from its points."""

    def project(coordinates, probes, margin):
        offsets = coordinates[:-1] - coordinates[:-1].mean(1, keepdims=True)
        return right(np.vstack([offsets, coordinates[-1:]]), probes, margin)

    return project


@claim("C-08", counterfeit=planted("theory.geometry.anchors.project", recentred))
@given(cloud=clouds(), margin=margins(-1.0, 2.0))
def claim_only_the_hull_matters(cloud: Cloud, margin: float) -> Relation:
    coordinates, probes = cloud.coordinates(), cloud.probes(50)
    more = np.hstack([coordinates, coordinates @ cloud.mixtures(7), coordinates[:, :1]])
    alone, crowded = (anchors.project(points, probes, margin) for points in (coordinates, more))
    scale = 1 + np.abs(coordinates).max() * np.abs(probes).max()
    # Where nothing is moved far, the anchor is the ratio of two small numbers; how far it is moved by is not.
    pull = np.sqrt(alone.displacement)
    return both(
        vanishes(alone.displacement - crowded.displacement, scale**2),
        vanishes(pull * (alone.anchors - crowded.anchors), scale**2),
    )

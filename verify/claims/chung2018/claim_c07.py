"""C-07: capacity falls with the margin, with the radius and with the dimension.

Chung, Lee & Sompolinsky 2018; N-08 of Cohen et al. 2020 for clouds. For balls the claim evaluates the closed formula, over a
factor of up to two in each parameter. For clouds the claim compares probe by probe: a higher margin, or a copy of the cloud
scaled up about its centre, moves every probe at least as far. The reason is that a vector which satisfies the harder
constraints also satisfies the easier ones.
"""

import numpy as np
from hypothesis import strategies as st

from theory.capacity import balls
from theory.geometry import anchors
from verify import Relation, both, claim, given, matches, vanishes
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Cloud, clouds, margins

radius_and_its_inverse = planted(
    "theory.capacity.balls.ball_capacity", lambda right: lambda margin, radius, dim: right(margin, 1 / np.asarray(radius), dim)
)


@claim("C-07", counterfeit=radius_and_its_inverse)
@given(cloud=clouds(), margin=margins(-1.0, 2.0), growth=st.floats(1.01, 2.0))
def claim_capacity_falls_with_margin_radius_and_dimension(cloud: Cloud, margin: float, growth: float) -> Relation:
    capacity, dim = balls.ball_capacity(margin, cloud.spread, cloud.shape_dim), cloud.shape_dim
    coordinates, probes = centred(cloud), cloud.probes(50)
    larger = np.vstack([growth * coordinates[:-1], coordinates[-1:]])
    alone, harder, scaled = (
        anchors.project(points, probes, kappa).displacement
        for points, kappa in ((coordinates, margin), (coordinates, margin + growth - 1), (larger, margin))
    )
    scale = (1 + np.abs(larger).max() * np.abs(probes).max()) ** 2
    return both(
        matches(np.sign(capacity - balls.ball_capacity(margin + growth - 1, cloud.spread, dim)), 1.0),
        matches(np.sign(capacity - balls.ball_capacity(margin, growth * cloud.spread, dim)), 1.0),
        matches(np.sign(capacity - balls.ball_capacity(margin, cloud.spread, dim + 1)), 1.0),
        vanishes(np.minimum(harder - alone, 0.0), scale),
        vanishes(np.minimum(scaled - alone, 0.0), scale),
    )


def centred(cloud: Cloud) -> np.ndarray:
    """The frame of a cloud with its centre at the mean of its points, (D + 1, M).

    Only about a point of its hull does a larger copy contain the cloud.
    """
    coordinates = cloud.coordinates()
    return np.vstack([coordinates[:-1] - coordinates[:-1].mean(1, keepdims=True), coordinates[-1:]])

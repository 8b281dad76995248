"""C-02: the displacement of the inner problem, averaged over Gaussian probes, is the closed integral for 1/capacity.

Chung, Lee & Sompolinsky 2018 (PRE 93, 060301 of 2016 for segments): 1/alpha = E[min ||V - T||^2 over V.S >= kappa], for
segments and discs at margins from 0 to 1. The two ends stand for a segment. A regular polygon of m = 40 vertices, inscribed in
the disc, stands for the disc. The polygon contains the disc of radius R cos(pi/m), and 1/alpha grows with the hull but more
slowly than R does. The polygon's 1/alpha is therefore at most 0.3 % below the disc's, a sixteenth of the effect.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.capacity import balls
from theory.geometry import anchors
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import margins, radii

margin_per_diameter = planted(
    "theory.capacity.balls.ball_capacity", lambda right: lambda margin, radius, dim: right(margin / 2, radius, dim)
)
VERTICES = 40
Sample = Callable[[int, np.random.Generator], np.ndarray]


@claim("C-02", counterfeit=margin_per_diameter)
@given(examples=10, margin=st.just(0.0) | margins(0.0, 1.0), radius=radii())
def claim_mean_displacement_is_the_closed_integral(margin: float, radius: float) -> Relation:
    return both(*(averages(*prediction_and_sample(margin, radius, dim), effect=0.05) for dim in (1, 2)))


def prediction_and_sample(margin: float, radius: float, shape_dim: int) -> tuple[float, Sample]:
    """1/capacity of the ball, and a function that draws displacements of the polygon inscribed in it."""
    points = polygon(radius, 2 if shape_dim == 1 else VERTICES)[-shape_dim - 1 :]

    def displacements(n: int, rng: np.random.Generator) -> np.ndarray:
        return anchors.project(points, rng.standard_normal((shape_dim + 1, n)), margin).displacement

    return 1 / balls.ball_capacity(margin, radius, shape_dim), displacements


def polygon(radius: float, n_points: int) -> np.ndarray:
    """A regular polygon as a frame, (3, m); two points lie on the second axis."""
    angle = 2 * np.pi * np.arange(n_points) / n_points
    return np.stack([radius * np.sin(angle), radius * np.cos(angle), np.ones(n_points)])

"""C-13: the share of manifolds that support a largest-margin solution is the share of probes that the inner problem moves.

Chung, Lee & Sompolinsky 2018: the regimes of the anchor point predict what share of the manifolds is interior, touching or
fully supporting. For points at margin kappa, the share that is moved is Phi(kappa). The claim has two halves.

The first half counts solved projections on segments and discs (regular polygons, see C-02) at a drawn margin. The shares of
probes that are not moved, and of those that are fully held, are the shares of theory.capacity.ball_regimes. (The shares of a
polygon differ from those of its disc by less than 0.001, a fiftieth of the effect and an eighth of the counts' own chance.)

The second half measures without theory. P segments or points with Gaussian centres, axes and random labels, as near to capacity
as a whole N can be, have a solution of largest margin. The share of manifolds with a part in this solution is the share that is
moved, to within 1.2/P (the constant of C-05).
"""

import numpy as np
from hypothesis import strategies as st
from scipy import optimize

from empirical.separability import largest_margin
from theory.capacity import ball_regimes, balls
from theory.geometry import anchors
from verify import Relation, averages, both, claim, given, law
from verify.claims.chung2018.claim_c02 import polygon
from verify.claims.chung2018.claim_c05 import EFFECT, SIZES
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import margins

at_margin_zero = planted(
    "theory.capacity.ball_regimes.ball_regimes",
    lambda right: lambda margin, radius, dim: right(0.0 * np.asarray(margin), radius, dim),
)
VERTICES = 40
HELD = 1e-9


# At smaller margins a few manifolds are often not separable at all, and a solution rests on none.
@claim("C-13", counterfeit=at_margin_zero)
@given(
    examples=5,
    margin=margins(0.5, 1.5),
    radius=st.just(0.0) | st.floats(0.05, 2.0).map(lambda radius: round(radius, 3)),
)
def claim_solutions_rest_on_the_manifolds_that_are_moved(margin: float, radius: float) -> Relation:
    counted = (law_of(regime, margin, radius, dim) for dim in (1, 2) for regime in ("interior", "supporting"))
    return both(*counted, *(rests_on(margin, radius, size, EFFECT * SIZES[-1] / size) for size in SIZES))


def law_of(regime: str, margin: float, radius: float, shape_dim: int) -> Relation:
    """The law that solved projections on a segment or a polygon have the predicted share of probes in a regime."""
    points = polygon(radius, 2 if shape_dim == 1 else VERTICES)[-shape_dim - 1 :]

    def count(n: int, rng: np.random.Generator) -> int:
        probes = rng.standard_normal((shape_dim + 1, n))
        found = anchors.project(points, probes, margin)
        moved = found.displacement > 0
        step = found.anchors / np.linalg.norm(found.anchors, axis=0) * np.sqrt(found.displacement)
        held = moved & (np.linalg.norm((probes + step)[:-1], axis=0) < HELD)
        return int((held if regime == "supporting" else ~moved).sum())

    return law(
        float(getattr(ball_regimes.ball_regimes(margin, radius, shape_dim), regime)), count, effect=0.05, counted="probes"
    )


def rests_on(margin: float, radius: float, n_manifolds: int, effect: float) -> Relation:
    """The relation that the share of supporting manifolds is 1 - interior at the margin whose capacity is P/N."""
    n_features = round(n_manifolds / float(balls.segment_capacity(margin, radius)))
    predicted = 1 - ball_regimes.ball_regimes(margin_at(n_manifolds / n_features, radius), radius, 1).interior

    def shares(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([largest_margin.random_support(rng, n_manifolds, n_features, radius) for _ in range(n)])

    return averages(float(predicted), shares, effect, counted="dichotomies", pilot=100)


def margin_at(load: float, radius: float) -> float:
    """The margin at which the capacity of segments is ``load``."""
    excess = lambda margin: float(np.log(balls.segment_capacity(margin, radius) / load))  # noqa: E731
    return optimize.root_scalar(excess, bracket=(-1.0, 4.0)).root

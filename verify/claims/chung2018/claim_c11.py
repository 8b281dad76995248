"""C-11: the touching points of Gaussian vectors have the radius R_g and dimension D_g that the formulas give.

Chung, Lee & Sompolinsky 2018, Gaussian anchor geometry: s_g(t) = argmax_s t.s, R_g^2 = E ||s_g||^2, D_g = E (t.s^_g)^2, for
ellipsoids with drawn radii and L1 balls. theory.capacity.gaussian_geometry computes R_g and D_g by one-dimensional integrals.
The claim compares them with means over fresh touching points. On an ellipsoid, which is the image of a ball, the touching point
is the image of the point at which the ball is highest along the gradient of t.s. On an L1 ball it is one of the vertices.

In many dimensions D_g of an ellipsoid tends to the participation ratio of its squared radii. An expansion of D_g = E[Y^2 / W]
about the means of Y = sum R_i^2 t_i^2 and W = sum R_i^4 t_i^2 shows that the relative difference is at most 2 / PR4, PR4 = (sum
R^4)^2 / sum R^8, of order 1/D. The claim checks this bound with every radius repeated 1, 4 and 16 times.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.capacity import gaussian_geometry
from verify import Relation, approximates, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import radii

of_the_longest_axis = planted(
    "theory.capacity.gaussian_geometry.ellipsoid_geometry",
    lambda right: lambda radii: right(np.max(radii) * np.ones_like(radii)),
)
COPIES = (1, 4, 16)


@claim("C-11", counterfeit=of_the_longest_axis)
@given(examples=6, axes=st.lists(radii(), min_size=2, max_size=6), radius=radii(), shape_dim=st.integers(2, 40))
def claim_touching_points_have_the_gaussian_geometry(axes: list[float], radius: float, shape_dim: int) -> Relation:
    limits = (approaches(np.repeat(axes, copies)) for copies in COPIES)
    return both(
        *touches(
            gaussian_geometry.ellipsoid_geometry(np.array(axes)), lambda t: highest_of_ellipsoid(np.array(axes), t), len(axes)
        ),
        touches(gaussian_geometry.cross_polytope_geometry(radius, shape_dim), lambda t: highest_vertex(radius, t), shape_dim)[
            1
        ],
        *limits,
    )


def touches(
    predicted: gaussian_geometry.GaussianGeometry, touching: Callable[[np.ndarray], np.ndarray], shape_dim: int
) -> tuple[Relation, Relation]:
    """The relations that touching points of fresh Gaussian vectors have the predicted R_g^2 and D_g."""

    def sampled(quantity):
        def sample(n: int, rng: np.random.Generator) -> np.ndarray:
            t = rng.standard_normal((n, shape_dim))
            points = touching(t)
            return quantity(t, points, (points**2).sum(1))

        return sample

    return (
        averages(float(np.asarray(predicted.radius)) ** 2, sampled(lambda _, __, squared: squared), effect=0.05),
        averages(
            float(np.asarray(predicted.dimension)),
            sampled(lambda t, points, squared: (t * points).sum(1) ** 2 / squared),
            effect=0.05,
        ),
    )


def approaches(radii: np.ndarray) -> Relation:
    """The relation that D_g is the participation ratio to within 2 / PR4."""
    fourth = radii**4
    bound = 2 * np.sum(fourth**2) / np.sum(fourth) ** 2
    limit = np.asarray(gaussian_geometry.participation_geometry(radii).dimension)
    exact = np.asarray(gaussian_geometry.ellipsoid_geometry(radii).dimension)
    return approximates(exact, limit, effect=float(bound))


def highest_of_ellipsoid(radii: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The points of an ellipsoid where t.s is largest, (n, D).

    They are the images of the unit ball's highest points along the gradient, R_i t_i.
    """
    gradient = t * radii
    return radii * gradient / np.linalg.norm(gradient, axis=1, keepdims=True)


def highest_vertex(radius: float, t: np.ndarray) -> np.ndarray:
    """The vertices +-R e_i where t.s is largest, (n, D)."""
    vertices = radius * np.vstack([np.eye(t.shape[1]), -np.eye(t.shape[1])])
    return vertices[(t @ vertices.T).argmax(axis=1)]

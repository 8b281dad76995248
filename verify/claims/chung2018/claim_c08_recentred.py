"""C-08.recentred: points added inside the hull change the capacity when the centre is recomputed from the points.

The other half of C-08. Chung, Lee & Sompolinsky 2018 measure in units of a manifold's centre and take its direction to be
orthogonal to the offsets. If the centre follows the points, the unit and the direction depend on how the points are spread
inside their hull. The examples are clouds that are symmetric about their centre, at 1 to 1.5 centre norms from it. Ten times as
many points are added inside the hull, nine tenths of the way to one vertex, and pull the centre towards that vertex. The claim
projects the same Gaussian vectors on both clouds, rotated into the frame of each.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes

from theory.geometry import anchors, frames, gram_accumulation
from verify import Relation, claim, differs, given
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Cloud, margins

DISTANCES = st.floats(1.0, 1.5).map(lambda distance: round(distance, 3))


def held(right: Callable) -> Callable:
    """Grams in which every frame keeps the centre that the cloud has without the added points."""
    return lambda clouds, **options: right(clouds, **options, centers=[centre(cloud) for cloud in clouds])


@claim("C-08.recentred", counterfeit=planted("theory.geometry.gram_accumulation.grams_of", held))
@given(
    examples=8,
    cloud=st.builds(Cloud, st.integers(4, 6), st.integers(1, 3), DISTANCES, st.integers(0, 2**16)),
    margin=margins(0.0, 1.0),
)
def claim_a_recomputed_centre_changes_the_capacity(cloud: Cloud, margin: float) -> Relation:
    points = symmetric(cloud)
    inside = 0.9 * points[:1] + 0.1 * centre(points)
    crowded = np.concatenate([points, np.repeat(inside, 10 * len(points), axis=0)])

    def changes(n: int, rng: np.random.Generator) -> np.ndarray:
        probes = rng.standard_normal((cloud.shape_dim + 1, n))
        return displacement(crowded, probes, margin) - displacement(points, probes, margin)

    return differs(changes, effect=0.05, unit="1/capacity")


def symmetric(cloud: Cloud) -> np.ndarray:
    """A cloud of 2 M points, (2 M, D + 1): each lies at the cloud's spread from the centre, and opposite another point."""
    offsets = cloud.coordinates()[:-1].T
    offsets *= cloud.spread / np.linalg.norm(offsets, axis=1, keepdims=True)
    return np.column_stack([np.concatenate([offsets, -offsets]), np.ones(2 * len(offsets))])


def centre(points: np.ndarray) -> np.ndarray:
    """The centre of the symmetric cloud, (D + 1,): one unit from the origin."""
    return np.eye(points.shape[1])[-1]


def displacement(points: np.ndarray, probes: np.ndarray, margin: float) -> np.ndarray:
    """Squared displacement of probes whose coordinates are along the points' own axes, (n,)."""
    (frame,) = frames.frames_of(gram_accumulation.grams_of([points], center_mean=False))
    coordinates, offsets = frame.coordinates(), points[:, :-1]
    turned = coordinates[:-1].T
    turn, _ = orthogonal_procrustes(offsets - offsets.mean(0), turned - turned.mean(0))
    return anchors.project(coordinates, np.vstack([turn.T @ probes[:-1], probes[-1:]]), margin).displacement

"""Points on a sphere with labels of any size. Nothing here imports theory."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from verify.strategies.linear_networks import draws, scales


@dataclass(frozen=True)
class Sphere:
    """n uniform points on the unit sphere in d dimensions, with Gaussian labels of a scale, or labels of one size."""

    n_points: int
    n_dimensions: int
    scale: float
    equal: bool
    draw: int

    def points(self) -> np.ndarray:
        """The points, (n, d)."""
        drawn = np.random.default_rng([self.draw, 0]).standard_normal((self.n_points, self.n_dimensions))
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def labels(self) -> np.ndarray:
        """The labels, (n,)."""
        drawn = np.random.default_rng([self.draw, 1]).standard_normal(self.n_points)
        return self.scale * (np.sign(drawn) if self.equal else drawn)


SPHERES = st.builds(Sphere, st.integers(2, 24), st.integers(3, 10), scales(0.1, 10.0), st.booleans(), draws)

"""The time that each formula takes for a curve of 1,000 values. Run ``python -m benchmarks.curves``."""

import time
from collections.abc import Callable

import numpy as np

from theory.capacity import ball_regimes, balls, correlated_spheres, cross_polytopes, ellipsoids, sparse_labels
from theory.kernels import exchangeable_kernels
from theory.learning import early_learning, linear_learning_curves, permuted_gradient_share

N = 1000
MARGINS = np.linspace(-3, 5, N)
RADII = np.geomspace(0.01, 100, N)


def curves() -> dict[str, Callable[[], object]]:
    """One function per curve, by the name of the curve and of the variable along it."""
    kernel = exchangeable_kernels.rates(exchangeable_kernels.Exchangeable(2.0, 1.0, 0.5), 50, 10)
    mixing = early_learning.expected_mixing(50, 10, 0.5)
    modes = linear_learning_curves.marchenko_pastur(0.75, 1.0, 0.5)
    return {
        "balls, margins": lambda: balls.ball_capacity(MARGINS, 1.0, 20),
        "balls, radii": lambda: balls.ball_capacity(0.0, RADII, 20),
        "ellipsoids of two radii, margins": lambda: ellipsoids.ellipsoid_capacity(MARGINS, [0.3, 2.0, 2.0]),
        "ellipsoids of four radii, margins": lambda: ellipsoids.ellipsoid_capacity(MARGINS, [0.1, 0.3, 0.7, 2.0]),
        "L1 balls in 12 dimensions, margins": lambda: cross_polytopes.cross_polytope_capacity(MARGINS, 1.0, 12),
        "regimes of balls, margins": lambda: ball_regimes.ball_regimes(MARGINS, 1.0, 20),
        "sparse labels, points": lambda: sparse_labels.capacity(np.geomspace(1e-6, 0.5, N)),
        "sparse labels, balls": lambda: sparse_labels.capacity(np.geomspace(1e-4, 0.5, N), 0.0, 3.0, 20),
        "correlated spheres": lambda: correlated_spheres.sphere_capacity(0.0, 1.0, 1.0, np.linspace(0, 0.99, N), 0.5, 7),
        "permuted share": lambda: permuted_gradient_share.permuted_share(np.arange(2, N + 2), 10, 0.5, 0.2),
        "losses of the three groups": lambda: early_learning.losses(np.linspace(0, 10, N), kernel, 10, 0.5, mixing),
        "Marchenko-Pastur test error": lambda: linear_learning_curves.test_error(modes, np.linspace(0, 50, N)),
    }


def seconds(curve: Callable[[], object]) -> float:
    """The shorter of two measured times of a curve, in seconds."""
    times = []
    for _ in range(2):
        started = time.perf_counter()
        curve()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    for name, curve in curves().items():
        print(f"{name:38} {seconds(curve):8.3f} s")

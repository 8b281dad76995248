"""How much the capacity changes when the clouds hardly change: small noise, float32, and other probes."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from benchmarks.estimators import CAVITY, METHODS, PUBLISHED, Clouds, new_seed
from theory.geometry.manifolds import manifold_geometry
from theory.numerics.estimate import Estimate

# The standard deviation of the noise, in units of that of all coordinates.
NOISE = 1e-6
# What is done to the clouds, and which of two seeds the probes have then; before, they have the first.
PERTURBATIONS: dict[str, tuple[Callable[[Clouds, np.random.Generator], Clouds], int]] = {
    "noise 1e-6": (lambda clouds, rng: clouds + NOISE * clouds.std() * rng.standard_normal(clouds.shape), 0),
    "float32": (lambda clouds, _: clouds.astype(np.float32), 0),
    "another seed": (lambda clouds, _: clouds, 1),
}


def changes(
    clouds: Sequence[Clouds], n_probes: int, seed: int, center_mean: bool
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Changes of the capacity, by perturbation and method ("cavity" and "published").

    :param clouds: examples, (P, M, N) each.
    :returns: "in_errors", each example's change in standard errors of its unperturbed capacity; and "relative", the change
        divided by the capacity.
    """
    found = {name: {method: {"in_errors": [], "relative": []} for method in (CAVITY, PUBLISHED)} for name in PERTURBATIONS}
    for (index, one), method in product(enumerate(clouds), (CAVITY, PUBLISHED)):
        rng = np.random.default_rng([seed, index])
        seeds = [new_seed(rng), new_seed(rng)]
        before = _capacity(one, method, n_probes, seeds[0], center_mean)
        for name, (changed, which) in PERTURBATIONS.items():
            moved = _capacity(changed(one, rng), method, n_probes, seeds[which], center_mean).value - before.value
            found[name][method]["in_errors"].append(moved / before.se)
            found[name][method]["relative"].append(moved / before.value)
    return found


def _capacity(clouds: Clouds, method: str, n_probes: int, seed: int, center_mean: bool) -> Estimate:
    options = {"center_mean": center_mean, "correlations": METHODS[method]}
    return manifold_geometry(clouds, 0.0, n_probes, seed, **options).capacity

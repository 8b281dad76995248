"""How much the capacity changes when the clouds hardly change: small noise, float32, and other probes."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from benchmarks.estimators import CAVITY, METHODS, PUBLISHED, Clouds, new_seed
from theory.geometry.manifolds import manifold_geometry
from theory.numerics.certificate import Uncertified
from theory.numerics.estimate import Estimate

# The standard deviation of the noise, in units of that of all coordinates.
NOISE = 1e-6
# What is done to the clouds, and which of two seeds the probes have then; before, they have the first.
PERTURBATIONS: dict[str, tuple[Callable[[Clouds, np.random.Generator], Clouds], int]] = {
    "noise 1e-6": (lambda clouds, rng: clouds + NOISE * clouds.std() * rng.standard_normal(clouds.shape), 0),
    "float32": (lambda clouds, _: clouds.astype(np.float32), 0),
    "another seed": (lambda clouds, _: clouds, 1),
}


def changes(clouds: Sequence[Clouds], n_probes: int, seed: int, center_mean: bool) -> dict[str, dict[str, dict[str, list]]]:
    """Changes of the capacity, by perturbation and method ("cavity" and "published").

    :param clouds: examples, (P, M, N) each.
    :returns: "in_errors", each example's change in standard errors of its unperturbed capacity; and "relative", the change
        divided by the capacity. An example is left out where any of its capacities has no certificate, and its number is among
        the "uncertified".
    """
    kinds = ("in_errors", "relative", "uncertified")
    found = {name: {method: {kind: [] for kind in kinds} for method in (CAVITY, PUBLISHED)} for name in PERTURBATIONS}
    for (index, one), method in product(enumerate(clouds), (CAVITY, PUBLISHED)):
        for name, changed in _of_example(one, method, n_probes, [seed, index], center_mean).items():
            for kind, value in changed.items():
                found[name][method][kind].append(value)
    return found


def _of_example(clouds: Clouds, method: str, n_probes: int, seed: list[int], center_mean: bool) -> dict[str, dict]:
    """The changes of one example by each perturbation, or its number where they have no certificate."""
    rng = np.random.default_rng(seed)
    seeds = [new_seed(rng), new_seed(rng)]
    try:
        before = _capacity(clouds, method, n_probes, seeds[0], center_mean)
        after = {
            name: _capacity(changed(clouds, rng), method, n_probes, seeds[which], center_mean).value - before.value
            for name, (changed, which) in PERTURBATIONS.items()
        }
    except Uncertified:
        return {name: {"uncertified": seed[-1]} for name in PERTURBATIONS}
    return {name: {"in_errors": moved / before.se, "relative": moved / before.value} for name, moved in after.items()}


def _capacity(clouds: Clouds, method: str, n_probes: int, seed: int, center_mean: bool) -> Estimate:
    options = {"center_mean": center_mean, "correlations": METHODS[method]}
    return manifold_geometry(clouds, 0.0, n_probes, seed, **options).capacity

"""The capacity of point clouds: by separating random dichotomies, which needs no theory, and by each estimator."""

from collections.abc import Callable

import numpy as np

from empirical.separability.simulated_capacity import TooFewFeatures, simulated_capacity
from theory.geometry.glue import effective_geometry
from theory.geometry.manifolds import manifold_geometry
from theory.numerics.estimate import mean_of

Clouds = np.ndarray  # (P, M, N)
Draw = Callable[[np.random.Generator], Clouds]
SEPARATED, JOINT, CAVITY, PUBLISHED, MEAN_FIELD = "separated", "joint anchors", "cavity", "published", "K = 0"
METHODS: dict[str, str | int] = {CAVITY: "cavity", PUBLISHED: "published", MEAN_FIELD: 0}
ESTIMATORS = (SEPARATED, JOINT, *METHODS)


def new_seed(rng: np.random.Generator) -> int:
    """A seed for the probes of one example; examples with equal probes would deviate alike."""
    return int(rng.integers(2**31))


def capacities(clouds: Clouds, n_draws: int, n_probes: int, seed: int, center_mean: bool) -> dict[str, dict]:
    """The capacity by each estimator, by its name: "value" and "se", in manifolds per feature, and "ratio" to the separated.

    Where some dichotomy is not separable in the clouds' features, "bound" is P divided by the rank of the points, and the
    separated capacity is that of random parts of the manifolds (:func:`separated_parts`); it is None if there is none.

    :param n_draws: dichotomies that are separated, and draws of joint anchors. :param n_probes: of each manifold.
    """
    found: dict[str, dict] = {}
    for name, correlations in METHODS.items():
        one = manifold_geometry(clouds, 0.0, n_probes, seed, center_mean=center_mean, correlations=correlations)
        found[name] = {**_number(one.capacity), "K": one.center_rank, "held": one.held}
    joint = effective_geometry(clouds, n_draws, seed, center_mean=center_mean)
    found[JOINT] = {**_number(joint.capacity), "separable": joint.separable}
    found[SEPARATED] = _separated(clouds, n_draws, seed, center_mean, found[CAVITY]["held"])
    return {name: found[name] | _ratio(found[name], found[SEPARATED]) for name in ESTIMATORS}


def _separated(clouds: Clouds, n_draws: int, seed: int, center_mean: bool, held: float) -> dict:
    try:
        return _number(simulated_capacity(clouds, n_draws, seed, center_mean=center_mean).capacity)
    except TooFewFeatures:
        clouds = clouds - clouds.mean((0, 1)) if center_mean else clouds
        rank = int(np.linalg.matrix_rank(clouds.reshape(-1, clouds.shape[2])))
        return {"bound": len(clouds) / rank, **separated_parts(clouds, int(held * len(clouds)), n_draws, seed)}


def separated_parts(clouds: Clouds, n_manifolds: int, n_parts: int, seed: int) -> dict:
    """The separated capacity of random parts of the manifolds: "value", "se", and how many parts were "separated".

    Parts of which a dichotomy is not separable in the clouds' features are left out. There is no value where half of the parts
    or more are.

    :param n_manifolds: manifolds in a part, 2 or more. :param n_parts: each with two dichotomies in projections of their own.
    """
    size, found = max(n_manifolds, 2), []
    for index in range(n_parts):
        chosen = np.random.default_rng([seed, index]).choice(len(clouds), size, replace=False)
        try:
            found.append(simulated_capacity(clouds[chosen], 2, seed + index, center_mean=False).features.value - 0.5)
        except TooFewFeatures:
            continue
    counts = {"part": size, "separated": len(found), "parts": n_parts}
    if len(found) < 2 or 2 * len(found) <= n_parts:
        return {"value": None, "se": None, **counts}
    features = mean_of(np.array(found))
    return {"value": size / features.value, "se": size * features.se / features.value**2, **counts}


def _number(estimate) -> dict:
    """The value and standard error of an estimate of either room."""
    return {"value": estimate.value, "se": estimate.se}


def _ratio(one: dict, truth: dict) -> dict:
    if truth["value"] is None:
        return {"ratio": None, "ratio_se": None}
    ratio = one["value"] / truth["value"]
    relative = np.hypot(one["se"] / one["value"], truth["se"] / truth["value"])
    return {"ratio": ratio, "ratio_se": 0.0 if one is truth else float(ratio * relative)}


def over_populations(draw: Draw, n: int, n_draws: int, n_probes: int, seed: int, center_mean: bool) -> dict[str, dict]:
    """Means over n populations by estimator, with the fields of :func:`capacities`; all dichotomies must be separable.

    Every estimator measures the same populations, so the errors of ratios are those of pairs.
    """
    each = []
    for rng in (np.random.default_rng([seed, index]) for index in range(n)):
        clouds = draw(rng)
        each.append(capacities(clouds, n_draws, n_probes, new_seed(rng), center_mean))
    columns = {name: np.array([one[name]["value"] for one in each]) for name in ESTIMATORS}
    return {
        name: {**_number(mean_of(values)), **_paired(values, columns[SEPARATED]), **_others([one[name] for one in each])}
        for name, values in columns.items()
    }


def _paired(values: np.ndarray, truth: np.ndarray) -> dict:
    ratio = values.mean() / truth.mean()
    return {"ratio": float(ratio), "ratio_se": mean_of((values - ratio * truth) / truth.mean()).se}


def _others(each: list[dict]) -> dict:
    """The mean over populations of what an estimator reports besides its capacity."""
    names = [name for name in ("K", "held", "separable") if each[0].get(name) is not None]
    return {name: float(np.mean([one[name] for one in each])) for name in names}

"""Two sets of clouds that are activations of the same points, such as two networks' of the same images."""

import warnings

import numpy as np
import pytest

from theory.geometry.errors_over_points import QUANTITIES, paired_differences
from theory.geometry.manifolds import manifold_geometry

P, M, N = 12, 16, 60


def population(seed, n_points=M):
    """Points of P classes, (P, n_points, N)."""
    centers = np.random.default_rng(0).standard_normal((P, 1, N))
    return centers + 0.6 * np.random.default_rng([1, seed]).standard_normal((P, n_points, N))


def layer(points, gain=0.4):
    """What a network makes of the points; the gain of half of its features sets it apart from another."""
    weights = np.random.default_rng(2).standard_normal((N, 80)) / np.sqrt(N)
    weights[:, ::2] *= gain
    return np.tanh(points @ weights)


def measured(clouds, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return manifold_geometry(clouds, **{"n_probes": 40, "resamples": 8, **options})


@pytest.mark.parametrize("correlations", ["cavity", 0])
def test_a_network_does_not_differ_from_itself(correlations):
    one, other = (measured(layer(population(0)), correlations=correlations) for _ in range(2))
    for difference in paired_differences(one, other).values():
        assert (difference.value, difference.se) == (0, 0)


def test_a_network_does_not_differ_from_itself_rescaled():
    clouds = layer(population(0))
    one = measured(clouds)
    for name, difference in paired_differences(one, measured(3 * clouds)).items():
        assert abs(difference.value) < 1e-9 * getattr(one, name).value
        assert difference.se < 1e-9 * getattr(one, name).value


def test_differences_change_sign_with_the_order():
    one, other = measured(layer(population(0))), measured(layer(population(0), 1.0))
    for name, difference in paired_differences(one, other).items():
        back = paired_differences(other, one)[name]
        assert (back.value, back.se) == (-difference.value, difference.se)
        assert difference.value == getattr(one, name).value - getattr(other, name).value


def test_the_error_of_one_is_that_of_the_difference_from_a_constant():
    one = measured(layer(population(0)))
    still = measured(layer(population(0)))
    still.halves.update({name: np.full_like(values, values.mean()) for name, values in still.halves.items()})
    for name, difference in paired_differences(one, still).items():
        assert difference.se == pytest.approx(getattr(one, name).se, rel=1e-9)


def test_without_halves_or_with_others_there_is_no_difference():
    one = measured(layer(population(0)))
    with pytest.raises(ValueError, match="measure with resamples=2 or more"):
        paired_differences(one, measured(layer(population(0)), resamples=0))
    with pytest.raises(ValueError, match=r"same halves .* received \(halves, P\) \(8, 12\) and \(4, 12\)"):
        paired_differences(one, measured(layer(population(0)), resamples=4))


@pytest.mark.slow
def test_pairing_halves_the_error_and_two_errors_cover_the_mean_over_redrawn_points():
    """Sixty draws of the points from their classes; the true difference is the mean over the draws."""
    draws, found, apart = 60, {name: [] for name in QUANTITIES}, {name: [] for name in QUANTITIES}
    for seed in range(draws):
        points = population(seed)
        one, other = (measured(layer(points, gain), seed=seed, n_probes=200) for gain in (0.4, 0.6))
        for name, difference in paired_differences(one, other).items():
            found[name].append((difference.value, difference.se))
            apart[name].append(np.hypot(getattr(one, name).se, getattr(other, name).se))
    for name in QUANTITIES:
        values, errors = np.array(found[name]).T
        inside = np.sum(abs(values - values.mean()) < 2 * errors)
        print(
            name,
            "covered",
            inside,
            "of",
            draws,
            "paired/unpaired",
            errors.mean() / np.mean(apart[name]),
            "spread",
            values.std(),
            errors.mean(),
        )
        # 95 in 100, with a false alarm in 1,000: 50 of 60.
        assert inside >= 50, (name, inside)
        assert errors.mean() < 0.5 * np.mean(apart[name])


@pytest.mark.slow
def test_errors_of_single_manifolds_cover_redrawn_points():
    draws = [measured(layer(population(seed)), seed=seed).per_manifold for seed in range(40)]
    for name in QUANTITIES:
        values, errors = (np.stack([one[key] for one in draws]) for key in (name, f"{name}_se"))
        inside = np.mean(abs(values - values.mean(0)) < 2 * errors)
        print(name, inside)
        assert inside > 0.9, (name, inside)

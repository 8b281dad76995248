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


@pytest.mark.slow
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


@pytest.mark.settled
def test_differences_change_sign_with_the_order():
    one, other = measured(layer(population(0))), measured(layer(population(0), 1.0))
    for name, difference in paired_differences(one, other).items():
        back = paired_differences(other, one)[name]
        assert (back.value, back.se) == (-difference.value, difference.se)
        assert difference.value == getattr(one, name).value - getattr(other, name).value


def test_the_error_of_one_is_that_of_the_difference_from_a_constant():
    one = measured(layer(population(0)))
    still = measured(layer(population(0)))
    # The draws stay as they are: the error of one is over halves alone.
    still.halves.update({name: np.full_like(still.halves[name], still.halves[name].mean()) for name in QUANTITIES})
    for name, difference in paired_differences(one, still).items():
        assert difference.se == pytest.approx(getattr(one, name).se, rel=1e-9)


def test_without_halves_or_with_others_there_is_no_difference():
    one = measured(layer(population(0)))
    with pytest.raises(ValueError, match="measure with resamples=2 or more"):
        paired_differences(one, measured(layer(population(0)), resamples=0))
    with pytest.raises(ValueError, match=r"same halves .* received \(halves, P\) \(8, 12\) and \(4, 12\)"):
        paired_differences(one, measured(layer(population(0)), resamples=4))


@pytest.mark.settled
@pytest.mark.parametrize("gain", [0.6, 1.0])
def test_two_errors_cover_the_mean_over_redrawn_points_and_pairing_makes_them_small(gain):
    """Forty draws of the points from their classes, by two networks that hardly differ and by two that do."""
    found, apart = {name: [] for name in QUANTITIES}, {name: [] for name in QUANTITIES}
    for seed in range(40):
        points = population(seed)
        one, other = (measured(layer(points, own), seed=seed, n_probes=100) for own in (0.4, gain))
        for name, difference in paired_differences(one, other).items():
            found[name].append((difference.value, difference.se))
            apart[name].append(np.hypot(getattr(one, name).se, getattr(other, name).se))
    for name in QUANTITIES:
        values, errors = np.array(found[name]).T
        # Were it 95 in 100, fewer than 33 of 40 would be seen in less than one test of 1,000.
        assert np.sum(abs(values - values.mean()) < 2 * errors) >= 33, name
        assert errors.mean() < 0.5 * np.mean(apart[name]), name


@pytest.mark.settled
def test_errors_of_single_manifolds_cover_redrawn_points():
    draws = [measured(layer(population(seed)), seed=seed).per_manifold for seed in range(40)]
    for name in QUANTITIES:
        values, errors = (np.stack([one[key] for one in draws]) for key in (name, f"{name}_se"))
        assert np.mean(abs(values - values.mean(0)) < 2 * errors) > 0.9, name


def test_draws_that_differ_are_an_error_of_their_own():
    one, other = (measured(layer(population(0))) for _ in range(2))
    other.halves["radius_draws"] = one.halves["radius_draws"] + np.arange(12.0)
    found = paired_differences(one, other)
    assert found["radius"].se == pytest.approx(np.arange(12).std(ddof=1) / np.sqrt(12))
    assert found["capacity"].se == 0

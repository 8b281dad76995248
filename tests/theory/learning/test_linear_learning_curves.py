from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.optimize import fminbound

from theory import RELATIVE_ACCURACY
from theory.kernels import label_noise
from theory.learning import linear_learning_curves

NOISE = 0.3
TIMES = np.array([0.0, 0.1, 0.7, 3.0, 40.0])


@pytest.fixture(params=[(12, 5), (5, 9), (6, 6)], ids=str)
def world(request):
    n, d = request.param
    rng = np.random.default_rng([n, d])
    return rng.standard_normal((n, d)), rng.standard_normal(d), rng.standard_normal(d)


def flow(design, labels, start, time):
    """The weights at a time, by the matrix exponential of the flow with a constant appended."""
    n, d = design.shape
    generator = np.zeros((d + 1, d + 1))
    generator[:d, :d], generator[:d, d] = -design.T @ design / n, design.T @ labels / n
    return (expm(time * generator) @ np.append(start, 1.0))[:d]


def both_errors(design, truth, labels, start, time):
    weights = flow(design, labels, start, time)
    return np.array([((weights - truth) ** 2).sum(), ((design @ weights - labels) ** 2).mean()])


def averaged(design, truth, start, time, start_variance):
    """Both errors on average over noise and start: each by vectors with exactly its first two moments."""
    clean = design @ truth
    noises, starts = (
        np.sqrt(size * variance) * np.vstack([np.eye(size), -np.eye(size)])
        for size, variance in zip(design.shape, (NOISE, start_variance), strict=True)
    )
    noisy = np.mean([both_errors(design, truth, clean + noise, start, time) for noise in noises], axis=0)
    begun = np.mean([both_errors(design, truth, clean, start + other, time) for other in starts], axis=0)
    return noisy + begun - both_errors(design, truth, clean, start, time)


@pytest.mark.parametrize("time", TIMES)
def test_both_errors_are_those_of_the_flow_averaged_over_noise_and_start(world, time):
    design, truth, start = world
    modes = linear_learning_curves.fixed_design(design, truth, NOISE, start=start, start_variance=0.2)
    expected = averaged(design, truth, start, time, 0.2)
    found = linear_learning_curves.test_error(modes, time), linear_learning_curves.training_error(modes, time)
    assert found == pytest.approx(expected, rel=RELATIVE_ACCURACY)


@pytest.mark.parametrize("shape", [(4, 6), (6, 4), (5, 5)])
def test_many_designs_have_the_modes_that_each_has_alone(shape):
    rng = np.random.default_rng(1)
    designs, truth, start = rng.standard_normal((2, 3, *shape)), *rng.standard_normal((2, shape[1]))
    designs[1, 2, :, 1] = 2 * designs[1, 2, :, 0]
    designs[0, 1] = 0
    covariance = (root := rng.standard_normal((shape[0],) * 2)) @ root.T
    for options in ({"noise": NOISE}, {"noise": covariance, "labels": rng.standard_normal(shape[0]), "start_variance": 0.3}):
        together = linear_learning_curves.fixed_design(designs, truth, start=start, **options)
        errors = linear_learning_curves.test_error(together, 1.5)
        for place in np.ndindex(2, 3):
            alone = linear_learning_curves.fixed_design(designs[place], truth, start=start, **options)
            np.testing.assert_allclose(together.eigenvalue[place], alone.eigenvalue, rtol=1e-12)
            np.testing.assert_allclose(np.asarray(together.unlearnable)[place], alone.unlearnable, rtol=1e-12)
            np.testing.assert_allclose(errors[place], linear_learning_curves.test_error(alone, 1.5), rtol=1e-12)


def test_the_flow_integrated_step_by_step(world):
    design, truth, start = world
    labels = design @ truth + np.random.default_rng(0).standard_normal(len(design))
    modes = linear_learning_curves.fixed_design(design, truth, labels=labels, start=start)
    path = solve_ivp(
        lambda _, w: -design.T @ (design @ w - labels) / len(design),
        (0, TIMES[-1]),
        start,
        "DOP853",
        TIMES,
        rtol=1e-12,
        atol=1e-12,
    ).y
    measured = ((path - truth[:, None]) ** 2).sum(0)
    np.testing.assert_allclose(linear_learning_curves.test_error(modes, TIMES), measured, rtol=RELATIVE_ACCURACY)
    residual = ((design @ path - labels[:, None]) ** 2).mean(0)
    np.testing.assert_allclose(
        linear_learning_curves.training_error(modes, TIMES), residual, rtol=RELATIVE_ACCURACY, atol=1e-12
    )


def test_in_the_end_it_is_least_squares_and_the_start_where_nothing_was_seen(world):
    design, truth, start = world
    labels = design @ truth + np.random.default_rng(1).standard_normal(len(design))
    modes = linear_learning_curves.fixed_design(design, truth, labels=labels, start=start)
    last = start + np.linalg.pinv(design) @ (labels - design @ start)
    assert linear_learning_curves.test_error(modes, np.inf) == pytest.approx(((last - truth) ** 2).sum(), rel=1e-9)
    left = ((design @ last - labels) ** 2).mean()
    assert linear_learning_curves.training_error(modes, np.inf) == pytest.approx(left, rel=1e-9, abs=1e-12)


def test_the_turning_point_is_where_the_curve_is_least(world):
    design, truth, _ = world
    modes = linear_learning_curves.fixed_design(design, truth, NOISE)
    found = linear_learning_curves.turning_point(modes)
    grid = np.geomspace(1e-4, 1e5, 2000)
    curve = linear_learning_curves.test_error(modes, grid)
    best = int(curve.argmin())
    searched = fminbound(lambda t: linear_learning_curves.test_error(modes, t), grid[best - 1], grid[best + 1], xtol=1e-9)
    assert found == pytest.approx(searched, rel=1e-5)
    assert linear_learning_curves.test_error(modes, found) <= curve.min() * (1 + 1e-12)


def test_equal_eigenvalues_turn_where_signal_and_noise_balance():
    """lambda S e = (sigma^2 / n) (1 - e) in every direction: e = 1 / (1 + n lambda S / (d sigma^2)) in the mean."""
    d, n = 4, 4
    truth = np.full(d, 0.5)
    design = np.linalg.qr(np.random.default_rng(0).standard_normal((n, d)))[0] * np.sqrt(n)
    left = 1 / (1 + n * (truth @ truth) / (d * NOISE))
    modes = linear_learning_curves.fixed_design(design, truth, NOISE)
    assert linear_learning_curves.turning_point(modes) == pytest.approx(-np.log(left), rel=1e-10)


@pytest.mark.parametrize("load", [0.5, 1.0, 3.0])
def test_whether_there_is_a_turning_point(load):
    turn = linear_learning_curves.turning_point
    assert turn(linear_learning_curves.marchenko_pastur(load, 1.0)) == np.inf
    assert 0 < turn(linear_learning_curves.marchenko_pastur(load, 1.0, 0.1)) < np.inf
    assert turn(linear_learning_curves.marchenko_pastur(load, 0.0, 0.1)) == 0
    assert turn(linear_learning_curves.marchenko_pastur(load, 1.0, 0.1, gain=0.5)) > 0
    # Labels that are shrunk but not noisy never reach the truth, and never pass it.
    assert turn(linear_learning_curves.marchenko_pastur(load, 1.0, gain=0.5)) == np.inf


def test_inputs_that_are_all_zero_teach_nothing():
    modes = linear_learning_curves.fixed_design(np.zeros((3, 2)), np.ones(2), NOISE)
    assert linear_learning_curves.turning_point(modes) == 0
    np.testing.assert_array_equal(linear_learning_curves.test_error(modes, TIMES), 2)


def test_a_larger_start_and_more_noise_turn_earlier_and_later():
    noisier = [
        linear_learning_curves.turning_point(linear_learning_curves.marchenko_pastur(1.5, 1.0, s)) for s in (0.01, 0.1, 1.0)
    ]
    assert np.all(np.diff(noisier) < 0)
    larger = [
        linear_learning_curves.turning_point(linear_learning_curves.marchenko_pastur(1.5, 1.0, 0.1, start=s)) for s in (0, 1, 4)
    ]
    assert np.all(np.diff(larger) > 0)


def test_permuted_labels_by_their_exact_moments():
    """A curve averaged over all permutations of any four of six labels."""
    rng = np.random.default_rng(5)
    design, truth = rng.standard_normal((6, 3)), rng.standard_normal(3)
    clean = design @ truth
    errors = []
    for chosen in combinations(range(6), 4):
        for order in permutations(chosen):
            labels = clean.copy()
            labels[list(chosen)] = clean[list(order)]
            modes = linear_learning_curves.fixed_design(design, truth, labels=labels)
            errors.append((linear_learning_curves.test_error(modes, 1.3), linear_learning_curves.training_error(modes, 1.3)))
    mean, covariance = label_noise.permutation_moments(clean, 4)
    modes = linear_learning_curves.fixed_design(design, truth, covariance, labels=mean)
    predicted = linear_learning_curves.test_error(modes, 1.3), linear_learning_curves.training_error(modes, 1.3)
    assert predicted == pytest.approx(np.mean(errors, axis=0), rel=1e-10)


def test_many_permuted_labels_are_a_gain_and_a_variance():
    rng = np.random.default_rng(8)
    d, load, fraction = 150, 3.0, 0.4
    truth = rng.standard_normal(d)
    truth /= np.linalg.norm(truth)
    design = rng.standard_normal((int(load * d), d))
    mean, covariance = label_noise.permutation_moments(design @ truth, round(fraction * len(design)))
    gain, noise = label_noise.permuted_noise(fraction, 1.0)
    own = linear_learning_curves.test_error(linear_learning_curves.fixed_design(design, truth, covariance, labels=mean), TIMES)
    limit = linear_learning_curves.test_error(
        linear_learning_curves.marchenko_pastur(load, 1.0, float(noise), gain=float(gain)), TIMES
    )
    np.testing.assert_allclose(own, limit, rtol=0.12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: linear_learning_curves.marchenko_pastur(0.0, 1.0), "load"),
        (lambda: linear_learning_curves.marchenko_pastur(1.0, 1.0, -0.1), "noise"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.ones(2)), "truth"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.ones(3), -1.0), "noise"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.ones(3), np.ones(3)), "noise"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.array([1, np.nan, 1])), "truth"),
        (lambda: linear_learning_curves.fixed_design(np.zeros((0, 3)), np.ones(3)), "design"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.ones(3), labels=np.ones(2)), "labels"),
        (lambda: linear_learning_curves.fixed_design(np.eye(3), np.ones(3), labels=np.full(3, np.nan)), "labels"),
        (lambda: linear_learning_curves.marchenko_pastur(1.0, 1.0, gain=np.nan), "gain"),
        (lambda: linear_learning_curves.test_error(linear_learning_curves.marchenko_pastur(1.0, 1.0), -1.0), "times"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        call()

"""Tests of the instruments for linearity: exact for affine maps, against brute force, invariances, and bad input."""

import numpy as np
import pytest

from empirical.geometry import linearity
from empirical.geometry.linearity import PENALTIES, Ridge, linear_cka, readout_accuracy, ridge_r2, second_difference


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def points(rng):
    return rng.standard_normal((60, 5)) * [1, 2, 3, 0.5, 0.1] + 3


@pytest.fixture
def features(points, rng):
    """A part of each is linear."""
    return np.maximum(points @ rng.standard_normal((5, 8)) - 1, 0) + 0.1 * rng.standard_normal((60, 8))


def rotation(rng, n):
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def test_an_affine_map_is_predicted_exactly(points, rng):
    found = ridge_r2(points, points @ rng.standard_normal((5, 7)) - 2)
    assert found.value == pytest.approx(1, abs=1e-8)
    assert found.se < 1e-8
    assert found.n == 60


def test_features_that_have_nothing_to_do_with_the_points_are_not_predicted(rng):
    values = [ridge_r2(rng.standard_normal((60, 5)), rng.standard_normal((60, 8)), seed=seed).value for seed in range(10)]
    assert max(values) < 0.05
    # The mean of the points fitted is predicted at worst, with little more.
    assert min(values) > -0.1


def brute(points, features, penalty):
    """The map of one penalty by its normal equations, with the intercept as a column that is not punished."""
    size = np.mean(np.linalg.svd(points - points.mean(0), compute_uv=False) ** 2)
    design = np.column_stack([np.ones(len(points)), points])
    ridge = penalty * size * np.diag([0.0, *np.ones(points.shape[1])])
    return np.linalg.solve(design.T @ design + ridge, design.T @ features), design


def test_the_penalty_has_the_least_leave_one_out_residual_of_the_points_fitted(points, features):
    """By leaving out each point in turn, at a penalty that stays the same number."""
    size = np.mean(np.linalg.svd(points - points.mean(0), compute_uv=False) ** 2)
    losses = []
    for penalty in PENALTIES:
        loss = 0.0
        for one in range(len(points)):
            rest = np.delete(np.arange(len(points)), one)
            own = np.mean(np.linalg.svd(points[rest] - points[rest].mean(0), compute_uv=False) ** 2)
            coefficients, _ = brute(points[rest], features[rest], penalty * size / own)
            loss += ((features[one] - np.array([1, *points[one]]) @ coefficients) ** 2).sum()
        losses.append(loss)
    assert Ridge.of(points, features).penalty == PENALTIES[int(np.argmin(losses))]


def test_predictions_are_those_of_the_normal_equations(points, features):
    found = Ridge.of(points, features)
    coefficients, design = brute(points, features, found.penalty)
    assert found.predicted(points) == pytest.approx(design @ coefficients, rel=1e-8)


@pytest.mark.parametrize(("n", "d"), [(60, 20), (20, 60), (30, 30)])
def test_the_map_is_that_of_the_singular_value_decomposition(rng, n, d):
    """With columns that do not vary and that depend on others, at the penalty that is found."""
    points, features = rng.standard_normal((n, d)), rng.standard_normal((n, 4))
    points[:, 0], points[:, 1] = 3, points[:, 2] - 2 * points[:, 3]
    found, center = Ridge.of(points, features), points.mean(0)
    axes, sizes, directions = np.linalg.svd(points - center, full_matrices=False)
    kept = sizes > 1e-10 * sizes[0]
    axes, sizes, directions = axes[:, kept], sizes[kept], directions[kept]
    shrunk = sizes / (sizes**2 + found.penalty * np.mean(sizes**2))
    expected = directions.T @ (shrunk[:, None] * (axes.T @ (features - features.mean(0))))
    np.testing.assert_allclose(found.weights, expected, atol=1e-9)


def test_r2_is_that_of_points_left_out(points, features):
    order, left, total = np.random.default_rng(3).permutation(60), 0.0, 0.0
    for fold in np.array_split(order, 4):
        rest = np.setdiff1d(order, fold)
        coefficients, _ = brute(points[rest], features[rest], Ridge.of(points[rest], features[rest]).penalty)
        left += ((features[fold] - np.column_stack([np.ones(len(fold)), points[fold]]) @ coefficients) ** 2).sum()
        total += ((features[fold] - features[rest].mean(0)) ** 2).sum()
    assert ridge_r2(points, features, folds=4, seed=3).value == pytest.approx(1 - left / total, rel=1e-9)


def test_r2_does_not_depend_on_units_places_and_axes(points, features, rng):
    right = ridge_r2(points, features)
    moved = ridge_r2(4 * points @ rotation(rng, 5) - 1, 0.2 * features @ rotation(rng, 8) + 5)
    assert moved.value == pytest.approx(right.value, rel=1e-8)
    assert moved.se == pytest.approx(right.se, rel=1e-6)


def test_the_error_is_the_spread_over_fresh_points(rng):
    """To a third: the error is that of the points predicted, not of the maps."""
    weights, found = rng.standard_normal((4, 6)), []
    for seed in range(60):
        points = rng.standard_normal((100, 4))
        found.append(ridge_r2(points, np.maximum(points @ weights, 0), seed=seed))
    spread = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.33)


def test_more_inputs_than_points_are_no_reason_to_fail(rng):
    points = rng.standard_normal((40, 300))
    assert -0.1 < ridge_r2(points, points @ rng.standard_normal((300, 5))).value < 0.6


def test_an_affine_layer_has_no_second_difference(points, rng):
    weights = rng.standard_normal((5, 7))
    found = second_difference(lambda held: held @ weights + 2, points)
    assert found.value == pytest.approx(0, abs=1e-12)
    assert found.n == 30


def test_the_second_difference_is_the_one_over_its_pairs(points):
    order, bent, apart = np.random.default_rng(2).permutation(60), 0.0, 0.0
    for a, b in zip(points[order[::2]], points[order[1::2]], strict=True):
        bent += ((np.tanh(a) - 2 * np.tanh((a + b) / 2) + np.tanh(b)) ** 2).sum()
        apart += ((np.tanh(a) - np.tanh(b)) ** 2).sum()
    assert second_difference(np.tanh, points, seed=2).value == pytest.approx(np.sqrt(bent / apart), rel=1e-9)


@pytest.mark.parametrize("bend", [lambda x: np.maximum(x, 0), np.tanh, lambda x: (x > 0.2).astype(float)])
def test_monotone_units_have_a_second_difference_of_at_most_one(bend, points, rng):
    weights = rng.standard_normal((5, 40))
    assert 0 < second_difference(lambda held: bend((held - 3) @ weights), points).value <= 1


def test_the_second_difference_does_not_depend_on_units_places_and_axes(points, rng):
    turned = rotation(rng, 5)
    right = second_difference(np.tanh, points)
    moved = second_difference(lambda held: 3 * np.tanh((held + 1) / 2) @ turned - 4, 2 * points - 1)
    assert moved.value == pytest.approx(right.value, rel=1e-9)


def test_the_last_of_an_odd_number_of_points_is_left_out(points):
    assert second_difference(np.tanh, points[:9]).n == 4


def test_cka_is_the_one_of_inner_products(points, features):
    center = np.eye(60) - 1 / 60
    one, other = (center @ values @ values.T @ center for values in (points, features))
    expected = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
    found = linear_cka(points, features)
    assert found.value == pytest.approx(expected, rel=1e-9)
    assert 0 < found.se < 0.2


def test_cka_of_points_turned_scaled_and_moved_is_one(points, features, rng):
    assert linear_cka(points, 3 * points @ rotation(rng, 5) + 1).value == pytest.approx(1)
    moved = linear_cka(2 * points + 1, features @ rotation(rng, 8) - 3).value
    assert moved == pytest.approx(linear_cka(points, features).value, rel=1e-9)


def test_cka_of_a_stretching_map_is_less_than_one_where_r2_is_one(points):
    stretched = points * [1, 0, 0, 0, 30]
    assert linear_cka(points, stretched).value < 0.5
    assert ridge_r2(points, stretched).value == pytest.approx(1, abs=1e-8)


def test_a_readout_returns_what_is_linearly_there(rng):
    labels = np.repeat(np.arange(4), 30)
    features = 3 * np.eye(4)[labels] + 0.1 * rng.standard_normal((120, 4))
    assert readout_accuracy(features, labels, 4) == 1
    # Constant axes are no components.
    assert readout_accuracy(np.column_stack([features, np.ones((120, 50))]), labels, 40) == 1
    assert readout_accuracy(rng.standard_normal((120, 60)), labels, 1) < 0.5


def test_a_readout_is_the_least_squares_one_on_the_components(features, rng):
    labels = rng.integers(3, size=60)
    centred = features - features.mean(0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, -2:]
    design = np.column_stack([np.ones(60), centred @ axes])
    outputs = design @ np.linalg.lstsq(design, np.eye(3)[labels], rcond=None)[0]
    assert readout_accuracy(features, labels, 2) == (outputs.argmax(1) == labels).mean()


def test_a_readout_does_not_depend_on_units_places_axes_and_names(features, rng):
    labels = rng.integers(3, size=60)
    moved = readout_accuracy(5 * features @ rotation(rng, 8) - 2, labels * 10 - 7, 4)
    assert moved == readout_accuracy(features, labels, 4)


GOOD = np.random.default_rng(0).standard_normal((20, 3))


@pytest.mark.parametrize("measure", [ridge_r2, linear_cka])
@pytest.mark.parametrize(
    ("points", "features", "words"),
    [
        (GOOD[:, 0], GOOD, r"points must be \(n, d\).*received shape \(20,\): flatten"),
        (GOOD, GOOD[:19], "a row for each of 20 points; received 19 rows"),
        (GOOD, np.where(GOOD.max() == GOOD, np.nan, GOOD), "features must be finite; 1 of 20 rows are not"),
        (GOOD, np.ones((20, 2)), "features must vary, and all 20 rows are equal"),
        (np.ones((20, 2)), GOOD, "points must vary"),
        (GOOD[:3], GOOD[:3], r"n >= 4"),
    ],
)
def test_bad_input_is_told(measure, points, features, words):
    with pytest.raises(ValueError, match=words):
        measure(points, features)


@pytest.mark.parametrize("folds", [1, 11])
def test_folds_out_of_range_are_told(folds):
    with pytest.raises(ValueError, match=rf"folds must be within 2\.\.n/2 = 10; received {folds}"):
        ridge_r2(GOOD, GOOD, folds)


def test_too_few_points_for_an_error_of_cka_are_told():
    with pytest.raises(ValueError, match=f"n >= {linearity.BLOCKS}"):
        linear_cka(GOOD[:9], GOOD[:9])


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda held: held[:5], "a row of features for each of 20 points"),
        (lambda held: held[:, 0], r"layer\(ends\) must be \(n, d\)"),
        (lambda held: 0 * held + 1, "must tell points apart"),
        (lambda held: held / 0, r"layer\(ends\) must be finite"),
    ],
)
def test_a_layer_that_is_no_layer_is_told(layer, words):
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=words):
        second_difference(layer, GOOD)


@pytest.mark.parametrize("n_components", [0, 20])
def test_components_out_of_range_are_told(n_components):
    with pytest.raises(ValueError, match=rf"n_components must be within 1\.\.n - 1 = 19; received {n_components}"):
        readout_accuracy(GOOD, np.arange(20) % 2, n_components)

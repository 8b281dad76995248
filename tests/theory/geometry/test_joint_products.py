"""What others leave of a manifold, from inner products alone, against projections of the points themselves."""

import numpy as np
import pytest

from theory.geometry.joint_products import JointProducts

SIZES = (4, 1, 7, 5, 3, 6)
# What the docstring of left_by_others promises, relative to the points' squared lengths.
ACCURACY = 1e-10


def points_of(n_features=40, shared=2.0, seed=0):
    """Six clouds of different sizes, whose centres share a direction and whose points have lengths from 1e-3 to 1e3."""
    rng = np.random.default_rng(seed)
    common = shared * rng.standard_normal(n_features)
    clouds = [common + rng.standard_normal(n_features) + rng.standard_normal((size, n_features)) for size in SIZES]
    return [10 ** rng.uniform(-3, 3, (len(cloud), 1)) * cloud for cloud in clouds]


def products_of(clouds):
    points = np.concatenate(clouds)
    return JointProducts(points @ points.T, [len(cloud) for cloud in clouds])


def projected(cloud, others):
    """The part of a cloud at right angles to all of the other points, by QR."""
    basis = np.linalg.qr(others.T / np.linalg.norm(others, axis=1))[0]
    return cloud - (cloud @ basis) @ basis.T


def assert_left(found, clouds, active, project=projected):
    """That the inner products are those of the parts outside the span of the other clouds' active points."""
    points, owner = np.concatenate(clouds), np.repeat(np.arange(len(clouds)), [len(cloud) for cloud in clouds])
    for number, (cloud, gram) in enumerate(zip(clouds, found, strict=True)):
        left = project(cloud, points[active & (owner != number)])
        length = np.linalg.norm(cloud, axis=1)
        length = np.where(length > 0, length, 1.0)
        np.testing.assert_allclose(
            gram / np.outer(length, length), (left / length[:, None]) @ (left / length[:, None]).T, atol=ACCURACY
        )


@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("shared", [0.0, 2.0, 30.0])
def test_what_is_left_is_the_projection_off_the_others_active_points(share, shared):
    clouds = points_of(shared=shared)
    active = np.random.default_rng(1).random(sum(SIZES)) < share
    assert 0 < active.sum() < 40
    assert_left(products_of(clouds).left_by_others(active[None])[0], clouds, active)


def test_manifolds_without_active_points_lose_what_the_others_take_and_take_nothing():
    clouds = points_of()
    owner = np.repeat(np.arange(6), SIZES)
    active = (np.random.default_rng(1).random(sum(SIZES)) < 0.7) & np.isin(owner, [1, 2, 5])
    found = products_of(clouds).left_by_others(active[None])[0]
    assert_left(found, clouds, active)
    assert np.trace(found[0]) < 0.9 * np.sum(clouds[0] ** 2)


def test_the_only_manifold_with_active_points_keeps_all_of_itself():
    clouds = points_of()
    active = np.repeat(np.arange(6) == 2, SIZES)
    found = products_of(clouds).left_by_others(active[None])[0]
    np.testing.assert_allclose(found[2], clouds[2] @ clouds[2].T, rtol=ACCURACY)
    assert np.trace(found[4]) < 0.9 * np.sum(clouds[4] ** 2)


def test_where_nothing_is_active_everything_is_left():
    clouds = points_of()
    for cloud, gram in zip(clouds, products_of(clouds).left_by_others(np.zeros((1, sum(SIZES)), dtype=bool))[0], strict=True):
        np.testing.assert_allclose(gram, cloud @ cloud.T, rtol=1e-12)


def test_each_draw_has_its_own_active_points():
    """Draws with no, some and nearly all points active are computed together as they are one at a time."""
    clouds, rng = points_of(n_features=30), np.random.default_rng(3)
    active = rng.random((9, sum(SIZES))) < np.linspace(0, 0.9, 9)[:, None]
    for found, one in zip(products_of(clouds).left_by_others(active), active, strict=True):
        assert_left(found, clouds, one)


def test_points_that_are_repeated_within_and_between_manifolds_are_projected_out_once():
    """The others' active points are linearly dependent, on each other and on the manifold's own; a pseudo-inverse projects."""
    clouds = points_of()
    clouds[3][1], clouds[2][0], clouds[5][0] = 3 * clouds[3][0], clouds[3][0], 0.0
    active = np.ones(sum(SIZES), dtype=bool)
    active[::5] = False

    def project(cloud, others):
        rows = others / np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-300)
        return cloud - cloud @ np.linalg.pinv(rows, rcond=1e-9) @ rows

    assert_left(products_of(clouds).left_by_others(active[None])[0], clouds, active, project)


def test_a_manifold_in_the_span_of_the_others_is_lost():
    clouds = points_of()
    clouds[0] = clouds[2][:4] + clouds[3][:4]
    found = products_of(clouds).left_by_others(np.ones((1, sum(SIZES)), dtype=bool))[0]
    assert np.abs(found[0]).max() < ACCURACY * np.sum(clouds[0] ** 2)


@pytest.mark.parametrize("n_features", [5, 12, 100])
def test_the_rank_is_that_of_the_points(n_features):
    clouds = points_of(n_features)
    clouds[3][1], clouds[2][0] = 3 * clouds[3][0], clouds[0][0] + clouds[4][0]
    points = np.concatenate(clouds)
    rank = np.linalg.matrix_rank(points / np.linalg.norm(points, axis=1, keepdims=True))
    assert products_of(clouds).rank() == rank == min(n_features, sum(SIZES) - 2)


@pytest.mark.parametrize("n_features", [5, 12, 100])
def test_coordinates_have_the_points_inner_products_in_as_many_dimensions_as_they_span(n_features):
    clouds = points_of(n_features)
    products = products_of(clouds)
    found = products.coordinates()
    assert [cloud.shape for cloud in found] == [(size, products.rank()) for size in SIZES]
    points, coordinates = np.concatenate(clouds), np.concatenate(found)
    length = np.linalg.norm(points, axis=1)
    np.testing.assert_allclose(
        (coordinates @ coordinates.T) / np.outer(length, length), (points @ points.T) / np.outer(length, length), atol=1e-9
    )

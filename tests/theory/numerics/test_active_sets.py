import numpy as np
import pytest

from tests.theory import simple
from tests.theory.shapes_of_clouds import SHAPES, frame
from theory.numerics import active_sets
from theory.numerics.active_sets import Problems, add_one_by_one, finish, solve_on


def problems(shape, size=(14, 5), n_manifolds=2):
    """Equilibrated and with the ridge of theory.numerics.nnls, as that hands them over; with the points and probes."""
    frames = [frame(shape, size, seed) for seed in range(n_manifolds)]
    points = np.stack([coordinates.T / np.linalg.norm(coordinates, axis=0)[:, None] for coordinates, _ in frames])
    probes = np.stack([probes.T for _, probes in frames])
    gram = points @ points.transpose(0, 2, 1) + 1e-14 * np.eye(size[0])
    products = (probes @ points.transpose(0, 2, 1)).reshape(-1, size[0])
    return Problems(gram, None, products, np.full((len(products), 1), 1e-11)), points, probes


def test_a_support_is_solved_exactly_and_the_slack_is_that_of_its_solution():
    given, _, _ = problems(SHAPES[0], (14, 20))
    support = np.random.default_rng(0).random(given.products.shape) < 0.4
    support[3] = False
    found, slack = solve_on(given, support)
    for row, (own, products, mu) in enumerate(zip(support, given.products, found, strict=True)):
        gram = given.gram[row // 30]
        expected = np.zeros(14)
        expected[own] = np.linalg.solve(gram[np.ix_(own, own)], -products[own])
        np.testing.assert_allclose(mu, expected, atol=1e-9)
        np.testing.assert_allclose(slack[row], products + gram @ mu, atol=1e-9)


def test_blocks_of_any_length_give_the_same(monkeypatch):
    given, _, _ = problems(SHAPES[0])
    support = given.products < 0
    whole, _ = finish(given, support)
    monkeypatch.setattr(active_sets, "BLOCK", 7)
    monkeypatch.setattr(active_sets, "FEW_NUMBERS", 0)
    np.testing.assert_allclose(finish(given, support)[0], whole, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("size", [(14, 5), (40, 60)])
def test_one_point_at_a_time_comes_to_the_same(shape, size):
    """The last resort alone: what it is for are manifolds on which exchanges cycle."""
    given, points, probes = problems(shape, size)
    alone = add_one_by_one(given).reshape(2, -1, size[0])
    for cloud, own, mu in zip(points, probes, alone, strict=True):
        steps = mu @ cloud
        np.testing.assert_allclose(steps, (cloud.T @ simple.multipliers(cloud.T, own.T)).T, atol=1e-6)


def test_what_exchanges_do_not_settle_is_handed_on_and_counted(monkeypatch):
    given, _, _ = problems(SHAPES[0], (14, 20))
    settled, left = finish(given, given.products < 0)
    monkeypatch.setattr(active_sets, "EXCHANGES", 1)
    found, more = finish(given, given.products > 0)
    assert left == 0 < more
    np.testing.assert_allclose(found, settled, atol=1e-10)

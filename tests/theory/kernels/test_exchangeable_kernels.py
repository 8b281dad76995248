import numpy as np
import pytest

from theory.kernels import exchangeable_kernels
from theory.kernels.exchangeable_kernels import Exchangeable, Rates

CLASSES = np.repeat(np.arange(3), 4)


@pytest.mark.parametrize("kernel", [Exchangeable(2.0, 0.9, 0.2), Exchangeable(1.0, 0.0, 0.0), Exchangeable(1.0, 1.0, -0.5)])
def test_rates_are_the_eigenvalues(kernel):
    found = exchangeable_kernels.rates(kernel, 4, 3)
    expected = np.sort(np.repeat([found.overall, found.between, found.within], [1, 2, 9]))
    np.testing.assert_allclose(expected, np.linalg.eigvalsh(kernel.matrix(CLASSES)) / 12, rtol=1e-12, atol=1e-14)


def test_rates_broadcast():
    found = exchangeable_kernels.rates(Exchangeable(1.0, np.array([0.1, 0.5]), 0.1), np.arange(1.0, 1001)[:, None], 10)
    assert found.between.shape == (1000, 2)
    np.testing.assert_allclose(found.between[:, 0], found.within[:, 0], rtol=1e-12)


def test_a_kernel_has_no_negative_eigenvalue():
    for kernel in (Exchangeable(1.0, 1.5, 0.0), Exchangeable(1.0, 0.1, 0.9), Exchangeable(1.0, 0.2, -0.5)):
        with pytest.raises(ValueError, match="kernel must be"):
            exchangeable_kernels.rates(kernel, 4, 3)


def test_rates_of_descent_become_those_of_flow():
    flow = Rates(1.0, 0.3, 0.0)
    assert flow.of_descent(1e-6).between == pytest.approx(0.3, rel=1e-6)
    assert flow.of_descent(0.9).within == 0
    with pytest.raises(ValueError, match="learning_rate must be"):
        flow.of_descent(1.0)


def test_the_nearest_kernel_is_an_orthogonal_projection():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(12, 5)) + CLASSES[:, None]
    kernel = features @ features.T
    rest = kernel - exchangeable_kernels.nearest(kernel, CLASSES).matrix(CLASSES)
    for direction in (Exchangeable(1, 0, 0), Exchangeable(0, 1, 0), Exchangeable(0, 0, 1)):
        assert abs(np.sum(rest * direction.matrix(CLASSES))) < 1e-10
    assert 0 < exchangeable_kernels.distance(kernel, CLASSES) < 1


def test_distance_is_zero_for_exchangeable_kernels_and_does_not_see_a_constant():
    kernel = Exchangeable(2.0, 0.9, 0.2).matrix(CLASSES)
    assert exchangeable_kernels.distance(kernel, CLASSES) == pytest.approx(0, abs=1e-15)
    noisy = kernel + np.diag(np.linspace(0, 0.5, 12))
    shifted = exchangeable_kernels.distance(noisy + 100, CLASSES)
    assert shifted == pytest.approx(exchangeable_kernels.distance(noisy, CLASSES), rel=1e-10)


def test_distance_is_the_size_of_what_is_added_to_an_exchangeable_kernel():
    added = np.kron(np.diag([1.0, -1.0, 0.0]), np.ones((4, 4)) - np.eye(4))
    kernel = Exchangeable(2.0, 0.9, 0.2)
    size = np.linalg.norm(kernel.matrix(CLASSES) - 0.2)
    expected = np.linalg.norm(added) / np.hypot(size, np.linalg.norm(added))
    assert exchangeable_kernels.distance(kernel.matrix(CLASSES) + added, CLASSES) == pytest.approx(expected, rel=1e-12)


def test_distance_from_uniform_goes_from_nothing_to_certainty():
    assert exchangeable_kernels.distance_from_uniform(np.full((3, 4), 0.25)) == 0
    assert exchangeable_kernels.distance_from_uniform(np.eye(4)) == pytest.approx(1, rel=1e-12)
    halfway = 0.5 * np.eye(4) + 0.125
    assert exchangeable_kernels.distance_from_uniform(halfway) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: exchangeable_kernels.rates(Exchangeable(1, 0, 0), 0, 3), "n_per_class"),
        (lambda: exchangeable_kernels.rates(Exchangeable(1, np.nan, 0), 2, 3), "kernel"),
        (lambda: exchangeable_kernels.nearest(np.eye(3), [0, 1]), "kernel"),
        (lambda: exchangeable_kernels.nearest(np.triu(np.ones((3, 3))), [0, 0, 1]), "kernel"),
        (lambda: exchangeable_kernels.nearest(np.eye(2), [0, 1]), "classes"),
        (lambda: exchangeable_kernels.distance(np.ones((3, 3)), [0, 0, 1]), "kernel"),
        (lambda: exchangeable_kernels.distance_from_uniform(np.ones((2, 2))), "probabilities"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

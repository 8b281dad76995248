import mpmath
import numpy as np
import pytest

from theory.identity import gaussian_cosines

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("dim", [1, 2, 50, 784])
@pytest.mark.parametrize("ratio", [1e-5, 0.3, 5.0, 80.0, 1e6])
def test_the_mean_cosine_with_thirty_digits(ratio, dim):
    with mpmath.workdps(30):
        half = mpmath.mpf(dim) / 2
        factor = mpmath.gamma(half + 0.5) / mpmath.gamma(half + 1) / mpmath.sqrt(2)
        exact = ratio * factor * mpmath.hyp1f1(0.5, half + 1, -(mpmath.mpf(ratio) ** 2) / 2)
    assert float(gaussian_cosines.mean_cosine(ratio, dim) / exact) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("dim", [1, 2, 30, 784])
@pytest.mark.parametrize("ratio", [0.0, 0.3, 80.0, 3e4, 1e6, 1e12])
def test_the_mean_square_cosine_with_thirty_digits(ratio, dim):
    with mpmath.workdps(30):
        exact = mpmath.hyp1f1(1, mpmath.mpf(dim) / 2 + 1, -(mpmath.mpf(ratio) ** 2) / 2) / dim
    assert float(gaussian_cosines.mean_square_cosine(ratio, dim) / exact) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("dim", [1, 2, 30])
@pytest.mark.parametrize("ratio", [0.0, 0.3, 5.0, 1e4])
def test_isotropic_noise_by_the_integral(ratio, dim):
    mean = np.zeros(dim)
    mean[0] = 0.7 * ratio
    found = gaussian_cosines.cosines(mean, 0.49 * np.eye(dim), np.eye(dim))
    expected = gaussian_cosines.mean_cosine(ratio, dim)
    assert found.mean[0] == pytest.approx(expected, abs=1e-12)
    np.testing.assert_allclose(found.mean[1:], 0, atol=1e-12)
    np.testing.assert_allclose(found.deviation[1:] ** 2, gaussian_cosines.mean_square_cosine(ratio, dim), atol=1e-12)
    whole = (found.mean**2 + found.deviation**2).sum()
    assert whole == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize(("one", "other"), [(1.0, 1.0), (4.0, 1e-4), (1e-8, 9.0), (2.0, 0.0)])
def test_two_directions_without_a_mean(one, other):
    """The angle of f has the density sqrt(one other) / (2 pi (other cos^2 + one sin^2)), whose mean cos^2 has a closed form."""
    found = gaussian_cosines.cosines(np.zeros(2), np.diag([one, other]), np.eye(2))
    shares = np.sqrt([one, other]) / (np.sqrt(one) + np.sqrt(other))
    np.testing.assert_allclose(found.deviation**2, shares, atol=1e-10)
    np.testing.assert_allclose(found.mean, 0, atol=1e-12)


def test_drawn_vectors():
    root, mean, vectors, n = RNG.standard_normal((5, 3)), RNG.standard_normal(5), RNG.standard_normal((2, 5)), 200_000
    found = gaussian_cosines.cosines(mean, root @ root.T, vectors)
    drawn = mean + RNG.standard_normal((n, 3)) @ root.T
    measured = drawn @ vectors.T / np.linalg.norm(drawn, axis=1)[:, None] / np.linalg.norm(vectors, axis=1)
    np.testing.assert_array_less(abs(measured.mean(0) - found.mean), 4.5 * found.deviation / np.sqrt(n))
    squares = (measured - found.mean) ** 2
    np.testing.assert_array_less(abs(squares.mean(0) - found.deviation**2), 4.5 * squares.std(0) / np.sqrt(n))


def test_units_do_not_matter():
    root, mean, vectors = RNG.standard_normal((4, 4)), RNG.standard_normal(4), RNG.standard_normal((3, 4))
    one = gaussian_cosines.cosines(mean, root @ root.T, vectors)
    other = gaussian_cosines.cosines(1e-9 * mean, 1e-18 * root @ root.T, 1e6 * vectors)
    np.testing.assert_allclose(other.mean, one.mean, atol=1e-12)
    np.testing.assert_allclose(other.deviation, one.deviation, atol=1e-12)


def test_without_noise_the_cosine_is_the_means():
    found = gaussian_cosines.cosines([3.0, 4.0], np.zeros((2, 2)), [1.0, 0.0])
    np.testing.assert_allclose(found.mean, 0.6, atol=1e-12)
    np.testing.assert_allclose(found.deviation, 0, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (([[1.0]], [[1.0]], [1.0]), "mean"),
        (([1.0, 2.0], np.eye(3), [1.0, 0.0]), "covariance"),
        (([1.0, 2.0], np.eye(2), [1.0]), "vectors"),
        (([1.0, 2.0], np.eye(2), [0.0, 0.0]), "vectors"),
        (([1.0, np.nan], np.eye(2), [1.0, 0.0]), "mean"),
        (([0.0, 0.0], np.zeros((2, 2)), [1.0, 0.0]), "mean"),
    ],
)
def test_outside_the_domain_is_refused_by_name(arguments, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        gaussian_cosines.cosines(*arguments)

import mpmath
import numpy as np
import pytest
from scipy import stats

from theory import RELATIVE_ACCURACY
from theory.capacity import balls, conic_volumes, points


@pytest.mark.parametrize("radius", [0.01, 0.7, 1.0, 30.0])
def test_a_segments_volumes_are_angles(radius):
    a = np.arctan(radius) / np.pi
    np.testing.assert_allclose(conic_volumes.ball_volumes(radius, 1), [0.5 - a, 0.5, a], rtol=1e-13)


@pytest.mark.parametrize(("radius", "dim"), [(1e-6, 1), (1e-6, 4), (0.7, 5), (3, 50), (1e6, 1), (1e6, 3)])
def test_volumes_agree_with_forty_digits(radius, dim):
    with mpmath.workdps(40):
        ambient, angle = dim + 1, mpmath.atan(mpmath.mpf(radius))
        sine, cosine = mpmath.sin(angle), mpmath.cos(angle)
        faces = [
            mpmath.binomial(mpmath.mpf(ambient - 2) / 2, mpmath.mpf(k - 1) / 2) * sine ** (k - 1) * cosine ** (ambient - k - 1)
            for k in range(1, ambient)
        ]
        ends = [mpmath.betainc(mpmath.mpf(dim) / 2, 0.5, 0, x**2, regularized=True) for x in (cosine, sine)]
        exact = [float(v / 2) for v in (ends[0], *faces, ends[1])]
    np.testing.assert_allclose(conic_volumes.ball_volumes(radius, dim), exact, rtol=RELATIVE_ACCURACY)


@pytest.mark.parametrize("dim", [2, 3, 8])
def test_volumes_are_face_frequencies_of_the_projection(dim):
    """v_0 and v_d: how often a Gaussian vector lies in the polar cone and in the cone itself (counted, chi-square)."""
    radius, n = 0.8, 200_000
    draws = np.random.default_rng(dim).standard_normal((n, dim + 1))
    r, height = np.linalg.norm(draws[:, :dim], axis=1), draws[:, dim]
    inside, polar = (r <= radius * height).sum(), (height <= -radius * r).sum()
    volumes = conic_volumes.ball_volumes(radius, dim)
    expected = n * np.array([volumes[0], volumes[-1], volumes[1:-1].sum()])
    assert stats.chisquare([polar, inside, n - inside - polar], expected).pvalue > 1e-4


@pytest.mark.parametrize("dim", [1, 4, 30])
def test_even_and_odd_volumes_are_one_half_each(dim):
    """Gauss-Bonnet."""
    volumes = conic_volumes.ball_volumes(0.3, dim)
    assert volumes[::2].sum() == pytest.approx(0.5, abs=1e-12)
    assert volumes[1::2].sum() == pytest.approx(0.5, abs=1e-12)


def test_points_give_covers_count():
    for p in (1, 2, 7, 40):
        ours = [conic_volumes.separable_probability(conic_volumes.ball_volumes(1.0, 0), p, n) for n in range(1, p + 3)]
        np.testing.assert_allclose(ours, points.separable_probability(p, np.arange(1, p + 3)), rtol=1e-12)


def test_more_features_never_hurt_and_all_of_them_suffice():
    volumes = conic_volumes.ball_volumes(1.3, 4)
    curve = [conic_volumes.separable_probability(volumes, 6, n) for n in range(1, 32)]
    assert np.all(np.diff(curve) >= -1e-12)
    assert curve[29:] == pytest.approx([1.0, 1.0], abs=1e-12)


def kinds():
    return [conic_volumes.ball_volumes(1.0, 0), conic_volumes.ball_volumes(0.6, 1), conic_volumes.ball_volumes(2.0, 4)]


def test_a_mixture_is_the_product_of_all_its_cones():
    """One after the other, and by the mean index, which is the sum of the replica theory's 1 / capacity."""
    one_by_one = np.array([1.0])
    for volumes in [kinds()[0]] * 3 + [kinds()[2]] * 2:
        one_by_one = np.convolve(one_by_one, volumes)
    mixed = conic_volumes.mixture_volumes(kinds(), [3, 0, 2])
    np.testing.assert_allclose(mixed, one_by_one, rtol=1e-13)
    delta = 3 / points.capacity(0) + 2 / balls.ball_capacity(0, 2.0, 4)
    assert conic_volumes.statistical_dimension(mixed) == pytest.approx(delta, rel=RELATIVE_ACCURACY)


def test_a_mixture_of_one_kind_is_its_power():
    np.testing.assert_allclose(
        conic_volumes.mixture_volumes(kinds()[1:2], [9]), conic_volumes.product_volumes(kinds()[1], 9), rtol=1e-13
    )


@pytest.mark.parametrize("counts", [[5, 0, 0], [2, 3, 1], [0, 1, 4]])
def test_the_transition_has_the_moments_of_its_own_distribution(counts):
    """Mean and spread of n* from every P(n* <= n)."""
    mixed = conic_volumes.mixture_volumes(kinds(), counts)
    n = np.arange(len(mixed) + 1)
    probability = np.diff([0.0, *(conic_volumes.separable_probability(mixed, 1, k) for k in n[1:])])
    mean = n[1:] @ probability
    spread = np.sqrt((n[1:] - mean) ** 2 @ probability)
    assert probability.min() > -1e-12
    assert conic_volumes.transition(mixed) == pytest.approx((mean, spread), rel=1e-10)


def test_the_transition_of_points_is_binomial():
    """Cover: n* - 1 is binomial of P - 1 fair tosses."""
    assert conic_volumes.transition(kinds()[0], 12) == pytest.approx((6.5, np.sqrt(11) / 2))
    assert conic_volumes.transition(kinds()[0], 1) == (1.0, 0.0)


def test_the_transition_sharpens_as_the_root_of_the_number_of_manifolds():
    widths = [sd / mean for mean, sd in (conic_volumes.transition(kinds()[2], p) for p in (10, 1000, 100_000))]
    np.testing.assert_allclose(np.array(widths[:-1]) / widths[1:], 10, rtol=0.03)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: conic_volumes.ball_volumes(-1, 2), "radius"),
        (lambda: conic_volumes.ball_volumes(1e-200, 2), "radius"),
        (lambda: conic_volumes.ball_volumes(np.inf, 2), "radius"),
        (lambda: conic_volumes.ball_volumes(1, 1.5), "shape_dim"),
        (lambda: conic_volumes.separable_probability(np.array([0.5, 0.5]), 0, 3), "n_manifolds"),
        (lambda: conic_volumes.mixture_volumes([np.array([0.5, 0.5])], [-1]), "counts"),
        (lambda: conic_volumes.mixture_volumes([np.array([0.5, 0.5])], [1, 2]), "counts"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

import mpmath
import numpy as np
import pytest

from theory import RELATIVE_ACCURACY
from theory.capacity import points


def displacement(margin):
    """E[(kappa - t)_+^2] with 60 digits, far more than its cancellation costs at low margins."""
    with mpmath.workdps(60):
        kappa = mpmath.mpf(margin)
        return (1 + kappa**2) * mpmath.ncdf(kappa) + kappa * mpmath.npdf(kappa)


@pytest.mark.parametrize("margin", [-3, -0.5, 0.7, 4])
def test_the_oracle_is_the_definition(margin):
    with mpmath.workdps(30):
        panels = [-mpmath.inf, margin - 8, margin - 2, margin]
        integral = mpmath.quad(lambda t: (margin - t) ** 2 * mpmath.npdf(t), panels)
    assert float(abs(integral / displacement(margin) - 1)) < 1e-12


@pytest.mark.parametrize("margin", [-30, -12.5, -5, -1, -1e-3, 0, 1e-3, 0.5, 2, 8, 100])
def test_capacity_agrees_with_sixty_digits(margin):
    assert float(abs(points.capacity(margin) * displacement(margin) - 1)) < RELATIVE_ACCURACY


@pytest.mark.parametrize(
    ("margin", "golden"), [(0, 2.0), (0.25, 1.36464279), (0.5, 0.96120505), (1, 0.51957223), (2, 0.20023102)]
)
def test_golden_values(margin, golden):
    assert points.capacity(margin) == pytest.approx(golden, abs=6e-9)


def test_margin_at_capacity_inverts_over_the_whole_range():
    margins = np.concatenate([np.linspace(-20, 20, 81), [1e3, 1e5]])
    np.testing.assert_allclose(points.margin_at_capacity(points.capacity(margins)), margins, rtol=1e-9, atol=1e-12)


def test_cover_counts_by_recurrence():
    """Cover's function counts dichotomies: C(P + 1, N) = C(P, N) + C(P, N - 1), exact in whole numbers."""
    counts = {(1, n): 2 for n in range(1, 31)} | {(p, 0): 0 for p in range(1, 31)}
    for p in range(1, 30):
        for n in range(1, 31):
            counts[p + 1, n] = counts[p, n] + counts[p, n - 1]
    for (p, n), count in counts.items():
        if n:
            assert points.separable_probability(p, n) == pytest.approx(count / 2**p, rel=1e-13)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: points.capacity(np.nan), "margin"),
        (lambda: points.capacity(-50), "margin"),
        (lambda: points.capacity(1e200), "margin"),
        (lambda: points.margin_at_capacity(-1.0), "capacity"),
        (lambda: points.separable_probability(2.5, 3), "n_points"),
        (lambda: points.separable_probability(3, 0), "n_features"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

from itertools import permutations

import numpy as np
import pytest

from theory.learning import permuted_gradient_share


def expected_kernel(classes, between, within, common):
    """E h_i . h_j of independent examples whose class means scatter by ``between`` about a mean of squared norm ``common``."""
    c = classes.max() + 1
    same = classes[:, None] == classes
    return common - between / (c - 1) + between * c / (c - 1) * same + within * np.eye(len(classes))


def mean_square(labels, kernel):
    """Squared gradient norm of the mean cross-entropy at zero logits, h . h' replaced by the kernel."""
    c = labels.max() + 1
    cotangents = (1 / c - np.eye(c)[labels]) / len(labels)
    return np.sum(cotangents * (kernel @ cotangents))


@pytest.mark.parametrize(("n_per_class", "n_classes"), [(1, 2), (1, 5), (3, 2), (2, 3)])
@pytest.mark.parametrize("common", [0.7, 20.0])
def test_both_squares_are_those_over_all_permutations(n_per_class, n_classes, common):
    classes = np.repeat(np.arange(n_classes), n_per_class)
    kernel, world = expected_kernel(classes, 0.7, 1.3, common), (n_per_class, n_classes, 0.7, 1.3)
    assert permuted_gradient_share.unpermuted_square(*world) == pytest.approx(mean_square(classes, kernel), rel=1e-12)
    exact = np.mean([mean_square(classes[list(order)], kernel) for order in permutations(range(len(classes)))])
    assert permuted_gradient_share.permuted_square(*world) == pytest.approx(exact, rel=1e-11)


def test_share_weights_groups_as_the_loss_does():
    unpermuted, permuted = (square(n, 4, 0.5, 1.0) for square, n in (
        (permuted_gradient_share.unpermuted_square, 6), (permuted_gradient_share.permuted_square, 2),
    ))  # fmt: skip
    expected = 2**2 * permuted / (2**2 * permuted + 6**2 * unpermuted)
    assert permuted_gradient_share.permuted_share(8, 4, 0.25, 0.5) == pytest.approx(expected, rel=1e-12)


def test_labels_that_carry_nothing_leave_no_difference():
    n = np.array([10, 100, 10_000])
    np.testing.assert_allclose(permuted_gradient_share.gradient_ratio(n, 5, 0.5, 0.0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(permuted_gradient_share.permuted_share(n, 5, 0.3, 0.0), 0.3, rtol=1e-12)


def test_ratio_falls_as_the_root_of_the_number_of_examples():
    ratio = permuted_gradient_share.gradient_ratio(np.array([1e5, 4e5]), 10, 0.5, 0.5)
    assert ratio[0] / ratio[1] == pytest.approx(2, rel=1e-3)
    # Golden, by hand: (1 - 1/C) (tr T / n_c) / B with tr T = B + W in the limit.
    assert ratio[1] == pytest.approx(np.sqrt(0.9 * 1.5 / 0.5 / 2e5), rel=1e-3)


def test_a_curve_broadcasts():
    n, separation = np.arange(2.0, 1002), np.array([[0.1], [1.0]])
    share = permuted_gradient_share.permuted_share(n, 10, 0.5, separation)
    assert share.shape == (2, 1000)
    assert np.all(np.diff(share) < 0)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: permuted_gradient_share.unpermuted_square(0, 2, 1, 1), "n_per_class"),
        (lambda: permuted_gradient_share.permuted_square(1, 1, 1, 1), "n_classes"),
        (lambda: permuted_gradient_share.permuted_square(1, 2, -1, 1), "between"),
        (lambda: permuted_gradient_share.permuted_square(1, 2, 1, np.nan), "within"),
        (lambda: permuted_gradient_share.permuted_share(3, 2, 0.2, 1), "n_per_class"),
        (lambda: permuted_gradient_share.gradient_ratio(3, 2, 1.0, 1), "permuted_fraction"),
        (lambda: permuted_gradient_share.gradient_ratio(4, 2, 0.5, np.inf), "separation"),
        (lambda: permuted_gradient_share.gradient_ratio(4, 2, 0.5, -1), "between"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

from itertools import permutations

import numpy as np
import pytest

from theory.learning import permuted_gradient

C, N, PARAMETERS = 3, 6, 11
LABELS = np.array([0, 0, 1, 2, 2, 2])


@pytest.fixture
def brute_force():
    """All 720 permutations of six labels: the gradients themselves, at probabilities 1/C. (720, parameters)."""
    jacobians = np.random.default_rng(0).normal(1.0, 1.0, (N, C, PARAMETERS))
    cotangent = np.full((720, N, C), 1 / C) - np.eye(C)[np.array([LABELS[list(p)] for p in permutations(range(N))])]
    return jacobians, np.einsum("kmc,mcp->kp", cotangent, jacobians) / N


def moments(jacobians):
    mean = jacobians.mean(0)
    centred = jacobians - mean
    return np.einsum("mcp,mdp->cd", centred, centred), mean @ mean.T, np.bincount(LABELS, minlength=C)


def test_variance_is_the_one_over_all_permutations(brute_force):
    jacobians, all_gradients = brute_force
    scatter, _, counts = moments(jacobians)
    exact = ((all_gradients - all_gradients.mean(0)) ** 2).sum(1).mean()
    assert permuted_gradient.permuted_gradient_variance(scatter, counts) == pytest.approx(exact, rel=1e-12)


def test_second_moment_is_the_one_over_all_permutations(brute_force):
    jacobians, all_gradients = brute_force
    exact = (all_gradients**2).sum(1).mean()
    assert permuted_gradient.permuted_gradient_second_moment(*moments(jacobians)) == pytest.approx(exact, rel=1e-12)


def test_balanced_labels_have_no_mean_gradient():
    assert permuted_gradient.permuted_gradient_mean_square(np.ones((C, C)) + np.eye(C), [4, 4, 4]) == pytest.approx(
        0, abs=1e-15
    )


def test_any_probabilities_move_only_the_mean(brute_force):
    jacobians, at_zero_logits = brute_force
    probabilities = np.random.default_rng(1).dirichlet(np.ones(C), N)
    everywhere = at_zero_logits + np.einsum("mc,mcp->p", probabilities - 1 / C, jacobians) / N
    scatter, _, counts = moments(jacobians)
    mean = np.einsum("mc,mcp->p", permuted_gradient.mean_cotangents(probabilities, counts), jacobians)
    np.testing.assert_allclose(mean, everywhere.mean(0), rtol=1e-11)
    second = mean @ mean + permuted_gradient.permuted_gradient_variance(scatter, counts)
    assert second == pytest.approx((everywhere**2).sum(1).mean(), rel=1e-12)


def test_cotangents_pull_back_to_the_covariance_over_all_permutations(brute_force):
    jacobians, all_gradients = brute_force
    counts, n_draws = moments(jacobians)[2], 20_000
    drawn = permuted_gradient.cotangents(counts, n_draws, np.random.default_rng(2))
    pulled = np.einsum("kmc,mcp->kp", drawn, jacobians)
    exact = np.cov(all_gradients.T, bias=True)
    # Of Gaussians: var(x_i x_j) = v_ii v_jj + v_ij^2.
    errors = np.sqrt((np.outer(np.diag(exact), np.diag(exact)) + exact**2) / n_draws)
    assert np.all(np.abs(pulled.T @ pulled / n_draws - exact) < 5 * errors)


def test_cotangents_are_centred_so_that_a_common_jacobian_pulls_back_to_nothing():
    drawn = permuted_gradient.cotangents([3, 0, 4], 5, np.random.default_rng(3))
    np.testing.assert_allclose(drawn.sum(1), 0, atol=1e-15)
    np.testing.assert_allclose(drawn.sum(2), 0, atol=1e-15)
    assert np.all(drawn[..., 1] == 0)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: permuted_gradient.mean_cotangents(np.ones((3, 2)) / 2, [1, 1]), "probabilities"),
        (lambda: permuted_gradient.mean_cotangents(np.ones((2, 2)), [1, 1]), "probabilities"),
        (lambda: permuted_gradient.cotangents([1, 1], 0, None), "n_draws"),
        (lambda: permuted_gradient.cotangents([1.2, 1.3], 1, np.random.default_rng(0)), "label_counts"),
        (lambda: permuted_gradient.permuted_gradient_variance(np.eye(2), [1, 2, 3]), "jacobian_scatter"),
        (lambda: permuted_gradient.permuted_gradient_variance(np.full((2, 2), np.nan), [1, 2]), "jacobian_scatter"),
        (lambda: permuted_gradient.permuted_gradient_mean_square(np.eye(2), [-1, 3]), "label_counts"),
        (lambda: permuted_gradient.permuted_gradient_mean_square(np.eye(1), [1]), "label_counts"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

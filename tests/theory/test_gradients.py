from itertools import permutations

import numpy as np
import pytest

from theory import gradients

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
    assert gradients.permuted_gradient_variance(scatter, counts) == pytest.approx(exact, rel=1e-12)


def test_second_moment_is_the_one_over_all_permutations(brute_force):
    jacobians, all_gradients = brute_force
    exact = (all_gradients**2).sum(1).mean()
    assert gradients.permuted_gradient_second_moment(*moments(jacobians)) == pytest.approx(exact, rel=1e-12)


def test_balanced_labels_have_no_mean_gradient():
    assert gradients.permuted_gradient_mean_square(np.ones((C, C)) + np.eye(C), [4, 4, 4]) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: gradients.permuted_gradient_variance(np.eye(2), [1, 2, 3]), "jacobian_scatter"),
        (lambda: gradients.permuted_gradient_variance(np.full((2, 2), np.nan), [1, 2]), "jacobian_scatter"),
        (lambda: gradients.permuted_gradient_mean_square(np.eye(2), [-1, 3]), "label_counts"),
        (lambda: gradients.permuted_gradient_mean_square(np.eye(1), [1]), "label_counts"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()

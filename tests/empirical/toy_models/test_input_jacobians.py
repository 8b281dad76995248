"""Tests of the sensitivity of outputs to inputs, against finite differences and linear networks."""

import numpy as np
import pytest
import torch
from torch import nn

from empirical.toy_models import input_jacobians


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()


POINTS = np.random.default_rng(0).standard_normal((5, 4))


@pytest.mark.parametrize("probabilities", [True, False])
def test_norms_are_those_of_finite_differences(model, probabilities):
    def outputs(points):
        with torch.no_grad():
            logits = model(torch.as_tensor(points))
        return (logits.softmax(1) if probabilities else logits - logits.mean(1, keepdim=True)).numpy()

    steps = 1e-6 * np.eye(4)
    columns = np.stack([(outputs(POINTS + step) - outputs(POINTS - step)) / 2e-6 for step in steps], axis=2)
    expected = np.sqrt((columns**2).sum((1, 2)))
    np.testing.assert_allclose(input_jacobians.jacobian_norms(model, POINTS, probabilities), expected, rtol=1e-6)


def test_the_jacobian_of_a_linear_map_is_its_matrix_without_what_the_logits_have_in_common():
    linear = nn.Linear(4, 3).double()
    weights = linear.weight.detach()
    norm = (weights - weights.mean(0)).norm().item()
    np.testing.assert_allclose(input_jacobians.jacobian_norms(linear, POINTS, False), np.full(5, norm))


def test_the_spread_of_logits_leaves_out_what_they_have_in_common(model):
    logits = model(torch.as_tensor(POINTS)).detach().numpy()
    expected = np.sqrt(((logits - logits.mean(1, keepdims=True)) ** 2).mean())
    assert input_jacobians.logit_spread(model, POINTS) == pytest.approx(expected)
    with torch.no_grad():
        model[2].bias += 5
    assert input_jacobians.logit_spread(model, POINTS) == pytest.approx(expected)

"""Tests of decoders: what is reconstructed exactly, what a non-linear decoder sees, and how errors add up."""

import numpy as np
import pytest

from empirical.geometry import linearity, reconstruction


def drawn(n=300, d=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng


def test_an_invertible_affine_map_is_undone():
    inputs, rng = drawn()
    features = inputs @ rng.standard_normal((4, 7)) + 3
    for errors in (reconstruction.linear_errors, reconstruction.nonlinear_errors):
        assert errors(features, inputs, 200) == pytest.approx(np.zeros(100), abs=1e-6)


def test_what_is_lost_is_the_variance_of_the_inputs_that_are_not_there():
    inputs, _ = drawn(4000)
    found = reconstruction.linear_errors(inputs[:, :3], inputs, 2000)
    assert found.shape == (2000,)
    assert found.mean() == pytest.approx(1 / 4, abs=0.02)


def test_independent_features_reconstruct_nothing():
    inputs, rng = drawn()
    for errors in (reconstruction.linear_errors, reconstruction.nonlinear_errors):
        assert errors(rng.standard_normal((300, 5)), inputs, 200).mean() == pytest.approx(1, abs=0.1)


def test_a_non_linear_decoder_sees_what_a_linear_one_does_not():
    """The sign and the size of a number in place of the number."""
    inputs = drawn(600, 1)[0]
    features = np.hstack([np.abs(inputs), inputs**3])
    linear, nonlinear = (
        errors(features, inputs, 400).mean() for errors in (reconstruction.linear_errors, reconstruction.nonlinear_errors)
    )
    assert nonlinear < linear / 3


def test_the_error_is_that_of_ridge_by_hand():
    inputs, rng = drawn()
    features = np.maximum(inputs @ rng.standard_normal((4, 3)), 0)
    fitted = linearity.Ridge.of(features[:200], inputs[:200]).predicted(features[200:])
    expected = np.square(inputs[200:] - fitted).sum() / np.square(inputs[200:] - inputs[:200].mean(0)).sum()
    assert reconstruction.linear_errors(features, inputs, 200).mean() == pytest.approx(expected, rel=1e-12)


def test_dead_features_are_no_error():
    inputs, _ = drawn()
    assert reconstruction.nonlinear_errors(np.zeros((300, 3)), inputs, 200).mean() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("features", "n_fitted"), [(np.ones((9, 2)), 5), (np.ones((10, 2)), 1), (np.ones((10, 2)), 9)])
def test_what_cannot_be_judged_is_refused(features, n_fitted):
    with pytest.raises(ValueError, match="n_fitted="):
        reconstruction.linear_errors(features, np.ones((10, 3)), n_fitted)

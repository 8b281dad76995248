import numpy as np
import pytest

from verify.strategies.linear_networks import Classes, NoisyLabels, Picture, is_inside, straightness


def test_noisy_labels_have_exactly_the_moments_of_their_noise():
    world = NoisyLabels(7, 3, 0.4, draw=5)
    clean = world.design() @ world.truth()
    np.testing.assert_allclose(world.labels().mean(1), clean, atol=1e-14)
    np.testing.assert_allclose(np.cov(world.labels(), bias=True), 0.4 * np.eye(7), atol=1e-14)


@pytest.mark.parametrize("noise", [0.0, 0.6])
def test_examples_have_the_cosines_asked_for(noise):
    world = Classes(3, 2, 3, 0.1, 8, noise=noise, within=0.5, between=0.2)
    examples = world.inputs().reshape(6, -1)
    cosines = examples @ examples.T
    np.testing.assert_allclose(np.diag(cosines), 1)
    np.testing.assert_allclose(cosines[[0, 2, 4], [1, 3, 5]], 0.5, atol=noise / 6 + 1e-12)
    apart = cosines[np.ix_([0, 1], [2, 3])]
    assert 0.1 - noise / 6 <= apart.min() <= apart.max() <= 0.2 + noise / 6


def test_without_cosines_examples_are_orthonormal():
    examples = Classes(2, 4, 3, 0.1, 0).inputs().reshape(8, -1)
    np.testing.assert_allclose(examples @ examples.T, np.eye(8), atol=1e-14)


def test_proportional_channels_are_multiples_of_one():
    shown, _ = Picture(3, 3, 6, True, 0.5, draw=1).images()
    assert np.linalg.matrix_rank(shown.reshape(3, -1)) == 1


def test_straightness():
    assert straightness([1.0, 3.0, 5.0]) == pytest.approx(1)
    assert straightness([0.0, 1.0, 0.0]) == pytest.approx(0)


def test_the_ends_are_no_draws():
    assert [is_inside(draw) for draw in (0, 1, 2**16 - 1, 2**16)] == [False, True, True, False]

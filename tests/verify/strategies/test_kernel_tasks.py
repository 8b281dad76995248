import numpy as np
import pytest

from verify.strategies.kernel_tasks import TaskNetworks

pytestmark = pytest.mark.needs_torch
WORLD = TaskNetworks(3, 1, 8, 20, 10, 7)


def test_networks_have_images_and_weights_of_their_own_and_follow_from_the_draw():
    assert WORLD.images.shape == (3, 30, 1, 8, 8)
    assert not np.array_equal(WORLD.images[0], WORLD.images[1])
    np.testing.assert_array_equal(WORLD.kernels, TaskNetworks(3, 1, 8, 20, 10, 7).kernels)
    assert np.abs(WORLD.kernels[0] - WORLD.kernels[1]).max() > 1
    assert WORLD.own_kernels.shape == (3, 20, 20)


def test_eigenfunctions_are_in_order_of_their_eigenvalues():
    functions = WORLD.eigenfunctions((0, 3))
    assert functions.shape == (3, 30, 2)
    values = np.einsum("kir,kij,kjr->kr", functions, WORLD.kernels, functions)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(WORLD.kernels)[:, [-1, -4]])


def test_a_mixture_is_of_two_functions_and_as_long_as_each():
    functions = WORLD.eigenfunctions((1, 2, 3, 4))
    along = np.einsum("kir,kis->krs", functions, WORLD.mixed(functions))
    assert np.all((np.abs(along) > 1e-9).sum(1) == 2)
    np.testing.assert_allclose((along**2).sum(1), 1)


def test_every_network_is_trained_on_its_own_tasks():
    tasks = np.sign(WORLD.eigenfunctions((1, 2)))
    trained, losses = WORLD.trained(tasks, 0.5, 30)
    assert losses.shape == (3, 2, 30)
    alone, single = WORLD.trained(tasks[..., 1:], 0.5, 30)
    np.testing.assert_allclose(losses[:, 1], single[:, 0], atol=1e-5)
    np.testing.assert_allclose(WORLD.right(trained, tasks)[:, 1:], WORLD.right(alone, tasks[..., 1:]))
    assert WORLD.right_linearized(tasks, 0.5, 30).min() > 0.5


def test_noise_takes_the_place_of_digits():
    noisy = TaskNetworks(2, 1, 8, 20, 10, 7, noise=4)
    assert noisy.images.shape == (2, 30, 1, 4, 4)
    assert noisy.kernels.shape == (2, 30, 30)

import numpy as np
import pytest

from verify.strategies.mislabeled import KERNELS, LabelledNetworks, Mislabeled


@pytest.mark.needs_torch
@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_are_symmetric_without_negative_eigenvalues_and_follow_from_the_draw(kernel):
    world = Mislabeled(kernel, 30, 4, 0.4, 7)
    matrix = world.matrix()
    assert matrix.shape == (30, 30)
    np.testing.assert_allclose(matrix, matrix.T)
    values = np.linalg.eigvalsh(matrix)
    assert values[0] > -1e-9 * values[-1]
    np.testing.assert_array_equal(matrix, world.matrix())


@pytest.mark.needs_torch
def test_labellings_permute_a_share_of_the_true_classes():
    world = Mislabeled("pixels", 30, 4, 0.4, 7)
    classes = world.examples()[1]
    drawn = world.labellings(50, np.random.default_rng(0))
    assert len(np.unique(drawn, axis=0)) == 50
    np.testing.assert_array_equal(np.sort(drawn, axis=1), np.tile(np.sort(classes), (50, 1)))
    assert 0 < (drawn != classes).sum(1).max() <= world.n_permuted == 12


@pytest.mark.needs_torch
def test_networks_have_images_and_weights_of_their_own():
    world = LabelledNetworks(3, 1, 4, 20, 5, 0.3, 1)
    images, classes = world.examples()
    assert images.shape == (3, 20, 1, 8, 8)
    assert not np.array_equal(images[0], images[1])
    first, second = (next(model.parameters()).detach().numpy() for model in world.models()[:2])
    assert not np.array_equal(first, second)
    labels = world.labels()
    assert np.all((labels != classes).sum(1) <= 6)
    np.testing.assert_array_equal(labels, world.labels())

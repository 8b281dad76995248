import numpy as np
import pytest
import torch

from empirical.toy_models import kernel_descent, small_networks

RNG = [3, 1]


@pytest.fixture(params=["mlp", "conv"])
def drawn(request):
    rng = np.random.default_rng(RNG)
    return small_networks.network(request.param, 2, 3, 4, rng), small_networks.images(5, rng)


def test_networks_follow_from_their_generator_alone(drawn):
    model, images = drawn
    kind = "conv" if model[0].__class__ is torch.nn.Conv2d else "mlp"
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    again = small_networks.network(kind, 2, 3, 4, np.random.default_rng(RNG))
    np.testing.assert_array_equal(small_networks.probabilities(model, images), small_networks.probabilities(again, images))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert all(parameter.dtype == torch.float64 for parameter in model.parameters())


def test_logits_are_not_zero_and_layers_are_named(drawn):
    model, images = drawn
    probabilities = small_networks.probabilities(model, images)
    assert np.abs(probabilities - 0.25).max() > 0.01
    assert list(small_networks.jacobians(model, images)) == ["hidden1", "hidden2", "readout"]


def test_jacobians_are_finite_differences(drawn):
    model, images = drawn
    weight, step = model[-1].weight, 1e-6
    jacobian = small_networks.jacobians(model, images)["readout"][:, 2, 2 * weight.shape[1]]
    with torch.no_grad():
        before = model(images)[:, 2].numpy()
        weight[2, 0] += step
        moved = (model(images)[:, 2].numpy() - before) / step
    np.testing.assert_allclose(jacobian, moved, rtol=1e-6, atol=1e-8)


def test_a_labelling_pulls_back_its_residual(drawn):
    model, images = drawn
    labels = np.array([[0, 1, 2, 3, 3]])
    residual = (small_networks.probabilities(model, images) - np.eye(4)[labels]) / 5
    pulled = small_networks.pullbacks(model, images, residual)
    for layer, rows in small_networks.labelling_gradients(model, images, labels).items():
        np.testing.assert_allclose(pulled[layer], rows, rtol=1e-10, atol=1e-14)


def test_readout_squares_are_those_of_the_gradient_by_hand():
    rng = np.random.default_rng(0)
    features, labels = rng.standard_normal((2, 6, 3)), rng.integers(4, size=(2, 6))
    by_hand = np.einsum("knc,knf->kcf", 1 / 4 - np.eye(4)[labels], features) / 6
    found = small_networks.readout_squares(features, labels, 4)
    np.testing.assert_allclose(found, (by_hand**2).sum((1, 2)), rtol=1e-12)


def test_hidden_is_what_the_readout_sees(drawn):
    model, images = drawn
    seen = model[-1](torch.from_numpy(small_networks.hidden(model, images.numpy())))
    assert torch.allclose(seen, model(images))


def test_descent_solves_each_column_by_itself():
    rng = np.random.default_rng(1)
    features, targets = rng.standard_normal((4, 6)), rng.standard_normal((4, 3))
    kept = kernel_descent.descend(features, targets, 0.1, 5, keep=[1, 5])
    alone = kernel_descent.descend(features, targets[:, 1:2], 0.1, 5)
    assert alone.shape == (6, 4, 1)
    np.testing.assert_allclose(kept[:, :, 1:2], alone[[1, 5]], rtol=1e-13)
    np.testing.assert_allclose(kept[0], 0.1 * features @ features.T @ targets / 4, rtol=1e-12)


def test_the_tangent_kernel_is_that_of_the_jacobians_by_autograd(drawn):
    model, images = drawn
    rows = small_networks.jacobians(model, images)
    everything = sum(np.einsum("icp,jcp->ij", one, one) for one in rows.values()) / 4
    np.testing.assert_allclose(small_networks.tangent_kernel(model, images), everything, rtol=1e-10)
    readout = np.einsum("icp,jcp->ij", rows["readout"], rows["readout"]) / 4
    np.testing.assert_allclose(small_networks.tangent_kernel(model, images, ["readout"]), readout, rtol=1e-10)


def test_networks_take_images_of_other_shapes():
    rng = np.random.default_rng(0)
    model = small_networks.network("conv", 2, 3, 4, rng, (2, 6, 5))
    assert model(torch.zeros(7, 2, 6, 5, dtype=torch.float64)).shape == (7, 4)


def test_summed_alignments_of_linear_models_are_those_by_hand():
    rng = np.random.default_rng(2)
    features, targets = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    summed, outputs = kernel_descent.summed_alignments(features, targets, 0.1, 4)
    by_step = kernel_descent.descend(features, targets, 0.1, 4)
    np.testing.assert_allclose(outputs, by_step[-1], atol=1e-13)
    residuals = by_step[:-1] - targets
    aligned = np.einsum("tik,ij,tjk->i", residuals, features @ features.T, residuals) / 5
    np.testing.assert_allclose(summed, 0.1 * aligned, rtol=1e-10)

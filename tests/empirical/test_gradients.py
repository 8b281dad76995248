import numpy as np
import pytest
import torch
from torch.func import functional_call, grad, vmap
from torch.nn import functional

from empirical import checkpoints, gradients
from empirical.accuracies import accuracies
from empirical.train import Subject
from theory import gradients as predicted


@pytest.fixture(scope="module")
def group(tiny):
    subject = Subject.of(tiny, 0)
    index = torch.from_numpy(subject.labels.permuted_all)
    return subject.build().eval(), subject.images[index], torch.from_numpy(subject.labels.trained)[index]


def test_group_gradient_is_the_mean_of_per_example_gradients(group):
    """Two routes of torch: one backward pass of the mean, vmapped functional gradients."""
    model, images, labels = group
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def loss(values, image, label):
        return functional.cross_entropy(functional_call(model, values, (image[None],)), label[None])

    each = vmap(grad(loss), (None, 0, 0))(parameters, images, labels)
    mean = torch.cat([part.mean(0).flatten() for part in each.values()]).double()
    whole = gradients.group_gradient(model, images, labels).whole
    assert (whole - mean).norm() < 1e-5 * mean.norm()


@pytest.mark.parametrize("zero_logits", [False, True])
def test_whole_is_independent_minus_dependent(group, zero_logits):
    found = gradients.group_gradient(*group, zero_logits=zero_logits)
    assert found.parts_error() < 1e-6


def test_zero_logits_make_probabilities_uniform(group):
    model, images, labels = group
    found = gradients.group_gradient(model, images, labels, zero_logits=True)
    logits = model(images)
    by_hand = torch.autograd.grad((logits / 10).sum(1).mean(), list(model.parameters()))
    flat = torch.cat([part.flatten() for part in by_hand]).double()
    assert (found.label_independent - flat).norm() < 1e-6 * flat.norm()


def test_jacobian_moments_predict_the_variance_over_permutations(group):
    """Measured with 200 permutations against the exact identity: within four standard errors."""
    model, images, labels = group
    moments = gradients.jacobian_moments(model, images)
    counts = np.bincount(labels.numpy(), minlength=10)
    exact = predicted.permuted_gradient_variance(moments.scatter, counts)
    value, se = gradients.permuted_gradient_variance(model, images, labels, 200, np.random.default_rng(0))
    assert abs(value - exact) < 4 * se
    assert se < 0.15 * value


def test_jacobian_moments_do_not_depend_on_the_chunks(group, monkeypatch):
    model, images, _ = group
    whole = gradients.jacobian_moments(model, images)
    monkeypatch.setattr(gradients, "CHUNK", 7)
    pieces = gradients.jacobian_moments(model, images)
    np.testing.assert_allclose(pieces.scatter, whole.scatter, rtol=1e-4, atol=1e-5 * np.abs(whole.scatter).max())


def test_measuring_leaves_the_network_as_it_was(group):
    model, images, labels = group
    before = checkpoints.digest(model.state_dict())
    gradients.group_gradient(model, images, labels)
    gradients.jacobian_moments(model, images)
    assert checkpoints.digest(model.state_dict()) == before


def test_accuracies_count_what_they_say(tiny):
    subject = Subject.of(tiny, 0)
    model = subject.build().eval()
    predictions = model(subject.images).argmax(1).numpy()
    labels = subject.labels
    found = {(group, choice): (share, n) for group, choice, share, _, n in accuracies(model, subject)}
    for group, index, target in (
        ("unpermuted", labels.unpermuted, labels.true),
        ("permuted", labels.permuted, labels.trained),
        ("restored", labels.permuted, labels.true),
    ):
        share = np.mean([predictions[i] == target[i] for i in index])
        assert found[group, ""] == (pytest.approx(share), len(index))
    assert set(found) == {("unpermuted", ""), ("permuted", ""), ("restored", ""), ("test", "select"), ("test", "report")}

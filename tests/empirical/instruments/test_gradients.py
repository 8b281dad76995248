import itertools

import numpy as np
import pytest
import torch
from torch.func import functional_call, grad, vjp, vmap
from torch.nn import functional

from empirical import networks
from empirical.evidence.names import NETWORK
from empirical.instruments import autograd, gradients
from empirical.instruments.accuracies import accuracies, predict
from empirical.training import checkpoints
from empirical.training.subject import Subject
from theory.learning import permuted_gradient


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
    whole = autograd.group_gradient(model, images, labels).whole[NETWORK]
    assert (whole - mean).norm() < 1e-5 * mean.norm()


@pytest.mark.parametrize("zero_logits", [False, True])
def test_whole_is_independent_minus_dependent(group, zero_logits):
    found = autograd.group_gradient(*group, zero_logits=zero_logits)
    assert found.parts_error() < 1e-6


def test_zero_logits_make_probabilities_uniform(group):
    model, images, labels = group
    found = autograd.group_gradient(model, images, labels, zero_logits=True)
    logits = model(images)
    by_hand = torch.autograd.grad((logits / 10).sum(1).mean(), list(model.parameters()))
    flat = torch.cat([part.flatten() for part in by_hand]).double()
    assert (found.label_independent[NETWORK] - flat).norm() < 1e-6 * flat.norm()


def test_layers_make_up_the_network(group):
    model, images, labels = group
    found = autograd.group_gradient(model, images, labels).whole
    whole = found.pop(NETWORK)
    assert list(found) == networks.layers(model)
    assert torch.equal(torch.cat(list(found.values())), whole)
    moments = autograd.jacobian_moments(model, images)
    whole = moments.pop(NETWORK)
    np.testing.assert_allclose(sum(one.scatter for one in moments.values()), whole.scatter)
    np.testing.assert_allclose(sum(one.mean_gram for one in moments.values()), whole.mean_gram)


@pytest.mark.settled
def test_jacobian_moments_predict_the_moments_over_permutations(group):
    """Measured with 200 permutations against the exact identities, layer by layer: within four standard errors."""
    model, images, labels = group
    counts = np.bincount(labels.numpy(), minlength=10)
    measured = autograd.permutation_moments(model, images, labels, 200, np.random.default_rng(0))
    for layer, moments in autograd.jacobian_moments(model, images).items():
        variance = permuted_gradient.permuted_gradient_variance(moments.scatter, counts)
        second = permuted_gradient.permuted_gradient_second_moment(moments.scatter, moments.mean_gram, counts)
        for exact, (value, se) in ((variance, measured[layer].variance), (second, measured[layer].second_moment)):
            assert abs(value - exact) < 4 * se
            assert se < 0.2 * value


def test_jacobian_moments_do_not_depend_on_the_chunks(group, monkeypatch):
    model, images, _ = group
    whole = autograd.jacobian_moments(model, images)[NETWORK]
    monkeypatch.setattr(autograd, "CHUNK", 7)
    pieces = autograd.jacobian_moments(model, images)[NETWORK]
    np.testing.assert_allclose(pieces.scatter, whole.scatter, rtol=1e-4, atol=1e-5 * np.abs(whole.scatter).max())


def test_alignment_is_the_mean_cosine_of_pairs(group):
    model, images, labels = group
    batches = torch.arange(60).split(15)
    found, error = autograd.minibatch_alignment(model, images, labels, batches)[NETWORK]
    each = [autograd.group_gradient(model, images[b], labels[b]).whole[NETWORK] for b in batches]
    pairs = [functional.cosine_similarity(one, other, dim=0) for i, one in enumerate(each) for other in each[:i]]
    assert found == pytest.approx(float(torch.stack(pairs).mean()))
    without = [np.mean([float(p) for p, ij in zip(pairs, PAIRS, strict=True) if left not in ij]) for left in range(4)]
    assert error == pytest.approx(np.sqrt(3 / 4 * np.sum((without - np.mean(without)) ** 2)))


PAIRS = [(i, j) for i in range(4) for j in range(i)]


def test_measuring_leaves_the_network_as_it_was(group):
    model, images, labels = group
    before = checkpoints.digest(model.state_dict())
    autograd.group_gradient(model, images, labels)
    autograd.jacobian_moments(model, images)
    assert checkpoints.digest(model.state_dict()) == before


def test_accuracies_count_what_they_say(tiny):
    subject = Subject.of(tiny, 0)
    model = subject.build().eval()
    everything = predict(model, subject)
    predictions = everything[: len(subject.images)]
    labels = subject.labels
    found = {(r.group, r.choice): (r.value, r.n) for r in accuracies(everything, subject)}
    for group, index, target in (
        ("unpermuted", labels.unpermuted, labels.true),
        ("permuted", labels.permuted, labels.trained),
        ("restored", labels.permuted, labels.true),
    ):
        share = np.mean([predictions[i] == target[i] for i in index])
        assert found[group, ""] == (pytest.approx(share), len(index))
    assert set(found) == {("unpermuted", ""), ("permuted", ""), ("restored", ""), ("test", "select"), ("test", "report")}
    images, true = subject.tests["report"]
    assert found["test", "report"] == (pytest.approx(float((model(images).argmax(1) == true).float().mean())), len(true))


@pytest.mark.settled
@pytest.mark.parametrize("zero_logits", [False, True])
def test_the_mean_over_permutations_is_the_gradient_of_label_shares(group, zero_logits):
    """All permutations of a few examples, one after the other."""
    model, images, labels = group[0], group[1][:5], group[2][:5]
    each = [
        autograd.group_gradient(model, images, labels[list(order)], zero_logits).whole[NETWORK]
        for order in itertools.permutations(range(5))
    ]
    found = autograd.mean_permuted_gradient(model, images, labels, zero_logits)[NETWORK]
    assert (torch.stack(each).mean(0) - found).norm() < 1e-5 * found.norm()


@pytest.mark.settled
def test_pulled_back_cotangents_have_the_variance_over_permutations(group):
    """One backward pass a draw against the Jacobian of every example: within four standard errors in every layer."""
    model, images, labels = group
    counts = np.bincount(labels.numpy(), minlength=10)
    found = autograd.cotangent_squares(model, images, labels, 400, np.random.default_rng(1))
    for layer, moments in autograd.jacobian_moments(model, images).items():
        value, se = found[layer]
        assert abs(value - permuted_gradient.permuted_gradient_variance(moments.scatter, counts)) < 4 * se
        assert se < 0.1 * value


def test_cotangents_are_pulled_back_alike_by_both_routes_of_torch(group):
    """autograd and torch.func's vjp of the whole group's logits."""
    model, images, _ = group
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    logits, pull_back = vjp(lambda values: functional_call(model, values, (images,)), parameters)
    cotangents = torch.from_numpy(np.random.default_rng(0).standard_normal(logits.shape)).to(logits.dtype)
    one = torch.cat([part.flatten() for part in pull_back(cotangents)[0].values()])
    other = torch.autograd.grad((cotangents * model(images)).sum(), list(model.parameters()))
    assert (one - torch.cat([part.flatten() for part in other])).norm() < 1e-5 * one.norm()


def test_comparisons_of_the_groups_by_hand():
    """Gradients of lengths 5 and 2 at right angles; label-independent parts (3, 4) and (3, 0), relative to the first."""
    one, other = ({NETWORK: torch.tensor(vector)} for vector in ([3.0, 4.0], [3.0, 0.0]))
    across = {NETWORK: torch.tensor([-1.6, 1.2])}
    unpermuted = autograd.GroupGradient(one, one, across)
    found = gradients._comparisons(unpermuted, autograd.GroupGradient(across, other, across), "standard", 7)
    values = {reading.quantity: reading.value for reading in found}
    assert values == pytest.approx(
        {
            "gradient_cosine": 0.0,
            "gradient_cosine_label_independent": 0.6,
            "label_independent_distance": 0.8,
            "gradient_cosine_label_dependent": 1.0,
        },
        abs=1e-6,
    )

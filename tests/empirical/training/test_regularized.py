"""Each regularizer against its definition, worked out in another way."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical import networks, storage
from empirical.instruments.accuracies import predict
from empirical.runs.regularizers import NAMES, Regularizers
from empirical.storage import make_folder
from empirical.training.regularized import EPSILON, regularize_hidden_layers, training_loss
from empirical.training.sgd import Steps, optimizer_of
from empirical.training.subject import Subject
from empirical.training.train import train
from tests.empirical.training.test_train import Killed, weights

EVERYTHING = "dropout=0.2+input_dropout=0.1+input_noise=0.3+hidden_noise=0.1+weight_decay=0.01+adversarial=0.5"


@pytest.fixture(scope="module")
def perceptron(tiny):
    return Subject.of(replace(tiny, architecture="mlp2", batch_norm=False, width=8, momentum=0.0, schedule="constant"), 0)


def steps_of(subject, regularizers="none"):
    spec, model = replace(subject.spec, regularizers=regularizers), subject.build()
    targets = torch.from_numpy(subject.labels.trained)
    return Steps(model, optimizer_of(model, spec, torch.device("cpu")), subject.images, targets, spec)


def seen(images, seed=0, **strengths):
    """What reaches the network of a training step."""
    found = []

    def model(inputs):
        found.append(inputs)
        return inputs.flatten(1)

    torch.manual_seed(seed)
    training_loss(model, images, torch.zeros(len(images), dtype=int), Regularizers(**strengths))
    return found


def hidden(subject, seed=0, *, training=True, **strengths):
    """The outputs of the first hidden layer, with regularizers and without, (n, width)."""
    model, plain = subject.build(), subject.build()
    regularize_hidden_layers(model, Regularizers(**strengths))
    torch.manual_seed(seed)
    images = subject.images.flatten(1)
    return model.train(training).hidden1(images).detach(), plain.hidden1(images).detach()


def test_without_regularizers_the_loss_is_the_cross_entropy(perceptron):
    model, targets = perceptron.build(), torch.from_numpy(perceptron.labels.trained)
    expected = functional.cross_entropy(model(perceptron.images), targets)
    assert torch.equal(training_loss(model, perceptron.images, targets, Regularizers()), expected)


def test_input_noise_has_its_deviation_and_no_mean():
    images = torch.randn(400, 1, 10, 10, generator=torch.Generator().manual_seed(0))
    (inputs,) = seen(images, input_noise=0.5)
    noise = inputs - images
    assert float(noise.mean()) == pytest.approx(0, abs=5 * 0.5 / noise.numel() ** 0.5)
    assert float(noise.std()) == pytest.approx(0.5, rel=5 / (2 * noise.numel()) ** 0.5)


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_dropped_inputs_are_zero_and_the_others_are_scaled(share):
    images = torch.ones(400, 1, 10, 10)
    (inputs,) = seen(images, input_dropout=share)
    kept = inputs != 0
    assert inputs[kept].numpy() == pytest.approx(1 / (1 - share))
    assert float(kept.float().mean()) == pytest.approx(1 - share, abs=5 * (share * (1 - share) / kept.numel()) ** 0.5)


def test_dropped_hidden_units_are_zero_and_the_others_are_scaled(perceptron):
    found, plain = hidden(perceptron, dropout=0.4)
    active = plain > 0
    kept = found[active] != 0
    assert torch.allclose(found[active][kept], plain[active][kept] / 0.6)
    assert float(kept.float().mean()) == pytest.approx(0.6, abs=5 * (0.24 / kept.numel()) ** 0.5)


def test_hidden_noise_is_added_to_every_unit_of_a_hidden_layer(perceptron):
    found, plain = hidden(perceptron, hidden_noise=0.3)
    noise = found - plain
    assert float(noise.mean()) == pytest.approx(0, abs=5 * 0.3 / noise.numel() ** 0.5)
    assert float(noise.std()) == pytest.approx(0.3, rel=5 / (2 * noise.numel()) ** 0.5)


@pytest.mark.parametrize("strengths", [{"dropout": 0.4}, {"hidden_noise": 0.3}])
def test_hidden_layers_are_left_alone_outside_training_and_the_readout_always(perceptron, strengths):
    found, plain = hidden(perceptron, training=False, **strengths)
    assert torch.equal(found, plain)
    model, untouched = perceptron.build().train(), perceptron.build()
    regularize_hidden_layers(model, Regularizers(**strengths))
    values = torch.randn(5, 8)
    assert torch.equal(model.readout(values), untouched.readout(values))
    assert networks.layers(model) == networks.layers(untouched)


def test_an_adversarial_image_is_the_step_that_finite_differences_find():
    """The sign of every pixel's derivative, by moving the pixel alone."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3)).double()
    images, targets, weight = torch.randn(4, 1, 2, 3, dtype=torch.float64), torch.tensor([0, 2, 1, 1]), 0.3

    def loss(inputs):
        with torch.no_grad():
            return functional.cross_entropy(model(inputs.reshape(images.shape)), targets)

    moves = 1e-5 * torch.eye(images.numel(), dtype=torch.float64)
    slopes = torch.stack([loss(images.ravel() + move) - loss(images.ravel() - move) for move in moves])
    adversarial = loss(images.ravel() + EPSILON * slopes.sign())
    found = training_loss(model, images, targets, Regularizers(adversarial=weight))
    assert found.item() == pytest.approx((0.7 * loss(images) + 0.3 * adversarial).item(), rel=1e-12)
    assert adversarial > loss(images)


def test_the_adversarial_step_is_taken_from_the_perturbed_inputs_and_gives_no_gradient_to_them():
    images = torch.randn(50, 1, 3, 3)
    clean, adversarial = seen(images, input_noise=0.5, adversarial=0.5)
    apart = (adversarial - clean).abs()
    assert apart[apart > 0].detach().numpy() == pytest.approx(EPSILON, rel=1e-4)
    assert not adversarial.requires_grad


def test_weight_decay_is_the_gradient_of_half_the_squared_norm(perceptron):
    """One step on the loss plus w/2 |theta|^2, with all parameters, biases included."""
    decayed, plain = (steps_of(perceptron, text) for text in ("weight_decay=0.2", "none"))
    for steps in (decayed, plain):
        steps.model.hidden1[0].bias.data.fill_(0.1)
    before = [parameter.detach().clone() for parameter in plain.model.parameters()]
    losses = [steps.take(torch.arange(100), 0.05) for steps in (decayed, plain)]
    assert losses[0] == losses[1]
    for one, other, old in zip(decayed.model.parameters(), plain.model.parameters(), before, strict=True):
        assert torch.allclose(one, other - 0.05 * 0.2 * old, atol=1e-7)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "weight_decay"])
def test_every_regularizer_changes_the_steps_and_repeats_itself(perceptron, name):
    def after(text):
        steps = steps_of(perceptron, text)
        torch.manual_seed(3)
        steps.model.train()
        steps.take(torch.arange(100), 0.05)
        return torch.cat([parameter.detach().ravel() for parameter in steps.model.parameters()])

    assert torch.equal(after(f"{name}=0.3"), after(f"{name}=0.3"))
    assert not torch.equal(after(f"{name}=0.3"), after("none"))


@pytest.mark.slow
@pytest.mark.parametrize("write", range(8))
@pytest.mark.parametrize("architecture", ["mlp2", "smallvgg"])
def test_a_regularized_training_that_is_killed_resumes_to_the_same_bits(tiny, tmp_path, monkeypatch, architecture, write):
    """With momentum and BatchNorm, and without both; see the same test of training without regularizers."""
    changes = {"momentum": 0.0, "batch_norm": False} if architecture == "mlp2" else {}
    spec = replace(tiny, architecture=architecture, regularizers=EVERYTHING, noise="pixels", noise_share=0.2, **changes)
    subject, calls, whole_write = Subject.of(spec, 0), iter(range(100)), storage._write
    whole, resumed = (make_folder(tmp_path / name) for name in ("whole", "resumed"))
    train(subject, whole)

    def killed(path, content):
        if next(calls) == write:
            path.write_bytes(content[: len(content) // 3])
            raise Killed
        whole_write(path, content)

    monkeypatch.setattr(storage, "_write", killed)
    with pytest.raises(Killed):
        train(subject, resumed)
    monkeypatch.undo()
    train(subject, resumed)
    assert weights(resumed) == weights(whole)


def test_a_regularized_network_is_measured_without_its_regularizers(perceptron, tmp_path):
    """Its predictions repeat themselves, and are those of a plain network with its weights."""
    subject = replace(perceptron, spec=replace(perceptron.spec, regularizers="dropout=0.5+hidden_noise=1+input_noise=1"))
    train(subject, tmp_path)
    model, plain = subject.at(tmp_path, 3), perceptron.build().eval()
    plain.load_state_dict(model.state_dict())
    assert (predict(model, subject) == predict(model, subject)).all()
    assert (predict(model, subject) == predict(plain, perceptron)).all()

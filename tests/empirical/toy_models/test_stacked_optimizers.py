import numpy as np
import pytest
import torch

from empirical.toy_models import one_image_networks, stacked_optimizers
from empirical.toy_models.one_image_networks import Connected, Convolutional
from empirical.toy_models.stacked_optimizers import Adam, Descent

RNG = np.random.default_rng(0)
DOUBLE = torch.float64
SHOWN = torch.from_numpy(RNG.random((1, 2, 4, 4))).expand(3, 2, 4, 4)


def stacked(architecture):
    weights = one_image_networks.initial_weights(architecture, (4, 4), range(3), DOUBLE)
    return weights, lambda *layers: one_image_networks.outputs_of(architecture, list(layers), SHOWN)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", [Connected(3, 5), Convolutional(2, 3, 3)], ids=str)
def test_the_curvature_is_the_largest_eigenvalue_of_each_network(architecture):
    weights, forward = stacked(architecture)
    found, _ = stacked_optimizers.largest_curvature(forward, weights, SHOWN.clone(), 300)
    for network in range(3):
        jacobians = torch.autograd.functional.jacobian(
            lambda *layers, one=network: forward(*layers)[one].flatten(), tuple(weights)
        )
        rows = torch.cat([part[:, network].flatten(1) for part in jacobians], dim=1)
        assert float(found[network]) == pytest.approx(float(torch.linalg.eigvalsh(rows @ rows.T)[-1]), rel=1e-4)


def test_adam_is_torchs_on_each_network():
    weights, forward = stacked(Convolutional(2, 3, 3))
    theirs = [layer.clone().requires_grad_() for layer in weights]
    reference, steps = torch.optim.Adam(theirs, lr=0.01), Adam(0.01).started(weights, SHOWN)
    for _ in range(5):
        loss = (forward(*theirs) - SHOWN).square().sum() / 2
        reference.zero_grad()
        loss.backward()
        weights = steps.step(weights, [layer.grad.clone() for layer in theirs if layer.grad is not None], forward)
        reference.step()
        for one, other in zip(weights, theirs, strict=True):
            np.testing.assert_allclose(one, other.detach(), atol=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_descent_is_torchs_at_a_rate_of_its_own_for_each_network(momentum):
    weights, forward = stacked(Connected(2, 5))
    curvature = stacked_optimizers.largest_curvature(forward, weights, SHOWN.clone(), stacked_optimizers.FIRST_POWER_STEPS)[0]
    rates = 0.1 / torch.maximum(curvature, 2 * SHOWN.square().sum((1, 2, 3)))
    assert len(set(rates.tolist())) == 3
    steps, ours = Descent(0.1, momentum).started(weights, SHOWN), weights
    theirs = [[layer.clone().requires_grad_() for layer in weights] for _ in rates]
    references = [torch.optim.SGD(own, lr=float(rate), momentum=momentum) for own, rate in zip(theirs, rates, strict=True)]
    for _ in range(4):
        for own in theirs:
            ((forward(*own) - SHOWN).square().sum() / 2).backward()
        slopes = [torch.stack([theirs[one][layer].grad[one] for one in range(3)]) for layer in range(2)]
        ours = steps.step(ours, slopes, forward)
        for network, reference in enumerate(references):
            reference.step()
            reference.zero_grad()
            for layer in range(2):
                np.testing.assert_allclose(ours[layer][network], theirs[network][layer][network].detach(), atol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Descent(0.0), "rate must be"),
        (lambda: Adam(np.inf), "rate must be"),
        (lambda: Descent(0.1, 1.0), "momentum must be"),
    ],
)
def test_impossible_optimizers_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_steps_in_place_are_their_formulas_to_the_last_bit():
    weights = one_image_networks.initial_weights(Connected(2, 5), (4, 4), range(3))
    written = [layer.clone() for layer in weights]
    mean, square = ([torch.zeros_like(layer) for layer in weights] for _ in range(2))
    steps = Adam(0.01).started(weights, SHOWN)
    for step in range(1, 6):
        slopes = [torch.from_numpy(RNG.standard_normal(layer.shape)).float() for layer in weights]
        mean = [0.9 * one + (1 - 0.9) * slope for one, slope in zip(mean, slopes, strict=True)]
        square = [0.999 * one + (1 - 0.999) * slope**2 for one, slope in zip(square, slopes, strict=True)]
        written = [
            layer - 0.01 * (one / (1 - 0.9**step)) / ((two / (1 - 0.999**step)).sqrt() + 1e-8)
            for layer, one, two in zip(written, mean, square, strict=True)
        ]
        weights = steps.step(weights, slopes, stacked)
        assert all(torch.equal(one, other) for one, other in zip(weights, written, strict=True))

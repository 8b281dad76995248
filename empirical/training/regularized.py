"""The loss of a network in training, with the regularizers of its run.

Regularizers act in training mode alone, and measured networks never have them: they are built anew from their weights. All
random numbers are torch's, whose state is set from a named stream at the beginning of each epoch.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical import networks
from empirical.runs.regularizers import Regularizers

# Size of the step to an adversarial image, in standard deviations of the images; of the range of MNIST's pixels it is 0.08.
# Goodfellow et al. 2015 take 0.1 standard deviations for CIFAR-10, and 0.25 of the range for MNIST. Arpit et al. do not say.
EPSILON = 0.25


def regularize_hidden_layers(model: nn.Sequential, strengths: Regularizers) -> None:
    """Make the network drop outputs of its hidden layers, or add noise to them, whenever it is in training mode."""

    def regularized(layer: nn.Module, inputs: tuple[Tensor, ...], outputs: Tensor) -> Tensor:
        return _perturbed(outputs, strengths.hidden_noise, strengths.dropout) if layer.training else outputs

    if strengths.hidden_noise or strengths.dropout:
        for name in networks.layers(model)[:-1]:
            model.get_submodule(name).register_forward_hook(regularized)


def training_loss(model: Callable[[Tensor], Tensor], images: Tensor, targets: Tensor, strengths: Regularizers) -> Tensor:
    """The loss that a step of training descends, shape (); the optimizer adds weight decay to its gradient.

    With adversarial training it is (1 - w) L(x) + w L(x + epsilon sign(dL/dx)), where L is the cross-entropy and w the strength
    (Goodfellow et al. 2015, equation of section 6). Inputs are perturbed before the adversarial step is taken.

    :param model: the network, in training mode.
    :param images: (n, channels, height, width).
    :param targets: labels, (n,).
    """
    inputs, weight = _perturbed(images, strengths.input_noise, strengths.input_dropout), strengths.adversarial
    if not weight:
        return functional.cross_entropy(model(inputs), targets)
    inputs = inputs.detach().requires_grad_()
    clean = functional.cross_entropy(model(inputs), targets)
    (gradient,) = torch.autograd.grad(clean, inputs, retain_graph=True)
    adversarial = inputs.detach() + EPSILON * gradient.sign()
    return (1 - weight) * clean + weight * functional.cross_entropy(model(adversarial), targets)


def _perturbed(values: Tensor, noise: float, dropout: float) -> Tensor:
    """The values with Gaussian noise added and a share of them dropped; the others are scaled so that means stay."""
    if noise:
        values = values + noise * torch.randn_like(values)
    return functional.dropout(values, dropout) if dropout else values

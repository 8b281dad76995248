"""Small networks that a claim draws itself, in float64, and their gradients: of groups, of labellings, of single logits.

There are two routes to a gradient: plain autograd, one backward pass after the other, and torch.func. Nothing here touches
torch's global random state or its number of threads.
"""

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vjp, vmap
from torch.nn import functional
from torch.nn.utils import skip_init

from empirical.networks.layer_gradients import by_layer, layer_gradients

IMAGE = (1, 4, 4)
KERNEL = 3
# A row for every cotangent, or two axes for examples and classes, then a layer's parameters; float64.
Rows = dict[str, np.ndarray]


def network(kind: str, depth: int, width: int, n_classes: int, rng: np.random.Generator) -> nn.Sequential:
    """A network on images of shape ``IMAGE`` at its standard initialization, whose logits are not zero: He, biases 0.

    GELU, because a few ReLUs are often all dead, and tell no two examples apart.

    :param kind: "mlp", hidden layers of ``width`` units; "conv", the first of them a convolution of ``width`` channels.
    :param depth: hidden layers, 0 or more.
    """
    size, layers = int(np.prod(IMAGE)), OrderedDict[str, nn.Module](flatten=nn.Flatten())
    for index in range(depth):
        if kind == "conv" and index == 0:
            convolution = skip_init(nn.Conv2d, IMAGE[0], width, KERNEL, dtype=torch.float64)
            layers = OrderedDict[str, nn.Module](hidden1=convolution, bend1=nn.GELU(), flatten=nn.Flatten())
            size = width * (IMAGE[1] - KERNEL + 1) * (IMAGE[2] - KERNEL + 1)
        else:
            layers[f"hidden{index + 1}"] = skip_init(nn.Linear, size, width, dtype=torch.float64)
            layers[f"bend{index + 1}"], size = nn.GELU(), width
    layers["readout"] = skip_init(nn.Linear, size, n_classes, dtype=torch.float64)
    model = nn.Sequential(layers)
    with torch.no_grad():
        for parameter in model.parameters():
            fan_in = parameter[0].numel()
            drawn = rng.standard_normal(parameter.shape) * np.sqrt(2 / fan_in) if parameter.ndim > 1 else 0.0
            parameter.copy_(torch.as_tensor(drawn))
    return model


def images(n: int, rng: np.random.Generator) -> Tensor:
    """Gaussian noise of shape ``IMAGE``, (n, ...)."""
    return torch.from_numpy(rng.standard_normal((n, *IMAGE)))


def probabilities(model: nn.Module, inputs: Tensor) -> np.ndarray:
    """(n, C)."""
    with torch.no_grad():
        return model(inputs).softmax(1).numpy()


def hidden(model: nn.Sequential, points: np.ndarray) -> np.ndarray:
    """What the readout sees, (n, N). :param points: (n, ...)."""
    with torch.no_grad():
        return model[:-1](torch.as_tensor(points)).numpy()


def labelling_gradients(model: nn.Module, inputs: Tensor, labellings) -> Rows:
    """Gradients of the mean cross-entropy under each labelling, layer by layer, (k, parameters).

    :param labellings: whole numbers, (k, n).
    """
    logits = model(inputs)
    losses = (functional.cross_entropy(logits, torch.as_tensor(labels)) for labels in labellings)
    return _stacked(model, losses)


def jacobians(model: nn.Module, inputs: Tensor) -> Rows:
    """Derivatives of every logit of every example by plain autograd, (n, C, parameters)."""
    logits = model(inputs)
    flat = _stacked(model, logits.flatten())
    return {layer: rows.reshape(*logits.shape, -1) for layer, rows in flat.items()}


def jacobians_by_func(model: nn.Module, inputs: Tensor) -> Rows:
    """The same by torch.func, example by example: (n, C, parameters)."""
    values = {name: parameter.detach() for name, parameter in model.named_parameters()}

    def logits_of(parameters, image):
        return functional_call(model, parameters, (image[None],))[0]

    return _as_arrays(by_layer(vmap(jacrev(logits_of), (None, 0))(values, inputs), 2))


def pullbacks(model: nn.Module, inputs: Tensor, cotangents) -> Rows:
    """Cotangents of the group's logits pulled back to the parameters by torch.func, all of them at once, (k, parameters).

    :param cotangents: (k, n, C).
    """
    values = {name: parameter.detach() for name, parameter in model.named_parameters()}
    pull_back = vjp(lambda parameters: functional_call(model, parameters, (inputs,)), values)[1]
    return _as_arrays(by_layer(vmap(pull_back)(torch.as_tensor(cotangents))[0], 1))


def readout_squares(features, labels, n_classes: int) -> np.ndarray:
    """Squared norms of a zero readout's gradient of the mean cross-entropy, by autograd: one for every group, (k,).

    :param features: (k, n, N). :param labels: (k, n).
    """
    inputs, targets = torch.as_tensor(features), torch.as_tensor(labels)
    weights = torch.zeros(len(inputs), n_classes, inputs.shape[2], dtype=torch.float64, requires_grad=True)
    logits = inputs @ weights.mT
    # Every group has weights of its own, so that one pass through their sum is one pass for each.
    total = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum") / inputs.shape[1]
    (gradient,) = torch.autograd.grad(total, weights)
    return gradient.square().sum((1, 2)).numpy()


def _stacked(model: nn.Module, scalars: Iterable[Tensor]) -> Rows:
    """The gradients of scalars that share a graph, one below the other."""
    gradients = [layer_gradients(model, scalar, keep_graph=True) for scalar in scalars]
    return _as_arrays({layer: torch.stack([one[layer] for one in gradients]) for layer in gradients[0]})


def _as_arrays(parts: dict[str, Tensor]) -> Rows:
    return {layer: part.numpy() for layer, part in parts.items()}

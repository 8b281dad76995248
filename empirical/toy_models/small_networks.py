"""Small networks that a claim draws, in float64, and their gradients: of groups, of labellings, of single logits.

Gradients are computed in two ways: by plain autograd, one backward pass after the other, and by torch.func. Nothing here
changes torch's global random state or its number of threads.
"""

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vjp, vmap
from torch.nn import functional

from empirical.networks.layer_gradients import by_layer, layer_gradients

IMAGE = (1, 4, 4)
KERNEL = 3
# For each layer, (k, parameters) or (n, C, parameters), float64.
Rows = dict[str, np.ndarray]
Labellings = np.ndarray  # (k, n), whole numbers
Cotangents = np.ndarray  # (k, n, C)


def network(
    kind: str, depth: int, width: int, n_classes: int, rng: np.random.Generator, image: tuple[int, int, int] = IMAGE
) -> nn.Sequential:
    """A network on images of one shape, with He initialization and biases 0; its logits are not zero.

    The nonlinearity is GELU: a few ReLUs are often all 0 on all images, and then give the same outputs for any two images.

    :param kind: "mlp", with hidden layers of ``width`` units; or "conv", whose first hidden layer is a convolution of ``width``
        channels.
    :param depth: number of hidden layers, 0 or more.
    :param image: (channels, height, width).
    """
    # torch draws weights of its own first, in less time than its skip_init takes to leave them out.
    with torch.random.fork_rng(devices=[]):
        model = _undrawn(kind, depth, width, n_classes, image)
    with torch.no_grad():
        for parameter in model.parameters():
            fan_in = parameter[0].numel()
            drawn = rng.standard_normal(parameter.shape) * np.sqrt(2 / fan_in) if parameter.ndim > 1 else 0.0
            parameter.copy_(torch.as_tensor(drawn))
    return model


def _undrawn(kind: str, depth: int, width: int, n_classes: int, image: tuple[int, int, int]) -> nn.Sequential:
    size, layers = int(np.prod(image)), OrderedDict[str, nn.Module](flatten=nn.Flatten())
    for index in range(depth):
        if kind == "conv" and index == 0:
            convolution = nn.Conv2d(image[0], width, KERNEL, dtype=torch.float64)
            layers = OrderedDict[str, nn.Module](hidden1=convolution, bend1=nn.GELU(), flatten=nn.Flatten())
            size = width * (image[1] - KERNEL + 1) * (image[2] - KERNEL + 1)
        else:
            layers[f"hidden{index + 1}"] = nn.Linear(size, width, dtype=torch.float64)
            layers[f"bend{index + 1}"], size = nn.GELU(), width
    layers["readout"] = nn.Linear(size, n_classes, dtype=torch.float64)
    return nn.Sequential(layers)


def images(n: int, rng: np.random.Generator) -> Tensor:
    """Images of Gaussian noise, (n, *IMAGE)."""
    return torch.from_numpy(rng.standard_normal((n, *IMAGE)))


def probabilities(model: nn.Module, inputs: Tensor) -> np.ndarray:
    """The softmax probabilities of the classes, (n, C).

    :param inputs: (n, *IMAGE).
    """
    with torch.no_grad():
        return model(inputs).softmax(1).numpy()


def hidden(model: nn.Sequential, points: np.ndarray) -> np.ndarray:
    """The activations that enter the readout, (n, N).

    :param points: (n, *IMAGE).
    """
    with torch.no_grad():
        return model[:-1](torch.as_tensor(points)).numpy()


def labelling_gradients(model: nn.Module, inputs: Tensor, labellings: Labellings) -> Rows:
    """The gradients of the mean cross-entropy under each labelling, layer by layer, (k, parameters).

    :param inputs: (n, *IMAGE).
    :param labellings: labels, whole numbers, (k, n).
    """
    logits = model(inputs)
    losses = (functional.cross_entropy(logits, torch.as_tensor(labels)) for labels in labellings)
    return _stacked(model, losses)


def jacobians(model: nn.Module, inputs: Tensor) -> Rows:
    """The derivatives of every logit of every image by plain autograd, layer by layer, (n, C, parameters)."""
    logits = model(inputs)
    flat = _stacked(model, logits.flatten())
    return {layer: rows.reshape(*logits.shape, -1) for layer, rows in flat.items()}


def jacobians_by_func(model: nn.Module, inputs: Tensor) -> Rows:
    """The derivatives of every logit of every image by torch.func, layer by layer, (n, C, parameters)."""
    values = {name: parameter.detach() for name, parameter in model.named_parameters()}

    def logits_of(parameters, image):
        return functional_call(model, parameters, (image[None],))[0]

    return _as_arrays(by_layer(vmap(jacrev(logits_of), (None, 0))(values, inputs), 2))


def tangent_kernel(model: nn.Module, inputs: Tensor, layers: Iterable[str] = (), n_columns: int | None = None) -> np.ndarray:
    """The tangent kernel of the mean logit, tr_C J_i J_j^T / C, (n, n).

    :param model: a chain of layers; fully connected ones have biases.
    :param inputs: images, (n, channels, height, width). :param layers: whose parameters count; none stands for all.
    :param n_columns: return the first columns only, (n, n_columns).
    """
    names = tuple(layers) or tuple(name for name, layer in model.named_children() if any(True for _ in layer.parameters()))
    if all(isinstance(model.get_submodule(name), nn.Linear) for name in names):
        return _linear_kernel(model, inputs, names, n_columns)
    rows = jacobians_by_func(model, inputs)
    chosen = [rows[name].reshape(len(inputs), -1) for name in names]
    n_classes = next(iter(rows.values())).shape[1]
    return np.sum([one @ one[:n_columns].T for one in chosen], axis=0) / n_classes


def _linear_kernel(model: nn.Module, inputs: Tensor, names: Iterable[str], n_columns: int | None) -> np.ndarray:
    """The tangent kernel of fully connected layers, without their Jacobians.

    The derivative of a logit by a layer's weights is the outer product of what enters the layer and of the derivative by what
    leaves it, so that inner products of derivatives are products of inner products.
    """
    entering, leaving, held = [], [], inputs
    for name, layer in model.named_children():
        held, entered = layer(held), held
        if name in names:
            entering.append(entered.detach())
            leaving.append(held)
    slopes = [torch.autograd.grad(logit, leaving, retain_graph=True) for logit in held.sum(0)]
    kernel = torch.zeros(len(inputs), len(inputs[:n_columns]), dtype=held.dtype)
    for entered, own in zip(entering, zip(*slopes, strict=True), strict=True):
        by_class = torch.cat(own, 1)
        kernel += (entered @ entered[:n_columns].T + 1) * (by_class @ by_class[:n_columns].T)
    return (kernel / len(slopes)).numpy()


def pullbacks(model: nn.Module, inputs: Tensor, cotangents: Cotangents) -> Rows:
    """The cotangents of a group's logits pulled back to the parameters by torch.func, layer by layer, (k, parameters).

    :param inputs: the images of the group, (n, *IMAGE).
    :param cotangents: (k, n, C).
    """
    values = {name: parameter.detach() for name, parameter in model.named_parameters()}
    pull_back = vjp(lambda parameters: functional_call(model, parameters, (inputs,)), values)[1]
    return _as_arrays(by_layer(vmap(pull_back)(torch.as_tensor(cotangents))[0], 1))


def readout_squares(features: np.ndarray, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """The squared norms of the gradient of the mean cross-entropy at a zero readout, by autograd, one for each group: (k,).

    :param features: (k, n, N).
    :param labels: whole numbers below ``n_classes``, (k, n).
    """
    inputs, targets = torch.as_tensor(features), torch.as_tensor(labels)
    weights = torch.zeros(len(inputs), n_classes, inputs.shape[2], dtype=torch.float64, requires_grad=True)
    logits = inputs @ weights.mT
    # Every group has weights of its own, so that one pass through their sum is one pass for each.
    total = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum") / inputs.shape[1]
    (gradient,) = torch.autograd.grad(total, weights)
    return gradient.square().sum((1, 2)).numpy()


def _stacked(model: nn.Module, scalars: Iterable[Tensor]) -> Rows:
    """The gradients of scalars that share a graph, in the order of the scalars."""
    gradients = [layer_gradients(model, scalar, keep_graph=True) for scalar in scalars]
    return _as_arrays({layer: torch.stack([one[layer] for one in gradients]) for layer in gradients[0]})


def _as_arrays(parts: dict[str, Tensor]) -> Rows:
    return {layer: part.numpy() for layer, part in parts.items()}

"""Gradients of groups of images, computed by autograd, layer by layer."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap
from torch.nn import functional

from empirical.evidence.names import NETWORK
from empirical.networks.layer_gradients import layer_gradients

CHUNK = 50
# The flat gradient of every layer, and of all parameters under the name NETWORK; float64.
Layerwise = dict[str, Tensor]


@dataclass(frozen=True)
class GroupGradient:
    """The gradient of a group's mean cross-entropy and its two parts, layer by layer.

    whole: label_independent - label_dependent.
    label_independent: the mean over images of J^T p, with the logits' Jacobian J and the probabilities p.
    label_dependent: the mean over images of J^T e_label.
    """

    whole: Layerwise
    label_independent: Layerwise
    label_dependent: Layerwise

    def parts_error(self) -> float:
        """The norm of whole minus parts, relative to the parts' norms: a certificate, of the order of float32 rounding."""
        whole, one, other = (part[NETWORK] for part in (self.whole, self.label_independent, self.label_dependent))
        return float((whole - (one - other)).norm() / (one.norm() + other.norm()))


def group_gradient(model: nn.Module, images: Tensor, labels: Tensor, zero_logits: bool = False) -> GroupGradient:
    """The gradient of the mean cross-entropy of one group of images, and its two parts.

    :param images: (n, channels, height, width).
    :param labels: the labels trained on, (n,).
    :param zero_logits: subtract the network's own output, f(x; theta) - f(x; theta_0). Probabilities are then exactly 1/C, and
        every layer keeps its Jacobian.
    """
    logits = model(images)
    outputs = logits - logits.detach() if zero_logits else logits
    whole = _gradient(model, functional.cross_entropy(outputs, labels), keep=True)
    probabilities = outputs.detach().softmax(1)
    independent = _gradient(model, (probabilities * logits).sum(1).mean(), keep=True)
    dependent = _gradient(model, logits.gather(1, labels[:, None]).mean())
    return GroupGradient(whole, independent, dependent)


def minibatch_alignment(
    model: nn.Module, images: Tensor, labels: Tensor, batches: Iterable[Tensor]
) -> dict[str, tuple[float, float]]:
    """The mean cosine between the gradients of two minibatches and its standard error, by layer.

    The standard error is the jackknife's over batches, because pairs of batches share batches.

    :param batches: indices into the images, three batches or more.
    """
    gradients = [_gradient(model, functional.cross_entropy(model(images[batch]), labels[batch])) for batch in batches]
    return {layer: _mean_cosine(torch.stack([one[layer] for one in gradients])) for layer in gradients[0]}


def _mean_cosine(vectors: Tensor) -> tuple[float, float]:
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    cosines = (unit @ unit.T).fill_diagonal_(0).cpu().numpy()
    k, total = len(cosines), cosines.sum()
    without_one = (total - 2 * cosines.sum(1)) / ((k - 1) * (k - 2))
    error = np.sqrt((k - 1) / k * ((without_one - without_one.mean()) ** 2).sum())
    return float(total / (k * (k - 1))), float(error)


@dataclass(frozen=True)
class PermutationMoments:
    """Moments of a gradient over label permutations; each is a pair of estimate and standard error.

    variance: total variance, unbiased, summed over parameters.
    second_moment: mean squared norm.
    """

    variance: tuple[float, float]
    second_moment: tuple[float, float]


def permutation_moments(
    model: nn.Module, images: Tensor, labels: Tensor, n_permutations: int, rng: np.random.Generator
) -> dict[str, PermutationMoments]:
    """Moments of the group's gradient over fresh uniform permutations of its labels, by layer, at zero logits.

    The standard errors are those of means over ``n_permutations`` squares.
    """
    logits = model(images)
    outputs, gradients = logits - logits.detach(), []
    for _ in range(n_permutations):
        shuffled = labels[torch.from_numpy(rng.permutation(len(labels)))]
        gradients.append(_gradient(model, functional.cross_entropy(outputs, shuffled), keep=True))
    return {layer: _moments(torch.stack([one[layer] for one in gradients])) for layer in gradients[0]}


def _moments(vectors: Tensor) -> PermutationMoments:
    n = len(vectors)
    deviations = ((vectors - vectors.mean(0)) ** 2).sum(1).cpu().numpy() * n / (n - 1)
    squares = (vectors**2).sum(1).cpu().numpy()
    variance, second = ((float(x.mean()), float(x.std(ddof=1) / np.sqrt(n))) for x in (deviations, squares))
    return PermutationMoments(variance, second)


def mean_permuted_gradient(model: nn.Module, images: Tensor, labels: Tensor, zero_logits: bool = False) -> Layerwise:
    """The mean of the group's gradient over all permutations of its labels, by layer.

    It is the gradient for images whose label is replaced by the group's shares of labels.

    :param zero_logits: as in :func:`group_gradient`.
    """
    logits = model(images)
    outputs = logits - logits.detach() if zero_logits else logits
    return _gradient(model, functional.cross_entropy(outputs, _one_hot(labels, logits).mean(0).expand_as(logits)))


def cotangent_squares(
    model: nn.Module, images: Tensor, labels: Tensor, n_draws: int, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """The mean squared norm of random cotangents pulled back through the group, and its standard error, by layer.

    The cotangent of each image is Gaussian and independent of the others; its covariance is the group's label scatter. It is
    scaled so that the mean is the total variance of the group's gradient over permutations of its labels
    (:mod:`theory.learning.permuted_gradient`). Each draw takes one backward pass.
    """
    logits, n = model(images), len(labels)
    one_hot, squares = _one_hot(labels, logits), []
    values, axes = torch.linalg.eigh(torch.cov(one_hot.double().T, correction=1) / n**2)
    root = (axes * values.clamp(min=0).sqrt()).T
    for _ in range(n_draws):
        drawn = torch.from_numpy(rng.standard_normal(logits.shape)).to(root.device) @ root
        cotangents = (drawn - drawn.mean(0)).to(logits.dtype)
        pulled = _gradient(model, (cotangents * logits).sum(), keep=True)
        squares.append({layer: float(vector @ vector) for layer, vector in pulled.items()})
    return {layer: _mean_and_error([one[layer] for one in squares]) for layer in squares[0]}


def _mean_and_error(values: list[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def _one_hot(labels: Tensor, logits: Tensor) -> Tensor:
    return functional.one_hot(labels, logits.shape[1]).to(logits.dtype)


@dataclass(frozen=True)
class JacobianMoments:
    """Second moments of the logit Jacobians of a group's images, float64.

    scatter: sum over images of Jc Jc^T, (C, C), with Jacobians centred over the group.
    mean_gram: Gram matrix of the mean Jacobian, (C, C).
    """

    scatter: np.ndarray
    mean_gram: np.ndarray


def jacobian_moments(model: nn.Module, images: Tensor) -> dict[str, JacobianMoments]:
    """The second moments of the logit Jacobians of the images, by layer, from one backward pass per image and logit.

    Images are taken in chunks. Memory is CHUNK * C * parameters, time is that of n * C passes.

    :param images: (n, channels, height, width).
    """
    parameters = {name: parameter.detach() for name, parameter in model.named_parameters()}

    def logits_of(values, image):
        return functional_call(model, values, (image[None],))[0]

    jacobians = vmap(jacrev(logits_of), (None, 0))
    raw: dict[str, Tensor] = {}
    total: dict[str, Tensor] = {}
    for chunk in images.split(CHUNK):
        for name, part in jacobians(parameters, chunk).items():
            rows = part.flatten(2)
            raw[name] = raw.get(name, 0) + torch.einsum("ncp,ndp->cd", rows, rows).double()
            total[name] = total.get(name, 0) + rows.sum(0).double()
    grams = {name: (sum_ / len(images)) @ (sum_ / len(images)).T for name, sum_ in total.items()}
    scatters = {name: raw[name] - len(images) * gram for name, gram in grams.items()}
    summed = _sum_over_layers(scatters), _sum_over_layers(grams)
    return {layer: JacobianMoments(*(one[layer].cpu().numpy() for one in summed)) for layer in summed[0]}


def _sum_over_layers(matrices: Layerwise) -> Layerwise:
    """The matrices of parameters, summed within each layer and within the network."""
    found: Layerwise = {}
    for name, matrix in matrices.items():
        for layer in (name.split(".")[0], NETWORK):
            found[layer] = found.get(layer, 0) + matrix
    return found


def _gradient(model: nn.Module, scalar: Tensor, keep: bool = False) -> Layerwise:
    """The gradient for each layer, and for all parameters together."""
    layers = {layer: part.double() for layer, part in layer_gradients(model, scalar, keep).items()}
    return {**layers, NETWORK: torch.cat(list(layers.values()))}

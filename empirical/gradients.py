"""Gradients of groups of examples, measured by autograd, in evaluation mode (BatchNorm frozen)."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap
from torch.nn import functional

CHUNK = 50


@dataclass(frozen=True)
class GroupGradient:
    """The gradient of a group's mean cross-entropy and its two parts, flat over all parameters, float64.

    whole = label_independent - label_dependent: mean over examples of J^T p and of J^T e_label.
    """

    whole: Tensor
    label_independent: Tensor
    label_dependent: Tensor

    def parts_error(self) -> float:
        """How far whole and parts disagree, relative to the parts: a certificate, of the order of float32 rounding."""
        gap = self.whole - (self.label_independent - self.label_dependent)
        return float(gap.norm() / (self.label_independent.norm() + self.label_dependent.norm()))


def group_gradient(model: nn.Module, images: Tensor, labels: Tensor, zero_logits: bool = False) -> GroupGradient:
    """Measure the gradient of one group.

    :param images: (n, channels, height, width). :param labels: (n,), the labels trained on.
    :param zero_logits: subtract the network's own output, f(x; theta) - f(x; theta_0), so that probabilities are exactly
        1/C while every layer keeps its Jacobian.
    """
    logits = model(images)
    outputs = logits - logits.detach() if zero_logits else logits
    whole = _flat_gradient(model, functional.cross_entropy(outputs, labels), keep=True)
    probabilities = outputs.detach().softmax(1)
    independent = _flat_gradient(model, (probabilities * logits).sum(1).mean(), keep=True)
    dependent = _flat_gradient(model, logits.gather(1, labels[:, None]).mean())
    return GroupGradient(whole, independent, dependent)


def permuted_gradient_variance(
    model: nn.Module, images: Tensor, labels: Tensor, n_permutations: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Total variance of the group's gradient over fresh uniform permutations of its labels: estimate, standard error.

    The estimate is the unbiased sample variance summed over parameters; its error is that of a mean of the squared
    deviations, n_permutations of them.
    """
    logits = model(images)
    gradients = []
    for _ in range(n_permutations):
        shuffled = labels[torch.from_numpy(rng.permutation(len(labels)))]
        gradients.append(_flat_gradient(model, functional.cross_entropy(logits, shuffled), keep=True))
    stacked = torch.stack(gradients)
    squared = ((stacked - stacked.mean(0)) ** 2).sum(1).numpy() * n_permutations / (n_permutations - 1)
    return float(squared.mean()), float(squared.std(ddof=1) / np.sqrt(n_permutations))


@dataclass(frozen=True)
class JacobianMoments:
    """Second moments of a group's per-example logit Jacobians, (C, C) each, float64.

    scatter: sum over examples of Jc Jc^T, Jacobians centred over the group. mean_gram: Gram matrix of the mean Jacobian.
    """

    scatter: np.ndarray
    mean_gram: np.ndarray


def jacobian_moments(model: nn.Module, images: Tensor) -> JacobianMoments:
    """Measure them with per-example backward passes, in chunks: memory is CHUNK * C * parameters, time n * C passes."""
    parameters = {name: parameter.detach() for name, parameter in model.named_parameters()}

    def logits_of(values, image):
        return functional_call(model, values, (image[None],))[0]

    jacobians = vmap(jacrev(logits_of), (None, 0))
    raw, total = 0.0, 0.0
    for chunk in images.split(CHUNK):
        rows = torch.cat([part.flatten(2) for part in jacobians(parameters, chunk).values()], 2)
        raw = raw + torch.einsum("ncp,ndp->cd", rows, rows).double()
        total = total + rows.sum(0).double()
    mean = torch.as_tensor(total) / len(images)
    gram = mean @ mean.T
    return JacobianMoments((torch.as_tensor(raw) - len(images) * gram).numpy(), gram.numpy())


def _flat_gradient(model: nn.Module, scalar: Tensor, keep: bool = False) -> Tensor:
    parts = torch.autograd.grad(scalar, list(model.parameters()), retain_graph=keep)
    return torch.cat([part.flatten() for part in parts]).double()

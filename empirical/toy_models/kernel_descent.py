"""Gradient descent of a linear model from zero weights, in float64, by autograd."""

import numpy as np
import torch
from torch.func import grad, vmap

Features = np.ndarray  # (N, F)
Targets = np.ndarray  # (N, K)


def descend(
    features: Features, targets: Targets, learning_rate: float, n_steps: int, keep: np.ndarray | list[int] | None = None
) -> np.ndarray:
    """The outputs before every step of full-batch gradient descent on (1 / 2N) sum ||f - target||^2, and after the last step.

    :param features: (N, F).
    :param targets: (N, K); columns do not interact, so that K problems can be solved together.
    :param keep: steps whose outputs are kept, whole numbers within 0..n_steps; None stands for all steps.
    :returns: (steps kept, N, K).
    """
    inputs, wanted = torch.as_tensor(features), torch.as_tensor(targets)
    weights = torch.zeros(inputs.shape[1], wanted.shape[1], dtype=torch.float64, requires_grad=True)
    kept, chosen = [], set(range(n_steps + 1) if keep is None else np.asarray(keep).tolist())
    for step in range(n_steps + 1):
        outputs = inputs @ weights
        if step in chosen:
            kept.append(outputs.detach().numpy().copy())
        (gradient,) = torch.autograd.grad((outputs - wanted).square().sum() / (2 * len(inputs)), weights)
        with torch.no_grad():
            weights -= learning_rate * gradient
    return np.stack(kept)


def summed_alignments(
    features: Features, targets: Targets, learning_rate: float, n_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """The sum over steps of rate times <g_i, G>, (N,), and the outputs after the last step, (N, K).

    g_i is the gradient of ||f_i - target_i||^2 / 2, and G the mean of all g_i, along which descent goes.
    """
    inputs, wanted = torch.as_tensor(features), torch.as_tensor(targets)
    weights = torch.zeros(inputs.shape[1], wanted.shape[1], dtype=torch.float64)
    each = vmap(grad(lambda own, shown, target: (shown @ own - target).square().sum() / 2), (None, 0, 0))
    summed = torch.zeros(len(inputs), dtype=torch.float64)
    for _ in range(n_steps):
        gradients = each(weights, inputs, wanted).flatten(1)
        mean = gradients.mean(0)
        summed += learning_rate * gradients @ mean
        weights = weights - learning_rate * mean.reshape(weights.shape)
    return summed.numpy(), (inputs @ weights).numpy()

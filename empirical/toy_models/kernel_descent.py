"""Gradient descent of a linear model from zero weights, in float64, by autograd."""

import numpy as np
import torch


def descend(features, targets, learning_rate: float, n_steps: int, keep=None) -> np.ndarray:
    """Outputs before every step of full-batch descent on (1 / 2N) sum ||f - target||^2, and after the last.

    :param features: (N, F). :param targets: (N, K), columns independent of each other, so that many problems fit side by side.
    :param keep: steps to keep, whole numbers within 0..n_steps; all of them by default.
    :returns: (steps kept, N, K).
    """
    inputs, wanted = torch.as_tensor(features), torch.as_tensor(targets)
    weights = torch.zeros(inputs.shape[1], wanted.shape[1], dtype=torch.float64, requires_grad=True)
    kept, keep = [], set(range(n_steps + 1) if keep is None else np.asarray(keep).tolist())
    for step in range(n_steps + 1):
        outputs = inputs @ weights
        if step in keep:
            kept.append(outputs.detach().numpy().copy())
        (gradient,) = torch.autograd.grad((outputs - wanted).square().sum() / (2 * len(inputs)), weights)
        with torch.no_grad():
            weights -= learning_rate * gradient
    return np.stack(kept)

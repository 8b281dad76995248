"""Gradient descent of a linear model from zero weights, in float64, by autograd."""

import numpy as np
import torch

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

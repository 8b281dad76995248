"""How sensitive a network's outputs are to its inputs: Jacobians at single points, by torch.func."""

import numpy as np
import torch
from torch import nn
from torch.func import jacrev, vmap

Points = np.ndarray  # (n, d)


def jacobian_norms(model: nn.Module, points: Points, probabilities: bool = True) -> np.ndarray:
    """The Frobenius norm of the derivative of the outputs with respect to the input, at each point, (n,).

    :param model: from points (n, d) to logits (n, C), none of which depends on another point.
    :param probabilities: the outputs are the softmax probabilities; otherwise they are the logits less their mean, on which
        the probabilities do not depend.
    """

    def outputs(point):
        logits = model(point[None])[0]
        return logits.softmax(0) if probabilities else logits - logits.mean()

    parameter = next(model.parameters())
    shown = torch.as_tensor(points, dtype=parameter.dtype)
    return vmap(jacrev(outputs))(shown).detach().flatten(1).norm(dim=1).numpy()


def logit_spread(model: nn.Module, points: Points) -> float:
    """The standard deviation of the logits of a point about their mean, root mean square over points."""
    parameter = next(model.parameters())
    with torch.no_grad():
        logits = model(torch.as_tensor(points, dtype=parameter.dtype))
    return float(logits.var(1, unbiased=False).mean().sqrt())

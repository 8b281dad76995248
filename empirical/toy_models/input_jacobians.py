"""How sensitive a network's outputs are to its inputs: Jacobians at single points, by a backward pass for each output."""

import numpy as np
import torch
from torch import nn

Points = np.ndarray  # (n, d)


def jacobian_norms(model: nn.Module, points: Points, probabilities: bool = True) -> np.ndarray:
    """The Frobenius norm of the derivative of the outputs with respect to the input, at each point, (n,).

    :param model: from points (n, d) to logits (n, C), none of which depends on another point.
    :param probabilities: the outputs are the softmax probabilities; otherwise they are the logits less their mean, on which
        the probabilities do not depend.
    """
    shown = torch.as_tensor(points, dtype=next(model.parameters()).dtype).detach().requires_grad_()
    logits = model(shown)
    outputs = logits.softmax(1) if probabilities else logits - logits.mean(1, keepdim=True)
    # No output depends on another point, so that one pass through their sum is one pass for each point.
    rows = [torch.autograd.grad(one, shown, retain_graph=True)[0] for one in outputs.sum(0)]
    return torch.stack(rows).square().sum((0, 2)).sqrt().numpy()


def logit_spread(model: nn.Module, points: Points) -> float:
    """The standard deviation of the logits of a point about their mean, root mean square over points."""
    parameter = next(model.parameters())
    with torch.no_grad():
        logits = model(torch.as_tensor(points, dtype=parameter.dtype))
    return float(logits.var(1, unbiased=False).mean().sqrt())

"""Gradient descent with momentum, step by step as ``torch.optim.SGD`` takes it on a processor, to the last bit."""

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor, nn

# As torch.optim.SGD calls it.
BUFFER = "momentum_buffer"


class MomentumDescent:
    """Gradient descent on parameters, with the interface of ``torch.optim.SGD`` as far as training uses it.

    The first optimizer of torch in a process imports torch's compiler, which takes longer than to train a small network.

    param_groups: one group, whose "lr" is the learning rate of the next step.
    state: by parameter, its "momentum_buffer" after its first step.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        self.param_groups = [{"params": list(parameters), "lr": lr, "momentum": momentum, "weight_decay": weight_decay}]
        self.state: defaultdict[nn.Parameter, dict[str, Tensor]] = defaultdict(dict)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """One step along the gradients; parameters without a gradient stay."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.add_(self._along(parameter, group), alpha=-group["lr"])

    def _along(self, parameter: nn.Parameter, group: dict) -> Tensor:
        """What a step follows, times the learning rate."""
        slope: Tensor = parameter.grad  # type: ignore
        if group["weight_decay"]:
            slope = slope.add(parameter, alpha=group["weight_decay"])
        if not group["momentum"]:
            return slope
        kept = self.state[parameter]
        if BUFFER in kept:
            kept[BUFFER].mul_(group["momentum"]).add_(slope)
        else:
            kept[BUFFER] = slope.clone()
        return kept[BUFFER]

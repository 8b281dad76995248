"""Steps of stochastic gradient descent on one network; on a GPU a step is recorded once, as a CUDA graph, and replayed.

A step is hundreds of kernels, and each is so short that launching it takes longer than running it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn

from empirical.runs import regularizers
from empirical.runs.training_spec import TrainingSpec
from empirical.training.regularized import regularize_hidden_layers, training_loss

# Steps before one is recorded: the first ones choose algorithms and take memory.
WARM_UP = 3
MOMENTUM = "momentum_buffer"
T = TypeVar("T")


class Steps:
    """A network in training, its optimizer, its training images and their labels; from now on it has the run's regularizers.

    :param images: (n, channels, height, width), on the network's device.
    :param targets: labels, (n,), on the network's device.
    """

    def __init__(self, model: nn.Sequential, optimizer: torch.optim.SGD, images: Tensor, targets: Tensor, spec: TrainingSpec):
        self.model, self.optimizer, self.images, self.targets, self.spec = model, optimizer, images, targets, spec
        self.regularizers = regularizers.parsed(spec.regularizers)
        regularize_hidden_layers(model, self.regularizers)
        self.replay: Callable[[Tensor], Tensor] | None = None
        if images.device.type == "cuda" and len(images) >= spec.batch_size:
            self.replay = self._replayed()

    def take(self, index: Tensor, rate: float) -> Tensor:
        """Take one step on some of the images, and return their loss before the step, shape ().

        :param index: indices of the images, (batch,), on the network's device.
        :param rate: the learning rate of this step.
        """
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
        if self.replay and len(index) == self.spec.batch_size:
            return self.replay(index)
        return self._step(index)

    def _step(self, index: Tensor) -> Tensor:
        self.optimizer.zero_grad()
        with torch.autocast(index.device.type, torch.bfloat16, enabled=self.spec.precision == "bfloat16"):
            loss = training_loss(self.model, self.images[index], self.targets[index], self.regularizers)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def _replayed(self) -> Callable[[Tensor], Tensor]:
        """A function that replays a recorded step on one batch, given the indices of its images."""
        self.model.train()
        kept = torch.arange(self.spec.batch_size, device=self.images.device)
        with unmoved(self.model, self.optimizer):
            warm_up(lambda: self._step(kept))
        again = recorded(lambda: self._step(kept))

        def replay(index: Tensor) -> Tensor:
            kept.copy_(index)
            return again()

        return replay


def warm_up(work: Callable[[], object]) -> None:
    """Do the work a few times on another stream than the current one, as CUDA requires before it records a graph."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP):
            work()
    torch.cuda.current_stream().wait_stream(stream)


def recorded(work: Callable[[], T]) -> Callable[[], T]:
    """A function that replays the work as a CUDA graph; recording does not do the work.

    The function always returns the same tensor, and each call overwrites it.
    """
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = work()

    def again() -> T:
        graph.replay()
        return result

    return again


def optimizer_of(model: nn.Module, spec: TrainingSpec, device: torch.device) -> torch.optim.SGD:
    """SGD with momentum for the parameters of the model, and the run's weight decay.

    On a GPU the update is one fused kernel, and the learning rate is a tensor on the GPU, so that a recorded step reads its
    current value.
    """
    decay = regularizers.parsed(spec.regularizers).weight_decay
    if device.type == "cpu":
        return torch.optim.SGD(model.parameters(), lr=spec.learning_rate, momentum=spec.momentum, weight_decay=decay)
    rate = torch.tensor(spec.learning_rate, device=device)
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=spec.momentum, weight_decay=decay, fused=True)


@contextmanager
def unmoved(model: nn.Module, optimizer: torch.optim.SGD) -> Iterator[None]:
    """Restore parameters, running statistics and momenta in place when the context ends.

    A momentum that did not exist before is 0 afterwards: the next step is the same in both cases.
    """
    before = [(tensor, tensor.detach().clone()) for tensor in model.state_dict().values()]
    momenta = {parameter: state[MOMENTUM].clone() for parameter, state in optimizer.state.items() if MOMENTUM in state}
    yield
    with torch.no_grad():
        for tensor, old in before:
            tensor.copy_(old)
        for parameter, state in optimizer.state.items():
            if MOMENTUM in state:
                state[MOMENTUM].copy_(momenta[parameter]) if parameter in momenta else state[MOMENTUM].zero_()

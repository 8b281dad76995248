"""A network while it is measured: in evaluation mode, every layer run as it is written, and left as it was found."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from empirical.activations.models import device_of


@contextmanager
def evaluating(network: nn.Module, seed: int = 0) -> Iterator[torch.device]:
    """The device of the network's parameters; until the context ends the network is in evaluation mode.

    Compiled parts run uncompiled, and encoders of transformers without their fused kernels, because neither calls hooks. Each
    module then gets back the mode, and each buffer the values that it had before; the global random numbers go on where they
    were.

    :param seed: of the random numbers that a model draws meanwhile.
    """
    modes = {module: module.training for module in network.modules()}
    buffers = [
        (module, name, buffer, buffer.clone()) for module in modes for name, buffer in module.named_buffers(recurse=False)
    ]
    device = device_of(network)
    with ExitStack() as stack:
        stack.enter_context(seeded(seed, device))
        stack.enter_context(_unfused())
        stack.enter_context(_uncompiled())
        network.eval()
        try:
            yield device
        finally:
            for module, training in modes.items():
                module.training = training
            for module, name, buffer, before in buffers:
                _restore(module, name, buffer, before)


def _restore(module: nn.Module, name: str, buffer: Tensor, before: Tensor) -> None:
    """Give a module its buffer back, with the values that it had; buffers that share their memory cannot be written."""
    setattr(module, name, buffer)
    if buffer.layout != torch.strided or not torch.equal(buffer, before):
        with torch.no_grad():
            buffer.copy_(before)


@contextmanager
def seeded(seed: int, device: torch.device | None = None) -> Iterator[None]:
    """Global random numbers of torch from a seed; until the context ends, when they go on where they were.

    :param device: a GPU whose random numbers are seeded, and go on where they were, too.
    """
    gpus = [device] if device is not None and device.type == "cuda" else []
    with torch.random.fork_rng(devices=gpus):
        torch.default_generator.manual_seed(int(seed))
        for gpu in gpus:
            with torch.cuda.device(gpu):
                torch.cuda.manual_seed(int(seed))
        yield


@contextmanager
def _unfused() -> Iterator[None]:
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


@contextmanager
def _uncompiled() -> Iterator[None]:
    """Nothing to do where the compiler was never imported, which takes seconds."""
    if "torch._dynamo" not in sys.modules or not hasattr(torch.compiler, "set_stance"):
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield

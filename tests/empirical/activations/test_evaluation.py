from contextlib import nullcontext

import pytest
import torch
from torch import nn

from empirical.activations.evaluation import evaluating, seeded


class Training(nn.Module):
    """Stays in training mode, and counts."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("n", torch.zeros(1))
        self.register_buffer("other", torch.zeros(1))
        self.register_buffer("wide", torch.arange(3.0)[None].expand(4, -1))

    def train(self, mode=True):
        return super().train(True)

    def forward(self, x):
        self.n += 1
        self.other = self.n + 1
        return self.norm(x)


def test_modes_come_back_one_by_one():
    network = nn.Sequential(nn.Dropout(), nn.Dropout().eval())
    with evaluating(network) as device:
        assert not any(module.training for module in network.modules())
        assert device.type == "cpu"
    assert [module.training for module in network.modules()] == [True, True, False]


def test_buffers_come_back_though_the_network_changes_them():
    network = Training()
    other = network.other
    with evaluating(network):
        network(torch.randn(5, 3))
    assert float(network.n) == 0
    assert network.other is other
    assert float(other) == 0
    assert torch.equal(network.norm.running_mean, torch.zeros(3))
    assert int(network.norm.num_batches_tracked) == 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_everything_comes_back_after_an_error(error):
    network, state = nn.Dropout(), torch.random.get_rng_state()

    def interrupted():
        with evaluating(network):
            assert not torch.backends.mha.get_fastpath_enabled()
            torch.rand(3)
            raise error

    with pytest.raises(error):
        interrupted()
    assert network.training
    assert torch.backends.mha.get_fastpath_enabled()
    assert torch.equal(torch.random.get_rng_state(), state)


def test_the_fused_kernel_stays_off_where_it_was_off():
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with evaluating(nn.Identity()):
            pass
        assert not torch.backends.mha.get_fastpath_enabled()
    finally:
        torch.backends.mha.set_fastpath_enabled(True)


def test_random_numbers_follow_the_seed():
    with seeded(3):
        one = torch.rand(2)
    with seeded(3):
        assert torch.equal(torch.rand(2), one)


def test_compiled_functions_run_uncompiled():
    ran = []

    def backend(graph, _inputs):
        ran.append(1)
        return graph.forward

    compiled = torch.compile(lambda x: x + 1, backend=backend)
    with evaluating(nn.Identity()):
        assert float(compiled(torch.tensor(1.0))) == 2
    assert ran == []
    compiled(torch.tensor(1.0))
    assert ran == [1]


def test_random_numbers_of_a_gpu_are_seeded_too(monkeypatch):
    told = []
    monkeypatch.setattr(torch.random, "fork_rng", lambda devices: told.append(devices) or nullcontext())
    monkeypatch.setattr(torch.cuda, "device", lambda gpu: told.append(gpu) or nullcontext())
    monkeypatch.setattr(torch.cuda, "manual_seed", told.append)
    gpu = torch.device("cuda:1")
    with seeded(3, gpu):
        assert told == [[gpu], gpu, 3]

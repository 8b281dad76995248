import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.training.momentum import MomentumDescent

IMAGES, LABELS = torch.randn(40, 6), torch.arange(40) % 3


@pytest.mark.parametrize(("momentum", "decay"), [(0.0, 0.0), (0.9, 0.0), (0.9, 0.01), (0.0, 0.01)])
def test_steps_are_those_of_torch_to_the_last_bit(momentum, decay):
    """At rates that fall, with a parameter that has no gradient, and one that has none at first."""
    found = [_trained(kind, momentum, decay) for kind in (torch.optim.SGD, MomentumDescent)]
    (one, theirs), (other, ours) = found
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    assert [sorted(theirs.state[p]) for p in one.parameters()] == [sorted(ours.state[p]) for p in other.parameters()]
    for before, after in zip(one.parameters(), other.parameters(), strict=True):
        buffers = [optimizer.state[p].get("momentum_buffer") for optimizer, p in ((theirs, before), (ours, after))]
        assert buffers[0] is buffers[1] is None or torch.equal(*buffers)


def _trained(kind, momentum, decay):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3), nn.Linear(3, 3), nn.Linear(3, 3))
    optimizer = kind(model.parameters(), lr=0.1, momentum=momentum, weight_decay=decay)
    for step in range(5):
        optimizer.param_groups[0]["lr"] = 0.1 / (1 + step)
        optimizer.zero_grad()
        functional.cross_entropy(model[: 3 if step < 2 else 4](IMAGES), LABELS).backward()
        optimizer.step()
    return model, optimizer

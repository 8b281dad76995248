"""Fixtures that import torch when they are used, because it may be missing."""

import pytest

from tests.empirical.activations.four_classes import SIZES


@pytest.fixture
def vgg():
    """A network with BatchNorm, in evaluation mode."""
    import torch

    from empirical.networks import build

    torch.manual_seed(0)
    return build("smallvgg", 3, (1, 8, 8), 10, batch_norm=True).eval()


@pytest.fixture
def classes():
    """Images of four classes, (M_i, 1, 8, 8) each."""
    import torch

    draws = torch.Generator().manual_seed(1)
    return [torch.randn(size, 1, 8, 8, generator=draws) for size in SIZES]

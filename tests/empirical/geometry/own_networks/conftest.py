"""Fixtures that import torch when they are used, because it may be missing."""

import warnings

import pytest

from tests.empirical.geometry.paths import PATHS


@pytest.fixture(autouse=True)
def _seeded():
    import torch

    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def _no_warning():
    """Whatever is left out or noted is expected by the test that has it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="layers that")
        yield


@pytest.fixture(params=PATHS)
def quick(request):
    """Options of few numbers, for each path of inner products."""
    return PATHS[request.param]

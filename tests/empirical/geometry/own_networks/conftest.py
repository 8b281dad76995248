import warnings

import pytest
import torch

from tests.empirical.geometry.by_hand import PATHS


@pytest.fixture(autouse=True)
def _seeded():
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

import importlib.util
from dataclasses import replace

import pytest

from empirical import runspec

if importlib.util.find_spec("torch"):
    import torch

    # As in every training process: two threads for images of 8 x 8 only wait for each other.
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny():
    """A run of seconds: two networks of width 2, three epochs."""
    spec = runspec.load("digits")
    few = {"gradient_permutations": 4, "geometry_points": 4, "geometry_probes": 5}
    return replace(spec, name="tiny", width=2, n_networks=2, train_images=300, epochs=3, batch_size=100, fitted=0.0, **few)

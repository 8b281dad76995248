from dataclasses import replace

import pytest

from empirical import runspec


@pytest.fixture(scope="session")
def tiny():
    """A run of seconds: two networks of width 2, three epochs."""
    spec = runspec.load("digits")
    return replace(
        spec, name="tiny", width=2, n_networks=2, train_images=96, epochs=3, batch_size=32, gradient_permutations=4, fitted=0.0
    )

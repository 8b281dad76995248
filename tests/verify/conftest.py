from pathlib import Path

import pytest

from empirical.evidence.bundle import read_bundle, write_bundle
from tests.verify.synthetic import paper
from verify.measurements.runs import Runs
from verify.registry import REGISTRY, load_claims
from verify.worlds import world

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def registry():
    return load_claims()


@pytest.fixture
def kept_registry():
    """Claims that a test registers are forgotten afterwards."""
    kept = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(kept)


@pytest.fixture(scope="session")
def digits():
    """The recorded world of small networks on digits."""
    return world.World("digits", world.EVIDENCE / "digits").runs(None)


@pytest.fixture(scope="session")
def digits_live():
    """The live world: trained once, then found in the cache that `pytest verify/` uses."""
    return live("digits-live")


@pytest.fixture(scope="session")
def digits_mlp_live():
    """The other live world."""
    return live("digits-mlp-live")


@pytest.fixture(scope="session")
def live_images():
    """The live worlds of networks that reproduce images."""
    return [live(name) for name in world.LIVE_IMAGES]


def live(name) -> Runs:
    reason = world.prepare(name, None)
    assert not reason, reason
    return world.World(name).runs(None)


@pytest.fixture
def synthetic(tmp_path):
    """Make runs of a synthetic world from its rows, through a bundle on disk."""

    def make(rows, folder="synthetic", n_networks=10) -> Runs:
        write_bundle(tmp_path / folder, paper.manifest(n_networks), rows)
        return Runs.of(read_bundle(tmp_path / folder))

    return make

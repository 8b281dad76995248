import importlib.util
from dataclasses import asdict, replace

import pytest
import tomlkit

from empirical.pipeline import make_bundle
from empirical.runs import runspec
from tests.empirical.pipeline.executors import Here

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


@pytest.fixture(scope="session")
def tiny_file(tiny, tmp_path_factory):
    return written(tiny, tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def quick(tiny):
    """The same, measured by little, where only the way matters on which the numbers come about."""
    return replace(tiny, name="quick", instruments=("gradients",))


@pytest.fixture(scope="session")
def quick_mlp(quick):
    """The same with perceptrons on fewer images, which take an eighth of the time."""
    few = {"width": 8, "train_images": 120, "batch_size": 40}
    return replace(quick, name="quick-mlp", architecture="mlp2", batch_norm=False, **few)


@pytest.fixture(scope="session")
def undisturbed(quick, tmp_path_factory):
    """Its bundle, made in this process."""
    return make_bundle.make_bundle(quick, tmp_path_factory.mktemp("undisturbed"), executor=Here())


@pytest.fixture(scope="session")
def undisturbed_mlp(quick_mlp, tmp_path_factory):
    return make_bundle.make_bundle(quick_mlp, tmp_path_factory.mktemp("undisturbed"), executor=Here())


@pytest.fixture(scope="session")
def quick_file(quick, tmp_path_factory):
    return written(quick, tmp_path_factory.mktemp("quick"))


def written(spec, folder):
    """The run's file."""
    path = folder / f"{spec.name}.toml"
    path.write_text(tomlkit.dumps(asdict(spec)))
    return path

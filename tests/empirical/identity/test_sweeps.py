import pytest

from empirical.errors import SpecError
from empirical.identity import sweeps
from empirical.runs import runspec
from tests.empirical.identity.small_world import CONNECTED, written


def test_every_world_of_the_package_can_be_read():
    assert sweeps.names()
    for name in sweeps.names():
        sweep = sweeps.load(name)
        assert sweep.name == name
        assert len(sweep.specs) >= 2
        assert sweeps.is_identity(name)
    assert not set(sweeps.names()) & set(runspec.names())


def test_a_run_of_labelled_images_is_told_from_it(tmp_path):
    assert not sweeps.is_identity("digits")
    assert not sweeps.is_identity(runspec.RUNS / "digits.toml")
    assert sweeps.is_identity(written(tmp_path))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kernel": 4}, "kernel must be odd, for the output to have the size of the image; received 4"),
        ({**CONNECTED, "kernel": 3}, "kernel must be 0 for connected networks; received 3"),
        ({"depth": 2}, "one field, other than name, must have a list of values; received lists for none"),
        ({"width": [2, 3]}, "received lists for depth, width"),
        ({"depth": [2, 2]}, "depth must have two or more values, each once"),
        ({"depht": 3}, "unknown key 'depht'; did you mean 'depth'"),
        ({"gain": None}, "missing gain"),
        ({"relative_loss": 0.0}, "relative_loss must be within 0..1, both excluded; received 0.0"),
        ({"momentum": 0.9}, "momentum must be 0 with adam"),
        ({"dataset": "imagenet"}, "dataset must be one of digits"),
        ({"activation": "tanh"}, "activation must be one of relu, linear; received 'tanh'"),
        ({"width": 2.5}, "width must be of type int; received 2.5"),
        ({"gain": float("inf")}, "gain must be above 0, and finite"),
        ({"n_tests": 2}, "n_tests must be at least 3"),
        ({"side": 4}, "side must be at least 6"),
        ({"kernel": -3}, "kernel must be above 0, and below twice the side, 16"),
        ({"name": None}, "name must be the name of a folder; received None"),
        ({"name": "../up"}, "name must be the name of a folder"),
    ],
)
def test_impossible_worlds_are_refused_with_the_cause(changes, message, tmp_path):
    path = written(tmp_path, **changes)
    with pytest.raises(SpecError, match=message) as raised:
        sweeps.load(path)
    assert str(raised.value).startswith(str(path))


def test_a_world_that_is_not_there_is_told():
    with pytest.raises(SpecError, match=r"no world 'identity-digits15'; known: .*identity-digits14"):
        sweeps.load("identity-digits15")


def test_every_field_has_a_place_of_its_own_in_the_cache(tmp_path):
    folders = {
        sweeps.load(written(tmp_path, **changes)).folder() for changes in ({}, {"gain": 2}, {"seed": 1}, {"depth": [1, 3]})
    }
    assert len(folders) == 4
    assert sweeps.load(written(tmp_path)).folder(tmp_path).parts[-1] == "small"

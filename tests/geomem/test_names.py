"""The names of the package geomem: each is the room's own, and none is imported before it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

import geomem
import verify
from empirical import installation
from verify.worlds.recorder import Recorder

ROOT = Path(__file__).parents[2]


def test_the_words_of_claims_are_all_there():
    rest = {"Recorder", "__version__", "layer_geometry", "manifold_geometry"}
    assert set(geomem.__all__) == set(verify.__all__) | rest
    assert set(geomem.__all__) <= set(dir(geomem))
    assert all(getattr(geomem, name) is getattr(verify, name) for name in verify.__all__)


def test_the_plugin_has_all_hooks():
    import geomem.pytest
    from verify import plugin

    assert set(geomem.pytest.__all__) == {name for name in vars(plugin) if name.startswith("pytest_")}


def test_they_stand_in_one_list_alone():
    source = Path(geomem.__file__).read_text(encoding="utf-8")
    assert not [name for name in verify.__all__ if f'"{name}"' in source or f" {name}," in source]


@pytest.mark.needs_torch
def test_all_names_can_be_imported_at_once():
    pytest.importorskip("torch")
    found = {}
    exec("from geomem import *", found)
    assert set(geomem.__all__) <= set(found)


def test_names_lead_to_the_rooms():
    from theory.geometry import manifold_geometry

    assert geomem.Recorder is Recorder
    assert geomem.manifold_geometry is manifold_geometry
    assert geomem.__version__ == installation.version()
    with pytest.raises(AttributeError, match="has no attribute 'claims'"):
        geomem.claims  # noqa: B018


@pytest.mark.needs_torch
def test_the_geometry_of_layers_is_there_with_torch():
    pytest.importorskip("torch")
    from empirical.geometry import layer_geometry

    assert geomem.layer_geometry is layer_geometry


def test_importing_it_imports_no_room():
    code = "import sys, geomem; sys.exit(bool({'numpy', 'theory', 'empirical', 'verify'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

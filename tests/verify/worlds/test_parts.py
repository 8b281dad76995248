"""Worlds of which some networks are recorded: their parts are of one run and one version, and are not judged."""

import shutil
from pathlib import Path

import pytest

from empirical.evidence.bundle import TABLE, read_bundle
from empirical.evidence.merge import MergeError, merge_bundles
from empirical.runs import runspec
from tests.tables import edit_table
from verify.worlds.world import EVIDENCE, State, all_worlds

PARTS = EVIDENCE.with_name("parts")
WORLDS = [pytest.param(folder, id=folder.name) for folder in sorted(PARTS.glob("*/"))]


def require_parts(folder: Path, root: Path) -> None:
    """The merge itself checks that nothing was edited, and that specification, sources and data are the same."""
    spec = runspec.load(folder.name)
    networks = read_bundle(merge_bundles(spec, sorted(folder.glob("*/")), root)).manifest["networks"]
    assert len(networks) < spec.n_networks, "all networks are there: merge them into verify/evidence, and delete the parts"


@pytest.fixture
def whole(tmp_path):
    """A world of whose parts one has all networks."""
    folder = tmp_path / "cifar100-small-plain"
    shutil.copytree(EVIDENCE / folder.name, folder / "0-15")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("folder", WORLDS)
def test_parts_can_be_merged_and_are_not_judged(folder, tmp_path):
    require_parts(folder, tmp_path)
    assert all_worlds()[folder.name].state is State.MISSING


@pytest.mark.slow
def test_parts_that_are_all_networks_are_told(whole, tmp_path):
    with pytest.raises(AssertionError, match="all networks are there"):
        require_parts(whole, tmp_path)


@pytest.mark.slow
def test_an_edited_part_is_told(whole, tmp_path):
    edit_table(whole / "0-15" / TABLE, lambda text: text.replace("0", "1", 1))
    with pytest.raises(MergeError, match="was edited"):
        require_parts(whole, tmp_path)

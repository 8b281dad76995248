"""Worlds of which some networks are recorded: their parts are of one run and one version, and are not judged."""

from pathlib import Path

import pytest

from empirical.evidence.bundle import read_bundle
from empirical.evidence.merge import merge_bundles
from empirical.runs import runspec
from verify.worlds.world import EVIDENCE, State, all_worlds

PARTS = EVIDENCE.with_name("parts")
WORLDS = [pytest.param(folder, id=folder.name) for folder in sorted(PARTS.glob("*/"))]


@pytest.mark.parametrize("folder", WORLDS)
def test_parts_can_be_merged(folder: Path, tmp_path):
    """The merge itself checks that nothing was edited, and that specification, sources and data are the same."""
    spec, parts = runspec.load(folder.name), sorted(folder.glob("*/"))
    networks = read_bundle(merge_bundles(spec, parts, tmp_path)).manifest["networks"]
    assert 0 < len(networks) < spec.n_networks, "all networks are there: merge them into verify/evidence, and delete the parts"


@pytest.mark.parametrize("folder", WORLDS)
def test_a_world_in_parts_is_not_judged(folder: Path):
    assert all_worlds()[folder.name].state is State.MISSING

import json

import pytest

from empirical.__main__ import main
from empirical.errors import GeomemError
from empirical.evidence.bundle import MANIFEST, TABLE, read_bundle, write_bundle
from empirical.evidence.merge import merge_bundles
from empirical.pipeline import make_bundle
from empirical.runs.folders import OUTPUTS, PICTURED
from tests.empirical.conftest import written
from tests.empirical.pipeline.executors import Here
from tests.tables import edit_table

pytestmark = [pytest.mark.needs_torch, pytest.mark.slow]


@pytest.fixture(scope="module")
def parts(quick_mlp, tmp_path_factory):
    """The bundles of each network by itself, made on two machines."""
    folders = []
    for network in (1, 0):
        here = Here()
        root = tmp_path_factory.mktemp(f"machine-{network}")
        folders.append(make_bundle.make_bundle(quick_mlp, root, executor=here, networks=(network,)))
        assert here.networks == [network]
    return folders


@pytest.fixture
def file(quick_mlp, tmp_path):
    return written(quick_mlp, tmp_path)


@pytest.fixture
def changed(parts, tmp_path):
    """Another bundle of network 1, its manifest changed as if the program had written it so."""

    def make(**changes):
        bundle = read_bundle(parts[0])
        about = {**bundle.manifest, "provenance": dict(bundle.manifest["provenance"])}
        for name, value in changes.items():
            (about["provenance"] if name in about["provenance"] else about)[name] = value
        write_bundle(tmp_path / "changed", {k: v for k, v in about.items() if v is not None}, bundle.rows)
        return tmp_path / "changed"

    return make


def test_a_bundle_says_which_networks_it_is_of(quick_mlp, parts):
    for network, folder in zip((1, 0), parts, strict=True):
        bundle = read_bundle(folder)
        assert folder.name.endswith(f"-{network}")
        assert bundle.manifest["networks"] == [network] == sorted({row.network for row in bundle.rows})
        assert list(bundle.manifest["final_digests"]) == [str(network)]
        assert (folder / OUTPUTS).exists() == (network == PICTURED)


def test_merged_parts_are_the_whole(quick_mlp, parts, undisturbed_mlp, tmp_path):
    merged = merge_bundles(quick_mlp, parts, tmp_path)
    for name in (TABLE, OUTPUTS):
        assert (merged / name).read_bytes() == (undisturbed_mlp / name).read_bytes()
    found, whole = read_bundle(merged), read_bundle(undisturbed_mlp).manifest
    assert found.broken == {}
    assert found.manifest["made"]["seconds"] > 0
    assert [part["networks"] for part in found.manifest["parts"]] == [[0], [1]]
    for name in ("networks", "final_digests", "checks", "provenance", "spec", "slices", "outputs_sha256", "quantities"):
        assert found.manifest[name] == whole[name]
    assert merge_bundles(quick_mlp, list(reversed(parts)), tmp_path) == merged


def test_the_command_merges_and_says_where(file, parts, tmp_path, capsys):
    assert main(["merge", str(file), *map(str, parts), "--cache", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert read_bundle(tmp_path / out.strip()).manifest["networks"] == [0, 1]
    assert "not in these bundles" not in err
    assert main(["merge", str(file), str(parts[0]), str(parts[0])]) == 1
    assert "both have the networks 1" in capsys.readouterr().err


def test_the_command_says_which_networks_are_missing(file, parts, tmp_path, capsys):
    assert main(["merge", str(file), str(parts[0]), "--cache", str(tmp_path)]) == 0
    words = "declares 2 networks; not in these bundles: 0. Make them with: python -m empirical bundle"
    assert f"{words} {file} --networks 0" in " ".join(capsys.readouterr().err.split())
    assert main(["bundle", str(file), "--networks", "2", "--cache", str(tmp_path)]) == 1
    assert "ranges of 0 to 1" in capsys.readouterr().err


def test_devices_days_and_commits_may_differ_and_are_kept(quick_mlp, parts, changed, tmp_path):
    made = {"utc": "2031-01-01T00:00:00Z", "seconds": 1000.0, "host": "zeta", "commit": "abc"}
    merged = read_bundle(merge_bundles(quick_mlp, [changed(device="cuda", made=made), parts[1]], tmp_path)).manifest
    first = read_bundle(parts[1]).manifest["made"]
    together = {"seconds": 1000.0 + first["seconds"], "host": f"{first['host']}, zeta", "utc": made["utc"]}
    assert merged["made"] == {**together, "commit": ", ".join(sorted((first["commit"], "abc")))}
    assert [part["made"] for part in merged["parts"]] == [first, made]
    assert [one["device"] for one in merged["provenance"]] == ["cpu", "cuda"]
    assert [part["provenance"]["device"] for part in merged["parts"]] == ["cpu", "cuda"]


def test_what_failed_in_a_part_fails_in_the_whole(quick_mlp, parts, changed, tmp_path):
    equal = read_bundle(parts[1]).manifest["final_digests"]["0"]
    part = changed(checks={"gradient_norm:finite": False, "networks_distinct": True}, final_digests={"1": equal})
    checks = read_bundle(merge_bundles(quick_mlp, [part, parts[1]], tmp_path)).manifest["checks"]
    assert {name for name, passed in checks.items() if not passed} == {"gradient_norm:finite", "networks_distinct"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measuring_sources_sha256": "0" * 64}, "different measuring_sources_sha256"),
        ({"data_sha256": "0" * 64}, "different data_sha256"),
        ({"final_digests": None}, "does not say which networks"),
        ({"networks": [0], "final_digests": {"0": "0" * 64}}, "both have the networks 0"),
    ],
)
def test_what_is_not_of_one_world_and_instrument_is_refused(quick_mlp, parts, changed, tmp_path, changes, words):
    with pytest.raises(GeomemError, match=words):
        merge_bundles(quick_mlp, [changed(**changes), parts[1]], tmp_path)


def test_another_run_is_refused(tiny, parts, tmp_path):
    with pytest.raises(GeomemError, match="is of another run than tiny"):
        merge_bundles(tiny, parts, tmp_path)


@pytest.mark.parametrize("name", [TABLE, MANIFEST])
def test_what_was_edited_gets_no_new_seal(quick_mlp, parts, changed, tmp_path, name):
    folder = changed()
    if name == TABLE:
        edit_table(folder / TABLE, lambda text: text.replace("0.1", "0.2", 1))
    else:
        (folder / name).write_text(json.dumps({**json.loads((folder / name).read_text()), "networks": [3]}))
    with pytest.raises(GeomemError, match="was edited"):
        merge_bundles(quick_mlp, [folder, parts[1]], tmp_path)

import pytest

from empirical.__main__ import main
from empirical.evidence.bundle import MANIFEST, TABLE, write_bundle
from empirical.evidence.geometry_tables import with_error
from empirical.evidence.measurement import Measurement
from empirical.evidence.names import GROUPS
from tests.empirical.commandline.commands import error, rows_of, without_torch
from tests.tables import edit_table


@pytest.fixture
def bundle(tmp_path):
    rows = [
        Measurement(network, 0, epoch, layer, depth, group, choice, quantity, 0.1 + network + 10 * epoch, 0.01, 50)
        for network in (0, 2)
        for epoch in (0, 1, 7)
        for layer, depth in (("zeta", 0.2), ("alpha", 0.6))
        for group, choice in (*((group, "") for group in GROUPS), ("permuted", "shuffled"), ("permuted", "rewound from zeta"))
        for quantity in ("capacity", "radius", "dimension")
    ]
    folder = tmp_path / "bundle"
    write_bundle(folder, {"world": "planted", "checks": {}}, rows)
    return folder


def test_a_bundles_geometry_is_the_mean_over_its_networks(bundle, tmp_path, capsys):
    file = tmp_path / "geometry.csv"
    assert main(["measure", str(bundle), "--csv", str(file)]) == 0
    out = capsys.readouterr().out
    assert "planted: geometry of 2 networks, epochs 0 and 7, as recorded" in out
    assert out.index("zeta") < out.index("alpha")
    assert out.count("permuted shuffled") == 2
    assert "1.1 ± 1.0" in out
    rows = rows_of(file)
    assert len(rows) == 2 * 2 * 5 * 3
    assert all(float(row["mean"]) == pytest.approx(1.1 + 10 * int(row["epoch"])) for row in rows)
    assert all(float(row["se"]) == pytest.approx(1.0) and row["n_networks"] == "2" for row in rows)


@pytest.mark.slow
def test_a_bundle_is_shown_without_torch(bundle):
    done = without_torch("measure", str(bundle), "--layers", "zeta")
    assert (done.returncode, done.stderr) == (0, "")
    assert "alpha" not in done.stdout


def test_a_bundle_that_was_edited_is_one_line(bundle, capsys):
    edit_table(bundle / TABLE, lambda text: text.replace(",capacity,0.1,", ",capacity,0.2,", 1))
    assert "capacity / permuted are missing or edited" in error([bundle], capsys)
    (bundle / MANIFEST).write_text("{")
    assert "not valid JSON" in error([bundle], capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--layers", "beta"], "layers: zeta, alpha"),
        (["--seed", "1"], "--seed does not go with a bundle"),
        (["--run", "digits"], "--run"),
    ],
)
def test_options_that_do_not_go_with_a_bundle_are_one_line(bundle, options, words, capsys):
    assert words in error([bundle, *options], capsys)


def test_a_bundle_without_geometry_is_one_line(tmp_path, capsys):
    write_bundle(tmp_path, {"world": "planted", "checks": {}}, [])
    assert "has no geometry" in error([tmp_path], capsys)


@pytest.mark.needs_torch
def test_what_cannot_be_measured_is_one_line(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("notes")
    assert f"has no {MANIFEST}, so it is not the folder of a bundle" in error([tmp_path], capsys)
    assert "is no run (.toml), no checkpoint (.safetensors)" in error([tmp_path / "notes.txt"], capsys)
    assert "missing.safetensors does not exist" in error([tmp_path / "missing.safetensors"], capsys)
    assert "no run 'missing'; " in error(["missing"], capsys)
    assert "--probes does not go with a run" in error(["digits", "--probes", 5], capsys)


@pytest.mark.parametrize(
    ("value", "se", "words"),
    [
        (0.1234567, 0.0023, "0.1235 ± 0.0023"),
        (12.345, 0.96, "12.35 ± 0.96"),
        (1234.5, 20.0, "1234 ± 20"),
        (0.1, 0.0, "0.1"),
        (0.5, float("nan"), "0.5"),
        (float("inf"), float("inf"), "inf"),
    ],
)
def test_a_value_has_as_many_digits_as_its_error_allows(value, se, words):
    assert with_error(value, se) == words

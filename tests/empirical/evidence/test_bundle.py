import gzip
import json
import math
from contextlib import suppress
from dataclasses import replace

import pytest

from empirical import storage
from empirical.errors import EvidenceMissing
from empirical.evidence.bundle import MANIFEST, PLAIN, TABLE, read_bundle, record, table_file, write_bundle
from empirical.evidence.measurement import Measurement, TableError, finite_checks, parse_table, rounded
from tests.tables import edit_table, read_table


def rows():
    return [
        Measurement(network, 0, epoch, "network", 1.0, group, "", quantity, 0.1 * network + epoch / 3, 0.01, 100)
        for network in range(3)
        for epoch in (0, 1)
        for group in ("permuted", "unpermuted")
        for quantity in ("accuracy", "gradient_norm")
    ]


@pytest.fixture
def bundle(tmp_path):
    write_bundle(tmp_path, {"world": "w", "checks": {"no_nan": True, "gradient_norm:parts_add_up": True}}, rows())
    return tmp_path


def edit_lines(folder, change):
    edit_table(folder / TABLE, lambda text: "\n".join(change(text.splitlines())) + "\n")


def test_round_trip_keeps_every_bit(bundle):
    found = read_bundle(bundle)
    assert sorted(map(repr, found.rows)) == sorted(repr(rounded(row)) for row in rows())
    assert found.broken == {}
    write_bundle(bundle / "again", {"world": "w", "checks": {}}, found.rows)
    assert (bundle / "again" / TABLE).read_bytes() == (bundle / TABLE).read_bytes()


def test_numbers_are_as_long_as_they_mean_something():
    row = Measurement(0, 0, 1, "conv1", 1 / 3, "permuted", "", "capacity", 1234.56789012, 0.00123456, 10)
    assert (rounded(row).depth, rounded(row).value, rounded(row).se) == (0.3333, 1234.568, 0.00123)
    exact = Measurement(0, 0, 1, "network", 1.0, "test", "", "accuracy", math.nan, 0.0, 10)
    assert repr(rounded(exact)) == repr(exact)


def test_a_bundle_of_every_digit_is_read_as_it_was_written(tmp_path):
    """As earlier versions wrote them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("empirical.evidence.bundle.rounded", lambda row: row)
        write_bundle(tmp_path, {"world": "w", "checks": {}}, rows())
    found = read_bundle(tmp_path)
    assert found.broken == {}
    assert max(row.value for row in found.rows) == 0.2 + 1 / 3


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:1], lines[1].replace(",0.0,", ",0.5,", 1), *lines[2:]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [*lines, lines[1]],
    ],
    ids=["edited", "missing", "added"],
)
def test_a_touched_row_breaks_its_slice_and_no_other(bundle, change):
    first = read_table(bundle / TABLE).splitlines()[1].split(",")
    edit_lines(bundle, change)
    assert set(read_bundle(bundle).broken) == {(first[7], first[5])}


def test_a_failed_check_breaks_what_it_concerns(tmp_path):
    write_bundle(tmp_path, {"world": "w", "checks": {"gradient_norm:parts_add_up": False}}, rows())
    assert {quantity for quantity, _ in read_bundle(tmp_path).broken} == {"gradient_norm"}
    write_bundle(tmp_path, {"world": "w", "checks": {"no_nan": False}}, rows())
    assert len(read_bundle(tmp_path).broken) == 4


def test_a_failed_check_names_the_networks_without_numbers_and_what_helps(tmp_path):
    nan = [replace(row, value=math.nan) if row.network in (0, 2) and row.quantity == "accuracy" else row for row in rows()]
    write_bundle(tmp_path, {"world": "w", "checks": finite_checks(nan)}, nan)
    found = read_bundle(tmp_path).broken
    assert set(found) == {("accuracy", "permuted"), ("accuracy", "unpermuted")}
    for reason in found.values():
        assert reason.startswith("check failed: accuracy:finite. Not finite in networks 0,2: where")
        assert reason.endswith("make the bundle of all its networks again")


def test_an_edited_manifest_is_refused(bundle):
    path = bundle / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["checks"]["no_nan"] = False
    path.write_text(json.dumps(manifest))
    with pytest.raises(TableError, match="was edited"):
        read_bundle(bundle)


@pytest.mark.parametrize("line", ["nonsense", "0,0,0,network,1.0,permuted,,accuracy,NOT A NUMBER,0.0,1"])
def test_an_unreadable_line_is_named(bundle, line):
    edit_lines(bundle, lambda lines: [*lines, line])
    with pytest.raises(TableError, match=r"table\.csv\.gz, line 26"):
        read_bundle(bundle)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"\xff\xfe",
        lambda whole: gzip.compress(b"\xff\xfe"),
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:40] + b"\xff\xff" + whole[42:],
    ],
    ids=["not compressed", "not text", "cut off", "damaged"],
)
def test_an_unreadable_table_is_named(bundle, damage):
    (bundle / TABLE).write_bytes(damage((bundle / TABLE).read_bytes()))
    with pytest.raises(TableError, match=r"cannot read .*table\.csv\.gz: .*; restore it"):
        read_bundle(bundle)


def test_a_lost_table_is_named(bundle):
    (bundle / TABLE).unlink()
    with pytest.raises(TableError, match=r"cannot read .*table\.csv\.gz"):
        read_bundle(bundle)


def test_a_table_that_was_not_compressed_is_read_and_recorded_the_same(bundle, tmp_path_factory):
    """As earlier versions wrote them."""
    before, compressed = read_bundle(bundle), (bundle / TABLE).read_bytes()
    (bundle / PLAIN).write_text(read_table(bundle / TABLE))
    (bundle / TABLE).unlink()
    assert read_bundle(bundle) == before
    copy = record(bundle, tmp_path_factory.mktemp("recorded"))
    assert (copy / TABLE).read_bytes() == compressed
    assert not (copy / PLAIN).exists()
    write_bundle(bundle, before.manifest, before.rows)
    assert sorted(path.name for path in bundle.iterdir()) == sorted([MANIFEST, TABLE])
    (bundle / TABLE).unlink()
    (bundle / PLAIN).write_text("edited")
    with pytest.raises(TableError, match=r"table\.csv has unexpected columns"):
        read_bundle(bundle)


def test_missing_evidence_and_wrong_columns(tmp_path):
    with pytest.raises(EvidenceMissing):
        read_bundle(tmp_path)
    with pytest.raises(TableError, match="unexpected columns"):
        parse_table("a,b\n1,2\n")


def test_not_finite_is_noticed():
    good = rows()
    assert all(finite_checks(good).values())
    bad = Measurement(0, 0, 0, "network", 1.0, "test", "", "radius", math.nan, 0.0, 1)
    checks = finite_checks([*good, bad])
    assert [name for name, passed in checks.items() if not passed] == ["radius:finite"]


def test_a_manifest_of_nested_brackets_is_damage_like_any_other(bundle):
    (bundle / MANIFEST).write_text("[" * 100_000)
    with pytest.raises(TableError, match="not valid JSON"):
        read_bundle(bundle)


@pytest.mark.parametrize("survived", [4, 5])
@pytest.mark.parametrize("then", range(7))
def test_killed_twice_a_bundle_can_be_read(bundle, monkeypatch, survived, then):
    """The first kill is between the manifest and its table."""
    for steps, share in ((survived, 0.5), (then, 0.7)):
        more = [*rows(), Measurement(3, 0, 0, "network", 1.0, "test", "", "accuracy", share, 0.0, 10)]
        with monkeypatch.context() as patch, suppress(Killed):
            kill_after(steps, patch)
            write_bundle(bundle, {"world": "w", "checks": {}}, more)
    found = read_bundle(bundle)
    assert found.broken == {}
    assert found.rows[-1].value in (0.5, 0.7)


def kill_after(survived, patch):
    """A file is first written under another name, and then takes its place; each is a step."""
    steps = iter(range(survived))

    def killed(do):
        def step(*arguments):
            if next(steps, None) is None:
                raise Killed
            return do(*arguments)

        return step

    patch.setattr(storage, "_write", killed(storage._write))
    patch.setattr(storage.os, "replace", killed(storage.os.replace))


class Killed(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("survived", range(7))
def test_killed_at_any_point_a_bundle_reads_as_the_earlier_or_as_the_new_one(bundle, tmp_path_factory, monkeypatch, survived):
    before, more = read_bundle(bundle), [*rows(), Measurement(3, 0, 0, "network", 1.0, "test", "", "accuracy", 0.5, 0.0, 10)]
    with monkeypatch.context() as patch:
        kill_after(survived, patch)
        if survived < 6:
            with pytest.raises(Killed):
                write_bundle(bundle, {"world": "w", "checks": {}}, more)
        else:
            write_bundle(bundle, {"world": "w", "checks": {}}, more)
    found = read_bundle(bundle)
    assert found.broken == {}
    assert len(found.rows) == len(before.rows) + (survived >= 4)
    copy = record(bundle, tmp_path_factory.mktemp("recorded"))
    assert read_bundle(copy).rows == found.rows
    assert sorted(path.name for path in copy.iterdir()) == sorted([MANIFEST, TABLE])
    write_bundle(bundle, {"world": "w", "checks": {}}, more)
    assert table_file(bundle, read_bundle(bundle).manifest) == bundle / TABLE
    assert sorted(path.name for path in bundle.iterdir()) == sorted([MANIFEST, TABLE])

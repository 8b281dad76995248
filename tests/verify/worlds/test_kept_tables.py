import dataclasses

import numpy as np
import pytest

from empirical.evidence.bundle import MANIFEST, TABLE, read_bundle
from empirical.evidence.measurement import TableError
from empirical.storage import CACHE_VARIABLE
from tests.tables import edit_table
from tests.verify.synthetic import paper
from verify.measurements.runs import Runs
from verify.worlds import kept_tables
from verify.worlds.kept_tables import FOLDER, kept_or_read
from verify.worlds.recorded import EVIDENCE


@pytest.fixture
def reads(tmp_path, monkeypatch):
    """The folders of which a table was read."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    found = []

    def counted(folder):
        found.append(folder)
        return read_bundle(folder)

    monkeypatch.setattr(kept_tables, "read_bundle", counted)
    return found


@pytest.fixture
def folder(synthetic, tmp_path):
    synthetic(paper.rows(10))
    return tmp_path / "synthetic"


def same(one: Runs, other: Runs) -> bool:
    """Whether two runs agree in every field, in every series to the last bit, and in the order of series."""
    fields = [field.name for field in dataclasses.fields(Runs) if field.name != "table"]
    pairs = zip(one.table.items(), other.table.items(), strict=True)
    return all(getattr(one, name) == getattr(other, name) for name in fields) and all(
        key == its
        and (a.name, a.networks) == (b.name, b.networks)
        and (a.epochs.dtype, a.values.dtype, a.values.shape) == (b.epochs.dtype, b.values.dtype, b.values.shape)
        and np.array_equal(a.epochs, b.epochs)
        and np.array_equal(a.values, b.values, equal_nan=True)
        for (key, a), (its, b) in pairs
    )


@pytest.mark.parametrize("name", ["cifar100-vgg16-init", "digits-permuted", "mnist-mlp-widths/width-16"])
def test_what_is_kept_is_what_the_table_says(name, reads):
    place = EVIDENCE / name
    found = Runs.of(read_bundle(place))
    assert same(kept_or_read(place), found)
    assert same(kept_or_read(place), found)
    assert reads == [place]


@pytest.mark.parametrize("damaged", [lambda kept: kept[:-9], lambda kept: kept[:40] + b"?" + kept[41:], lambda _: b""])
def test_a_damaged_file_is_not_used(folder, reads, tmp_path, damaged):
    kept_or_read(folder)
    (file,) = (tmp_path / "cache" / FOLDER).iterdir()
    file.write_bytes(damaged(file.read_bytes()))
    assert same(kept_or_read(folder), Runs.of(read_bundle(folder)))
    assert reads == [folder, folder]


def test_a_lost_table_is_told(folder, reads):
    kept_or_read(folder)
    (folder / TABLE).unlink()
    with pytest.raises(TableError, match="cannot read"):
        kept_or_read(folder)


def test_what_other_code_kept_is_not_used_but_written_anew(folder, reads, monkeypatch, tmp_path):
    kept_or_read(folder)
    monkeypatch.setattr(kept_tables.provenance, "sources", lambda _: "another")
    kept_or_read(folder)
    kept_or_read(folder)
    assert reads == [folder, folder]
    assert len(list((tmp_path / "cache" / FOLDER).iterdir())) == 1


def test_an_edited_table_is_read_and_not_kept(folder, reads):
    kept_or_read(folder)
    edit_table(folder / TABLE, lambda text: text.replace("accuracy,0.", "accuracy,0.1", 1))
    for _ in range(2):
        assert kept_or_read(folder).broken
    assert reads == [folder] * 3


def test_another_manifest_is_another_file(synthetic, folder, reads):
    before, manifest = kept_or_read(folder), (folder / MANIFEST).read_bytes()
    synthetic(paper.rows(9), n_networks=9)
    assert len(kept_or_read(folder).networks) == 9
    synthetic(paper.rows(10))
    assert (folder / MANIFEST).read_bytes() == manifest
    assert same(kept_or_read(folder), before)
    assert reads == [folder, folder]


def test_a_cache_that_cannot_be_written_is_done_without(folder, reads, tmp_path):
    (tmp_path / "cache").write_text("a file")
    assert same(kept_or_read(folder), kept_or_read(folder))
    assert reads == [folder, folder]

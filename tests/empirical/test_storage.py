import errno
import sys
from pathlib import Path

import platformdirs
import pytest

from empirical import storage
from empirical.errors import StorageError


def fails_with(number):
    def refuse(path, content):
        path.write_bytes(content[: len(content) // 2])
        raise OSError(number, "refused")

    return refuse


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "kept"
    storage.write_atomic(path, b"old")
    monkeypatch.setattr(storage, "_write", fails_with(errno.ENOSPC))
    with pytest.raises(StorageError, match=r"no space left .*it resumes"):
        storage.write_atomic(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


def test_an_unwritable_cache_names_the_way_out(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="set GEOMEM_CACHE"):
        storage.make_folder(tmp_path / "file" / "cache")


def test_the_cache_follows_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv(storage.CACHE_VARIABLE, str(tmp_path))
    assert storage.cache_root() == tmp_path


def test_without_its_variable_the_cache_is_the_users(monkeypatch):
    monkeypatch.delenv(storage.CACHE_VARIABLE, raising=False)
    assert storage.cache_root() == Path(platformdirs.user_cache_dir("geomem", appauthor=False))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep caches elsewhere")
def test_on_linux_the_cache_is_where_it_always_was(monkeypatch):
    monkeypatch.delenv(storage.CACHE_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert storage.cache_root() == Path.home() / ".cache" / "geomem"

import hashlib
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from empirical.data import downloads
from empirical.errors import DownloadError, StorageError
from tests.empirical.commandline.commands import ROOT
from tests.empirical.data.host import Host, serving

CONTENT = np.random.default_rng(1).bytes(400_000)
MD5 = hashlib.md5(CONTENT).hexdigest()
CUT = 150_000


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setattr(downloads, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(downloads, "TIMEOUT", (20, 20))
    with serving(Host({"data.bin": CONTENT})) as one:
        yield one


def fetched(host, folder, progress=None, md5=MD5):
    return downloads.fetch(f"{host.base}data.bin", md5, folder, progress).read_bytes()


def test_a_file_comes_whole_and_is_not_fetched_twice(host, tmp_path):
    seen = []
    assert fetched(host, tmp_path, lambda *here: seen.append(here)) == CONTENT
    assert fetched(host, tmp_path) == CONTENT
    assert host.ranges == [None]
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == ["data.bin"]


def test_a_download_says_nothing(host, tmp_path):
    call = f"downloads.fetch({host.base!r} + 'data.bin', {MD5!r}, Path('.'))"
    code = f"from pathlib import Path; from empirical.data import downloads; {call}"
    # In a process of its own: pooch's logger keeps the stderr that it found when it was imported.
    there = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=there, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    assert (tmp_path / "data.bin").read_bytes() == CONTENT


def test_a_slow_host_is_waited_for(host, tmp_path, monkeypatch):
    # In all longer than the longest silence allowed.
    monkeypatch.setattr(downloads, "TIMEOUT", (20, 0.8))
    monkeypatch.setattr(downloads, "PAUSES", ())
    host.pause = 0.035
    assert fetched(host, tmp_path) == CONTENT


def test_what_was_cut_off_goes_on(host, tmp_path):
    host.cuts = [CUT]
    seen = []
    assert fetched(host, tmp_path, lambda *here: seen.append(here)) == CONTENT
    assert host.ranges == [None, f"bytes={CUT - 1}-"]
    assert host.sent == len(CONTENT) + 1
    assert {total for _, total in seen} == {len(CONTENT)}
    assert [here for here, _ in seen] == sorted(here for here, _ in seen)


def test_a_host_that_falls_silent_is_asked_again(host, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "TIMEOUT", (20, 0.5))
    # A busy machine may be silent once more.
    monkeypatch.setattr(downloads, "PAUSES", (0.01,) * 20)
    host.cuts, host.stalls = [CUT], True
    assert fetched(host, tmp_path) == CONTENT
    assert all(host.ranges[1:])
    assert len(host.ranges) > 1
    assert host.sent <= len(CONTENT) + (len(host.ranges) - 1) * (downloads.CHUNK + 1)


def test_a_host_that_cuts_off_more_often_than_it_is_asked_in_vain(host, tmp_path):
    host.cuts = [50_000] * 7
    assert fetched(host, tmp_path) == CONTENT
    assert len(host.ranges) == 8 > 1 + len(downloads.PAUSES)


def test_a_host_that_cannot_go_on_is_asked_for_all(host, tmp_path):
    host.cuts, host.takes_ranges = [CUT], False
    assert fetched(host, tmp_path) == CONTENT
    assert host.sent == CUT + len(CONTENT)


def test_a_host_that_always_cuts_off_at_the_same_place_is_given_up(host, tmp_path):
    host.cuts, host.takes_ranges = [CUT] * 9, False
    with pytest.raises(DownloadError, match=f"the {CUT:,} bytes received are kept: run the same command again"):
        fetched(host, tmp_path)
    assert len(host.ranges) == 1 + 1 + 2


def test_a_host_that_goes_on_elsewhere_is_asked_for_all(host, tmp_path):
    host.cuts, host.offset_error = [CUT], 1
    assert fetched(host, tmp_path) == CONTENT
    assert host.ranges == [None, f"bytes={CUT - 1}-", None]


def test_what_came_before_a_kill_is_not_fetched_again(host, tmp_path):
    (tmp_path / "data.bin.part").write_bytes(CONTENT[:CUT])
    assert fetched(host, tmp_path) == CONTENT
    assert host.sent == len(CONTENT) - CUT + 1


def test_a_file_killed_after_its_last_byte_is_complete(host, tmp_path):
    (tmp_path / "data.bin.part").write_bytes(CONTENT)
    assert fetched(host, tmp_path) == CONTENT
    assert host.sent == 1


def test_more_than_the_host_has_is_thrown_away(host, tmp_path):
    (tmp_path / "data.bin.part").write_bytes(CONTENT + b"more than there is")
    assert fetched(host, tmp_path) == CONTENT
    assert host.ranges[-1] is None


def test_wrong_bytes_are_removed_so_that_another_attempt_can_do_better(host, tmp_path):
    host.files["data.bin"] = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    with pytest.raises(DownloadError, match=f"MD5 .* does not match .* expected md5:{MD5} but got .* Run the same command"):
        fetched(host, tmp_path)
    assert not list(tmp_path.iterdir())
    host.files["data.bin"] = CONTENT
    assert fetched(host, tmp_path) == CONTENT


def test_a_beginning_that_was_wrong_does_not_stay(host, tmp_path):
    (tmp_path / "data.bin.part").write_bytes(bytes(CUT))
    with pytest.raises(DownloadError, match="does not match"):
        fetched(host, tmp_path)
    assert fetched(host, tmp_path) == CONTENT


def test_a_busy_host_is_asked_again_and_a_missing_file_is_not(host, tmp_path):
    host.statuses = [503, 429]
    assert fetched(host, tmp_path) == CONTENT
    assert len(host.ranges) == 3
    del host.files["data.bin"]
    with pytest.raises(DownloadError, match=r"cannot download http://.*/data.bin: 404 Not Found; the 0 bytes"):
        fetched(host, tmp_path / "other")
    assert len(host.ranges) == 4


def test_a_host_that_is_gone_is_named_with_the_cause(host, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host.base = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(DownloadError, match=r"^cannot download http://127.0.0.1:\d+/data.bin: Connection refused; .*$"):
        fetched(host, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full, a disk without space")
def test_a_full_disk_is_told_and_the_download_goes_on_afterwards(host, tmp_path):
    part = tmp_path / "data.bin.part"
    part.symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"no space left to write .*data.bin; .*: it resumes"):
        fetched(host, tmp_path)
    assert len(host.ranges) == 1
    part.unlink()
    part.write_bytes(CONTENT[:CUT])
    assert fetched(host, tmp_path) == CONTENT
    assert host.ranges[1:] == [f"bytes={CUT - 1}-"]

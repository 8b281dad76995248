import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from empirical.__main__ import main
from empirical.data import cifar100, datasets, downloads, mnist, publishers
from empirical.errors import DownloadError
from empirical.storage import CACHE_VARIABLE, cache_root
from tests.empirical.commandline.commands import ROOT
from tests.empirical.data.host import Host, serving
from tests.empirical.data.published_files import CIFAR, MNIST, cifar_archive, cifar_files, mnist_files, zipped

ARCHIVE = "cifar-100-binary.tar.gz"
CONTENT = cifar_archive(cifar_files())
CUT = len(CONTENT) // 2
KILLED = """
import sys
from empirical.data import cifar100, publishers
from empirical.__main__ import main
cifar100.FILES = {FILES}
publishers.PUBLISHED["cifar100"] = publishers.Published("{base}", {md5})
sys.exit(main(["data", "cifar100", "--download"]))
"""


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Small data sets, published on this machine, and an empty cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(downloads, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(downloads, "TIMEOUT", (20, 20))
    monkeypatch.setattr(cifar100, "FILES", CIFAR)
    monkeypatch.setattr(mnist, "COUNTS", MNIST)
    with serving(Host({ARCHIVE: CONTENT, **zipped(mnist_files())})) as one:
        for name, known in publishers.PUBLISHED.items():
            md5 = {file: hashlib.md5(one.files[file]).hexdigest() for file in known.md5}
            monkeypatch.setitem(publishers.PUBLISHED, name, replace(known, base=one.base, md5=md5))
        yield one


def last_line(capsys) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err.rstrip("\n").rsplit("\n", 1)[-1]


def test_cifar100_is_downloaded_once_and_read(host, capsys):
    assert main(["data", "cifar100", "--download"]) == 0
    said = capsys.readouterr()
    assert "cifar100: 300 images of 3x32x32, 100 classes" in said.out
    assert "the host is slow" in said.err
    assert "--from PATH" in said.err
    assert datasets.load("cifar100").published_test.sum() == 100
    assert main(["data", "cifar100", "--download"]) == 0
    assert host.ranges == [None]
    assert "slow" not in capsys.readouterr().err
    assert [path.name for path in (cache_root() / "data").iterdir()] == ["cifar100"]


def test_a_copy_that_was_altered_is_downloaded_anew(host):
    publishers.download("cifar100")
    (cifar100.local_copy().folder / "test.bin").write_bytes(b"")
    publishers.download("cifar100")
    assert datasets.load("cifar100").checksum == datasets.checksum("cifar100")
    assert host.ranges == [None, None]


def test_mnist_comes_in_four_files_of_which_none_is_fetched_twice(host, capsys):
    host.statuses = [0, 0, 404]
    assert main(["data", "mnist", "--download"]) == 1
    assert "t10k-images-idx3-ubyte.gz: 404 Not Found" in last_line(capsys)
    assert main(["data", "mnist", "--download"]) == 0
    assert "mnist: 35 images of 1x28x28, 10 classes" in capsys.readouterr().out
    assert len(host.ranges) == 2 + 1 + 2


def test_another_host_may_have_the_same_files(host, monkeypatch):
    elsewhere = replace(publishers.PUBLISHED["mnist"], base="http://127.0.0.1:1/")
    monkeypatch.setitem(publishers.PUBLISHED, "mnist", elsewhere)
    with pytest.raises(DownloadError):
        publishers.download("mnist")
    publishers.download("mnist", base=host.base)
    assert mnist.local_copy().is_whole()


def test_other_bytes_are_no_data_set(host, capsys):
    host.files[ARCHIVE] = cifar_archive(cifar_files(), "elsewhere/")
    assert main(["data", "cifar100", "--download"]) == 1
    said = last_line(capsys)
    assert said.startswith(f"geomem: {host.base}{ARCHIVE}: MD5 hash")
    assert said.endswith("same command again, or take any copy: python -m empirical data cifar100 --from PATH")
    assert not [path for path in (cache_root() / "data").rglob("*") if path.is_file() and path.name != ".lock"]
    host.files[ARCHIVE] = CONTENT
    assert main(["data", "cifar100", "--download"]) == 0


@pytest.mark.slow
def test_a_download_that_is_killed_goes_on_in_another_process(host):
    host.cuts, host.stalls = [CUT], True
    published_ = publishers.PUBLISHED["cifar100"]
    code = KILLED.format(FILES=CIFAR, base=host.base, md5=published_.md5)
    first = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
    part = cache_root() / "data" / "cifar100-download" / f"{ARCHIVE}.part"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (part.exists() and part.stat().st_size > CUT // 2):
        time.sleep(0.02)
    first.kill()
    assert first.wait() < 0
    came = part.stat().st_size
    assert not cifar100.local_copy().is_whole()
    assert main(["data", "cifar100", "--download"]) == 0
    assert host.ranges == [None, f"bytes={came - 1}-"]
    # Of the first half, the host had sent as much as the process had kept, or more.
    assert CUT // 2 < came <= host.sent - (len(CONTENT) - came + 1) <= CUT
    assert [path.name for path in (cache_root() / "data").iterdir()] == ["cifar100"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full, a disk without space")
def test_a_full_disk_is_one_line(host, capsys):
    folder = cache_root() / "data" / "cifar100-download"
    folder.mkdir(parents=True)
    (folder / f"{ARCHIVE}.part").symlink_to("/dev/full")
    assert main(["data", "cifar100", "--download"]) == 1
    assert last_line(capsys).startswith("geomem: no space left to write")
    shutil.rmtree(folder)
    assert main(["data", "cifar100", "--download"]) == 0


def test_a_host_that_is_gone_is_one_line(host, monkeypatch, capsys):
    gone = replace(publishers.PUBLISHED["cifar100"], base="http://127.0.0.1:1/")
    monkeypatch.setitem(publishers.PUBLISHED, "cifar100", gone)
    assert main(["data", "cifar100", "--download"]) == 1
    said = last_line(capsys)
    assert said.startswith(f"geomem: cannot download http://127.0.0.1:1/{ARCHIVE}: Connection refused;")
    assert said.endswith("--from PATH")


@pytest.mark.slow
def test_without_pooch_the_message_says_what_to_install(host):
    code = "import sys; sys.modules['pooch'] = None; from empirical.__main__ import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "data", "cifar100", "--download"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    needed = "--download needs pooch, which is not installed: python -m pip install pooch; or bring in any copy: --from PATH"
    assert done.stderr == f"geomem: {needed}\n"


@pytest.mark.parametrize("way", [["--download"], ["--from", "."]])
def test_the_digits_need_no_files(way, capsys):
    assert main(["data", "digits", *way]) == 1
    assert last_line(capsys) == "geomem: digits needs no files; use --from and --download only for cifar100, mnist"


def test_what_is_not_here_is_not_downloaded_unasked(host, capsys):
    assert main(["data", "cifar100"]) == 1
    ways = "python -m empirical data cifar100 --from PATH (any copy) or --download"
    assert last_line(capsys) == f"geomem: CIFAR-100 has not been brought in; bring it in: {ways}"
    assert host.ranges == []
